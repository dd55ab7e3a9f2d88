"""JSON lines (or one JSON list) to columns: one object a row, a missing key is a missing value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from payoff.errors import BadInput, Fault

_LISTED = 5


def read_json(text: str, where: str) -> tuple[pa.Table, list[str]]:
    """A table and what was found out. Raises `BadInput` with the first lines that are no JSON object."""
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for line, value in _values(text, where):
        if isinstance(value, dict):
            rows.append(value)
        elif isinstance(value, Fault):
            faults.append(value)
        else:
            shown = json.dumps(value)[:40]
            faults.append(Fault(f"{where} line {line}", f"{shown} is no object", 'Write {"column": value, …}.'))
    if len(faults) > _LISTED:
        faults[_LISTED:] = [Fault(where, f"{len(faults) - _LISTED} more lines like these", "Mend them as well.")]
    if not faults and not any(rows):
        faults = [Fault(where, "there is not one row in it", "Export it again with its rows.")]
    if faults:
        raise BadInput(where, faults)
    names = list(dict.fromkeys(name for row in rows for name in row))
    notes: list[str] = []
    return pa.table({name: _column([row.get(name) for row in rows], name, where, notes) for name in names}), notes


def _values(text: str, where: str) -> Iterator[tuple[int, Any]]:
    if text.lstrip().startswith("["):
        try:
            yield from enumerate(json.loads(text), 1)
        except ValueError as error:
            yield 1, Fault(where, f"it is no valid JSON ({error})", "Export it again.")
        return
    for line, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        try:
            yield line, json.loads(row)
        except ValueError as error:
            mend = "Write one complete JSON object a line."
            yield line, Fault(f"{where} line {line}", f"it is no valid JSON ({error})", mend)


def _column(values: list[Any], name: str, where: str, notes: list[str]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return pa.array(values, pa.bool_())
    if kinds <= {int, float}:
        if float in kinds or any(abs(value) >= 2**53 for value in values if value is not None):
            if float not in kinds:
                notes.append(f"{where}: {name}: numbers too long to count with; kept as text")
                return pa.array([None if value is None else str(value) for value in values], pa.string())
            return pa.array([None if value is None else float(value) for value in values], pa.float64())
        return pa.array(values, pa.int64())
    if kinds & {dict, list}:
        notes.append(f"{where}: {name}: nested values, kept as JSON text")
    elif len(kinds) > 1:
        notes.append(f"{where}: {name}: values of several types, read as text")
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
