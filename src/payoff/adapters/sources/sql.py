"""The rows of a query: any SQLAlchemy address, or the path of a SQLite or DuckDB file. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from payoff.adapters.sources.selection import Selection
from payoff.adapters.sources.values import coerced
from payoff.errors import BadInput, Fault
from payoff.ports import Clock, Reading


@dataclass(frozen=True, slots=True)
class SqlSource:
    """The rows of one query, as of the moment it ran."""

    database: str
    query: str
    folder: Path
    selection: Selection
    clock: Clock
    zone: str = "UTC"

    def read(self) -> Reading:
        """All rows, or `BadInput` with what the database said. The address is shown without its password."""
        as_of = self.clock.now()
        table = self._from_address() if "://" in self.database else self._from_path(self.database)
        if not table.num_rows:
            raise BadInput(
                "query", [Fault("query", "it gave not one row", "Run it by hand and see what it gives.")]
            )
        table, notes = self.selection.of(table, "query")
        table, remarks = coerced(table, "query", text=self.selection.text, zone=self.zone)
        return Reading(table, as_of, (*notes, *remarks))

    def _from_path(self, database: str) -> pa.Table:
        path = Path(database)
        path = path if path.is_absolute() else self.folder / path
        if not path.is_file():
            mend = "Name a SQLite or DuckDB file, or an address such as postgresql://user@host/name."
            raise BadInput(database, [Fault(database, "there is no such database file", mend)])
        with path.open("rb") as file:
            head = file.read(16)
        if head[8:12] == b"DUCK":
            return self._from_duckdb(path)
        if head == b"SQLite format 3\0":
            return self._from_engine(f"sqlite:///file:{path}?mode=ro&uri=true", database)
        raise BadInput(database, [Fault(database, "it is neither SQLite nor DuckDB", "Name a database file.")])

    def _from_address(self) -> pa.Table:
        if self.database.startswith("duckdb:///"):
            return self._from_path(self.database.removeprefix("duckdb:///"))
        try:
            shown = sa.make_url(self.database).render_as_string(hide_password=True)
        except ArgumentError:
            mend = "Write it as dialect://user:password@host/name."
            raise BadInput("database", [Fault("database", "its address cannot be read", mend)]) from None
        return self._from_engine(self.database, shown)

    def _from_duckdb(self, path: Path) -> pa.Table:
        try:
            with duckdb.connect(str(path), read_only=True) as connection:
                relation = connection.sql(self.query)
                if relation is None:
                    raise duckdb.InvalidInputException("it is no query that gives rows")
                return relation.to_arrow_table()
        except duckdb.Error as error:
            raise self._refused(path.name, error) from None

    def _from_engine(self, address: str, shown: str) -> pa.Table:
        try:
            engine = sa.create_engine(address)
        except (NoSuchModuleError, ImportError, ArgumentError) as error:
            mend = "Install the driver of that database (payoff[postgresql] for PostgreSQL)."
            raise BadInput(shown, [Fault(shown, f"no driver for it ({error})", mend)]) from None
        try:
            with engine.connect() as connection, connection.begin() as transaction:
                result = connection.exec_driver_sql(self.query)
                names, rows = list(result.keys()), result.fetchall()
                transaction.rollback()
        except SQLAlchemyError as error:
            raise self._refused(shown, getattr(error, "orig", None) or error) from None
        finally:
            engine.dispose()
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        return pa.table([_column(column) for column in columns], names=names)

    def _refused(self, shown: str, error: BaseException) -> BadInput:
        said = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        return BadInput(shown, [Fault(shown, f"the query failed: {said}", "Run it by hand and mend it.")])


def _column(values: Sequence[Any]) -> pa.Array:
    """A driver's values as an Arrow column; a column of several types (SQLite allows that) becomes text."""
    plain = [float(value) if isinstance(value, Decimal) else value for value in values]
    try:
        return pa.array(plain)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, (datetime, date, time)) else str(value)
