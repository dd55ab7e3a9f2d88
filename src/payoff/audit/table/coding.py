"""How a column becomes a small code: the value's place in a list of levels, or the band a number falls into."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from payoff.audit.table import columns
from payoff.audit.table.source import literal, quoted

MISSING, UNSEEN = 255, 254
"""Codes for nothing there, and for a value that was not among the rows looked at."""
MOST_LEVELS = 12
OTHER = "(other)"


@dataclass(frozen=True, slots=True)
class Coded:
    """A column among the coded rows.

    `names[k]` is what code k stands for. `bands` are cut from numbers in order; `levels` are values, and the last
    of them may be “(other)”. `raw[k]` are the values as they stand in the column.
    """

    column: str
    code: str
    names: tuple[str, ...]
    kind: Literal["levels", "bands"]
    sql: str
    raw: tuple[tuple[Any, ...], ...] = ()
    lumped: int = 0

    @property
    def other(self) -> bool:
        return bool(self.names) and self.names[-1] == OTHER


def _nothing(x: str, kind: pa.DataType) -> str:
    if columns.is_text(kind):
        return f"{x} is null or trim({x}) = ''"
    return f"{x} is null or not isfinite({x})" if pa.types.is_floating(kind) else f"{x} is null"


def by_values(
    name: str,
    kind: pa.DataType,
    raw: Sequence[tuple[Any, Sequence[Any]]],
    *,
    rest: int = UNSEEN,
) -> str:
    """SQL for a code given by value: each (code, values) in turn, `rest` for any other value."""
    x = quoted(name)
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    whens = " ".join(f"when {_as(value)} then {code}" for code, values in raw for value in values)
    rest_sql = f"case when {_nothing(x, kind)} then {MISSING} else {rest} end"
    return f"cast(case {x} {whens} else {rest_sql} end as utinyint)" if whens else f"cast({rest_sql} as utinyint)"


def _as(value: Any) -> str:
    return literal(value) if isinstance(value, (str, bool, int, float)) else literal(str(value))


def levels_of(
    column: str, code: str, kind: pa.DataType, counts: Mapping[str, int], raw: Mapping[str, Sequence[Any]]
) -> Coded:
    """The values as levels, most frequent first; past `MOST_LEVELS` the rarer ones become “(other)”."""
    words = list(counts)
    kept = words if len(words) <= MOST_LEVELS else words[: MOST_LEVELS - 1]
    values = tuple(tuple(raw[word]) for word in kept)
    if len(kept) == len(words):
        sql = by_values(column, kind, list(enumerate(values)))
        return Coded(column, code, tuple(kept), "levels", sql, values)
    sql = by_values(column, kind, list(enumerate(values)), rest=len(kept))
    return Coded(column, code, (*kept, OTHER), "levels", sql, values, lumped=len(words))


def bands_of(column: str, code: str, values: np.ndarray, bands: int) -> Coded | None:
    """Numbers cut into bands that hold about equally many rows; `None` where they do not differ."""
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, bands + 1)[1:-1]))
    cuts = cuts[cuts > known.min()]
    if not cuts.size:
        return None
    x = quoted(column)
    whens = " ".join(f"when {x} < {float(cut)!r} then {k}" for k, cut in enumerate(cuts))
    sql = f"cast(case {whens} when {x} < 'infinity'::double then {cuts.size} else {MISSING} end as utinyint)"
    edges = [f"{cut:.4g}" for cut in cuts]
    if len(set(edges)) < len(edges):
        edges = [f"{cut:.9g}" for cut in cuts]
    middle = [f"{a} to under {b}" for a, b in itertools.pairwise(edges)]
    return Coded(column, code, (f"under {edges[0]}", *middle, f"{edges[-1]} and over"), "bands", sql)


def place_from_top(x: str, cuts: Sequence[float]) -> str:
    """SQL for how many of the cuts (highest first) lie above a number: its place among bands, the highest first.

    Asked by halves, so that fifty bands cost six comparisons.
    """
    rising = sorted(cuts)

    def between(low: int, high: int) -> str:
        if low == high:
            return str(len(rising) - low)
        middle = (low + high) // 2
        below, above = between(low, middle), between(middle + 1, high)
        return f"case when {x} < {float(rising[middle])!r} then {below} else {above} end"

    return f"({between(0, len(rising))})"


def as_code(
    column: str, code: str, table: pa.Table, *, bands: int, exact: Mapping[str, Any] | None = None
) -> Coded | None:
    """The code of a column from the rows looked at; `None` for one that says nothing (or is an id, or moments).

    `exact` are the column's values with their counts over all rows, where those looked at were not enough.
    """
    array = table[column]
    kind = array.type
    if columns.is_moment(kind) or pa.types.is_nested(kind) or pa.types.is_time(kind):
        return None
    n = columns.distinct(array) if exact is None else len(exact["counts"])
    if n == 0 or (n > MOST_LEVELS and n > max(1000, table.num_rows // 2) and not columns.is_number(kind)):
        return None  # nothing in it, or hardly any value twice
    if n > MOST_LEVELS and columns.is_number(kind):
        values = columns.floats(array)
        return None if values is None else bands_of(column, code, values, bands)
    counts = columns.levels(array) if exact is None else exact["counts"]
    raw = columns.raw_values(array) if exact is None else exact["raw"]
    return levels_of(column, code, kind, counts, raw)
