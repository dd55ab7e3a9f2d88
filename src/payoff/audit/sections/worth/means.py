"""Means by arm and their differences: plain, or weighted by the logged probability of the treatment given."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.audit.measures import Effect, effect
from payoff.audit.sections.worth.treated import Outcome, grid, rows_treated, weighted
from payoff.audit.view import View
from payoff.stats import uplift
from payoff.stats.uplift import Cells

Floats = NDArray[np.float64]
Arms = tuple[int, ...]


def worth(view: View) -> Outcome | None:
    """What the row's outcome is worth, 0 where it did not come; `None` where no value was given."""
    if not view.has("value"):
        return None
    return Outcome(f"label::double * ({view.value})", False)


def pair(cells: Floats, ours: Arms, theirs: Arms, sign: float = 1.0) -> Cells:
    """Two sides of a grid, without the bands nobody is in."""
    both = np.stack([cells[:, :, list(theirs)].sum(2), cells[:, :, list(ours)].sum(2)], axis=2)
    filled = both[0].sum((1, 2)) > 0
    return Cells(*both[:, filled]).scaled(sign)


class Means(Protocol):
    """Means of one outcome by arm (or of several arms together)."""

    def rows(self, arms: Arms) -> int: ...
    def size(self, arms: Arms) -> float:
        """How many independent rows (or units, where they repeat) the mean is as good as."""
        ...

    def mean(self, arms: Arms) -> float: ...
    def difference(self, ours: Arms, theirs: Arms, alpha: float = 0.05) -> Effect | None:
        """Mean of ours minus mean of theirs with its interval, as it is (no sign turned)."""
        ...


class PlainMeans:
    """Every row counts the same; intervals are Welch's, over units where they come several times."""

    def __init__(self, view: View, outcome: Outcome, where: str) -> None:
        self.share = outcome.share
        self.sums = {k[0]: s for k, s in view.rows.sums(outcome.sql, "treated", where=where).items()}

    def _of(self, arms: Iterable[int]) -> Sums:
        return functools.reduce(Sums.__add__, (self.sums.get(arm, Sums()) for arm in arms), Sums())

    def rows(self, arms: Arms) -> int:
        return int(self._of(arms).w)

    def size(self, arms: Arms) -> float:
        return self._of(arms).n

    def mean(self, arms: Arms) -> float:
        sums = self._of(arms)
        return sums.y / sums.w if sums.w else math.nan

    def difference(self, ours: Arms, theirs: Arms, alpha: float = 0.05) -> Effect | None:
        return effect(self._of(ours), self._of(theirs), share=self.share, alpha=alpha)


class WeightedMeans:
    """Rows weigh 1/probability of the treatment they got, each mean divided by its own weights (Hájek 1971)."""

    def __init__(self, view: View, outcome: Outcome, where: str) -> None:
        self.cells = grid(view, outcome.sql, where)

    def _of(self, arms: Arms) -> Floats:
        found: Floats = self.cells[:, 0, list(arms)].sum((1, 2))
        return found

    def rows(self, arms: Arms) -> int:
        return int(self._of(arms)[0])

    def size(self, arms: Arms) -> float:
        _, w, _, ww, _, _ = self._of(arms)
        return float(w * w / ww) if ww > 0 else 0.0

    def mean(self, arms: Arms) -> float:
        _, w, y, *_ = self._of(arms)
        return float(y / w) if w > 0 else math.nan

    def difference(self, ours: Arms, theirs: Arms, alpha: float = 0.05) -> Effect | None:
        found = uplift.figure(pair(self.cells, ours, theirs), uplift.effect())
        if found is None:
            return None
        return Effect(found.value, *found.interval(alpha), self.rows(ours), self.rows(theirs))


def means(view: View, outcome: Outcome, where: str = "") -> Means:
    """Weighted where the probabilities were logged, else plain; over the rows of an effect, or of `where`."""
    where = where or rows_treated(view)
    return WeightedMeans(view, outcome, where) if weighted(view) else PlainMeans(view, outcome, where)
