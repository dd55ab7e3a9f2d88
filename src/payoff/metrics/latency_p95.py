"""How long the slowest answers take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.brief.declarations import MetricDeclaration
from payoff.metrics.base import Context, Found, Latency, Need
from payoff.records.judgement import Estimate


class LatencyP95:
    """Milliseconds within which 95 of 100 answers came, to about 1%; no interval."""

    kind: ClassVar[str] = "latency_p95"
    against_holdout: ClassVar[bool] = False

    def __init__(self, declared: MetricDeclaration) -> None:
        self.declared = declared

    def need(self) -> Need:
        return Latency()

    def arms(self, found: Found, context: Context) -> dict[str, Estimate]:
        return {
            arm: Estimate(ms, n=count, known=count, total=count, method="plain")
            for arm, (ms, count) in found.latency.items()
        }

    def difference(
        self, found: Found, ours: str, theirs: str, critical: float | None, context: Context
    ) -> Estimate | None:
        if ours not in found.latency or theirs not in found.latency:
            return None
        (a, n), (b, m) = found.latency[ours], found.latency[theirs]
        return Estimate(a - b, n=n + m, known=n + m, total=n + m, method="plain")

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return ""
