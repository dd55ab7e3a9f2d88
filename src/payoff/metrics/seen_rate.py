"""Did anybody look at it?"""

from __future__ import annotations

from typing import ClassVar

from payoff.metrics.base import RatioMetric


class SeenRate(RatioMetric):
    """Share of suggestions told to somebody that were seen."""

    kind: ClassVar[str] = "seen_rate"
    y: ClassVar[str] = "seen"
    w: ClassVar[str] = "told"
