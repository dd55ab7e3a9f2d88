"""How evenly showings are spread over items, from the number of times each was shown.

Items never shown may be given as 0: they count as items that got nothing.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


def gini(counts: ArrayLike) -> float:
    """0 where every item is shown equally often, towards 1 where one item takes everything (Gini 1912).

    Half the mean difference of two items over their mean; at most 1 − 1/items. Not a number without showings.
    """
    x = np.sort(np.asarray(counts, float))
    n, total = x.size, x.sum()
    return float((2 * np.arange(1, n + 1) - n - 1) @ x / (n * total)) if total > 0 else math.nan


def top_share(counts: ArrayLike, share: float = 0.1) -> float:
    """The part of all showings that goes to the most shown `share` of items (rounded up, at least one item)."""
    x = np.sort(np.asarray(counts, float))[::-1]
    return float(x[: top_size(x.size, share)].sum() / x.sum()) if x.sum() > 0 else math.nan


def top_size(items: int, share: float = 0.1) -> int:
    """How many items the most shown `share` of them are."""
    return max(1, math.ceil(share * items - 1e-9))


def effective_number(counts: ArrayLike, *, unbiased: bool = False) -> float:
    """How many equally shown items would be as varied: one over the chance that two showings are of one item.

    The inverse of Simpson's index (1949), Hill's number of order 2, from 1 to the number of items. `unbiased`
    takes two *different* showings, so that few showings do not look less varied than many; it is infinite where
    no item came twice.
    """
    x = np.asarray(counts, float)
    n = x.sum()
    if unbiased:
        same = float(x @ (x - 1))
        return float(n * (n - 1) / same) if same > 0 else math.inf
    return float(n * n / (x @ x)) if n > 0 else math.nan


def entropy_number(counts: ArrayLike) -> float:
    """The same by Shannon's entropy (exp of it, Hill's number of order 1), which minds rare items more."""
    x = np.asarray(counts, float)
    return float(np.exp(special.entr(x / x.sum()).sum())) if x.sum() > 0 else math.nan


def curve(counts: ArrayLike, shares: ArrayLike) -> Floats:
    """The part of all showings that the most shown share of items takes, for each of `shares` (whole items,
    rounded up): the curve of Lorenz (1905), from the top."""
    x = np.sort(np.asarray(counts, float))[::-1]
    taken = np.concatenate([[0.0], x.cumsum()]) / x.sum()
    at = np.ceil(np.asarray(shares, float) * x.size - 1e-9).astype(int)
    return np.asarray(taken[np.clip(at, 0, x.size)])


def chance_distance(shares: ArrayLike, n: int) -> float:
    """The total variation from `shares` that a sample of `n` rows has on average by chance alone, 0 to 1.

    Half the sum of binomial mean deviations, in closed form (De Moivre 1730): a small sample never looks quite
    like the whole, and this is how unlike it looks.
    """
    p = np.asarray(shares, float)
    p = p[(p > 0) & (p < 1)]
    if n < 1:
        return math.nan
    m = np.floor(n * p) + 1
    log_choose = special.gammaln(n + 1) - special.gammaln(m + 1) - special.gammaln(n - m + 1)
    deviation = 2 * m * np.exp(log_choose + m * np.log(p) + (n - m + 1) * np.log1p(-p))
    return float(min(1.0, deviation.sum() / n / 2))
