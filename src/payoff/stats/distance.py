"""How far two distributions are apart, from counts over the same cells.

`before` and `after` are counts a cell. Cells empty on both sides say nothing and may be given. A side without any
rows has no distribution; every figure is then not a number.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
_EMPTY = 1e-4


def _shares(before: ArrayLike, after: ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.asarray(before, float), np.asarray(after, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return a / a.sum(), b / b.sum()


def total_variation(before: ArrayLike, after: ArrayLike) -> float:
    """Half the sum of differences: the share of rows that would have to change cell, 0 to 1."""
    a, b = _shares(before, after)
    return float(np.abs(a - b).sum() / 2)


def jensen_shannon(before: ArrayLike, after: ArrayLike) -> float:
    """Jensen-Shannon distance, 0 to √ln 2 (0.833): the root of the divergence from their mean (Lin 1991).

    As `scipy.spatial.distance.jensenshannon(p, q)`, with the natural logarithm, which Evidently takes too.
    """
    a, b = _shares(before, after)
    middle = (a + b) / 2
    divergence = special.rel_entr(a, middle).sum() + special.rel_entr(b, middle).sum()
    return float(np.sqrt(max(0.0, divergence) / 2)) if not np.isnan(divergence) else math.nan


def stability_index(before: ArrayLike, after: ArrayLike) -> float:
    """Population stability index Σ(b − a)·ln(b/a), 0 or more, without an upper end (Siddiqi 2006).

    An empty cell would make it infinite, so it counts as a share of 0.0001, or as a millionth of the side's
    smallest share where that is no larger than 0.0001 (as Evidently does). Evidently leaves missing values out
    of the cells and cuts numbers into bins of equal width over both samples; here missing is a cell, and bands
    hold equally many rows. On the same cells both give the same.
    """
    a, b = _shares(before, after)
    here = (a > 0) | (b > 0)
    a, b = _filled(a[here]), _filled(b[here])
    return float(((b - a) * np.log(b / a)).sum())


def _filled(shares: Floats) -> Floats:
    least = shares[shares > 0].min(initial=1.0)
    return np.where(shares == 0, least / 1e6 if least <= _EMPTY else _EMPTY, shares)


def kolmogorov(before: ArrayLike, after: ArrayLike) -> float:
    """The largest difference of the cumulated shares over ordered cells (Kolmogorov & Smirnov), 0 to 1.

    It is no larger than that of the rows themselves (`scipy.stats.ks_2samp`), which may differ more inside a cell,
    and equal to it where a cell holds one value.
    """
    a, b = _shares(before, after)
    return float(np.abs(a.cumsum() - b.cumsum()).max())


def chi_square(before: ArrayLike, after: ArrayLike, *, inflation: float = 1.0, buckets: int = 0) -> float:
    """The p-value of Pearson's test that both come from one distribution; 1 where nothing can differ.

    As `scipy.stats.chi2_contingency` without correction. (Evidently's takes the earlier shares for exact and tests
    the later counts against them, which finds differences that the earlier sample's own chance made.) Where units
    come several times, the statistic is divided by `inflation` and set against F with the degrees of freedom that
    so many `buckets` leave (Rao & Scott 1981; Thomas & Rao 1987).
    """
    table = np.vstack([np.asarray(before, float), np.asarray(after, float)])
    table = table[:, table.sum(0) > 0]
    if table.shape[1] < 2 or (table.sum(1) == 0).any():
        return 1.0
    found = stats.chi2_contingency(table, correction=False)
    if not buckets:
        return float(found.pvalue)
    df = table.shape[1] - 1
    return float(stats.f.sf(found.statistic / inflation / df, df, df * max(1, buckets - 1)))


def inflation(before: ArrayLike, after: ArrayLike) -> float:
    """How many times wider shares scatter than over independent rows, from counts by (bucket, cell); at least 1.

    Each unit lies in one bucket as a whole. The variance of every difference of shares is reckoned by leaving
    out one bucket at a time, and set against that of independent rows (Rao & Scott 1981, first order). 1 with
    fewer than two filled buckets.
    """
    a, b = np.asarray(before, float), np.asarray(after, float)
    filled = (a.sum(1) + b.sum(1)) > 0
    a, b = a[filled], b[filled]
    every_a, every_b = a.sum(0), b.sum(0)
    here = (every_a + every_b) > 0
    rest_a, rest_b = (every_a - a)[:, here], (every_b - b)[:, here]
    m, cells = rest_a.shape
    if m < 2 or cells < 2 or (rest_a.sum(1) == 0).any() or (rest_b.sum(1) == 0).any():
        return 1.0
    d = rest_b / rest_b.sum(1, keepdims=True) - rest_a / rest_a.sum(1, keepdims=True)
    spread = (m - 1) / m * ((d - d.mean(0)) ** 2).sum(0)
    pooled = (every_a + every_b)[here] / (every_a.sum() + every_b.sum())
    return max(1.0, float((spread / pooled).sum() / (1 / every_a.sum() + 1 / every_b.sum()) / (cells - 1)))
