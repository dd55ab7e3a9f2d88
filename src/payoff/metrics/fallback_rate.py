"""How often the model could not answer."""

from __future__ import annotations

from typing import ClassVar

from payoff.metrics.base import RatioMetric


class FallbackRate(RatioMetric):
    """Share of answers that came from the safe fallback."""

    kind: ClassVar[str] = "fallback_rate"
    y: ClassVar[str] = "fallback"
    w: ClassVar[str] = "given"
