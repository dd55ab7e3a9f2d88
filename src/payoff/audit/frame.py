"""Any table, read as Arrow: pandas, Polars, Arrow, Ibis, or a plain dict of columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payoff.errors import BadInput, Fault

_ACCEPTED = "Give a pandas, Polars or Arrow table, an Ibis table, or a dict of columns."


def _bad(where: str, what: str, mend: str) -> BadInput:
    return BadInput("the table", [Fault(where, what, mend)])


def _names(frame: Any) -> list[str]:
    if isinstance(frame, Mapping):
        return [str(name) for name in frame]
    names: Any = getattr(frame, "column_names", None)
    if not isinstance(names, (list, tuple)):
        names = getattr(frame, "columns", ())
    return [str(name) for name in names]


def _arrow(frame: Any) -> pa.Table:
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if isinstance(frame, Mapping):
        return pa.table({str(name): pa.array(values, from_pandas=True) for name, values in frame.items()})
    if hasattr(frame, "to_pyarrow"):  # Ibis
        return frame.to_pyarrow()
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    raise _bad("the table", f"a {type(frame).__name__} is not a table", _ACCEPTED)


def read(frame: Any) -> pa.Table:
    """The frame as one Arrow table with texts for names.

    Raises `BadInput` for something that is no table, an empty one, columns of unequal length or mixed types,
    and two columns of one name.
    """
    doubles = [name for name, count in Counter(_names(frame)).items() if count > 1]
    if doubles:
        raise BadInput(
            "the table",
            [Fault(name, "two columns have this name", "Rename one, or drop it.") for name in doubles],
        )
    try:
        table = _arrow(frame)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise _bad("the table", f"it cannot be read ({str(error).splitlines()[0]})", _ACCEPTED) from error
    table = table.rename_columns([str(name) for name in table.column_names])
    table = table.drop_columns([name for name in table.column_names if name.startswith("__index_level_")])
    if table.num_columns == 0 or table.num_rows == 0:
        raise _bad("the table", "it has no rows", "Give one row for each prediction, with what came of it.")
    return table


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without dictionary encoding; text columns as `string`, trimmed; the empty text and NaN as missing."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if (
        pa.types.is_string(column.type)
        or pa.types.is_large_string(column.type)
        or "string_view" in str(column.type)
    ):
        column = pc.utf8_trim_whitespace(column.cast(pa.string()))
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column


def is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def floats(column: pa.ChunkedArray) -> np.ndarray | None:
    """As float64 with NaN for missing and infinite; texts that are all numbers count; `None` if it is none."""
    column = plain(column)
    if pa.types.is_null(column.type):
        return np.full(len(column), np.nan)
    if not (is_number(column.type) or pa.types.is_boolean(column.type) or pa.types.is_string(column.type)):
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


def doubles(column: pa.ChunkedArray) -> int:
    """How many values were there already, missing ones left out."""
    return int(len(column) - plain(column).null_count) - distinct(column)


def levels(column: pa.ChunkedArray) -> dict[str, int]:
    """How often each value occurs, as text, missing ones left out, most frequent first."""
    column = plain(column)
    counted = pc.value_counts(column.drop_null())
    pairs = [
        (written(v), int(n))
        for v, n in zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True)
    ]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def written(value: Any) -> str:
    """A value as a reader writes it: 1.0 is 1, True is yes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def texts(column: pa.ChunkedArray) -> np.ndarray:
    """Each value as text, "" for missing: what groups are made of."""
    encoded = plain(column).combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    words = np.array([*(written(v) for v in encoded.dictionary.to_pylist()), ""], dtype=object)
    at = encoded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(words[at])
