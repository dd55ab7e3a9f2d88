"""What moved between the earlier and the later half of the time: the score, columns, shares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from payoff.audit.buckets import BUCKETS, jackknife, repeated
from payoff.audit.measures import Share, gap, share
from payoff.audit.sections.drift.overtime import Cube
from payoff.audit.table.coding import MISSING, Coded
from payoff.audit.view import FEW, View
from payoff.stats import distance

MUCH, LITTLE = 0.25, 0.1
"""Stability indices from which on something moved much, or a little (Siddiqi 2006)."""
CHANCE = 0.01
"""How likely chance alone may be to move any of all things set side by side, at most."""
CLOCK = 0.95
"""A column whose two halves share hardly a value is a calendar or a counter."""
GONE = 0.1
"""A column is said to run dry when so many more of its rows are empty."""
_EXPECTED = 5.0
Floats = NDArray[np.float64]
Size = Literal["much", "little", "hardly", "no"]


@dataclass(frozen=True, slots=True)
class Move:
    """One column's cells in both halves. `counts` are rows by bucket, half and cell; the last cell holds what is
    missing.

    `largest` is the largest difference of cumulated shares, where the cells have an order.
    """

    column: str
    counts: Floats
    largest: float | None = None

    @property
    def before(self) -> Floats:
        return np.asarray(self.counts[:, 0].sum(0))

    @property
    def after(self) -> Floats:
        return np.asarray(self.counts[:, 1].sum(0))

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    @property
    def index(self) -> float:
        return distance.stability_index(self.before, self.after)

    @property
    def changed(self) -> float:
        """The share of later rows that would have to change cell to look like the earlier ones."""
        return distance.total_variation(self.before, self.after)

    @property
    def empty(self) -> tuple[float, float]:
        """The share without a value, before and after."""
        return float(self.before[-1] / self.before.sum()), float(self.after[-1] / self.after.sum())

    @property
    def gone(self) -> bool:
        before, after = self.empty
        return after - before >= GONE

    @property
    def clock(self) -> bool:
        return self.changed >= CLOCK and abs(self.empty[1] - self.empty[0]) < GONE

    def chance(self) -> float:
        """How often chance alone would move it so far (p)."""
        kept = self._dense()
        before, after = kept[:, 0], kept[:, 1]
        if len(kept) == 1:
            return distance.chi_square(before[0], after[0])
        wider = distance.inflation(before, after)
        filled = int((kept.sum((1, 2)) > 0).sum())
        return distance.chi_square(before.sum(0), after.sum(0), inflation=wider, buckets=filled)

    def _dense(self) -> Floats:
        """Cells in which chi-square holds; those expected to have fewer than five rows in a half are one cell."""
        both = self.counts.sum(0)
        thin = both.sum(0) * min(both.sum(1)) / both.sum() < _EXPECTED
        rest = self.counts[:, :, thin].sum(2, keepdims=True)
        return np.concatenate([self.counts[:, :, ~thin], rest], axis=2)

    def size(self, looked_at: int) -> Size:
        """How much it moved, among so many columns looked at."""
        if self.chance() >= CHANCE / max(1, looked_at):
            return "no"
        return "much" if self.index >= MUCH else "little" if self.index >= LITTLE else "hardly"

    def moved(self, looked_at: int) -> bool:
        """Whether it moved by enough to be named."""
        return self.size(looked_at) in ("much", "little")

    def as_dict(self, looked_at: int) -> dict[str, float | str | None]:
        return {
            "column": self.column,
            "moved": "clock" if self.clock else self.size(looked_at),
            "rows_to_change": self.changed,
            "stability_index": self.index,
            "jensen_shannon": distance.jensen_shannon(self.before, self.after),
            "kolmogorov": self.largest,
            "p": self.chance(),
            "missing_before": self.empty[0],
            "missing_after": self.empty[1],
        }


def cells(view: View, code: str, size: int, where: str = "true") -> Floats:
    """Rows by bucket, half and cell; codes past the last cell fall into it.

    Asked by period, not by half: small codes as they stand are counted at half the cost.
    """
    more = repeated(view)
    found = view.rows.counts(*dict.fromkeys((code, "period", *more)), where=where)
    dated = found["period"] < MISSING
    at = found[more[0]][dated].astype(int) if more else np.zeros(int(dated.sum()), int)
    later = (found["period"][dated] >= len(view.periods) // 2).astype(int)
    shape = (BUCKETS if more else 1, 2, size)
    place = np.ravel_multi_index((at, later, np.minimum(found[code][dated].astype(int), size - 1)), shape)
    return np.asarray(np.bincount(place, found["n"][dated], math.prod(shape)), float).reshape(shape)


def column_move(view: View, column: str, code: Coded) -> Move:
    counts = cells(view, code.code, len(code.names) + 1)
    known = counts[:, :, :-1].sum(0)
    ordered = code.kind == "bands" and bool((known.sum(1) > 0).all())
    return Move(column, counts, distance.kolmogorov(*known) if ordered else None)


def columns_moved(view: View) -> list[Move]:
    """Every column that is coded and does not give the outcome away, those that moved most first."""
    coded = {c: code for c, code in {**view.groups, **view.features}.items() if c not in view.health.leaks}
    found = [column_move(view, column, code) for column, code in coded.items()]
    return sorted(found, key=lambda move: -move.index)


@dataclass(frozen=True, slots=True)
class Halves:
    """A share in the earlier and in the later half, with the interval of the change, later minus earlier, and
    how often chance alone would move it so far (p)."""

    before: Share
    after: Share
    low: float
    high: float
    p: float

    @property
    def change(self) -> float:
        return self.after.value - self.before.value

    def moved(self, looked_at: int) -> bool:
        """Whether chance would hardly do so to any of all things looked at, and it is enough to matter: 1 in 100,
        or a tenth where that is less."""
        sure = self.p < CHANCE / max(1, looked_at) and (self.low > 0 or self.high < 0)
        return sure and abs(self.change) >= min(0.01, 0.1 * max(self.before.value, 1e-9))


def share_halves(view: View, code: str) -> Halves | None:
    """The share of 1 among rows where a code is 0 or 1; `None` with fewer than `FEW` in a half.

    The interval is Newcombe's; where units come several times, the jackknife's over buckets of units.
    """
    counts = cells(view, code, 3)[:, :, :2]
    n, hits = counts.sum((0, 2)), counts[:, :, 1].sum(0)
    if n.min() < FEW:
        return None
    before, after = share(int(hits[0]), int(n[0])), share(int(hits[1]), int(n[1]))
    assert before is not None and after is not None
    p = Move(code, counts).chance()
    if len(counts) == 1:
        return Halves(before, after, *gap(after, before)[1:], p)
    filled = counts.sum((1, 2)) > 0
    rest = counts.sum(0) - counts[filled]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = rest[:, :, 1] / rest.sum(2)
    found = jackknife(after.value - before.value, (shares[:, 1] - shares[:, 0]).tolist())
    return Halves(before, after, *(found or (-1.0, 1.0)), p)


def score_move(view: View, scores: Cube) -> Move:
    """The score in ten bands that hold equally many of the earlier half's rows (cut at bins), rows without one
    apart.

    `largest` is over all bins, which comes nearer to that of the rows than ten bands.
    """
    by_half = scores.by_half()
    early, late = by_half.sum(0)
    tenths = np.arange(1, 10) / 10 * early.sum()
    cuts = np.unique(np.searchsorted(early.cumsum(), tenths - 1e-6, "left"))
    band = np.searchsorted(cuts, np.arange(early.size), "left")
    bands = np.stack([by_half[:, :, band == k].sum(2) for k in range(cuts.size + 1)], axis=2)
    empty = cells(view, "period", 1, where="score is null")
    return Move(view.roles["score"], np.concatenate([bands, empty], axis=2), distance.kolmogorov(early, late))
