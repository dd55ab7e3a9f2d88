"""Predictions over half a year, and the day."""

from __future__ import annotations

from typing import Any

import numpy as np

DAY = np.timedelta64(86_400, "s")
Frame = dict[str, Any]


def frame(n: int = 6_000, seed: int = 1, **more: Any) -> Frame:
    """Predictions evenly over 180 days whose size holds."""
    rng = np.random.default_rng(seed)
    score = rng.beta(2, 4, n)
    at = np.datetime64("2026-01-01T00:00:00") + (np.arange(n) / n * 180 * 86_400).astype("timedelta64[s]")
    return {
        "score": score,
        "churned": (rng.random(n) < score).astype(int),
        "predicted_at": at,
        "colour": rng.choice(["red", "green", "blue"], n),
        **more,
    }
