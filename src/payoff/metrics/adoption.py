"""Is it used at all?"""

from __future__ import annotations

from typing import ClassVar

from payoff.metrics.base import RatioMetric


class Adoption(RatioMetric):
    """Share of units told something whose suggestions got an answer: accepted, done, dismissed or snoozed.

    Being shown is exposure, not use; a "no" is an answer.
    """

    kind: ClassVar[str] = "adoption"
    y: ClassVar[str] = "answered"
    w: ClassVar[str] = "reached"
