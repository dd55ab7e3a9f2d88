"""Columns of facts as NumPy arrays, read the same way wherever a fact is looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NUMBER = r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*$"
LARGEST = 1e100
CODE = r"^\s*[-+]?0\d"
"""A leading zero says code, not count: 00501 is a post code."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column read as numbers: `values` has NaN where nothing is known.

    `written` counts numbers that came as text, `blank` texts without content, `unread` texts that are no number.
    """

    values: NDArray[np.float64]
    written: int = 0
    blank: int = 0
    unread: int = 0


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One chunk, dictionaries spelled out, moments as text."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # no chunk at all stays chunked
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_temporal(array.type) or pa.types.is_large_string(array.type):
        array = array.cast(pa.string())
    return array


def is_text(array: pa.Array) -> bool:
    return bool(pa.types.is_string(array.type))


def is_number(array: pa.Array) -> bool:
    kind = array.type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def numbers(column: pa.ChunkedArray | pa.Array) -> Numbers:
    """The column as float64; booleans become 0 and 1, texts are read where they are numbers."""
    array = flat(column)
    if pa.types.is_boolean(array.type) or is_number(array):
        values = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return Numbers(_usable(values))
    if not is_text(array):
        return Numbers(np.full(len(array), np.nan), unread=len(array) - array.null_count)
    trimmed = pc.utf8_trim_whitespace(array)
    good = pc.match_substring_regex(trimmed, NUMBER)
    read = pc.if_else(good, trimmed, pa.scalar(None, pa.string())).cast(pa.float64())
    values = read.to_numpy(zero_copy_only=False)
    written = int(pc.sum(good).as_py() or 0)
    blank = int(pc.sum(pc.equal(trimmed, "")).as_py() or 0)
    unread = len(array) - array.null_count - written - blank
    return Numbers(_usable(values), written, blank, unread)


def text_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column as texts, "" where nothing is known; True reads "yes", 3.0 reads "3"."""
    array = flat(column)
    if is_text(array):
        return pc.fill_null(pc.utf8_trim_whitespace(array), "")
    if pa.types.is_boolean(array.type):
        return pc.fill_null(pc.if_else(array, "yes", "no"), "")
    if is_number(array):
        values = numbers(array).values.tolist()
        return pa.array(["" if v != v else f"{v:.10g}" for v in values], pa.string())  # noqa: PLR0124
    return pa.array([""] * len(array), pa.string())


def _usable(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A number whose square no float can hold tells nothing and would spoil every other: not known."""
    return np.where(np.abs(values) < LARGEST, values, np.nan)


def texts(column: pa.ChunkedArray | pa.Array) -> NDArray[np.object_]:
    """`text_array` for NumPy."""
    return np.asarray(text_array(column).to_numpy(zero_copy_only=False), dtype=object)


def text_of(facts: pa.Table, name: str) -> NDArray[np.object_]:
    """One fact as texts; a fact nobody sent is unknown for everyone."""
    if not name or name not in facts.column_names:
        return np.full(facts.num_rows, "", dtype=object)
    return texts(facts.column(name))


def number_of(facts: pa.Table, name: str) -> NDArray[np.float64]:
    """One fact as numbers; a fact nobody sent is unknown for everyone."""
    if name not in facts.column_names:
        return np.full(facts.num_rows, np.nan)
    return numbers(facts.column(name)).values
