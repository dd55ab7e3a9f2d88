"""How an event lies in a store, and how many of them become an Arrow table quickly.

A nested value is kept as its JSON text under its name and a `~`. A body is then flat, so that Arrow's own reader
turns a million bodies into columns without a Python object for each; and it says by itself which fields are
nested, whatever the kind declares by the time it is read.

One body that cannot be read would take its whole kind with it. So what no reader could read is refused here,
however it got this far.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json

from payoff.errors import BadInput, Fault, Unknown
from payoff.log.events import ENVELOPE, KINDS, FieldType, Kind, current
from payoff.records.envelope import Event
from payoff.records.time import from_micros, to_micros

COLUMNS = ("seq", "id", "version", "unit", "actor", "at", "received_at", "body")
"""What `table_of` and `event_of` take, in this order."""

_NESTED = "~"
_LONGEST_KEY = 500  # characters; an index entry of PostgreSQL ends at 2,700 bytes
_BLOCK = 1 << 22  # bytes Arrow parses at a time, unless one body is longer
_INT64 = 1 << 63
_PLAIN = {("text", str), ("boolean", bool)}
_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_canonical = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True).encode


class Row(NamedTuple):
    """An event, ready to be kept."""

    id: str
    kind: str
    version: int
    unit: str | None
    suggestion: str | None
    actor: str | None
    at: int
    received_at: int
    body: str
    digest: bytes


def kind_of(name: str) -> Kind:
    """The declaration of a kind; `Unknown` lists those there are."""
    if name not in KINDS:
        raise Unknown.among("event kind", name, KINDS)
    return KINDS[name]


def rows_of(events: Sequence[Event]) -> list[Row]:
    """Every event as a row. Raises `BadInput` with all faults of all events; nothing is kept then."""
    faults: list[Fault] = []
    rows = [_row(event, faults) for event in events]
    if faults:
        raise BadInput("events", faults)
    return rows


def _row(event: Event, faults: list[Fault]) -> Row:
    kind = kind_of(event.kind)
    given: Mapping[str, Any] = event.body
    if event.version < kind.version:
        given = current(event.kind, event.version, dict(given))
    found = len(faults)
    flat: dict[str, Any] = {}
    nested: dict[str, Any] = {}
    for name, value in given.items():
        declared = kind.fields.get(name)
        if (declared, type(value)) in _PLAIN:
            flat[name] = value
        elif value is None:
            continue
        elif declared is None:
            faults.append(_fault(event, name, "no such field", f"Known: {', '.join(kind.fields)}."))
        elif declared == "json" and isinstance(value, (dict, list)):
            nested[name] = value
        elif _counts(declared, value):
            flat[name] = float(value) if declared == "number" else value
        else:
            faults.append(_fault(event, name, f"{value!r:.80} is not a {declared} to keep", f"Give a {declared}."))
    suggestion = flat.get("suggestion")
    _check_key(event, "id", event.id, faults, needed=True)
    for name, key in (("unit", event.unit), ("actor", event.actor), ("suggestion", suggestion)):
        _check_key(event, name, key, faults)
    at, received_at = to_micros(event.at), to_micros(event.received_at)
    body, digest = "", b""
    if len(faults) == found:
        # `received_at` and the version stay out: who sends again sends later, perhaps to a newer Payoff.
        content = [event.kind, event.unit, event.actor, at, flat, nested]
        try:
            digest = hashlib.sha256(_canonical(content).encode()).digest()[:16]
            body = _dump(flat | {name + _NESTED: _dump(value) for name, value in nested.items()})
        except (ValueError, TypeError, RecursionError) as why:
            mend = "Use finite numbers and valid text."
            faults.append(_fault(event, "body", f"it is not plain JSON ({why})", mend))
    return Row(
        event.id, event.kind, kind.version, event.unit, suggestion, event.actor, at, received_at, body, digest
    )


def _fault(event: Event, name: str, what: str, mend: str) -> Fault:
    return Fault(f"{event.kind}.{name} of {event.id!r}", what, mend)


def _check_key(event: Event, name: str, key: object, faults: list[Fault], *, needed: bool = False) -> None:
    if key is None and not needed:
        return
    if not isinstance(key, str) or not key or len(key) > _LONGEST_KEY or "\x00" in key or not _encodes(key):
        faults.append(
            _fault(event, name, "it cannot name anything", f"Give 1 to {_LONGEST_KEY} characters, without NUL.")
        )


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: no database and no Arrow column takes it
        return False
    return True


def _counts(declared: FieldType, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if declared == "integer" else (int, float)):
        return False
    if declared == "integer":
        return -_INT64 <= value < _INT64
    try:
        return declared == "number" and math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False


def body_of(kind: str, version: int, text: str) -> dict[str, Any]:
    """A kept body in today's version, nested values as they were given."""
    flat = json.loads(text)
    body = {
        (name[:-1] if name[-1] == _NESTED else name): (json.loads(value) if name[-1] == _NESTED else value)
        for name, value in flat.items()
    }
    return current(kind, version, body)


def event_of(kind: str, row: Sequence[Any]) -> Event:
    """One row, in the order of `COLUMNS`, as an event of today's version."""
    seq, key, version, unit, actor, at, received_at, text = row
    body = body_of(kind, version, text)
    moments = from_micros(at), from_micros(received_at)
    return Event(key, kind, KINDS[kind].version, unit, *moments, body, actor, seq)


def table_of(kind: Kind, rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Rows in the order of `COLUMNS` as a table in the kind's schema."""
    if not rows:
        return kind.schema.empty_table()
    *envelope, bodies = zip(*rows, strict=True)
    versions = envelope[2]
    if set(versions) != {kind.version}:
        bodies = tuple(_upcast(kind, *pair) for pair in zip(versions, bodies, strict=True))
        envelope[2] = (kind.version,) * len(rows)
    columns = [pa.array(values, field.type) for values, field in zip(envelope, ENVELOPE, strict=True)]
    names = {name: name + _NESTED if type_ == "json" else name for name, type_ in kind.fields.items()}
    if names:
        wanted = pa.schema([(names[name], kind.schema.field(name).type) for name in names])
        parsed = pa_json.read_json(
            pa.BufferReader("\n".join(bodies).encode()),
            read_options=pa_json.ReadOptions(block_size=max(_BLOCK, 8 * max(map(len, bodies)))),
            parse_options=pa_json.ParseOptions(explicit_schema=wanted, unexpected_field_behavior="ignore"),
        )
        columns += [parsed[names[name]] for name in names]
    return pa.table(columns, schema=kind.schema)


def left(table: pa.Table, without: Mapping[str, str] | None) -> pa.Table:
    """The rows that have none of these values in these fields."""
    for name, value in (without or {}).items():
        table = table.filter(pc.invert(pc.fill_null(pc.equal(table[name], value), False)))
    return table


def held_in(name: str, value: str) -> str:
    """What stands in a kept body that has this text in this field; a quote inside a text is never a bare one."""
    return f"{_dump(name)}:{_dump(value)}"


def _upcast(kind: Kind, version: int, text: str) -> str:
    if version == kind.version:
        return text
    body = body_of(kind.name, version, text)
    nested = {name for name, type_ in kind.fields.items() if type_ == "json"}
    return _dump(
        {
            name + _NESTED if name in nested else name: _dump(value) if name in nested else value
            for name, value in body.items()
            if value is not None
        }
    )
