"""Rows people decided differently though the score is about the same: what came of them, side by side.

Among the rows the model says yes to, some people turn down and some they keep; among those it says no to, some
they add. Whether they know something the score does not shows in the outcome of both at similar scores, and not in
how often a decision agrees with the outcome: a rare outcome makes every no look right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from payoff.audit.buckets import BUCKETS, jackknife, repeated
from payoff.audit.table.coding import place_from_top
from payoff.audit.view import FEW, View

_BANDS = 20
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alike:
    """The outcome where people overruled less the outcome where they did not, at similar scores.

    `overruled` is the share with the outcome where they did; `followed` that of the others, at the same scores.
    `value` is their difference with its interval.
    """

    n: int
    overruled: float
    followed: float
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.overruled - self.followed


def alike(view: View, advised: int, alpha: float) -> Alike | None:
    """Among rows of which the model says yes (`advised` 1) or no; `None` with fewer than thirty known outcomes
    either way, or where no band of the score holds both.

    In up to twenty bands of equally many overruled rows, each weighed n·m/(n + m) (Mantel & Haenszel 1959); the
    interval has Cochran's (1954) variance, or is the jackknife's where units come several times.
    """
    here = f"score is not null and decision < 2 and label < 2 and {view.advised} = {advised}"
    more = repeated(view)
    band, size = _bands(view, f"{here} and decision != {advised}")
    found = view.rows.counts(band, "decision", "label", *more, where=here)
    where = [found[key].astype(int) for key in (band, "decision", "label")]
    bucket = found[more[0]].astype(int) if more else np.zeros_like(where[0])
    shape = (BUCKETS if more else 1, size, 2, 2)
    cells = np.zeros(shape)
    np.add.at(cells, (bucket, *where), found["n"])
    whole = cells if advised else cells[:, :, ::-1]  # overruled first, then followed
    if whole.sum((0, 1, 3)).min() < FEW:
        return None
    return _compared(whole, alpha)


def _bands(view: View, where: str) -> tuple[str, int]:
    shares = tuple(k / _BANDS for k in range(1, _BANDS))
    cuts = sorted(set(view.rows.quantiles("score", shares, where=where).get((), [])), reverse=True)
    if not cuts:
        return "0", 1
    return place_from_top("score", cuts), len(cuts) + 1


def _compared(cells: Floats, alpha: float) -> Alike | None:
    """From rows by bucket, band, overruled or followed, and outcome."""
    every = cells.sum(0)
    overruled, followed, variance = _weighed(every)
    d = overruled - followed
    if not math.isfinite(d):
        return None
    half = float(stats.norm.isf(alpha / 2)) * math.sqrt(variance)
    interval: tuple[float, float] | None = (d - half, d + half)
    if len(cells) > 1:
        rest: Sequence[Floats] = [every - one for one in cells if one.any()]
        interval = jackknife(d, [a - b for a, b, _ in map(_weighed, rest)], alpha)
    low, high = interval or (-1.0, 1.0)
    return Alike(int(every.sum()), overruled, followed, low, high)


def _weighed(cells: Floats) -> tuple[float, float, float]:
    """Both shares over the bands, and the variance of their difference where none is true."""
    n = cells.sum(2)
    total = n.sum(1)
    both = n.min(1) > 0
    if not both.any():
        return math.nan, math.nan, math.nan
    n, total, hits = n[both], total[both], cells[both][:, :, 1]
    w = n[:, 0] * n[:, 1] / total
    shares = (w[:, None] * hits / n).sum(0) / w.sum()
    p = hits.sum(1) / total
    variance = (w * p * (1 - p) * total / (total - 1)).sum() / w.sum() ** 2
    return float(shares[0]), float(shares[1]), float(variance)
