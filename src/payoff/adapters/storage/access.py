"""Who may read and who writes next: the one way the stores reach their database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from payoff.adapters.storage import engines
from payoff.adapters.storage.migration import LOCK
from payoff.ports import Clock
from payoff.records.time import to_micros

# The transaction's turn; and a server told to acknowledge before it has written is told otherwise for this one.
_TURN = text(
    "SELECT pg_advisory_xact_lock(:lock, :product), CASE current_setting('synchronous_commit') "
    "WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END"
)


class Access:
    """Connections for reading and turns for writing. Safe to share between threads; not across a fork."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        # SQLite takes one writer at a time and makes the others poll; queueing them here is fairer and quicker.
        self._writer = threading.Lock()

    @property
    def sqlite(self) -> bool:
        """Whether it is SQLite; else PostgreSQL."""
        return self._engine.dialect.name == "sqlite"

    def now(self) -> int:
        """This moment, in microseconds, for what is stamped when it is kept."""
        return to_micros(self._clock.now())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading, in one transaction; ends without a trace."""
        with engines.reading(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self, product: int) -> Iterator[Connection]:
        """The one writer of a product: what it adds is on disk, and in order, when the block ends.

        Numbers are handed out in the order of the commits. Otherwise a reader that asks for what came after the
        last number it saw would skip a row whose transaction took longer (docs/adr/0002-ids.md).
        """
        if self._engine.dialect.name == "sqlite":
            with self._writer, engines.writing(self._engine) as connection:
                yield connection
            return
        with engines.writing(self._engine) as connection:
            connection.execute(_TURN, {"lock": LOCK, "product": product})
            yield connection

    def scrub(self) -> None:
        """After an erasure: leave no old page behind in SQLite's write-ahead log."""
        if self._engine.dialect.name == "sqlite":
            with self._writer, engines.plain(self._engine) as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()
