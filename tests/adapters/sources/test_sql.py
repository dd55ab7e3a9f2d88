"""Queries against SQLite, DuckDB and any address; what the database says comes back as a fault."""

import sqlite3
from datetime import UTC, datetime

import duckdb
import pytest

from payoff.adapters.clock import SetClock
from payoff.adapters.sources import open_source
from payoff.brief.schema import SourceEntry
from payoff.errors import BadInput

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def sqlite(tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("create table a (id integer, x, left text)".replace("left", "gone"))
        connection.executemany("insert into a values (?, ?, ?)", [(1, 2.5, "yes"), (2, "n/a", "no")])
    connection.close()
    return tmp_path


def source(folder, sql, database="shop.db", **entry):
    described = {"as": "units", "database": database, "sql": sql, **entry}
    return open_source(SourceEntry.model_validate(described), folder, clock=SetClock(NOW))


@pytest.mark.parametrize("database", ["shop.db", "sqlite:///{folder}/shop.db"])
def test_a_sqlite_file_or_address_is_read_as_of_now(sqlite, database):
    reading = source(sqlite, "select id, x, gone from a", database.format(folder=sqlite), unit="id").read()
    assert reading.as_of == NOW
    assert reading.table.to_pydict() == {"id": [1, 2], "x": [2.5, None], "gone": ["yes", "no"]}


def test_a_duckdb_file_is_read(tmp_path):
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("create table a as select 1 as id, date '2026-01-02' as day, 1.5::decimal(5,2) as x")
    table = source(tmp_path, "select * from a", "shop.duckdb").read().table
    assert table.to_pydict() == {"id": [1], "day": [datetime(2026, 1, 2, tzinfo=UTC)], "x": [1.5]}


def test_nothing_can_be_written_through_a_source(sqlite):
    with pytest.raises(BadInput, match="the query failed"):
        source(sqlite, "delete from a returning id").read()


def test_what_the_database_says_is_passed_on(sqlite):
    with pytest.raises(BadInput, match="no such column: y"):
        source(sqlite, "select y from a").read()


def test_a_query_without_rows_is_refused(sqlite):
    with pytest.raises(BadInput, match="not one row"):
        source(sqlite, "select * from a where id > 9").read()


def test_a_missing_column_is_named_as_in_a_file(sqlite):
    with pytest.raises(BadInput, match="no column 'account'"):
        source(sqlite, "select * from a", unit="account").read()


def test_a_file_that_is_no_database_and_one_that_is_not_there_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("id\n1\n")
    for database, what in (("a.csv", "neither SQLite nor DuckDB"), ("b.db", "no such database file")):
        with pytest.raises(BadInput, match=what):
            source(tmp_path, "select 1", database).read()


def test_a_password_is_never_shown(tmp_path):
    with pytest.raises(BadInput) as caught:
        source(tmp_path, "select 1", "nodialect://ann:hunter2@host/db").read()
    assert "hunter2" not in str(caught.value)


def test_a_query_without_a_database_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no database"):
        source(tmp_path, "select 1", "")
