"""What it has earned: the difference against the holdout, in money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from payoff.metrics.base import Context, Found, OutcomeMetric
from payoff.records.judgement import Estimate


class IncrementalValue(OutcomeMetric):
    """(mean outcome of our units − of the holdout's) × worth of one × our units, in major units of money.

    Always against the holdout: worth is what would not have come anyway. Missing without a holdout, and
    without the worth of one outcome. Speaks of the units whose window has passed, not of a year.
    """

    kind: ClassVar[str] = "incremental_value"
    against_holdout: ClassVar[bool] = True
    y: ClassVar[str] = "happened"
    w: ClassVar[str] = "known"

    def arms(self, found: Found, context: Context) -> dict[str, Estimate]:
        """What the outcome came to in each arm, all units together; no interval, for scale only."""
        worth = self.declared.worth
        if worth is None:
            return {}
        arms = {}
        for arm in found.cells:
            sums = found.pooled(arm)
            value = sums.y * worth if sums.n else None
            arms[arm] = Estimate(
                value, n=int(sums.n), known=int(sums.n), total=int(sums.total), method="plain sum"
            )
        return arms

    def difference(
        self, found: Found, ours: str, theirs: str, critical: float | None, context: Context
    ) -> Estimate | None:
        worth = self.declared.worth
        plain = super().difference(found, ours, theirs, critical, context)
        if worth is None or plain is None or plain.value is None:
            return None
        scale = worth * found.pooled(ours).n  # a unit counts once, however often it entered the stream
        low, high = ((None if e is None else e * scale) for e in (plain.low, plain.high))
        if scale < 0:
            low, high = high, low
        return replace(plain, value=plain.value * scale, se=abs(scale) * (plain.se or 0.0), low=low, high=high)

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        if difference is None:
            return ""
        return context.texts.say("metrics.incremental_value", n=arms[context.ours].known, unit=context.unit)
