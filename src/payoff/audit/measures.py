"""The figures of an audit, on plain arrays: exact, no binning where ranks will do."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n` with its Wilson (1927) interval; all three `None` for nobody."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None


def share(hits: int, n: int, alpha: float = 0.05) -> Share:
    """A share and its Wilson score interval, which holds for small groups and for shares near 0 and 1."""
    if n == 0:
        return Share(0, 0, None, None, None)
    z = float(stats.norm.ppf(1 - alpha / 2))
    p = hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Share(hits, n, p, max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half)))


def gap(a: Share, b: Share) -> tuple[float, float, float]:
    """Difference a − b of two independent shares with Newcombe's (1998, method 10) hybrid score interval."""
    assert a.value is not None and a.low is not None and a.high is not None
    assert b.value is not None and b.low is not None and b.high is not None
    d = a.value - b.value
    low = d - math.hypot(a.value - a.low, b.high - b.value)
    high = d + math.hypot(a.high - a.value, b.value - b.low)
    return d, low, high


def auc(label: Flags, score: Floats) -> float | None:
    """How often a random positive stands above a random negative, ties counting half; `None` for one class."""
    positives = int(label.sum())
    negatives = label.size - positives
    if positives == 0 or negatives == 0:
        return None
    ranks = stats.rankdata(score)
    return float((ranks[label].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def auc_interval(value: float, positives: int, negatives: int, alpha: float = 0.05) -> tuple[float, float]:
    """Hanley & McNeil (1982) interval of an AUC."""
    q1, q2 = value / (2 - value), 2 * value * value / (1 + value)
    spread = value * (1 - value) + (positives - 1) * (q1 - value**2) + (negatives - 1) * (q2 - value**2)
    half = float(stats.norm.ppf(1 - alpha / 2)) * math.sqrt(max(spread, 0.0) / (positives * negatives))
    return max(0.0, value - half), min(1.0, value + half)


def calibration_bins(label: Flags, score: Floats, bins: int = 10) -> list[tuple[int, float, float]]:
    """(n, mean score, share of positives) per non-empty bin of equal width over 0 to 1."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    at = np.searchsorted(edges[1:-1], score)
    n = np.bincount(at, minlength=bins)
    scores = np.bincount(at, weights=score, minlength=bins)
    hits = np.bincount(at, weights=label.astype(np.float64), minlength=bins)
    return [(int(n[i]), float(scores[i] / n[i]), float(hits[i] / n[i])) for i in range(bins) if n[i]]


def calibration_error(label: Flags, score: Floats, bins: int = 10) -> float:
    """Expected calibration error: the mean distance of stated from seen share, weighted by rows."""
    return sum(n * abs(said - seen) for n, said, seen in calibration_bins(label, score, bins)) / label.size


def best_first(score: Floats) -> NDArray[np.intp]:
    """Rows from the highest score down; ties stay in file order, which is why `hits_at` spreads them."""
    return np.argsort(-score, kind="stable")


def hits_at(label: Flags | Floats, score: Floats, top: float) -> tuple[int, float]:
    """How many rows the top share holds, and how many positives are expected among them.

    Rows tied at the cut are taken in proportion, so that the figure does not hang on the order of the file.
    """
    k = max(1, round(top * score.size))
    cut = np.partition(score, score.size - k)[score.size - k]
    above, tied = score > cut, score == cut
    fill = (k - int(above.sum())) / int(tied.sum())
    return k, float(label[above].sum() + fill * label[tied].sum())


@dataclass(frozen=True, slots=True)
class Effect:
    """Difference of two means, treated minus untreated, with Welch's 95% interval. In the outcome's measure."""

    value: float
    low: float
    high: float
    treated: int
    untreated: int


def effect(outcome: Floats, treated: Flags, alpha: float = 0.05) -> Effect | None:
    """The plain effect of a treatment given by chance; `None` with fewer than two units a side."""
    a, b = outcome[treated], outcome[~treated]
    if a.size < 2 or b.size < 2:
        return None
    va, vb = a.var(ddof=1) / a.size, b.var(ddof=1) / b.size
    d = float(a.mean() - b.mean())
    if va + vb == 0:
        return Effect(d, d, d, a.size, b.size)
    df = (va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1))
    half = float(stats.t.ppf(1 - alpha / 2, df)) * math.sqrt(va + vb)
    return Effect(d, d - half, d + half, a.size, b.size)


def units_a_side(base: float, drop: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """Units a side to tell `base` from `base − drop`, two-sided, unpooled normal approximation."""
    other = base - drop
    z = float(stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power))
    return math.ceil(z * z * (base * (1 - base) + other * (1 - other)) / (drop * drop))


def least_visible(base: float, a_side: int, *, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The smallest drop from `base` that `a_side` units a side can show; `None` if not even a drop to zero can."""
    if base <= 0 or units_a_side(base, base, alpha=alpha, power=power) > a_side:
        return None
    low, high = 0.0, base
    for _ in range(60):
        middle = (low + high) / 2
        if middle > 0 and units_a_side(base, middle, alpha=alpha, power=power) <= a_side:
            high = middle
        else:
            low = middle
    return high
