"""How often people had to put it right."""

from __future__ import annotations

from typing import ClassVar

from payoff.metrics.base import RatioMetric


class CorrectionsRate(RatioMetric):
    """Share of told suggestions somebody corrected."""

    kind: ClassVar[str] = "corrections_rate"
    y: ClassVar[str] = "corrected"
    w: ClassVar[str] = "told"
