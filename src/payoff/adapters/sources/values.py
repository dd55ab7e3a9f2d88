"""Columns to what they mean: numbers, truths, moments; what was coerced is said, what cannot be is refused."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.adapters.sources.moments import read_moments
from payoff.adapters.sources.numerals import read_numbers
from payoff.errors import BadInput, Fault

NOTHING = ("", "null", "NULL", "Null", "NaN", "nan", "#N/A", "N/A", "n/a", "#NULL!", "<NA>")
PERHAPS_NOTHING = ("NA", "na", "None", "none", "-", "--", "—", "?", ".")
"""Stand for nothing in a column of numbers or moments; may mean something in a column of texts."""
_WHOLE = r"^-?(0|[1-9][0-9]{0,14})$"
_DECIMAL = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?$"
_LONG = 15
"""Digits a float still holds exactly; a longer number is an id."""
NEARLY_ALL = 0.9
"""From this share on, a column is one of numbers (or moments) with mistakes in it, not one of texts."""


def coerced(
    table: pa.Table, where: str, *, text: Collection[str] = (), zone: str = "UTC", first_row: int = 1
) -> tuple[pa.Table, list[str]]:
    """The table with every column as text, int64, float64, boolean or moments in UTC, and what was coerced.

    `text` names columns left as text. `first_row` is what people call the first row of data. Raises `BadInput`
    with every column that is nearly all numbers (or moments) but for some cells, and which cells those are.
    """
    columns: dict[str, pa.ChunkedArray] = {}
    notes: list[str] = []
    faults: list[Fault] = []
    for name in table.column_names:
        column, remarks = _plain(table[name], name, zone)
        if column is None:
            faults.append(Fault(where, f"the column {name!r} holds raw bytes", "List it under ignore."))
            continue
        if pa.types.is_string(column.type):
            column, more, wrong = _from_text(column, name, where, zone, first_row, keep=name in text)
            remarks += more
            faults += wrong
        columns[name] = column
        notes += [f"{where}: {name}: {remark}" for remark in remarks]
    if faults:
        raise BadInput(where, faults)
    return pa.table(columns), notes


def _plain(column: pa.ChunkedArray, name: str, zone: str) -> tuple[pa.ChunkedArray | None, list[str]]:
    """A typed column brought to one of the few types; `None` for raw bytes."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(pc.cast(column, kind.value_type), name, zone)
    if pa.types.is_boolean(kind) or pa.types.is_string(kind):
        return column, []
    if pa.types.is_large_string(kind) or pa.types.is_null(kind) or str(kind) == "string_view":
        return column.cast(pa.string()), []
    if pa.types.is_integer(kind):
        if kind == pa.uint64() and (pc.max(column).as_py() or 0) > 2**63 - 1:
            return column.cast(pa.string()), ["numbers too long to count with; kept as text"]
        return column.cast(pa.int64()), []
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _finite(column.cast(pa.float64()))
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC")), []
    if pa.types.is_timestamp(kind):
        if kind.tz:
            return column.cast(pa.timestamp("us", "UTC"), safe=False), []
        moved = pc.assume_timezone(
            column.cast(pa.timestamp("us"), safe=False), zone, ambiguous="earliest", nonexistent="earliest"
        )
        return moved.cast(pa.timestamp("us", "UTC")), [f"moments without a zone, read as {zone}"]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return None, []
    if pa.types.is_nested(kind):
        texts = [None if v is None else json.dumps(v, default=str, ensure_ascii=False) for v in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())]), ["nested values, kept as JSON text"]
    return pa.chunked_array(
        [pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())]
    ), [f"{kind} values, kept as text"]


def _finite(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, list[str]]:
    """NaN and infinities are nothing known."""
    bad = pc.invert(pc.is_finite(column))
    n = pc.sum(bad).as_py() or 0
    if not n:
        return column, []
    emptied = pc.if_else(pc.fill_null(bad, False), pa.scalar(None, pa.float64()), column)
    return emptied, [f"{n} NaN or infinite, read as missing"]


def _from_text(
    column: pa.ChunkedArray, name: str, where: str, zone: str, first_row: int, *, keep: bool
) -> tuple[pa.ChunkedArray, list[str], list[Fault]]:
    trimmed = pc.utf8_trim_whitespace(column)
    nothing = pc.is_in(trimmed, pa.array(NOTHING))
    trimmed = pc.if_else(pc.fill_null(nothing, False), pa.scalar(None, pa.string()), trimmed)
    if not keep and (numbers := _plainly_numbers(trimmed)) is not None:
        return numbers, _blanks(column, [], [], "numbers"), []
    distinct: list[str] = [v for v in trimmed.unique().to_pylist() if v is not None]
    if not distinct:
        return trimmed, ["empty in every row"], []
    if keep:
        return trimmed, [], []
    if {value.lower() for value in distinct} <= {"true", "false"}:
        return pc.equal(pc.utf8_lower(trimmed), "true"), [], []
    if why := _identifier(distinct):
        return trimmed, [why], []
    likely = [value for value in distinct if value not in PERHAPS_NOTHING]
    for what, read in (("numbers", read_numbers), ("moments", lambda values: read_moments(values, zone))):
        meanings, remarks = read(likely)
        bad = [value for value in likely if value not in meanings]
        wrong = pc.is_in(trimmed, pa.array(bad, pa.string()))
        count = pc.sum(wrong).as_py() or 0
        filled = len(trimmed) - trimmed.null_count
        if not meanings or count > filled / 2:
            continue
        if not count:
            return _mapped(trimmed, meanings), remarks + _blanks(column, likely, distinct, what), []
        if count <= filled * (1 - NEARLY_ALL):
            return trimmed, [], [_unreadable(trimmed, wrong, count, filled, name, where, what, first_row)]
        return trimmed, [f"holds {what} and texts; kept as text"], []
    return trimmed, [], []


def _plainly_numbers(trimmed: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """The short way for columns written as programs write numbers; `None` for all others."""
    for form, kind in ((_WHOLE, pa.int64()), (_DECIMAL, pa.float64())):
        if pc.all(pc.match_substring_regex(trimmed, form)).as_py() and trimmed.null_count < len(trimmed):
            numbers = trimmed.cast(kind)
            return numbers if pc.all(pc.is_finite(numbers)).as_py() else None
    return None


def _identifier(distinct: list[str]) -> str:
    """Why digits are an id and not a number; empty when they are none."""
    if not all(value.isdecimal() for value in distinct):
        return ""
    if any(len(value) > _LONG for value in distinct):
        return "numbers too long to count with; kept as text"
    if any(value[0] == "0" and len(value) > 1 for value in distinct):
        return "numbers with leading zeros; kept as text"
    return ""


def _mapped(trimmed: pa.ChunkedArray, meanings: Mapping[str, Any]) -> pa.ChunkedArray:
    """Each cell's meaning, looked up by its text."""
    values = list(meanings.values())
    known = [value for value in values if value is not None]
    if isinstance(known[0], (int, float)):
        whole = all(isinstance(value, int) for value in known)
        array = pa.array(values, pa.int64() if whole else pa.float64())
    else:
        array = pa.array(values, pa.timestamp("us", "UTC"))
    places = pc.index_in(trimmed, pa.array(list(meanings), pa.string()))
    return pc.take(array, places)


def _blanks(column: pa.ChunkedArray, likely: list[str], distinct: list[str], what: str) -> list[str]:
    """Cells of a column of numbers that say nothing, though something stands in them."""
    blank = pc.and_(pc.equal(pc.utf8_trim_whitespace(column), ""), pc.not_equal(column, ""))
    remarks = []
    if n := pc.sum(blank).as_py() or 0:
        remarks.append(f"{n} {'blank' if n == 1 else 'blanks'} among {what}, read as missing")
    if len(likely) < len(distinct):
        signs = sorted(set(distinct) - set(likely))
        n = pc.sum(pc.is_in(pc.utf8_trim_whitespace(column), pa.array(signs))).as_py()
        remarks.append(f"{n} times {', '.join(map(repr, signs))} among {what}, read as missing")
    return remarks


def _unreadable(
    trimmed: pa.ChunkedArray,
    wrong: pa.ChunkedArray,
    count: int,
    filled: int,
    name: str,
    where: str,
    what: str,
    first_row: int,
) -> Fault:
    rows = pc.indices_nonzero(wrong).to_pylist()[:3]
    shown = ", ".join(f"row {row + first_row}: {trimmed[row].as_py()!r}" for row in rows)
    more = f" and {count - len(rows)} more" if count > len(rows) else ""
    return Fault(
        f"{where}, column {name!r}",
        f"{filled - count} of {filled} values are {what}, and these are not: {shown}{more}",
        f'Mend or empty them, or list the column under text or ignore (text = ["{name}"]).',
    )
