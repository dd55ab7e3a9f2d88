"""The built-in metrics by kind; foreign ones are added through the entry-point group `payoff.metrics`."""

from __future__ import annotations

from payoff.metrics.kinds import KIND_INFO, KindInfo

__all__ = ["BUILT_IN", "KIND_INFO", "KindInfo"]

BUILT_IN: dict[str, type] = {}
