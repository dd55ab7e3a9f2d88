"""Facts → numbers a linear model can weigh, every column belonging to one fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.features.columns import number_of, text_array
from payoff.features.spec import FactSpec

MOST_CATEGORIES = 40
RARE = 5
"""A category (or a missing value) of fewer rows than this gets no column of its own."""
_TAIL = 0.005
_KNOTS_FROM = (200, 12)
"""Rows and different values a number needs before its slope may change."""
_LISTS = ("knots", "categories", "shares")


@dataclass(frozen=True, slots=True)
class FactColumns:
    """How one fact becomes columns.

    A number or yes/no: one column, centred on `mean` and divided by `scale`, cut at `low` and `high` (the
    outer half per cent seen in training), for each of `knots` (the quartiles) one that lets the slope change
    there, and one more that says "not known" where that occurred. A category:
    a column for each of `categories`, one for all others where there were any. `usual` is the median or the
    most common value ("" or NaN: usually not known). `shares` stands in for a category never met.
    """

    name: str
    kind: Literal["number", "yes_no", "category"]
    mean: float = 0.0
    scale: float = 1.0
    low: float = 0.0
    high: float = 0.0
    knots: tuple[float, ...] = ()
    usual_number: float | None = None
    usual_text: str = ""
    flags_missing: bool = False
    categories: tuple[str, ...] = ()
    has_others: bool = False
    shares: tuple[float, ...] = ()

    @property
    def width(self) -> int:
        return (
            len(self.categories) + self.has_others
            if self.kind == "category"
            else 1 + len(self.knots) + self.flags_missing
        )

    @property
    def usual(self) -> float | bool | str | None:
        """The value a person would call usual; None where the fact is usually not known."""
        if self.kind == "category":
            return self.usual_text or None
        if self.usual_number is None:
            return None
        return bool(self.usual_number) if self.kind == "yes_no" else self.usual_number


@dataclass(frozen=True, slots=True)
class Encoder:
    """Columns of a facts table as one matrix; learned once, then the same for every table."""

    columns: tuple[FactColumns, ...]

    @classmethod
    def fit(cls, facts: pa.Table, spec: FactSpec) -> Encoder:
        """Learn centres, scales and categories. Facts that say nothing get no column."""
        learned = [
            *(_number(facts, name, "number") for name in spec.numeric),
            *(_number(facts, name, "yes_no") for name in spec.boolean),
            *(_category(facts, name) for name in spec.categorical),
        ]
        return cls(tuple(column for column in learned if column.width))

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def starts(self) -> NDArray[np.intp]:
        """First column of each fact."""
        widths = [column.width for column in self.columns]
        return np.cumsum([0, *widths[:-1]]).astype(np.intp) if widths else np.zeros(0, np.intp)

    @property
    def width(self) -> int:
        return sum(column.width for column in self.columns)

    def matrix(self, facts: pa.Table) -> NDArray[np.float64]:
        """(rows, columns), finite whatever the table holds: missing facts, unseen categories, infinities."""
        out = np.zeros((facts.num_rows, self.width))
        for start, column in zip(self.starts.tolist(), self.columns, strict=True):
            block = out[:, start : start + column.width]
            if column.kind == "category":
                _write_category(column, facts, block)
            else:
                _write_number(column, facts, block)
        return out

    def usual_row(self) -> NDArray[np.float64]:
        """The encoding of a unit that is usual in every fact."""
        return self.matrix(pa.table({c.name: pa.array([c.usual]) for c in self.columns}))[0]

    def per_fact(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum (rows, columns) over the columns of each fact."""
        if not self.columns:
            return np.zeros((columns.shape[0], 0))
        return np.add.reduceat(columns, self.starts, axis=1)

    def to_json(self) -> list[dict[str, Any]]:
        return [
            {f: getattr(column, f) for f in FactColumns.__dataclass_fields__}
            | {name: list(getattr(column, name)) for name in _LISTS}
            for column in self.columns
        ]

    @classmethod
    def from_json(cls, data: list[Mapping[str, Any]]) -> Encoder:
        def read(column: Mapping[str, Any]) -> FactColumns:
            values: dict[str, Any] = {k: tuple(v) if k in _LISTS else v for k, v in column.items()}
            return FactColumns(**values)

        return cls(tuple(read(column) for column in data))


def _number(facts: pa.Table, name: str, kind: Literal["number", "yes_no"]) -> FactColumns:
    values = number_of(facts, name)
    known = values[~np.isnan(values)]
    missing = values.size - known.size
    flags = missing >= RARE and known.size >= RARE
    if not known.size:
        return FactColumns(name, kind, flags_missing=False)
    low, high = (
        (float(known.min()), float(known.max())) if kind == "yes_no" else np.quantile(known, [_TAIL, 1 - _TAIL])
    )
    cut = np.clip(known, low, high)
    scale = float(cut.std())
    middle = float(round(known.mean())) if kind == "yes_no" else float(np.median(known))
    return FactColumns(
        name,
        kind,
        mean=float(cut.mean()),
        scale=scale if scale > 1e-12 else 1.0,
        low=float(low),
        high=float(high),
        knots=_knots(cut) if kind == "number" else (),
        usual_number=None if flags and missing > known.size else middle,
        flags_missing=bool(flags),
    )


def _knots(known: NDArray[np.float64]) -> tuple[float, ...]:
    rows, values = _KNOTS_FROM
    if known.size < rows or np.unique(known).size < values:
        return ()
    quartiles = np.unique(np.quantile(known, [0.25, 0.5, 0.75]))
    return tuple(q for q in quartiles.tolist() if known.min() < q < known.max())


def _write_number(column: FactColumns, facts: pa.Table, block: NDArray[np.float64]) -> None:
    values = number_of(facts, column.name)
    unknown = np.isnan(values)
    # Where nothing is known the value is the mean: the flag, if there is one, says the rest.
    stand_in = column.mean if column.flags_missing or column.usual_number is None else column.usual_number
    values = np.clip(np.where(unknown, stand_in, values), column.low, column.high)
    block[:, 0] = (values - column.mean) / column.scale
    for i, knot in enumerate(column.knots, start=1):
        block[:, i] = np.maximum(0.0, values - knot) / column.scale
    if column.flags_missing:
        block[:, -1] = unknown


def _category(facts: pa.Table, name: str) -> FactColumns:
    if name not in facts.column_names:
        return FactColumns(name, "category")
    counts = pc.value_counts(text_array(facts.column(name))).to_pylist()
    ordered = sorted(((c["counts"], c["values"]) for c in counts), key=lambda c: (-c[0], c[1]))
    kept = [(n, value) for n, value in ordered if n >= RARE][:MOST_CATEGORIES]
    if not kept:
        return FactColumns(name, "category")
    rest = facts.num_rows - sum(n for n, _ in kept)
    shares = [n / facts.num_rows for n, _ in kept] + ([rest / facts.num_rows] if rest else [])
    return FactColumns(
        name,
        "category",
        usual_text=kept[0][1],
        categories=tuple(value for _, value in kept),
        has_others=rest > 0,
        shares=tuple(shares),
    )


def _write_category(column: FactColumns, facts: pa.Table, block: NDArray[np.float64]) -> None:
    n = facts.num_rows
    others = len(column.categories) if column.has_others else -1
    if column.name in facts.column_names:
        texts = text_array(facts.column(column.name))
        codes = pc.fill_null(pc.index_in(texts, pa.array(column.categories, pa.string())), others)
        blank = np.asarray(pc.equal(texts, "").to_numpy(zero_copy_only=False), dtype=bool)
        code = np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.intp)
    else:
        blank, code = np.ones(n, dtype=bool), np.full(n, others, dtype=np.intp)
    if "" not in column.categories:  # not known, and never (or hardly ever) so in training: say nothing
        code = np.where(blank, -1, code)
    known = code >= 0
    block[np.flatnonzero(known), code[known]] = 1.0
    block[~known] = column.shares
