"""What the rows looked at say of a column: its values as text or number, how many there are, how often each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without dictionary encoding; text columns as `string`, trimmed; the empty text and NaN as missing."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if is_text(column.type):
        column = pc.utf8_trim_whitespace(column.cast(pa.string()))
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))
    return column


def is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or "string_view" in str(kind)


def is_number(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return is_number(kind.value_type)
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def is_moment(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) or pa.types.is_date(kind)


def floats(column: pa.ChunkedArray) -> np.ndarray | None:
    """As float64 with NaN for missing and infinite; texts that are all numbers count; `None` if it is none."""
    column = plain(column)
    if pa.types.is_null(column.type):
        return np.full(len(column), np.nan)
    if not (is_number(column.type) or pa.types.is_boolean(column.type) or is_text(column.type)):
        return None
    try:
        values = column.cast(pa.float64(), safe=False)
    except pa.ArrowException:
        return None
    array = np.array(pc.fill_null(values, float("nan")).to_numpy(), dtype=np.float64)
    array[~np.isfinite(array)] = np.nan
    return array


def distinct(column: pa.ChunkedArray) -> int:
    """How many values there are, missing ones left out."""
    return int(pc.count_distinct(plain(column)).as_py())


def levels(column: pa.ChunkedArray) -> dict[str, int]:
    """How often each value occurs, as text, missing ones left out, most frequent first."""
    counted = pc.value_counts(plain(column).drop_null())
    return in_order(counted.field(0).to_pylist(), counted.field(1).to_pylist())


def in_order(values: list[Any], counts: list[int]) -> dict[str, int]:
    """Values as text with their counts, most frequent first; spellings of one value are one."""
    found: dict[str, int] = {}
    for value, n in zip(values, counts, strict=True):
        word = written(value)
        if word:
            found[word] = found.get(word, 0) + int(n)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def written(value: Any) -> str:
    """A value as a reader writes it: 1.0 is 1, True is yes; "" for nothing."""
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def raw_values(column: pa.ChunkedArray) -> dict[str, list[Any]]:
    """For each value as text: the values as they stand in the column (" Yes" and "Yes" are one)."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    found: dict[str, list[Any]] = {}
    for value in column.unique().to_pylist():
        if word := written(value):
            found.setdefault(word, []).append(value)
    return found
