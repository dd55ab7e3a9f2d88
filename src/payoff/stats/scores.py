"""A score beside what happened, without its rows: two sorted columns where they fit, bins where they do not.

Both answer the same questions (how well it ranks, what lies above a cut, what the highest k hold, how far what it
says is from what came). Sorted scores answer exactly; bins answer with the most they can be off by.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Side = Literal["left", "right"]
CLIP = float(np.finfo(np.float64).eps)
"""A score of 0 or 1 counts as this far from it (as in scikit-learn), or one mistake would cost infinitely much."""
BINS = 65_536
SPAN = 24.0
"""Bins are evenly spaced on the log-odds scale from −SPAN to SPAN, where skewed scores still keep apart."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A figure, and the most it can be off by for being counted in bins (0 where it is exact)."""

    value: float
    off: float = 0.0


@dataclass(frozen=True, slots=True)
class Top:
    """The `rows` highest scores: how many of them had the outcome, and the lowest score among them.

    Rows tied at the cut are taken in proportion, so that the order of rows does not matter. `off` bounds `hits`.
    """

    rows: int
    hits: float
    cut: float
    off: float = 0.0

    @property
    def precision(self) -> float:
        return self.hits / self.rows


class Ranked(Protocol):
    """What both forms answer. `exact` says which one it is."""

    @property
    def exact(self) -> bool: ...
    @property
    def positives(self) -> int: ...
    @property
    def negatives(self) -> int: ...
    def auc(self) -> Bounded | None:
        """The chance that a row with the outcome scores above one without, ties half (Mann & Whitney 1947)."""
        ...

    def auc_error(self) -> float | None:
        """Its standard error over independent rows (DeLong et al. 1988)."""
        ...

    def above(self, cuts: Floats) -> tuple[Counts, Counts]:
        """Rows with and without the outcome whose score is at least each cut."""
        ...

    def highest(self, rows: int) -> Top:
        """What the `rows` highest scores hold."""
        ...

    def calibration(self, edges: Floats) -> tuple[Counts, Floats, Floats]:
        """Rows, mean score and share with the outcome per bin (left, right], the first with its left edge."""
        ...

    def brier(self) -> float:
        """Mean squared distance of the score from 0 or 1."""
        ...

    def log_loss(self) -> float:
        """Mean −log of the probability given to what happened; scores clipped away from 0 and 1."""
        ...


@dataclass(frozen=True)
class Sorted:
    """Every score, those with the outcome and those without, each ascending."""

    with_outcome: Floats
    without: Floats
    exact: bool = True

    @classmethod
    def of(cls, score: Floats, happened: NDArray[np.bool_]) -> Sorted:
        return cls(np.sort(score[happened]), np.sort(score[~happened]))

    @property
    def positives(self) -> int:
        return self.with_outcome.size

    @property
    def negatives(self) -> int:
        return self.without.size

    @functools.cached_property
    def _below(self) -> tuple[Counts, Counts]:
        """For each row with the outcome: how many without score lower, and how many lower or the same."""
        sides: tuple[Side, Side] = ("left", "right")
        low, high = (np.searchsorted(self.without, self.with_outcome, side) for side in sides)
        return low, high

    def auc(self) -> Bounded | None:
        if not self.positives or not self.negatives:
            return None
        low, high = self._below
        return Bounded((int(low.sum()) + int(high.sum())) / 2 / (self.positives * self.negatives))

    def auc_error(self) -> float | None:
        found = self.auc()
        if found is None or min(self.positives, self.negatives) < 2:
            return None
        low, high = self._below
        ours = float(np.var((low + high) / (2.0 * self.negatives), ddof=1))
        # The share of rows with the outcome above a row without falls at each place in `low` and `high`, so its
        # spread over the rows without follows from those places alone.
        places = np.concatenate([[0], np.sort(np.concatenate([low, high])), [self.negatives]])
        share = 1 - np.arange(places.size - 1) / (2.0 * self.positives)
        theirs = float(np.diff(places) @ (share - found.value) ** 2) / (self.negatives - 1)
        return math.sqrt(ours / self.positives + theirs / self.negatives)

    def above(self, cuts: Floats) -> tuple[Counts, Counts]:
        cuts = np.asarray(cuts, float)
        return (
            self.positives - np.searchsorted(self.with_outcome, cuts, "left"),
            self.negatives - np.searchsorted(self.without, cuts, "left"),
        )

    def highest(self, rows: int) -> Top:
        rows = min(max(1, rows), self.positives + self.negatives)
        cut = self._cut(rows)
        over = sum(int(a.size - np.searchsorted(a, cut, "right")) for a in (self.with_outcome, self.without))
        hits = self.positives - int(np.searchsorted(self.with_outcome, cut, "right"))
        tied_yes = int(np.searchsorted(self.with_outcome, cut, "right")) - int(
            np.searchsorted(self.with_outcome, cut, "left")
        )
        tied_no = int(np.searchsorted(self.without, cut, "right")) - int(
            np.searchsorted(self.without, cut, "left")
        )
        share = tied_yes / (tied_yes + tied_no)
        return Top(rows, hits + (rows - over) * share, cut)

    def _cut(self, rows: int) -> float:
        """The score of the row in place `rows` from the top: a binary search over both columns."""
        columns = [a for a in (self.with_outcome, self.without) if a.size]

        def at_least(score: float) -> int:
            return sum(int(a.size - np.searchsorted(a, score, "left")) for a in columns)

        # In each column the highest value that still has `rows` rows at or above it; the larger one is the cut.
        best = -math.inf
        for column in columns:
            low, high = 0, column.size - 1
            if at_least(float(column[0])) < rows:
                continue
            while low < high:
                middle = (low + high + 1) // 2
                if at_least(float(column[middle])) >= rows:
                    low = middle
                else:
                    high = middle - 1
            best = max(best, float(column[low]))
        return best

    def calibration(self, edges: Floats) -> tuple[Counts, Floats, Floats]:
        counts, sums = [], []
        for column in (self.with_outcome, self.without):
            places = np.searchsorted(column, edges[1:-1], "right")
            places = np.concatenate([[0], places, [column.size]])
            counts.append(np.diff(places))
            sums.append(np.array([column[a:b].sum() for a, b in itertools.pairwise(places)]))
        n = counts[0] + counts[1]
        with np.errstate(invalid="ignore", divide="ignore"):
            return n, (sums[0] + sums[1]) / n, counts[0] / n

    def brier(self) -> float:
        off = float(((1 - self.with_outcome) ** 2).sum() + (self.without**2).sum())
        return off / (self.positives + self.negatives)

    def log_loss(self) -> float:
        ours = np.log(np.clip(self.with_outcome, CLIP, 1 - CLIP)).sum()
        theirs = np.log1p(-np.clip(self.without, CLIP, 1 - CLIP)).sum()
        return float(-(ours + theirs) / (self.positives + self.negatives))


@dataclass(frozen=True)
class Binned:
    """Counts by score bin, ascending; `score` is each bin's mean score, `low` the least score in it.

    `squares` and `losses` are exact sums over rows of the squared distance and of −log of the probability given to
    what happened, kept beside the bins because bins would blur them.
    """

    low: Floats
    score: Floats
    with_outcome: Counts
    without: Counts
    squares: float = math.nan
    losses: float = math.nan
    exact: bool = False

    @property
    def positives(self) -> int:
        return int(self.with_outcome.sum())

    @property
    def negatives(self) -> int:
        return int(self.without.sum())

    def _placements(self) -> tuple[Floats, Floats]:
        """For a row of each bin: the share of the other kind it is on the right side of."""
        yes, no = self.with_outcome.astype(float), self.without.astype(float)
        below_no = np.concatenate([[0.0], no.cumsum()[:-1]]) + no / 2
        above_yes = yes.sum() - yes.cumsum() + yes / 2
        return below_no / no.sum(), above_yes / yes.sum()

    def auc(self) -> Bounded | None:
        if not self.positives or not self.negatives:
            return None
        ours, _ = self._placements()
        off = 0.5 * float((self.with_outcome / self.positives) @ (self.without / self.negatives))
        return Bounded(float(ours @ self.with_outcome) / self.positives, off)

    def auc_error(self) -> float | None:
        if min(self.positives, self.negatives) < 2:
            return None
        ours, theirs = self._placements()
        spread = []
        for place, n in ((ours, self.with_outcome), (theirs, self.without)):
            total = n.sum()
            mean = float(place @ n) / total
            spread.append(float(((place - mean) ** 2) @ n) / (total - 1) / total)
        return math.sqrt(sum(spread))

    def above(self, cuts: Floats) -> tuple[Counts, Counts]:
        """By bins whose least score is at least the cut; a cut inside a bin leaves that bin out."""
        at = np.searchsorted(self.low, np.asarray(cuts, float), "left")
        tails = [np.concatenate([c[::-1].cumsum()[::-1], [0]]) for c in (self.with_outcome, self.without)]
        return tails[0][at], tails[1][at]

    def highest(self, rows: int) -> Top:
        n = self.with_outcome + self.without
        rows = min(max(1, rows), int(n.sum()))
        over = n[::-1].cumsum()[::-1] - n
        place = int(np.flatnonzero(over < rows)[0])
        take = rows - int(over[place])
        yes, here = int(self.with_outcome[place]), int(n[place])
        hits = float(self.with_outcome[place + 1 :].sum()) + take * yes / here
        # Inside the bin the hits could all lie among those taken, or all among those left.
        most, least = min(take, yes), max(0, take - (here - yes))
        off = max(most - take * yes / here, take * yes / here - least) if here > take else 0.0
        return Top(rows, hits, float(self.low[place]), off)

    def calibration(self, edges: Floats) -> tuple[Counts, Floats, Floats]:
        at = np.searchsorted(edges[1:-1], self.score, "left")
        n_all = (self.with_outcome + self.without).astype(float)
        bins = edges.size - 1
        n = np.bincount(at, n_all, bins)
        said = np.bincount(at, n_all * self.score, bins)
        came = np.bincount(at, self.with_outcome, bins)
        with np.errstate(invalid="ignore", divide="ignore"):
            return n.astype(np.int64), said / n, came / n

    def brier(self) -> float:
        return self.squares / (self.positives + self.negatives)

    def log_loss(self) -> float:
        return self.losses / (self.positives + self.negatives)


def calibration_error(ranked: Ranked, bins: int = 10) -> float:
    """Expected calibration error: the distance of what is said from what came, in bins of equal width, by rows."""
    n, said, came = ranked.calibration(np.linspace(0.0, 1.0, bins + 1))
    filled = n > 0
    return float(np.abs(said - came)[filled] @ n[filled] / n.sum())


def paired_auc_difference(ours: Floats, theirs: Floats, happened: NDArray[np.bool_]) -> tuple[float, float] | None:
    """AUC of one score minus that of another on the same rows, with its standard error (DeLong et al. 1988).

    `None` with fewer than two rows of either kind.
    """
    if min(int(happened.sum()), int((~happened).sum())) < 2:
        return None
    yes, no = [], []
    for score in (ours, theirs):
        a, b = np.sort(score[happened]), np.sort(score[~happened])
        low, high = (np.searchsorted(b, score[happened], side) for side in ("left", "right"))
        yes.append((low + high) / 2 / b.size)
        low, high = (np.searchsorted(a, score[~happened], side) for side in ("left", "right"))
        no.append(1 - (low + high) / 2 / a.size)
    d_yes, d_no = yes[0] - yes[1], no[0] - no[1]
    error = math.sqrt(d_yes.var(ddof=1) / d_yes.size + d_no.var(ddof=1) / d_no.size)
    return float(d_yes.mean()), error
