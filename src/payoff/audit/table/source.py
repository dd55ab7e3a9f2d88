"""Any table as one DuckDB relation: a frame, a Parquet file, a table in a database. Nothing is loaded to look."""

from __future__ import annotations

import glob
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from payoff.errors import BadInput, Fault

MEMORY = "2GB"
"""What DuckDB may hold at once; beyond it spills to a temporary folder."""
LOOK = 50_000
"""Rows looked at to tell what a column is; all of them where there are no more."""
_PIECES = 5
_ACCEPTED = "Give a pandas, Polars or Arrow table, an Ibis table, a dict of columns, or a Parquet file."
_LEFT_OUT = ("BLOB", "BIT", "STRUCT", "MAP", "UNION", "INTERVAL", "[")


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A value as SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Source:
    """The rows as they came: `relation` is SQL to select from, `kinds` maps a column to DuckDB's type of it.

    `look` are at most `LOOK` rows from all over the table, as Arrow; `whole` says whether these are all of them.
    `left_out` names columns of a kind that cannot be looked at (raw bytes, nested values).
    """

    connection: duckdb.DuckDBPyConnection
    relation: str
    kinds: Mapping[str, str]
    rows: int
    look: pa.Table
    left_out: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return self.look.num_rows == self.rows

    @property
    def columns(self) -> list[str]:
        return list(self.kinds)

    def select(self, sql: str) -> pa.Table:
        """A query as Arrow."""
        return self.connection.sql(sql).to_arrow_table()


def _bad(what: str, mend: str = _ACCEPTED, where: str = "the table") -> BadInput:
    return BadInput("the table", [Fault(where, what, mend)])


@contextmanager
def opened(frame: Any) -> Iterator[Source]:
    """The table, open until the end of the block; temporary files go with it.

    Raises `BadInput` for something that is no table, an empty one, columns of unequal length or mixed types, and
    two columns of one name.
    """
    with tempfile.TemporaryDirectory(prefix="payoff-audit-") as folder:
        connection = duckdb.connect()
        try:
            connection.execute(f"set memory_limit = '{MEMORY}'")
            connection.execute(f"set temp_directory = {literal(folder)}")
            connection.execute("set preserve_insertion_order = false")
            connection.execute("set TimeZone = 'UTC'")  # a moment means the same on every machine
            yield _source(connection, frame, Path(folder))
        finally:
            connection.close()


def _source(connection: duckdb.DuckDBPyConnection, frame: Any, folder: Path) -> Source:
    if isinstance(frame, (str, os.PathLike)):
        return _parquet(connection, Path(frame))
    doubles = [name for name, count in Counter(_names(frame)).items() if count > 1]
    if doubles:
        raise BadInput(
            "the table",
            [Fault(name, "two columns have this name", "Rename one, or drop it.") for name in doubles],
        )
    if hasattr(frame, "to_pyarrow_batches") and hasattr(frame, "to_parquet"):  # Ibis: rows never come all at once
        return _from_engine(connection, frame, folder)
    try:
        table = _arrow(frame)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise _bad(f"it cannot be read ({str(error).splitlines()[0]})") from error
    table = table.rename_columns([str(name) for name in table.column_names])
    table = table.drop_columns([name for name in table.column_names if name.startswith("__index_level_")])
    if not table.num_columns:
        raise _bad("it has no columns", "Give one row for each prediction, with what came of it.")
    table = _plain(table)
    connection.register("given", table)
    step = max(1, -(-table.num_rows // _PIECES))
    size = max(1, LOOK // _PIECES)
    pieces = [table.slice(at, size) for at in range(0, table.num_rows, step)]
    look = table if table.num_rows <= LOOK else pa.concat_tables(pieces)
    return _described(connection, "given", table.num_rows, look)


def _plain(table: pa.Table) -> pa.Table:
    """With kinds that can be looked at: nothing as text, odd numbers as floats, foreign kinds as text."""
    for i, field in enumerate(table.schema):
        if (column := _plainly(table.column(i))) is not None:
            table = table.set_column(i, field.name, column)
    return table


def _plainly(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """`None` for a column that can stay as it is."""
    kind = column.type
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    if pa.types.is_decimal256(kind):
        return column.cast(pa.float64())
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_run_end_encoded(kind):
        return pa.chunked_array([pc.run_end_decode(chunk) for chunk in column.chunks], kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        texts = [None if value is None else str(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return None


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
        return pa.table({str(name): pa.array(_known(values), from_pandas=True) for name, values in frame.items()})
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    raise _bad(f"a {type(frame).__name__} is not a table")


def _known(values: Any) -> Any:
    """NumPy's moments in a unit Arrow knows: it has no minutes, hours or months."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return values.astype("datetime64[us]")
    return values


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    try:
        file = pq.ParquetFile(path)
    except FileNotFoundError:
        raise _bad("there is no such file", f"Looked in {path.absolute().parent}.", path.name) from None
    except (pa.ArrowException, OSError) as error:
        what = f"it is no Parquet file ({str(error).splitlines()[0][:100]})"
        raise _bad(
            what, "Give a Parquet file here; `payoff audit` reads CSV and JSON lines as well.", path.name
        ) from None
    with file:
        doubles = [n for n, count in Counter(file.schema_arrow.names).items() if count > 1]
        if doubles:
            raise _bad(f"two columns are called {doubles[0]!r}", "Rename one, or drop it.", path.name)
        groups = file.metadata.num_row_groups
        rows = file.metadata.num_rows
        look = file.read() if rows <= LOOK else _pieces(file, groups)
    pa.default_memory_pool().release_unused()
    return _described(connection, f"read_parquet({literal(glob.escape(str(path)))})", rows, look)


def _pieces(file: pq.ParquetFile, groups: int) -> pa.Table:
    """The beginning of row groups from all over the file."""
    chosen = sorted({round(i * (groups - 1) / max(1, _PIECES - 1)) for i in range(_PIECES)})
    size = LOOK // len(chosen)
    tables = []
    for group in chosen:
        taken, batches = 0, []
        for batch in file.iter_batches(batch_size=size, row_groups=[group]):
            batches.append(batch.slice(0, size - taken))
            taken += batches[-1].num_rows
            if taken >= size:
                break
        tables.append(pa.Table.from_batches(batches))
    return pa.concat_tables(tables, promote_options="permissive")


def _from_engine(connection: duckdb.DuckDBPyConnection, frame: Any, folder: Path) -> Source:
    file = folder / "rows.parquet"
    frame.to_parquet(file)
    return _parquet(connection, file)


def _described(connection: duckdb.DuckDBPyConnection, relation: str, rows: int, look: pa.Table) -> Source:
    if rows == 0 or look.num_columns == 0:
        raise _bad("it has no rows", "Give one row for each prediction, with what came of it.")
    said = connection.sql(f"describe select * from {relation}").fetchall()
    kinds = {str(name): str(kind) for name, kind, *_ in said}
    look = _plain(look)
    if lost := [name for name in look.column_names if name not in kinds]:
        what = "another column's name differs from it in nothing but capitals"
        what = what if all(lost) else "a column has no name"
        raise BadInput("the table", [Fault(name or "the table", what, "Rename one, or drop it.") for name in lost])
    foreign = [n for n in look.column_names if pa.types.is_string(look[n].type) and kinds[n] != "VARCHAR"]
    if foreign:  # ids of a kind of their own, columns of nothing: texts here as in `look`
        casts = ", ".join(f"cast({quoted(n)} as varchar) as {quoted(n)}" for n in foreign)
        relation = f"(select * replace ({casts}) from {relation})"
    spans = {n for n in look.column_names if pa.types.is_duration(look[n].type)}
    left_out = tuple(n for n, kind in kinds.items() if n in spans or any(mark in kind for mark in _LEFT_OUT))
    kept = [n for n in look.column_names if n not in left_out]
    return Source(connection, relation, {n: kinds[n] for n in kept}, rows, look.select(kept), left_out)


def several(names: Sequence[str]) -> str:
    """Names for a sentence."""
    return ", ".join(f"“{name}”" for name in names)
