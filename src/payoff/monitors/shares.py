"""Shares by unit: however many decisions a unit brings, it is one cluster."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.monitors.look import Look, Week
from payoff.records.findings import WeekFigure
from payoff.records.judgement import Estimate
from payoff.stats import compare

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def numbered(units: pa.ChunkedArray) -> Ints:
    """A small integer a unit, the same for the same id."""
    encoded = units.combine_chunks().dictionary_encode() if len(units) else None
    return np.zeros(0, np.int64) if encoded is None else encoded.indices.to_numpy().astype(np.int64)


def per_unit(unit: Ints, hits: Floats, weights: Floats | None = None) -> Sums:
    """Each unit's `hits` added up, over how many rows it has (or the sum of its `weights`)."""
    units, place = np.unique(unit, return_inverse=True)
    ones = np.ones(unit.size) if weights is None else weights
    y = np.asarray(np.bincount(place, hits, units.size), np.float64)
    return Sums.of(y, np.asarray(np.bincount(place, ones, units.size), np.float64))


def share(sums: Sums) -> Estimate:
    """The share with its 95% interval."""
    return compare.mean(sums, share=True)


def week_figure(look: Look, week: Week, found: Estimate, least: int) -> WeekFigure:
    """One week's figure; without a value below `least` units."""
    open_ = week.end > look.now
    if found.n < least:
        return WeekFigure(week.monday, n=found.n, known=found.n, open=open_)
    return WeekFigure(week.monday, found.value, found.low, found.high, found.n, found.n, open_)
