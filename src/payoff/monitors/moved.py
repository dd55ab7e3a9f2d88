"""One fact now beside the same fact when the running model learned, in counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.monitors.facts import Cells, Decided, Mask, cells
from payoff.monitors.look import BUCKETS, FEW, Look
from payoff.records.findings import Severity
from payoff.stats import distance
from payoff.stats.concentration import chance_distance

MUCH, LITTLE = 0.25, 0.1
"""Stability indices from which on something moved much, or a little (Siddiqi 2006)."""
CHANCE = 0.01
"""How likely chance alone may be to move any of all facts, at one look."""
GONE = 0.1
"""A fact runs dry when it is missing for so many more of 100 (as a share)."""
_EXPECTED = 5.0
_CLOCK = 0.9
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moved:
    """One fact beside what was learned from. `counts` are rows by bucket, side (before, now) and cell; the last
    cell holds what is missing."""

    name: str
    cells: Cells
    counts: Floats
    facts: int

    @property
    def sides(self) -> Floats:
        return np.asarray(self.counts.sum(0))

    @property
    def changed(self) -> float:
        """The share of units that would have to be different to look as they did."""
        return distance.total_variation(*self.sides)

    @property
    def missing(self) -> tuple[float, float]:
        before, now = self.sides
        return float(before[-1] / before.sum()), float(now[-1] / now.sum())

    @property
    def dense(self) -> Floats:
        """Cells in which chi-square holds; those expected to have fewer than five rows on a side are one cell."""
        both = self.sides
        thin = both.sum(0) * min(both.sum(1)) / both.sum() < _EXPECTED
        rest = self.counts[:, :, thin].sum(2, keepdims=True)
        return np.concatenate([self.counts[:, :, ~thin], rest], axis=2)

    def wider(self) -> float:
        """How many times wider shares scatter because units come several times."""
        kept = self.dense
        return distance.inflation(kept[:, 0], kept[:, 1])

    def chance(self) -> float:
        """How often chance alone would move it so far (p)."""
        kept = self.dense
        filled = int((kept.sum((1, 2)) > 0).sum())
        return distance.chi_square(*kept.sum(0), inflation=self.wider(), buckets=filled)

    @property
    def index(self) -> float:
        """The stability index, less what chance alone adds on average."""
        before, now = self.dense.sum(0)
        filled = int(((before > 0) | (now > 0)).sum())
        by_chance = (filled - 1) * (1 / before.sum() + 1 / now.sum()) * self.wider()
        return max(0.0, distance.stability_index(before, now) - by_chance)

    @property
    def sure(self) -> bool:
        """Whether it moved by more than chance would move any of all facts."""
        return self.chance() < CHANCE / self.facts

    def severity(self) -> Severity:
        """Whether it moved by enough to be named, and by more than chance."""
        if not self.sure or self.index < LITTLE:
            return "fine"
        return "act" if self.index >= MUCH or self.dry else "look"

    @property
    def dry(self) -> bool:
        before, now = self.missing
        return now - before >= GONE

    def most_moved(self) -> tuple[int, float, float]:
        """The cell whose share moved most, before and now: an example everybody can check."""
        before, now = (side / side.sum() for side in self.sides)
        cell = int(np.argmax(np.abs(now - before)))
        return cell, float(before[cell]), float(now[cell])

    def by_chance(self) -> float:
        """How many would have to be different by chance alone, on average."""
        before, now = self.sides
        return chance_distance(before / before.sum(), int(now.sum()))


def compared(look: Look, rows: Decided, before: Mask, now: Mask) -> tuple[list[Moved], list[str]]:
    """Every fact a model may look at, those that moved most first; and those that run with the calendar."""
    unit = look.brief.unit
    left_out = {*unit.ignore, *unit.protected, unit.contact, unit.owner}
    coded = []
    clocks = []
    for name in rows.names:
        if name in left_out:
            continue
        values = rows.values(name)
        found = cells(values, before, bands=10)
        if found is None:
            continue
        if found.numeric and _runs_with_time(rows, values, before, now):
            clocks.append(name)
        else:
            coded.append((name, found))
    moved = [Moved(name, found, _counted(rows, found, before, now), len(coded)) for name, found in coded]
    return sorted(moved, key=lambda m: (-m.index, m.name)), clocks


def _counted(rows: Decided, found: Cells, before: Mask, now: Mask) -> Floats:
    size = len(found.names) + 1
    cell = found.filled
    kept = before | now
    place = np.ravel_multi_index((rows.bucket[kept], now[kept].astype(int), cell[kept]), (BUCKETS, 2, size))
    return np.bincount(place, minlength=BUCKETS * 2 * size).reshape(BUCKETS, 2, size).astype(float)


def _runs_with_time(rows: Decided, values: list[object], before: Mask, now: Mask) -> bool:
    """Whether a number grows by the same a day for nearly every unit seen on both sides: a clock, not news."""
    first: dict[int, int] = {}
    pairs = []
    for i in np.flatnonzero(before):
        first.setdefault(int(rows.unit[i]), int(i))
    for i in np.flatnonzero(now):
        j = first.get(int(rows.unit[i]))
        a, b = values[i], values[j] if j is not None else None
        if j is None or isinstance(a, bool) or isinstance(b, bool):
            continue
        if isinstance(a, (int, float)) and isinstance(b, (int, float)) and rows.at[i] > rows.at[j]:
            pairs.append((float(a) - float(b)) / (rows.at[i] - rows.at[j]))
    if len(pairs) < FEW:
        return False
    pace = np.array(pairs)
    usual = float(np.median(pace))
    return bool(usual != 0 and (np.abs(pace / usual - 1) < 0.05).mean() >= _CLOCK)
