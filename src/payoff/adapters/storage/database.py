"""One database, several products; each sees only its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, text

from payoff.adapters.clock import SystemClock
from payoff.adapters.storage import engines
from payoff.adapters.storage.artefacts import SqlArtefacts
from payoff.adapters.storage.documents import SqlDocuments
from payoff.adapters.storage.events import SqlLog
from payoff.adapters.storage.migration import LOCK, upgrade
from payoff.adapters.storage.schema import PRODUCTS
from payoff.errors import BadInput, Fault
from payoff.ports import Clock, Storage
from payoff.records.time import to_micros


class Database:
    """An open database, brought to today's schema. Safe to share between threads; not across a fork."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._stores: dict[str, Storage] = {}
        self._opening = threading.Lock()
        # SQLite takes one writer at a time and makes the others poll; queueing them here is fairer and quicker.
        self._writer = threading.Lock()

    @classmethod
    def open(cls, url: str | Path, *, clock: Clock | None = None) -> Database:
        """Open or make the database at a path or an SQLAlchemy address, and run the migrations it lacks.

        A missing folder is made. Raises `Unavailable` when it cannot be opened (or PostgreSQL's driver is not
        installed), `NewerSchema` when a newer Payoff wrote it, `Unknown` for another kind of database.
        """
        engine = engines.open_engine(engines.address(url))
        try:
            upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, clock or SystemClock())

    def storage(self, product: str) -> Storage:
        """The stores of one product; its row is made at the first call."""
        if not product or len(product) > 200 or "\x00" in product:
            fault = Fault("product", f"{product[:40]!r} cannot name a product", "Give 1 to 200 characters.")
            raise BadInput("the name", [fault])
        with self._opening:
            if product not in self._stores:
                number = self._number(product)
                self._stores[product] = Storage(
                    SqlLog(self, number), SqlArtefacts(self, number), SqlDocuments(self, number)
                )
            return self._stores[product]

    def products(self) -> list[str]:
        """The names of all products kept here, in the order of the alphabet."""
        with self.reading() as connection:
            return sorted(connection.execute(select(PRODUCTS.c.name)).scalars())

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

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
        last number it saw would skip a row whose transaction took longer (see docs/adr/0002-ids.md).
        """
        if self._engine.dialect.name == "sqlite":
            with self._writer, engines.writing(self._engine) as connection:
                yield connection
            return
        with engines.writing(self._engine) as connection:
            connection.execute(_TURN, {"lock": LOCK, "product": product})
            yield connection

    def scrub(self) -> None:
        """After an erasure: leave no old page behind in SQLite's log."""
        if self._engine.dialect.name == "sqlite":
            with self._writer, engines.plain(self._engine) as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _number(self, product: str) -> int:
        wanted = select(PRODUCTS.c.id).where(PRODUCTS.c.name == product)
        with self.reading() as connection:
            found = connection.execute(wanted).scalar()
        if found is None:
            with self.writing(0) as connection:  # 0: nobody's; two openers take turns on it
                found = connection.execute(wanted).scalar()
                if found is None:
                    row = {"name": product, "created_at": self.now(), "generation": 0, "head": 0}
                    found = connection.execute(insert(PRODUCTS).values(row)).inserted_primary_key[0]  # type: ignore[index]
        return int(found)


# The transaction's turn; and a server told to acknowledge before it has written is told otherwise for this one.
_TURN = text(
    "SELECT pg_advisory_xact_lock(:lock, :product), CASE current_setting('synchronous_commit') "
    "WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END"
)
