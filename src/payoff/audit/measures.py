"""What an audit counts beyond `stats`: shares with their range, gaps between groups, calibration bins."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.stats import compare, ranking

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n` with its Wilson (1927) interval, which holds for small groups and near 0 and 1."""

    hits: int
    n: int
    value: float
    low: float
    high: float


def share(hits: int, n: int, alpha: float = 0.05) -> Share | None:
    """A share with its interval; `None` for nobody."""
    if n == 0:
        return None
    p = hits / n
    low, high = compare.wilson(p, n, alpha)
    return Share(hits, n, p, min(p, low), max(p, high))


def gap(a: Share, b: Share) -> tuple[float, float, float]:
    """Difference a − b of two independent shares with Newcombe's (1998, method 10) hybrid score interval."""
    d = a.value - b.value
    return d, d - math.hypot(a.value - a.low, b.high - b.value), d + math.hypot(a.high - a.value, b.value - b.low)


def hits_at(score: Floats, worth: Floats | Flags, top: float) -> tuple[int, float]:
    """How many rows the top share holds, and how much of `worth` (the outcomes) is expected among them."""
    found = ranking.precision_at(score, worth, top)
    assert found is not None
    return found[1], found[0] * found[1]


def calibration_bins(label: Flags, score: Floats, bins: int = 10) -> list[tuple[int, float, float]]:
    """(n, mean score, share of positives) per non-empty bin of equal width over 0 to 1.

    Equal width, so that rows of one score are never parted and the figure does not hang on the order of the file.
    """
    edges = np.linspace(0.0, 1.0, bins + 1)
    at = np.searchsorted(edges[1:-1], score)
    n = np.bincount(at, minlength=bins)
    scores = np.bincount(at, weights=score, minlength=bins)
    hits = np.bincount(at, weights=label.astype(np.float64), minlength=bins)
    return [(int(n[i]), float(scores[i] / n[i]), float(hits[i] / n[i])) for i in range(bins) if n[i]]


def calibration_error(label: Flags, score: Floats, bins: int = 10) -> float:
    """Expected calibration error: the mean distance of stated from seen share, weighted by rows."""
    return sum(n * abs(said - seen) for n, said, seen in calibration_bins(label, score, bins)) / label.size


@dataclass(frozen=True, slots=True)
class Effect:
    """Difference of two means, treated minus untreated, with its 95% interval, in the outcome's measure."""

    value: float
    low: float
    high: float
    treated: int
    untreated: int


def effect(outcome: Floats, treated: Flags) -> Effect | None:
    """The plain effect of a treatment given by chance; `None` with fewer than two rows a side."""
    ours, theirs = outcome[treated], outcome[~treated]
    found = compare.difference(Sums.of(ours), Sums.of(theirs), share=True)
    if found.value is None or found.low is None or found.high is None:
        return None
    return Effect(found.value, found.low, found.high, ours.size, theirs.size)
