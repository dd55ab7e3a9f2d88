"""Did people agree with it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, RatioMetric
from payoff.records.judgement import Estimate


class AcceptedRate(RatioMetric):
    """Share of told suggestions that were accepted or done. A click is not a benefit: read it beside the goal."""

    kind: ClassVar[str] = "accepted_rate"
    y: ClassVar[str] = "accepted"
    w: ClassVar[str] = "told"

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return context.texts.say("metrics.accepted")
