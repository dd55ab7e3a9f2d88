"""How many of the units that entered had the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, OutcomeMetric
from payoff.metrics.words import difference_in_units
from payoff.records.judgement import Estimate


class OutcomeRate(OutcomeMetric):
    """Share of entered units with the outcome within its window.

    Counted over units whose whole window has passed. A unit that entered several times (the stream, once a
    quarter) brings its share of entries, and counts as one unit.
    """

    kind: ClassVar[str] = "outcome_rate"
    y: ClassVar[str] = "happened"
    w: ClassVar[str] = "known"

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return difference_in_units(arms, difference, context)
