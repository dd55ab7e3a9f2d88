"""The log of an experiment run elsewhere, as rows one can learn from: action, propensity, outcomes, facts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pyarrow as pa

from payoff.brief.rows import ids_of, same_value
from payoff.errors import BadInput, Fault
from payoff.ports import Reading
from payoff.records.suggestions import NOTHING

_LISTED = 3


@dataclass(frozen=True, slots=True)
class LogRows:
    """One entry a row in every list. `names` maps each action's id to how the log called it."""

    units: list[str]
    actions: list[str]
    propensities: list[float]
    outcomes: list[dict[str, float]]
    facts: list[dict[str, Any]]
    names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def log_rows(
    reading: Reading,
    *,
    unit: str | None,
    action: str,
    propensity: str | float,
    outcomes: Mapping[str, str] | Sequence[str],
    control: str | None = None,
    facts: Sequence[str] | None = None,
) -> LogRows:
    """Rows of an experiment run elsewhere.

    `unit` names the column with the unit's id; without one the row's number serves, which is noted.
    `propensity` is a column, or one number for all (0.5, "1/3"). `outcomes` are columns, or our name = their
    column ("column=value" for a yes). `control` is the action's value that means doing nothing. `facts` are the
    columns known before the action; without them all the rest, which is noted. Actions become ids of the
    playbook's form ("Mens E-Mail" → `mens_e_mail`).

    Raises `BadInput` with every fault at once: columns that are not there, propensities that are missing, 0 or
    above 1, outcomes that are no numbers, rows without an action or with a unit that stood before.
    """
    table, faults, notes = reading.table, list[Fault](), list[str]()
    wanted = dict(outcomes) if isinstance(outcomes, Mapping) else {_slug(name): name for name in outcomes}
    constant = _constant(propensity, table)
    columns = [unit, action, *(spec.partition("=")[0] for spec in wanted.values()), *(facts or ())]
    columns += [str(propensity)] if constant is None else []
    for name in dict.fromkeys(name for name in columns if name and name not in table.column_names):
        faults.append(
            Fault("log", f"there is no column {name!r}", f"There is: {', '.join(table.column_names[:12])}.")
        )
    if not wanted:
        faults.append(Fault("log", "no outcome is named", "Name at least one column that says what came of it."))
    if faults:
        raise BadInput("log", faults)
    ids = _units(table, unit, faults, notes)
    actions, names = _actions(table, action, control, faults, notes)
    chances = _propensities(table, propensity, constant, faults)
    results = {name: _numbers(table, spec, name, faults) for name, spec in wanted.items()}
    if facts is None:
        used = {*columns, str(propensity)}
        facts = [name for name in table.column_names if name not in used]
        if facts:
            notes.append(f"taken as known before the action: {', '.join(facts)}")
    if faults:
        raise BadInput("log", faults)
    return LogRows(
        units=ids,
        actions=actions,
        propensities=chances,
        outcomes=_dicts(results, len(ids)),
        facts=_dicts({name: _plain(table[name]) for name in facts}, len(ids)),
        names=names,
        notes=notes,
    )


def _units(table: pa.Table, unit: str | None, faults: list[Fault], notes: list[str]) -> list[str]:
    if not unit:
        notes.append("no column names the unit; the row's number stands for it")
        return [str(i + 1) for i in range(table.num_rows)]
    ids = ids_of(table[unit], unit, faults)
    _listed(faults, unit, "no id", [i for i, key in enumerate(ids) if key is None], ids, "Give every row an id.")
    counts = Counter(key for key in ids if key is not None)
    twice = [key for key, n in counts.items() if n > 1]
    if twice:
        shown = ", ".join(map(repr, twice[:_LISTED])) + (f" and {len(twice) - 3} more" if len(twice) > 3 else "")
        mend = "Give one row a unit; where rows are the units, name no unit column."
        faults.append(Fault(f"column {unit!r}", f"{len(twice)} units stand several times: {shown}", mend))
    return [key or "" for key in ids]


def _actions(
    table: pa.Table, column: str, control: str | None, faults: list[Fault], notes: list[str]
) -> tuple[list[str], dict[str, str]]:
    values = table[column].to_pylist()
    empty = [i for i, value in enumerate(values) if value is None or value == ""]
    _listed(faults, column, "no action", empty, values, "Name the action of every row; doing nothing is one.")
    seen = list(dict.fromkeys(value for value in values if value is not None and value != ""))
    is_control = {value: control is not None and same_value(value, control) for value in seen}
    if control is not None and not any(is_control.values()):
        shown = ", ".join(repr(str(value)) for value in seen[:8])
        faults.append(Fault(f"column {column!r}", f"no row has {control!r}, the control", f"There is: {shown}."))
    ids = {value: NOTHING if is_control[value] else _slug(str(value)) for value in seen}
    names: dict[str, str] = {}
    for value, key in ids.items():
        if key in names:
            mend = "Rename one of them."
            faults.append(Fault(f"column {column!r}", f"{names[key]!r} and {value!r} are both {key!r}", mend))
        names[key] = str(value)
    changed = [f"{value!r} is {key}" for key, value in names.items() if key != value]
    if changed:
        notes.append(f"actions by their ids: {', '.join(changed[:8])}{' …' if len(changed) > 8 else ''}")
    if NOTHING not in names:
        notes.append("no action is doing nothing, so only actions can be compared with each other")
    return [ids.get(value, "") for value in values], names


def _constant(propensity: str | float, table: pa.Table) -> float | None:
    if isinstance(propensity, str) and propensity in table.column_names:
        return None
    try:
        return float(Fraction(propensity))
    except (ValueError, ZeroDivisionError):
        return None


def _propensities(
    table: pa.Table, propensity: str | float, constant: float | None, faults: list[Fault]
) -> list[float]:
    if constant is not None:
        if not 0 < constant <= 1:
            faults.append(Fault("propensity", f"{propensity} is no probability", "Give one above 0 and up to 1."))
        return [constant] * table.num_rows
    name = str(propensity)
    if not _numeric(table[name]):
        faults.append(Fault(f"column {name!r}", "propensities are no numbers", "Write them as 0.25."))
        return []
    values = table[name].to_pylist()
    bad = [i for i, value in enumerate(values) if value is None or not 0 < value <= 1]
    mend = "A row's propensity is the probability its action was drawn with: above 0, up to 1."
    _listed(faults, name, "no probability", bad, values, mend)
    return [float(value or 0) for value in values]


def _numbers(table: pa.Table, spec: str, name: str, faults: list[Fault]) -> list[float]:
    column, _, yes = spec.partition("=")
    values = table[column].to_pylist()
    mend = "All outcomes of an experiment are known; leave out rows that are not."
    _listed(faults, column, "no outcome", [i for i, v in enumerate(values) if v is None], values, mend)
    if yes:
        if not any(value is not None and same_value(value, yes) for value in values):
            seen = ", ".join(repr(str(v)) for v in list(dict.fromkeys(v for v in values if v is not None))[:6])
            faults.append(Fault(f"column {column!r}", f"no row has the value {yes!r}", f"Seen: {seen}."))
        return [float(value is not None and same_value(value, yes)) for value in values]
    if not _numeric(table[column]):
        mend = f'Say which value means yes: {name} = "{column}={next((v for v in values if v), "Yes")}".'
        faults.append(Fault(f"column {column!r}", "outcomes must be numbers", mend))
        return []
    bad = [i for i, value in enumerate(values) if value is not None and not math.isfinite(value)]
    _listed(faults, column, "no number", bad, values, "Write a finite number.")
    return [float(value or 0) for value in values]


def _listed(
    faults: list[Fault], column: str, what: str, rows: list[int], values: Sequence[Any], mend: str
) -> None:
    if not rows:
        return
    shown = ", ".join(f"row {i + 1}: {values[i]!r}" for i in rows[:_LISTED])
    more = f" and {len(rows) - _LISTED} more" if len(rows) > _LISTED else ""
    faults.append(Fault(f"column {column!r}", f"{what} in {shown}{more}", mend))


def _numeric(column: pa.ChunkedArray) -> bool:
    kind = column.type
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)


def _plain(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        return [None if value is None else value.isoformat() for value in column.to_pylist()]
    return column.to_pylist()


def _dicts(columns: Mapping[str, Sequence[Any]], n: int) -> list[dict[str, Any]]:
    names = list(columns)
    if not names:
        return [{} for _ in range(n)]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _slug(name: str) -> str:
    """An id of the playbook's form."""
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:62] or "action"
    return slug if slug[0].isalpha() else f"action_{slug}"[:62]
