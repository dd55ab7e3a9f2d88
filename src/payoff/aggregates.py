"""Mergeable sufficient statistics: what a query returns and what the statistics need, nothing of a row.

One `Sums` describes one cell (an arm, a stage, a segment). Each unit brings a numerator `y` and a denominator
`w` (1 for a plain mean; the number of members or of opportunities for a ratio), so that a mean, a proportion
and a ratio of sums share one form and clustering by unit comes for free. Adding two `Sums` of different
units gives the `Sums` of all of them, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sums:
    """Per-unit sums of one cell. `n` units are known (their outcome has matured) of `total` that entered."""

    n: float = 0.0
    y: float = 0.0
    w: float = 0.0
    yy: float = 0.0
    ww: float = 0.0
    yw: float = 0.0
    total: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @classmethod
    def of(cls, y: NDArray[np.float64], w: NDArray[np.float64] | None = None, *, total: int | None = None) -> Sums:
        """From one value a unit; the reference the queries are tested against."""
        w = np.ones_like(y) if w is None else w
        return cls(
            n=float(y.size),
            y=float(y.sum()),
            w=float(w.sum()),
            yy=float((y * y).sum()),
            ww=float((w * w).sum()),
            yw=float((y * w).sum()),
            total=float(y.size if total is None else total),
        )


@dataclass(frozen=True, slots=True)
class ScoreHistogram:
    """Counts of good and bad outcomes by score bin; enough for AUC, calibration and log loss.

    `edges` has one more entry than the bins. `score_sum` keeps each bin's sum of scores, so that calibration
    compares means, not mid-points.
    """

    edges: NDArray[np.float64]
    positives: NDArray[np.float64]
    negatives: NDArray[np.float64]
    score_sum: NDArray[np.float64]

    def __add__(self, other: ScoreHistogram) -> ScoreHistogram:
        return ScoreHistogram(
            self.edges,
            self.positives + other.positives,
            self.negatives + other.negatives,
            self.score_sum + other.score_sum,
        )
