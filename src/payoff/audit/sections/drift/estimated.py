"""How it probably does where no outcome is known yet, from the scores alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from payoff.audit.sections.drift.overtime import Cube
from payoff.audit.table.leaks import ranks
from payoff.audit.view import FEW, View
from payoff.stats.scores import calibration_error

HOLDS = 0.05
"""Calibration error from which on a score's size is not leant on."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected of rows whose outcome is not known, supposing that a score of 0.3 still means 30 of 100.

    `right` is the expected share that the model's yes or no gets right, `ranks` the expected AUC; `by_period`
    the AUC of each period's unknown rows, `None` with fewer than thirty of them. `error` is how far the size has
    been off where outcomes are known (NannyML's confidence-based performance estimation; Kivimäki et al. 2024).
    """

    n: int
    error: float
    right: float
    ranks: float
    by_period: tuple[float | None, ...]


def calibration(scores: Cube) -> float | None:
    """How far the size is off on rows with a known outcome; `None` with too few outcomes of either kind."""
    every = scores.part(0, None)
    return None if every.rarer < FEW else calibration_error(every.ranked())


def waiting(scores: Cube) -> int:
    """Rows with a score and no known outcome."""
    return int(scores.n[:, :, 2].sum())


def estimate(view: View, scores: Cube, error: float) -> Estimate:
    """From the histogram of the scores without a known outcome."""
    n, said = scores.n[:, :, 2].sum(0), scores.said[:, :, 2].sum(0)
    cut = view.cut
    right = view.rows.one(
        f"avg(case when score >= {cut!r} then score else 1 - score end)",
        "score is not null and period < 250 and label > 1",
    )
    return Estimate(
        n=int(n.sum()),
        error=error,
        right=right,
        ranks=_expected(n.sum(0), said.sum(0)),
        by_period=tuple(_expected(a, b) if a.sum() >= FEW else None for a, b in zip(n, said, strict=True)),
    )


def _expected(n: np.ndarray, said: np.ndarray) -> float:
    """The expected AUC: each bin's mean score is the share of its rows that end in the outcome."""
    return ranks(said, n - said)
