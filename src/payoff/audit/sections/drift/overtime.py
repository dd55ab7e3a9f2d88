"""How well a score ranks and how well its size holds, period by period, from one group-by."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from payoff.aggregates import Sums
from payoff.audit.buckets import BUCKETS, jackknife, repeated
from payoff.audit.measures import Share, share_of
from payoff.audit.view import FEW, View
from payoff.stats.scores import SPAN, Binned, Bounded

BINS = 16_384
"""A score with no more values than this is counted value by value, any other in so many bins."""
_FEWER = 4_096
"""The same where rows are counted by bucket of units as well."""
_Z = 1.959963984540054
SURE = 0.01
"""How likely chance alone may be to make the ranking seem to change, at most; the same for the size."""
Floats = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Cube:
    """Rows with a score by bucket of units, period, outcome (0, 1, 2 for unknown) and score bin, ascending.

    `said` are the sums of scores in the same cells; `squares` the sums of squared scores by bucket, period and
    outcome. `late` is the first period of the later half; `exact` says that every bin holds a single value.
    """

    n: Floats
    said: Floats
    squares: Floats
    late: int
    exact: bool

    def part(self, first: int, last: int | None, without: int | None = None) -> Part:
        """The rows of some periods, without one bucket."""
        n, said, squares = self._summed(first, last)
        kept = np.arange(len(n)) != without
        return Part(n[kept].sum(0), said[kept].sum(0), squares[kept].sum(0), self.exact)

    def half(self, later: bool, without: int | None = None) -> Part:
        return self.part(self.late, None, without) if later else self.part(0, self.late, without)

    @functools.cache  # noqa: B019 - as long as the section; leaving out buckets asks again and again
    def _summed(self, first: int, last: int | None) -> tuple[Floats, Floats, Floats]:
        n, said, squares = (a[:, first:last].sum(1) for a in (self.n, self.said, self.squares))
        return n, said, squares

    def by_half(self) -> Floats:
        """Rows by bucket, half and bin, whatever came of them."""
        every = self.n.sum(2)
        return np.stack([every[:, : self.late].sum(1), every[:, self.late :].sum(1)], axis=1)

    def __hash__(self) -> int:
        return id(self)

    @property
    def filled(self) -> list[int]:
        return [int(b) for b in np.flatnonzero(self.n.sum((1, 2, 3)))]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of some periods, by outcome and bin."""

    n: Floats
    said: Floats
    squares: Floats
    exact: bool

    @property
    def known(self) -> int:
        return int(self.n[:2].sum())

    @property
    def rarer(self) -> int:
        """Rows on the rarer side of the outcome."""
        return int(self.n[:2].sum(1).min())

    def ranked(self) -> Binned:
        """The rows with a known outcome."""
        known, total = self.n[:2].sum(0), self.said[:2].sum(0)
        here = known > 0
        mean = total[here] / known[here]
        return Binned(mean, mean, self.n[1, here].astype(np.int64), self.n[0, here].astype(np.int64))

    def auc_error(self) -> float:
        """Its standard error over independent rows; infinite with too few."""
        found = self.ranked().auc_error()
        return math.inf if found is None else found

    def auc(self) -> Bounded:
        """How well it ranks; bins that hold one value each are exact. Not a number without both outcomes."""
        found = self.ranked().auc() or Bounded(math.nan)
        return Bounded(found.value) if self.exact else found

    def gap(self) -> float:
        """Mean score minus share with the outcome."""
        return float((self.said[:2].sum() - self.n[1].sum()) / self.known) if self.known else math.nan

    def gap_variance(self) -> float:
        """The variance of that mean over independent rows."""
        square = (self.squares[:2].sum() - 2 * self.said[1].sum() + self.n[1].sum()) / self.known
        return float(max(0.0, square - self.gap() ** 2) / (self.known - 1))


def cube(view: View) -> Cube:
    """One group-by over all rows with a score and a moment."""
    more = repeated(view)
    bins = _FEWER if more else BINS
    exact = view.rows.one("approx_count_distinct(score)") <= bins
    key = "score" if exact else _place(view, bins)
    keys = (key, "period", *(("label",) if "label" in view.rows else ()), *more)
    found = view.rows.counts(*keys, where="score is not null and period < 250", sums=("score", "score * score"))
    places, at = np.unique(found[key], return_inverse=True)
    outcome = np.minimum(found["label"].astype(int), 2) if "label" in view.rows else np.full(at.size, 2)
    deep = found[more[0]].astype(int) if more else np.zeros(at.size, int)
    shape = (BUCKETS if more else 1, len(view.periods), 3, places.size)
    cell = np.ravel_multi_index((deep, found["period"].astype(int), outcome, at), shape)

    def summed(values: Any) -> Floats:
        return np.asarray(np.bincount(cell, values, math.prod(shape)), float).reshape(shape)

    squares = summed(found["sum1"]).sum(3)
    return Cube(summed(found["n"]), summed(found["sum0"]), squares, len(view.periods) // 2, exact)


def _place(view: View, bins: int) -> str:
    """SQL for a score's bin: log-odds for a probability, else even steps between its far ends."""
    if view.probability:
        p = "least(greatest(score, 1e-10), 1 - 1e-10)"
        return f"floor(ln({p} / (1 - {p})) * {bins / 2 / SPAN!r})::int"
    low, high = view.rows.quantiles("score", (0.001, 0.999), where="score is not null")[()]
    step = (bins - 2) / max(high - low, 1e-300)
    return f"least(greatest(floor((score - {low!r}) * {step!r}), -1), {bins})::int"


@dataclass(frozen=True, slots=True)
class Period:
    """One period. `known` are rows with a known outcome, `hits` those with it; `ranks` is the AUC over rows with
    a score with its interval, `None` with fewer than thirty outcomes of either kind; `said` the mean score,
    `None` without one."""

    rows: int
    known: int
    outcome: Share | None
    said: float | None = None
    ranks: float | None = None
    low: float | None = None
    high: float | None = None
    off: float = 0.0


def periods(view: View, scores: Cube | None) -> list[Period]:
    """Every period in order, those without rows too."""
    found = view.rows.counts("period", where="period < 250")
    rows = dict(zip(found["period"].tolist(), found["n"].tolist(), strict=True))
    labelled = "label" in view.rows
    came = view.rows.sums("label", "period", where="period < 250 and label < 2") if labelled else {}
    return [_period(k, rows.get(k, 0), came.get((k,), Sums()), scores) for k in range(len(view.periods))]


def _period(k: int, rows: int, came: Sums, scores: Cube | None) -> Period:
    outcome, known = share_of(came), round(came.w)
    if scores is None:
        return Period(rows, known, outcome)
    scored = scores.n[:, k].sum()
    said = float(scores.said[:, k].sum() / scored) if scored else None
    part = scores.part(k, k + 1)
    if part.rarer < FEW:
        return Period(rows, known, outcome, said)
    auc = part.auc()
    found = _around(scores, auc.value, part.auc_error(), lambda b: scores.part(k, k + 1, b).auc().value)
    low, high = (max(0.0, found[0][0]), min(1.0, found[0][1])) if found else (None, None)
    return Period(rows, known, outcome, said, auc.value, low, high, auc.off)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in the earlier and in the later half with the interval of the change, later minus earlier, and
    with the wider one (`widest`) that has to leave 0 out before the figure is said to have moved. `off` is the
    most the change can be off by for being counted in bins, and is part of both."""

    before: float
    after: float
    low: float
    high: float
    widest: Interval
    n: int
    off: float = 0.0

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def sure(self) -> bool:
        return self.widest[0] > 0 or self.widest[1] < 0


def ranks_changed(scores: Cube) -> Change | None:
    """The AUC of both halves: apart by DeLong's errors where every unit comes once, else by the jackknife.

    `None` with fewer than thirty outcomes of either kind in a half.
    """
    before, after = scores.half(False), scores.half(True)
    if min(before.rarer, after.rarer) < FEW:
        return None
    ours, theirs = after.auc(), before.auc()
    (low, high), widest = _interval(
        scores,
        ours.value - theirs.value,
        math.hypot(before.auc_error(), after.auc_error()),
        lambda part: part.auc().value,
    )
    off, n = ours.off + theirs.off, before.known + after.known
    return Change(theirs.value, ours.value, low - off, high + off, (widest[0] - off, widest[1] + off), n, off)


def size_changed(scores: Cube) -> Change | None:
    """Mean score minus share with the outcome in both halves (calibration in the large); `None` as for ranks."""
    before, after = scores.half(False), scores.half(True)
    if min(before.rarer, after.rarer) < FEW:
        return None
    error = math.sqrt(before.gap_variance() + after.gap_variance())
    (low, high), widest = _interval(scores, after.gap() - before.gap(), error, Part.gap)
    return Change(before.gap(), after.gap(), low, high, widest, before.known + after.known)


def _interval(scores: Cube, d: float, error: float, figure: Callable[[Part], float]) -> tuple[Interval, Interval]:
    """Around a change of a figure, 95% and at the level of `SURE`; without an end where it cannot be told."""
    found = _around(scores, d, error, lambda b: figure(scores.half(True, b)) - figure(scores.half(False, b)))
    return found or ((-math.inf, math.inf), (-math.inf, math.inf))


def _around(
    scores: Cube, value: float, error: float, without: Callable[[int], float]
) -> tuple[Interval, Interval] | None:
    """By its error over independent rows, or from the figures without each bucket of units; 95%, then `SURE`."""
    if len(scores.n) == 1:
        strict = float(stats.norm.isf(SURE / 2)) * error
        return (value - _Z * error, value + _Z * error), (value - strict, value + strict)
    figures = [without(b) for b in scores.filled]
    usual, strict_ = (jackknife(value, figures, alpha) for alpha in (0.05, SURE))
    return (usual, strict_) if usual and strict_ else None
