"""How the showings spread over items, from one group-by over all rows with an action."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.audit.buckets import bucket, jackknife
from payoff.audit.measures import Share, gap, share
from payoff.audit.view import FEW, View
from payoff.stats import concentration

ITEM = "hash(action)"
"""SQL by which items are told apart; their names are asked for only where they are shown."""
TENTH = 20
"""With fewer items the most shown tenth is one or two of them; then the most shown one speaks for itself."""
Floats = NDArray[np.float64]
Figure = Callable[[Floats], float]


@dataclass(frozen=True)
class Showings:
    """Rows by item, bucket and half, as groups: `at` is the item's place in `items`, `half` 0, 1 or 255 (no
    moment), `yes` and `known` rows with the outcome and with a known one (zeros without outcomes)."""

    items: NDArray[np.uint64]
    at: NDArray[np.int64]
    bucket: NDArray[np.int64]
    half: NDArray[np.int64]
    n: Floats
    yes: Floats
    known: Floats

    def _summed(self, values: Floats, where: NDArray[np.bool_] | None = None) -> Floats:
        if where is None:
            return np.asarray(np.bincount(self.at, values, self.items.size), float)
        return np.asarray(np.bincount(self.at[where], values[where], self.items.size), float)

    @functools.cached_property
    def counts(self) -> Floats:
        """Showings by item."""
        return self._summed(self.n)

    @property
    def few(self) -> bool:
        return self.items.size < TENTH

    @functools.cached_property
    def rows(self) -> int:
        return int(self.n.sum())

    @functools.cached_property
    def order(self) -> NDArray[np.int64]:
        """Places of the items, the most shown first."""
        return np.argsort(-self.counts, kind="stable")

    @functools.cached_property
    def buckets(self) -> list[int]:
        return [int(b) for b in np.unique(self.bucket)]

    def in_half(self, half: int) -> Floats:
        """Showings by item in one half of the time."""
        return self._summed(self.n, self.half == half)

    def outcomes(self) -> tuple[Floats, Floats]:
        """Rows with the outcome and with a known one, by item."""
        return self._summed(self.yes), self._summed(self.known)

    def interval(self, figure: Figure) -> tuple[float, float] | None:
        """Around a figure of the showings by item, without each bucket of units in turn."""
        without = [figure(self.counts - self._summed(self.n, self.bucket == b)) for b in self.buckets]
        return jackknife(figure(self.counts), without)

    def varied(self, half: int, without: int | None = None) -> float:
        """The effective number of items in one half, of which few showings do not make fewer."""
        where = (self.half == half) & (self.bucket != (-1 if without is None else without))
        return concentration.effective_number(self._summed(self.n, where), unbiased=True)

    def popular(self) -> NDArray[np.bool_]:
        """Which items are the most shown tenth; with few items, the most shown one."""
        found = np.zeros(self.items.size, bool)
        found[self.order[: 1 if self.few else concentration.top_size(self.items.size)]] = True
        return found


def showings(view: View) -> Showings:
    """Every row with an action, grouped once."""
    key, halves = bucket(view), "period" in view.rows
    keys = (ITEM, key, *(("late",) if halves else ()))
    sums = ("(label = 1)::int", "(label < 2)::int") if "label" in view.rows else ()
    found = view.rows.counts(*keys, where="action is not null", sums=sums)
    items, at = np.unique(found[ITEM].astype(np.uint64), return_inverse=True)
    nothing = np.zeros(at.size)
    return Showings(
        items=items,
        at=at.astype(np.int64),
        bucket=found[key].astype(np.int64),
        half=found["late"].astype(np.int64) if halves else np.full(at.size, 255),
        n=found["n"].astype(float),
        yes=found["sum0"].astype(float) if sums else nothing,
        known=found["sum1"].astype(float) if sums else nothing,
    )


def names(view: View, items: NDArray[np.uint64]) -> list[str]:
    """The items' own names, as they stand in the table."""
    listed = ", ".join(str(item) for item in items)
    found = view.rows.counts("action", ITEM, where=f"{ITEM} in ({listed})")
    told = dict(zip(found[ITEM].tolist(), found["action"].tolist(), strict=True))
    return [str(told[int(item)]) for item in items]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Effective numbers of items in both halves, and the interval of later over earlier."""

    before: float
    after: float
    low: float
    high: float


def narrowed(shown: Showings) -> Ratio | None:
    """Whether the later half is less varied; `None` with fewer than thirty showings in a half, or where no item
    came twice."""
    rows = [shown.in_half(half).sum() for half in (0, 1)]
    before, after = shown.varied(0), shown.varied(1)
    if min(rows) < FEW or not math.isfinite(before + after):
        return None
    without = [_log_ratio(shown.varied(0, b), shown.varied(1, b)) for b in shown.buckets]
    found = jackknife(_log_ratio(before, after), without)
    low, high = found or (-math.inf, math.inf)
    return Ratio(before, after, math.exp(low), math.exp(min(high, 700.0)))


def _log_ratio(before: float, after: float) -> float:
    return math.log(after / before) if before > 0 and after > 0 and math.isfinite(before + after) else math.nan


@dataclass(frozen=True, slots=True)
class Apart:
    """The share with the outcome after popular items and after the others, and the interval of their
    difference."""

    popular: Share
    others: Share
    low: float
    high: float

    @property
    def difference(self) -> float:
        return self.popular.value - self.others.value


def outcomes_apart(view: View, shown: Showings) -> Apart | None:
    """The most shown items beside the others; `None` with fewer than thirty known outcomes on a side.

    The interval is Newcombe's; where units come several times, the jackknife's over buckets of units.
    """
    top = shown.popular()
    yes, known = shown.outcomes()
    ours, theirs = (
        share(int(yes[top].sum()), int(known[top].sum())),
        share(int(yes[~top].sum()), int(known[~top].sum())),
    )
    if ours is None or theirs is None or min(ours.n, theirs.n) < FEW:
        return None
    if not view.rows.clustered:
        return Apart(ours, theirs, *gap(ours, theirs)[1:])
    here = top[shown.at]
    without = [_difference(shown, here, shown.bucket != b) for b in shown.buckets]
    found = jackknife(ours.value - theirs.value, without)
    return Apart(ours, theirs, *(found or (-1.0, 1.0)))


def _difference(shown: Showings, top: NDArray[np.bool_], kept: NDArray[np.bool_]) -> float:
    shares = []
    for side in (top & kept, ~top & kept):
        known = shown.known[side].sum()
        shares.append(float(shown.yes[side].sum() / known) if known else math.nan)
    return shares[0] - shares[1]
