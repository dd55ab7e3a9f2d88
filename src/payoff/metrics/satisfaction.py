"""Do they like what they get?"""

from __future__ import annotations

from typing import ClassVar

from payoff.metrics.base import RatioMetric


class Satisfaction(RatioMetric):
    """Share of thumbs that point up; of one author only the newest thumb on a suggestion counts."""

    kind: ClassVar[str] = "satisfaction"
    y: ClassVar[str] = "thumbs_up"
    w: ClassVar[str] = "thumbs"
