"""How well risk ranks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, RiskMetric, Scored
from payoff.metrics.words import found_at_capacity
from payoff.records.judgement import Estimate


class Auc(RiskMetric):
    """AUC of the first risk of each entry against the outcome in its window; s.e. of Hanley & McNeil (1982).

    0.5 is no better than chance, 1 ranks perfectly. It says nothing of whether helping changes anything.
    """

    kind: ClassVar[str] = "auc"

    def figure(self, scored: Scored, context: Context) -> tuple[float, float | None] | None:
        value = context.stats.auc(scored.score, scored.happened)
        if value is None:
            return None
        positives = float(scored.happened.sum())
        return value, context.stats.auc_se(value, positives, scored.happened.size - positives)

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return found_at_capacity(found.scored.get(context.ours), self.declared.outcome, context)
