"""Was the work done?"""

from __future__ import annotations

from typing import ClassVar

from payoff.metrics.base import RatioMetric


class DoneRate(RatioMetric):
    """Share of told suggestions that were marked done (task completion)."""

    kind: ClassVar[str] = "done_rate"
    y: ClassVar[str] = "done"
    w: ClassVar[str] = "told"
