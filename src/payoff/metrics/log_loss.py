"""How surprised risk was by what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.metrics.base import Context, Found, RiskMetric, Scored
from payoff.records.judgement import Estimate


class LogLoss(RiskMetric):
    """Mean −log of the probability given to what happened; lower is better, 0.69 is a coin."""

    kind: ClassVar[str] = "log_loss"

    def figure(self, scored: Scored, context: Context) -> tuple[float, float | None] | None:
        losses = context.stats.log_losses(scored.score, scored.happened)
        return float(losses.mean()), float(losses.std(ddof=1) / losses.size**0.5)

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return ""
