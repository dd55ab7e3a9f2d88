"""How long the work waited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, RatioMetric
from payoff.records.judgement import Estimate


class TimeToDone(RatioMetric):
    """Mean hours from the suggestion to its first "done", over the done ones, by unit.

    Suggestions not done (yet) have no time and are not in the mean; the reading says how many those are, because
    a short time over few is not a fast team.
    """

    kind: ClassVar[str] = "time_to_done"
    share: ClassVar[bool] = False
    y: ClassVar[str] = "hours"
    w: ClassVar[str] = "done"

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        done = found.pooled(context.ours).w
        return context.texts.say("metrics.time_to_done", done=f"{done:.0f}") if done else ""
