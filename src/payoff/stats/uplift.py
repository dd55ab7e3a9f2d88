"""Whom a treatment moves: effects by score, the Qini curve, the gain of choosing by score, with standard errors.

Everything is reckoned from weighted sums by score band (the highest first), arm and bucket of units. A row weighs
1, or 1/probability of the treatment it got (Hájek 1971: each mean is divided by its own sum of weights). At the
edge of a capacity a part of a band is taken, every row of the band alike: ties in proportion.

Standard errors are those of the infinitesimal jackknife (Jaeckel 1972; Efron 1982): each row's pull on the figure
is its derivative by that row's weight, and the variance is the sum of squared pulls, over rows, or over buckets of
units where units come several times. The derivatives are exact (complex step, Squire & Trapp 1998), so nothing is
drawn by chance and the same rows always give the same interval. The plain difference of two means comes out with
Welch's standard error but for the factor n/(n − 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
_STEP = 1e-20


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its standard error; `None` where an arm is empty where it is asked for."""

    value: float
    error: float

    def interval(self, alpha: float = 0.05) -> tuple[float, float]:
        """The normal interval."""
        half = float(stats.norm.isf(alpha / 2)) * self.error
        return self.value - half, self.value + half


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums by band, arm (the one left alone first, then the treated) and bucket; arrays of bands × 2 × buckets.

    `n` rows, `w` their weights, `y` weights × outcome, and w², w²·outcome, w²·outcome² for the variance over rows,
    which is used where there is one bucket.
    """

    n: Floats
    w: Floats
    y: Floats
    ww: Floats
    wwy: Floats
    wwyy: Floats

    def scaled(self, by: float) -> Cells:
        """The same with the outcome times `by`: −1 for an outcome to prevent, so that more is better."""
        return Cells(self.n, self.w, self.y * by, self.ww, self.wwy * by, self.wwyy * by * by)

    def effective(self, share: float = 1.0, *, top: bool = True) -> float:
        """Kish's effective number of rows (Σw)² / Σw² of the smaller arm in the highest `share` (or the rest)."""
        w = self.w.sum(2)
        part = taken(w, share)
        part = part if top else 1 - part
        ours, squares = part @ w, part @ self.ww.sum(2)
        return float(min(o * o / s if s > 0 else 0.0 for o, s in zip(ours, squares, strict=True)))


Statistic = Callable[[NDArray, NDArray], NDArray]
"""From weights and weighted outcomes (… × bands × 2) to one figure each."""


def figure(cells: Cells, statistic: Statistic) -> Figure | None:
    """The statistic with its standard error; `None` where it has no value."""
    w, y = cells.w.sum(2), cells.y.sum(2)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(statistic(w, y))
        by_w, by_y = _derivatives(statistic, w, y)
    if not math.isfinite(value) or not np.isfinite(by_w).all() or not np.isfinite(by_y).all():
        return None
    buckets = cells.w.shape[2]
    if buckets == 1:
        ww, wwy, wwyy = cells.ww[..., 0], cells.wwy[..., 0], cells.wwyy[..., 0]
        variance = float((by_w**2 * ww + 2 * by_w * by_y * wwy + by_y**2 * wwyy).sum())
    else:
        pulls = (by_w[..., None] * cells.w + by_y[..., None] * cells.y).sum((0, 1))
        variance = float(((pulls - pulls.mean()) ** 2).sum()) * buckets / (buckets - 1)
    return Figure(value, math.sqrt(max(0.0, variance)))


def _derivatives(statistic: Statistic, w: Floats, y: Floats) -> tuple[Floats, Floats]:
    steps = 1j * _STEP * np.eye(w.size).reshape(w.size, *w.shape)
    by_w = np.imag(statistic(w + steps, y + 0j * steps)) / _STEP
    by_y = np.imag(statistic(w + 0j * steps, y + steps)) / _STEP
    return by_w.reshape(w.shape), by_y.reshape(w.shape)


def taken(w: NDArray, share: float) -> Floats:
    """Which part of each band lies among the highest `share` of the weight of both arms together.

    The cut is held fixed when standard errors are reckoned, hence only the real part.
    """
    rows = w.real.sum(-1)
    before = rows.cumsum(-1) - rows
    part = (share * rows.sum(-1, keepdims=True) - before) / np.where(rows == 0, 1, rows)
    return np.clip(part, 0.0, 1.0)


def _effect(w: NDArray, y: NDArray, part: NDArray) -> NDArray:
    mean = (part[..., None] * y).sum(-2) / (part[..., None] * w).sum(-2)
    return mean[..., 1] - mean[..., 0]


def effect(share: float = 1.0, *, top: bool = True) -> Statistic:
    """Mean of the treated minus mean of those left alone, among the highest `share`, or among the rest."""

    def found(w: NDArray, y: NDArray) -> NDArray:
        part = taken(w, share)
        return _effect(w, y, part if top else 1 - part)

    return found


def top_against_rest(share: float) -> Statistic:
    """The effect among the highest `share` minus the effect among the rest."""
    return lambda w, y: effect(share)(w, y) - effect(share, top=False)(w, y)


def gain(share: float) -> Statistic:
    """What choosing by score brings over as many rows taken at random, per row of the population.

    Acting on the highest `share` brings share × (effect among them) over acting on nobody; acting on as many at
    random brings share × (effect on all). The gain is the difference, share × (effect among them − effect on all).

    The effect on all is taken as that among the highest and that among the rest, by their shares, so that nothing
    hangs on the arm in which a few more high scores happened to land; the gain then is
    share × (1 − share) × (effect among the highest − effect among the rest). As many are treated both ways, so
    cost cancels. (Radcliffe 2007; Athey & Wager 2021 for the value of a policy from an experiment.)
    """
    apart = top_against_rest(share)
    return lambda w, y: share * (1 - share) * apart(w, y)


def curve(w: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
    """The Qini curve (Radcliffe 2007) at the end of each band: the share φ of rows reached, and
    g(φ) = [Y₁(φ) − Y₀(φ)·W₁(φ)/W₀(φ)] / W₁(1),

    where Y and W are the outcomes and the rows of the treated (1) and of those left alone (0) among the highest φ.
    It is what treatment added so far per treated row; g(1) is the effect on all. It starts at 0.
    """
    reached = w.sum(-1).cumsum(-1)
    w, y = w.cumsum(-2), y.cumsum(-2)
    alone = np.where(w[..., 0] == 0, 1, w[..., 0])
    g = (y[..., 1] - y[..., 0] * w[..., 1] / alone) / w[..., -1:, 1]
    none = np.zeros_like(g[..., :1])
    return np.concatenate([none, reached / reached[..., -1:]], -1), np.concatenate([none, g], -1)


def qini(w: NDArray, y: NDArray) -> NDArray:
    """The Qini coefficient: the area between the curve g(φ) and the straight line φ·g(1) of treating at random.

    Not divided by the best area that could be reached. In outcomes per treated row, averaged over all capacities;
    0 where the score tells nothing of whom treatment helps, below 0 where it sends help the wrong way.
    """
    share, g = curve(w, y)
    area = ((g[..., 1:] + g[..., :-1]) / 2 * np.diff(share, axis=-1)).sum(-1)
    return area - g[..., -1] / 2
