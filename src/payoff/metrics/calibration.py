"""Does a risk of 30% mean three of ten?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, RiskMetric, Scored
from payoff.metrics.words import mean_risk
from payoff.records.judgement import Estimate


class Calibration(RiskMetric):
    """Mean distance of risk from the rate that came true, over ten groups of equal size; 0 is perfect.

    No interval: with few entries it is above 0 by chance alone.
    """

    kind: ClassVar[str] = "calibration"

    def figure(self, scored: Scored, context: Context) -> tuple[float, float | None] | None:
        value = context.stats.calibration_error(scored.score, scored.happened)
        return None if value is None else (value, None)

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return mean_risk(found.scored.get(context.ours), self.declared.outcome, context)
