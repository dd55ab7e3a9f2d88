"""What is known about units at a moment, point in time: never a fact from later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.brief.schema import Brief
from payoff.checks import BadParameter
from payoff.errors import Unknown
from payoff.features.batch import Batch
from payoff.features.columns import text_of
from payoff.features.decode import decode
from payoff.log.tables import LogTables
from payoff.records.time import from_micros, to_micros


def batch(tables: LogTables, brief: Brief, now: datetime, units: Sequence[str] | None = None) -> Batch:
    """The newest facts at or before `now`, one row a unit; all units (sorted) when none are named.

    `at` says what counts as known, not when we received it, so that a history imported today can be replayed.
    Of two facts of the same moment the one the store took later holds. Raises `Unknown` for a unit without
    facts at that moment.
    """
    moment = to_micros(now)
    if units is None:
        facts = _facts(tables, None)
        at, seq = _micros(facts), _seq(facts)
        codes, names = _coded(facts)
        kept = np.flatnonzero(at <= moment)
        order = kept[np.lexsort((seq[kept], at[kept], codes[kept]))]
        last = np.ones(order.size, dtype=bool)
        last[:-1] = codes[order][1:] != codes[order][:-1]
        picked = order[last]
        found = sorted(zip((names[c] for c in codes[picked].tolist()), picked.tolist(), strict=True))
        rows = np.array([row for _, row in found], dtype=np.int64)
        return _batch(brief, [name for name, _ in found], facts, rows, now)
    facts = _facts(tables, units)
    rows = _as_of(facts, units, np.full(len(units), moment, dtype=np.int64))
    if (rows < 0).any():
        missing = units[int(np.flatnonzero(rows < 0)[0])]
        known = set(pc.unique(tables.arrow("unit.facts").column("unit")).to_pylist())
        raise Unknown.among(brief.unit.name or "unit", missing, known - {missing})
    return _batch(brief, list(units), facts, rows, now)


def history(
    tables: LogTables, brief: Brief, units: Sequence[str], at: Sequence[datetime] | NDArray[np.int64]
) -> Batch:
    """One row for each (unit, moment) pair: what a decision of then saw; for learning.

    `at` are aware datetimes, or microseconds UTC. A unit of whom nothing was known yet keeps its row, with
    every fact unknown.
    """
    moments = at if isinstance(at, np.ndarray) else np.array([to_micros(moment) for moment in at], dtype=np.int64)
    if len(moments) != len(units):
        raise BadParameter(f"{len(units)} units and {len(moments)} moments", mend="Give one moment a unit.")
    facts = _facts(tables, units)
    rows = _as_of(facts, units, moments)
    as_of = from_micros(int(moments.max())) if len(moments) else from_micros(0)
    return _batch(brief, list(units), facts, rows, as_of)


def _facts(tables: LogTables, units: Sequence[str] | None) -> pa.Table:
    table = tables.arrow("unit.facts").select(["seq", "unit", "at", "facts"])
    if units is not None and len(units) * 4 < table.num_rows:
        table = table.filter(pc.is_in(table.column("unit"), pa.array(sorted(set(units)), pa.string())))
    return table


def _as_of(facts: pa.Table, units: Sequence[str], moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each (unit, moment) the row of its newest facts; −1 where there are none."""
    codes, names = _coded(facts)
    at, seq = _micros(facts), _seq(facts)
    order = np.lexsort((seq, at, codes))
    codes, at = codes[order], at[order]
    code = {name: i for i, name in enumerate(names)}
    wanted = np.array([code.get(unit, -1) for unit in units], dtype=np.int64)
    # One pass over facts and questions together: a question sorts behind every fact of its moment.
    both = np.lexsort(
        (
            np.concatenate([np.zeros(codes.size, np.int8), np.ones(wanted.size, np.int8)]),
            np.concatenate([at, moments]),
            np.concatenate([codes, wanted]),
        )
    )
    is_fact = both < codes.size
    newest = np.maximum.accumulate(np.where(is_fact, both, -1)) if both.size else both
    asked = both[~is_fact] - codes.size
    row = np.full(wanted.size, -1, dtype=np.int64)
    found = newest[~is_fact]
    same = (found >= 0) & (wanted[asked] >= 0)
    same[same] = codes[found[same]] == wanted[asked[same]]
    row[asked[same]] = order[found[same]]
    return row


def _batch(brief: Brief, units: list[str], facts: pa.Table, rows: NDArray[np.int64], as_of: datetime) -> Batch:
    if facts.num_rows:
        bodies = facts.column("facts").take(pa.array(rows, mask=rows < 0)).to_pylist()
    else:
        bodies = [None] * len(units)
    table = decode(bodies)
    if not table.num_columns:  # a table needs a column to have rows: units of whom nothing is known
        table = pa.table({"nothing_known": pa.nulls(len(units))})
    role, industry, contact = (
        text_of(table, n) for n in (brief.unit.role, brief.unit.industry, brief.unit.contact)
    )
    return Batch(tuple(units), table, role, industry, contact, as_of)


def _coded(facts: pa.Table) -> tuple[NDArray[np.int64], list[str]]:
    column = facts.column("unit").combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.array([], pa.string())
    encoded = column.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()


def _micros(facts: pa.Table) -> NDArray[np.int64]:
    return np.asarray(facts.column("at").cast(pa.int64()).to_numpy(), dtype=np.int64)


def _seq(facts: pa.Table) -> NDArray[np.int64]:
    return np.asarray(facts.column("seq").to_numpy(), dtype=np.int64)
