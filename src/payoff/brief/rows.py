"""The rows of a source as the brief reads them: units with their facts, outcomes, rows of an experiment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief.schema import SourceEntry
from payoff.errors import BadInput, Fault
from payoff.ports import Reading

YES = frozenset({"yes", "y", "true", "t", "1"})
NO = frozenset({"no", "n", "false", "f", "0"})


@dataclass(frozen=True, slots=True)
class UnitRows:
    """Units and what is known about each from `at` on; `outcomes` are (unit, name, amount), known at `at` too."""

    units: list[str]
    facts: list[dict[str, Any]]
    at: list[datetime]
    outcomes: list[tuple[str, str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OutcomeRows:
    """What happened: (unit, name, amount, moment); an amount of 0 is known not to have happened."""

    outcomes: list[tuple[str, str, float, datetime]]
    notes: list[str] = field(default_factory=list)


def column_name(entry: SourceEntry, name: str) -> str:
    """Our name of a column that the entry calls by ours or theirs."""
    return next((ours for ours, theirs in entry.columns.items() if theirs == name), name)


def outcome_column(entry: SourceEntry, spec: str) -> tuple[str, str]:
    """`"Churn=Yes"` → the column (by our name) and the value that means yes ("" when none is given)."""
    column, _, value = spec.partition("=")
    return column_name(entry, column.strip()), value.strip()


def needed_columns(entry: SourceEntry) -> list[str]:
    """The columns an entry names and cannot do without, by our names."""
    named = [column_name(entry, name) for name in (entry.unit, entry.at) if name]
    named += [outcome_column(entry, spec)[0] for spec in entry.outcomes.values()]
    return list(dict.fromkeys(named))


def units(reading: Reading, entry: SourceEntry) -> UnitRows:
    """One row a unit: its facts (all other columns) and the outcomes the entry maps.

    Facts that are missing are `None`; moments become ISO texts. Outcome columns and those of the entry's
    `unit` and `at` are no facts. Rows that say the same twice count once, which is noted. Raises `BadInput` for
    units that are missing, or that stand twice with different facts, with rows and names.
    """
    table, notes, faults = reading.table, list[str](), list[Fault]()
    unit = column_name(entry, entry.unit)
    _require(table, needed_columns(entry))
    ids = ids_of(table[unit], unit, faults)
    faults += _filled(ids, unit)
    outcome_columns = {outcome_column(entry, spec)[0] for spec in entry.outcomes.values()}
    at_column = column_name(entry, entry.at) if entry.at else ""
    kept = [n for n in table.column_names if n not in outcome_columns and n not in (unit, at_column)]
    at = moments_of(table[at_column], at_column, faults) if at_column else [reading.as_of] * len(ids)
    facts = [dict(zip(kept, row, strict=True)) for row in _rows(table.select(kept))]
    amounts = {
        name: _amounts(table, name, *outcome_column(entry, spec), faults) for name, spec in entry.outcomes.items()
    }
    first: dict[str, int] = {}
    twice: Counter[str] = Counter()
    same = 0
    for i, key in enumerate(ids):
        j = first.setdefault(key or "", i)
        if j != i:
            if facts[i] == facts[j] and at[i] == at[j] and all(a[i] == a[j] for a in amounts.values()):
                same += 1
            else:
                twice[key or ""] += 1
    if twice and "" not in twice:
        shown = ", ".join(repr(key) for key in list(twice)[:3])
        more = f" and {len(twice) - 3} more" if len(twice) > 3 else ""
        what = f"{len(twice)} units stand several times with different facts: {shown}{more}"
        faults.append(Fault(f"column {unit!r}", what, "Give one row a unit, the newest."))
    if faults:
        raise BadInput("units", faults)
    if same:
        notes.append(f"{same} {'row repeats' if same == 1 else 'rows repeat'} another one; counted once")
    order = list(first.values())
    known = [
        (str(ids[i]), name, amount)
        for name, column in amounts.items()
        for i in order
        if (amount := column[i]) is not None
    ]
    return UnitRows([str(ids[i]) for i in order], [facts[i] for i in order], [at[i] for i in order], known, notes)


def outcomes(reading: Reading, entry: SourceEntry) -> OutcomeRows:
    """What happened, a row a happening; without `at` it happened when the source was read.

    A `"column=value"` outcome counts 1 where the column has the value. Other values count 0 (known not to have
    happened) when the column tells yes from no, with two values at most; in a column of many kinds of event they
    say nothing of this outcome. Raises `BadInput` with rows for missing units and moments and for amounts that
    are no numbers.
    """
    table, faults = reading.table, list[Fault]()
    unit = column_name(entry, entry.unit)
    _require(table, needed_columns(entry))
    ids = ids_of(table[unit], unit, faults)
    faults += _filled(ids, unit)
    at_column = column_name(entry, entry.at) if entry.at else ""
    at = moments_of(table[at_column], at_column, faults) if at_column else [reading.as_of] * len(ids)
    notes = (
        [] if at_column else [f"no column says when; all happened on {reading.as_of:%d %b %Y}, when it was read"]
    )
    shared = Counter(outcome_column(entry, spec)[0] for spec in entry.outcomes.values())
    found: list[tuple[str, str, float, datetime]] = []
    for name, spec in entry.outcomes.items():
        column, value = outcome_column(entry, spec)
        amounts = _amounts(table, name, column, value, faults)
        events = bool(value) and (shared[column] > 1 or pc.count_distinct(table[column]).as_py() > 2)
        for key, amount, moment in zip(ids, amounts, at, strict=True):
            if amount is not None and not (events and amount == 0) and not (faults or key is None):
                found.append((key, name, amount, moment))
    if faults:
        raise BadInput("outcomes", faults)
    return OutcomeRows(found, notes)


def ids_of(column: pa.ChunkedArray, name: str, faults: list[Fault]) -> list[str | None]:
    """Ids as text: 42 and 42.0 are the same unit."""
    if pa.types.is_floating(column.type):
        values = column.to_pylist()
        broken = [i for i, v in enumerate(values) if v is not None and v != int(v)]
        if broken:
            shown = ", ".join(f"row {i + 1}: {values[i]}" for i in broken[:3])
            faults.append(Fault(f"column {name!r}", f"these are no ids: {shown}", "Name the column of ids."))
            return [None if v is None else str(v) for v in values]
        return [None if v is None else str(int(v)) for v in values]
    return [None if v is None else str(v).strip() or None for v in column.to_pylist()]


def moments_of(column: pa.ChunkedArray, name: str, faults: list[Fault]) -> list[datetime]:
    """Moments in UTC; whole numbers are Unix time. Rows that are no moment become faults."""
    values = column.to_pylist()
    if pa.types.is_timestamp(column.type):
        read = [None if v is None else v.astimezone(UTC) for v in values]
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        read = [None if v is None else _epoch(float(v)) for v in values]
    else:
        read = [None] * len(values)
    bad = [i for i, moment in enumerate(read) if moment is None]
    if bad:
        shown = ", ".join(f"row {i + 1}: {values[i]!r}" for i in bad[:3])
        more = f" and {len(bad) - 3} more" if len(bad) > 3 else ""
        faults.append(
            Fault(f"column {name!r}", f"no moment in {shown}{more}", "Write moments as 2026-11-24 09:30.")
        )
    return [moment or datetime.min.replace(tzinfo=UTC) for moment in read]


def _epoch(number: float) -> datetime | None:
    for scale in (1, 1_000, 1_000_000):
        if 3e7 <= number / scale < 5e9:  # 1971 to 2128
            return datetime.fromtimestamp(number / scale, UTC)
    return None


def _amounts(table: pa.Table, name: str, column: str, value: str, faults: list[Fault]) -> list[float | None]:
    """What each row says of the outcome; `None` where it says nothing."""
    cells = table[column]
    values = cells.to_pylist()
    where = f"column {column!r}"
    if value:
        hits = [None if cell is None else float(same_value(cell, value)) for cell in values]
        if not any(hits):
            seen = ", ".join(repr(str(v)) for v in pc.unique(cells).to_pylist()[:6] if v is not None)
            faults.append(
                Fault(where, f"no row has the value {value!r} that means {name}", f"Seen: {seen or 'nothing'}.")
            )
        return hits
    if pa.types.is_boolean(cells.type) or pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type):
        if cells.null_count == len(cells):
            faults.append(
                Fault(where, f"it is empty in every row, so nothing says {name}", "Name another column.")
            )
        return [None if cell is None else float(cell) for cell in values]
    words = {str(v).lower() for v in pc.unique(cells).to_pylist() if v is not None}
    if words and words <= YES | NO:
        return [None if cell is None else float(str(cell).lower() in YES) for cell in values]
    example = next(iter(sorted(words)), "Yes")
    mend = f'Say which value means yes: {name} = "{column}={example}".'
    faults.append(Fault(where, f"its values are no numbers, so nothing says how much {name}", mend))
    return [None] * len(values)


def same_value(cell: Any, value: str) -> bool:
    """Whether a cell of any type is the value somebody wrote as text."""
    if isinstance(cell, bool):
        return value.lower() in (YES if cell else NO)
    if isinstance(cell, (int, float)):
        try:
            return float(value) == cell
        except ValueError:
            return False
    return str(cell).strip().lower() == value.lower()


def _filled(ids: Sequence[str | None], name: str) -> list[Fault]:
    empty = [i + 1 for i, key in enumerate(ids) if key is None]
    if not empty:
        return []
    shown = ", ".join(map(str, empty[:3]))
    more = f" and {len(empty) - 3} more" if len(empty) > 3 else ""
    return [Fault(f"column {name!r}", f"no id in row {shown}{more}", "Give every row the id of its unit.")]


def _require(table: pa.Table, names: Sequence[str]) -> None:
    gone = [name for name in names if name not in table.column_names]
    if gone:
        listed = ", ".join(table.column_names[:12])
        raise BadInput(
            "source", [Fault("source", f"there is no column {n!r}", f"There is: {listed}.") for n in gone]
        )


def _rows(table: pa.Table) -> list[tuple[Any, ...]]:
    """Rows of plain JSON values."""
    columns = [
        [None if v is None else v.isoformat() for v in column.to_pylist()]
        if pa.types.is_timestamp(column.type)
        else column.to_pylist()
        for column in table.columns
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * table.num_rows
