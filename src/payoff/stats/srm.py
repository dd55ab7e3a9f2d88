"""Sample ratio mismatch: did as many units land in each arm as the plan said?

Looked at every day, a plain chi-square cries wolf; the sequential multinomial test (Lindon & Malek 2022) may be
looked at as often as one likes and handles uneven designs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

ALARM = 0.01
CONCENTRATION = 200.0


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The evidence against the planned split: `p` is valid at every look, `bayes_factor` its largest so far."""

    p: float
    bayes_factor: float
    counts: tuple[int, ...]
    shares: tuple[float, ...]

    @property
    def alarm(self) -> bool:
        return self.p < ALARM


def sequential(
    arrivals: ArrayLike, shares: Sequence[float], *, concentration: float = CONCENTRATION
) -> tuple[Mismatch, np.ndarray]:
    """From arrivals a day (days × arms) and planned shares (made to sum to 1): the verdict and p by day.

    p is 1 over the running maximum of the Bayes factor of a Dirichlet around the plan against the plan itself.
    """
    days = np.atleast_2d(np.asarray(arrivals, float))
    theta = np.asarray(shares, float) / float(np.sum(shares))
    if days.shape[1] != theta.size or (theta <= 0).any():
        raise ValueError("every arm needs a planned share above 0")
    if not days.size:
        return Mismatch(1.0, 1.0, tuple(0 for _ in theta), tuple(theta.tolist())), np.ones(0)
    x = days.cumsum(axis=0)
    a = concentration * theta
    log_bf = (
        special.gammaln(a.sum())
        - special.gammaln(a.sum() + x.sum(axis=1))
        + (special.gammaln(a + x) - special.gammaln(a)).sum(axis=1)
        - (x * np.log(theta)).sum(axis=1)
    )
    p = np.minimum(1.0, np.exp(-np.maximum.accumulate(np.maximum(log_bf, 0.0))))
    last = float(p[-1])
    counts = tuple(int(c) for c in x[-1])
    return Mismatch(last, 1 / max(last, 1e-300), counts, tuple(theta.tolist())), p


def once(counts: ArrayLike, shares: Sequence[float]) -> float:
    """The p-value of a chi-square at a single look."""
    x = np.asarray(counts, float)
    theta = np.asarray(shares, float) / float(np.sum(shares))
    return float(stats.chisquare(x, x.sum() * theta).pvalue)
