"""Opening a database so that a commit means kept, and saying plainly when it cannot keep anything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.engine import URL

from payoff.errors import Refused, Unavailable, Unknown

BUSY_SECONDS = 30
_WRITES = "payoff_writes"
_KNOWN = "Give a path, or an address that begins with sqlite:/// or postgresql://."


def address(url: str | Path) -> URL:
    """A path, or an SQLAlchemy address, as the one driver we know for it."""
    text = str(url)
    if "://" not in text:
        path = Path(text).expanduser()
        path.parent.mkdir(parents=True, exist_ok=True)
        return URL.create("sqlite", database=str(path))
    try:
        parsed = make_url(text.replace("postgres://", "postgresql://", 1))
    except exc.ArgumentError as why:
        raise Unknown("this is no database address", mend=_KNOWN) from why
    name = parsed.get_backend_name()
    if name == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise Refused(
                "a database that lives in memory keeps nothing", mend="Name a file: sqlite:///payoff.db."
            )
        Path(parsed.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        return parsed.set(drivername="sqlite")
    if name != "postgresql":
        raise Unknown(f"no kind of database called {name!r}", mend=_KNOWN)
    return parsed.set(drivername="postgresql+psycopg")


def open_engine(url: URL, wait_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine with a pool wide enough for a web server's threads."""
    if url.get_backend_name() == "postgresql":
        return _postgresql(url, wait_seconds)
    engine = create_engine(url, pool_size=8, max_overflow=56, connect_args={"timeout": wait_seconds})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL, wait_seconds: float) -> Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError as missing:
        raise Unavailable(
            "PostgreSQL needs a driver that is not installed", mend="Run: pip install 'payoff[postgresql]'"
        ) from missing
    # A writer that waited for its turn must see what the one before it committed: hence READ COMMITTED.
    return create_engine(
        url,
        pool_size=8,
        max_overflow=56,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": max(1, round(wait_seconds))},
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; the driver's own is deferred, and upgrades fail
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _write_ahead(connection: Any) -> None:
    """Switch to WAL. The switch ignores the busy timeout, so two first openers would trip over each other."""
    import sqlite3

    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as busy:
            if "locked" not in str(busy) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that reads; `Unavailable` when the database cannot be reached."""
    with _spoken(engine), engine.connect() as connection:
        yield connection


@contextmanager
def plain(engine: Engine) -> Iterator[Connection]:
    """A connection outside any transaction, for the few statements that want none."""
    with _spoken(engine), engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes and is on disk when the block ends; `Unavailable` when nothing was kept."""
    with _spoken(engine), engine.connect() as connection:
        connection = connection.execution_options(**{_WRITES: True})  # noqa: PLW2901 - the same one, marked
        with connection.begin():
            yield connection


@contextmanager
def _spoken(engine: Engine) -> Iterator[None]:
    """The database's refusals in words. Faults of our own (bad SQL, a broken constraint) pass as they are."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError) as why:
        if isinstance(why, (exc.IntegrityError, exc.ProgrammingError, exc.DataError, exc.NotSupportedError)):
            raise
        where = engine.url.render_as_string(hide_password=True)
        what, mend = _reason(str(getattr(why, "orig", None) or why))
        raise Unavailable(what, where=where, mend=mend) from why


_REASONS = (
    ("read-only", "the database can only be read", "Give this process the right to write there."),
    ("readonly", "the database can only be read", "Give this process the right to write there."),
    ("full", "the disk is full", "Free some space; nothing was half kept."),
    ("no space", "the disk is full", "Free some space; nothing was half kept."),
    ("disk i/o", "the disk refused a read or a write", "Look at its space, quota and health."),
    ("locked", "another process kept the database locked", "Stop it, or use PostgreSQL for several processes."),
    ("unable to open", "the database cannot be opened", "Check that the folder exists and may be written."),
    ("not a database", "the file is not a database", "Name another file, or restore a backup."),
    ("malformed", "the database file is damaged", "Restore a backup."),
)


def _reason(said: str) -> tuple[str, str]:
    for sign, what, mend in _REASONS:
        if sign in said.lower():
            return what, mend
    first = said.strip().splitlines()[0] if said.strip() else "no answer"
    return f"the database did not answer as it should ({first})", "Check that it runs, then try again."
