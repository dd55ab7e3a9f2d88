"""What it has earned: the difference against the holdout, in money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from payoff.metrics.base import Context, Found, OutcomeMetric
from payoff.records.judgement import Estimate
from payoff.records.money import Money


class IncrementalValue(OutcomeMetric):
    """(mean outcome of our units − of the holdout's) × worth of one × our units, in major units of money.

    Always against the holdout: worth is what would not have come anyway. Missing without a holdout, and
    without the worth of one outcome. Speaks of the units whose window has passed, not of a year. The arms show
    what the outcome was worth per unit, so that arms of any size stand beside each other; only the difference
    is scaled up.
    """

    kind: ClassVar[str] = "incremental_value"
    against_holdout: ClassVar[bool] = True
    y: ClassVar[str] = "happened"
    w: ClassVar[str] = "known"

    def arms(self, found: Found, context: Context) -> dict[str, Estimate]:
        """What the outcome was worth in each arm, per unit."""
        worth = self.declared.worth
        if worth is None:
            return {}
        return {arm: _times(mean, worth) for arm, mean in super().arms(found, context).items()}

    def difference(
        self, found: Found, ours: str, theirs: str, critical: float | None, context: Context
    ) -> Estimate | None:
        worth = self.declared.worth
        plain = super().difference(found, ours, theirs, critical, context)
        if worth is None or plain is None or plain.value is None:
            return None
        return _times(plain, worth * found.pooled(ours).n)  # a unit counts once, however often it entered

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        if difference is None:
            return ""
        texts = context.texts
        return texts.say(
            "metrics.incremental_value",
            n=texts.number(arms[context.ours].known),
            unit=context.unit,
            outcome=self.declared.outcome.replace("_", " "),
            worth=texts.money(Money.of(self.declared.worth or 0.0, context.currency)),
        )


def _times(estimate: Estimate, scale: float) -> Estimate:
    """The same estimate in another measure; a loss turns its interval round."""
    low, high = ((None if e is None else e * scale) for e in (estimate.low, estimate.high))
    if scale < 0:
        low, high = high, low
    value, se = estimate.value, estimate.se
    return replace(
        estimate,
        value=None if value is None else value * scale,
        se=None if se is None else abs(scale) * se,
        low=low,
        high=high,
    )
