"""What was known of each unit when it was decided on, and facts put into cells that can be counted."""

from __future__ import annotations

import functools
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payoff.monitors.look import Look, bucket

MISSING = ""
"""The cell of a unit whose fact is not known."""
OTHERS = "\x00others"
"""The cell of values too rare for one of their own; a name no fact can have by accident."""
ROWS = 60_000
"""Decisions whose facts are read; of more, a part of the units stands for all."""
_MOST_VALUES = 12
_NAMES_UNITS = 0.5
_NUMBERS = 0.95
_LARGEST = 1e100
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Decided:
    """Decisions with the facts of then, one row each, oldest first.

    `unit` numbers the units; `at` counts days since 1970; `week` is the number of the week, −1 for one before
    those looked at. `value` is what the suggestion was expected to be worth (minor units, NaN where nothing is
    known). `facts` holds one mapping a row, empty where nothing was known.
    """

    unit: Ints
    bucket: Ints
    at: NDArray[np.float64]
    week: Ints
    told: Mask
    arm: NDArray[np.object_]
    action: NDArray[np.object_]
    value: NDArray[np.float64]
    segment: NDArray[np.object_]
    facts: tuple[Mapping[str, Any], ...]

    def __len__(self) -> int:
        return len(self.facts)

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """Every fact any of them has."""
        return tuple(sorted({name for facts in self.facts for name in facts}))

    def values(self, name: str) -> list[Any]:
        """One fact, `None` where it is not known."""
        return [facts.get(name) for facts in self.facts]


def decided(look: Look) -> Decided:
    """Every decision with the newest facts at or before it."""
    return look.once("decided", _decided)


def _decided(look: Look) -> Decided:
    rows, known = look.decisions(most=ROWS), look.tables.table("unit.facts")
    window = ibis.window(group_by=known.unit, order_by=(known.at, known.seq))
    known = known.mutate(until=known.at.lead().over(window))
    known = known.select(known_unit=known.unit, since=known.at, until=known.until, facts=known.facts)
    then = [
        rows.unit == known.known_unit,
        rows.at >= known.since,
        (rows.at < known.until) | known.until.isnull(),
    ]
    met = rows.left_join(known, then)
    names = ("unit", "at", "seq", "arm", "action", "value", "segment", "told", "facts")
    found = look.fetch(met.select(*names).order_by("at", "seq"))
    encoded = found["unit"].combine_chunks().dictionary_encode() if found.num_rows else None
    units = encoded.dictionary.to_pylist() if encoded is not None else []
    unit = encoded.indices.to_numpy().astype(np.int64) if encoded is not None else np.zeros(0, np.int64)
    micros = found["at"].cast(pa.int64()).to_numpy()
    edges = np.array([week.start.timestamp() * 1e6 for week in look.weeks])
    return Decided(
        unit=unit,
        bucket=bucket(units)[unit],
        at=micros / 86_400e6,
        week=np.searchsorted(edges, micros, "right") - 1,
        told=found["told"].to_numpy().astype(bool),
        arm=np.array(found["arm"].to_pylist(), object),
        action=np.array(found["action"].to_pylist(), object),
        value=found["value"].cast(pa.float64()).to_numpy(zero_copy_only=False),
        segment=np.array([s or "" for s in found["segment"].to_pylist()], object),
        facts=_read(found["facts"].to_pylist()),
    )


def _read(texts: Sequence[str | None]) -> tuple[Mapping[str, Any], ...]:
    read: dict[str, Mapping[str, Any]] = {}

    def of(text: str | None) -> Mapping[str, Any]:
        if not text:
            return {}
        if text not in read:
            body = json.loads(text)
            read[text] = body if isinstance(body, dict) else {}
        return read[text]

    return tuple(of(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Cells:
    """One fact in cells: `cell` a row, −1 where it is not known. `names` are the cells' names; of a number the
    bounds of its bands, lowest first, as `low` to `high` values."""

    names: tuple[str, ...]
    cell: Ints
    numeric: bool
    bounds: tuple[tuple[float, float], ...] = ()

    @property
    def filled(self) -> Ints:
        """The same with a last cell of its own for what is not known."""
        return np.where(self.cell < 0, len(self.names), self.cell)


def cells(values: Sequence[Any], base: Mask, *, bands: int) -> Cells | None:
    """A fact's values as cells, cut by the rows in `base`: numbers into bands of equally many, texts by value.

    `None` for what cannot describe a unit: never known, the same for all, or different for nearly every one.
    """
    texts = [_text(value) for value in values]
    filled = [t for t, b in zip(texts, base, strict=True) if b and t != MISSING]
    if not filled:
        return None
    numbers = np.array([_number(t) for t in texts])
    told = np.array([t != MISSING for t in texts], bool)
    usable = told & ~np.isnan(numbers)
    distinct = len(set(filled))
    if usable.sum() >= _NUMBERS * told.sum() and distinct > _MOST_VALUES:
        return _bands(numbers, usable & base, told, bands)
    if distinct > _MOST_VALUES and distinct > _NAMES_UNITS * len(filled):
        return None
    counted = Counter(filled).most_common(_MOST_VALUES)
    names = [name for name, _ in counted]
    place = {name: i for i, name in enumerate(names)}
    rare = len(names)
    cell = np.array([-1 if t == MISSING else place.get(t, rare) for t in texts], np.int64)
    if (cell == rare).any():
        names.append(OTHERS)
    if len(names) < 2 and told.all():
        return None
    return Cells(tuple(names), cell, numeric=False)


def _bands(numbers: NDArray[np.float64], base: Mask, told: Mask, bands: int) -> Cells | None:
    inside = numbers[base]
    cuts = np.unique(np.quantile(inside, np.arange(1, bands) / bands))
    if not cuts.size:
        return None
    cell = np.where(np.isnan(numbers), -1, np.searchsorted(cuts, np.nan_to_num(numbers), "left"))
    bounds = []
    for i in range(cuts.size + 1):
        mine = inside[np.searchsorted(cuts, inside, "left") == i]
        bounds.append((float(mine.min()), float(mine.max())) if mine.size else (math.nan, math.nan))
    names = tuple(f"{low:g} – {high:g}" if low != high else f"{low:g}" for low, high in bounds)
    return Cells(names, np.where(told, cell, -1).astype(np.int64), numeric=True, bounds=tuple(bounds))


def _text(value: Any) -> str:
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and math.isnan(value):
        return MISSING
    if isinstance(value, (int, float)):
        return f"{value:.10g}" if abs(value) < _LARGEST else MISSING
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value, sort_keys=True)


def _number(text: str) -> float:
    if text == MISSING or (text[0] == "0" and text[1:2].isdigit()):  # 00501 is a post code
        return math.nan
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if abs(number) < _LARGEST else math.nan
