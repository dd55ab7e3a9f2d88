"""How soon those who reached the goal reached it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, OutcomeMetric
from payoff.records.judgement import Estimate


class TimeToValue(OutcomeMetric):
    """Mean days from entry to the outcome, among units that reached it inside a window that has passed.

    Compares only those who got there: read it beside how many did.
    """

    kind: ClassVar[str] = "time_to_value"
    share: ClassVar[bool] = False
    y: ClassVar[str] = "days"
    w: ClassVar[str] = "happened"

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return context.texts.say("metrics.time_to_value")
