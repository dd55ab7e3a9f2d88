"""Of those we can reach, how many would have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, RiskMetric, Scored
from payoff.metrics.words import found_at_capacity
from payoff.records.judgement import Estimate


class PrecisionAtCapacity(RiskMetric):
    """Share with the outcome among the riskiest units people have time for (10 of 100 where none is set)."""

    kind: ClassVar[str] = "precision_at_capacity"

    def figure(self, scored: Scored, context: Context) -> tuple[float, float | None] | None:
        found = context.stats.precision_at(scored.score, scored.happened, context.capacity)
        if found is None:
            return None
        p, k = found
        return p, float((p * (1 - p) / k) ** 0.5)

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return found_at_capacity(found.scored.get(context.ours), self.declared.outcome, context)
