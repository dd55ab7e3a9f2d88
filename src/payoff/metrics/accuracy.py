"""How often risk is right, and how often a constant would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, RiskMetric, Scored
from payoff.metrics.words import against_constant
from payoff.records.judgement import Estimate


class Accuracy(RiskMetric):
    """Share of entries where (risk ≥ 0.5) agrees with what happened in the window.

    Where the outcome is rare a constant answer is right nearly always; the reading says how often.
    """

    kind: ClassVar[str] = "accuracy"

    def figure(self, scored: Scored, context: Context) -> tuple[float, float | None] | None:
        right = (scored.score >= 0.5) == (scored.happened > 0)
        p = float(right.mean())
        return p, float((p * (1 - p) / right.size) ** 0.5)

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return against_constant(found.scored.get(context.ours), self.declared.outcome, context)
