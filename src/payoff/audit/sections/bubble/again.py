"""How often the same unit gets the same thing again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.audit.sections.bubble.showings import ITEM, Showings
from payoff.audit.view import FEW, View
from payoff.stats import compare

MOST = 1_000_000
"""Rows from which on a sample of units is looked at, every row of each."""
_MANY = 400
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Again:
    """Over units with several rows: `share` of their rows that repeat what the unit had before, with its
    interval over units; `different` items and `each` rows a unit, on average; `chance`, the share that would
    repeat if every unit were dealt its rows from the whole mix of items."""

    units: int
    rows: int
    share: float
    low: float
    high: float
    different: float
    each: float
    chance: float


def again(view: View, shown: Showings) -> Again | None:
    """`None` with fewer than thirty units that have several rows."""
    part = -(-shown.rows // MOST)
    where = "action is not null and unit is not null" + (f" and unit % {part}::ubigint = 0" if part > 1 else "")
    found = view.rows.counts("unit", ITEM, where=where)
    units, at = np.unique(found["unit"], return_inverse=True)
    rows: Floats = np.asarray(np.bincount(at, found["n"], units.size), float)
    different: Floats = np.asarray(np.bincount(at, minlength=units.size), float)
    several = rows > 1
    if several.sum() < FEW:
        return None
    rows, different = rows[several], different[several]
    told = compare.mean(Sums.of(rows - different, rows), share=True)
    value = float((rows - different).sum() / rows.sum())
    return Again(
        units=rows.size,
        rows=int(rows.sum()),
        share=value,
        low=value if told.low is None else told.low,
        high=value if told.high is None else told.high,
        different=float(different.mean()),
        each=float(rows.mean()),
        chance=_by_chance(shown.counts / shown.rows, rows),
    )


def _by_chance(mix: Floats, rows: Floats) -> float:
    """The expected share of repeats among so many rows a unit, each dealt from the mix."""
    sizes, units = np.unique(rows, return_counts=True)
    if sizes.size > _MANY:  # units with many rows differ little in this; a few hundred sizes say enough
        edges = np.unique(np.quantile(rows, np.linspace(0, 1, _MANY)))
        at = np.searchsorted(edges, rows, "left")
        filled, units = np.unique(at, return_counts=True)
        sizes = np.bincount(at, rows)[filled] / units
    rest = np.log1p(-np.minimum(mix, 1 - 1e-12))
    distinct = np.array([float(-np.expm1(m * rest).sum()) for m in sizes])
    return float(((sizes - distinct) @ units) / (sizes @ units))
