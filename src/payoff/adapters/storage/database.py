"""One database, several products; each sees only its own."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import insert, select

from payoff.adapters.clock import SystemClock
from payoff.adapters.storage.access import Access
from payoff.adapters.storage.accounts import SqlAccounts
from payoff.adapters.storage.artefacts import SqlArtefacts
from payoff.adapters.storage.documents import SqlDocuments
from payoff.adapters.storage.engines import address, open_engine
from payoff.adapters.storage.events import SqlLog
from payoff.adapters.storage.migration import upgrade
from payoff.adapters.storage.schema import PRODUCTS
from payoff.errors import BadInput, Fault
from payoff.ports import Clock, Storage


class Database:
    """An open database, brought to today's schema. Safe to share between threads; not across a fork."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._stores: dict[str, Storage] = {}
        self._opening = threading.Lock()

    @classmethod
    def open(cls, url: str | Path, *, clock: Clock | None = None, wait_seconds: float = 30) -> Database:
        """Open or make the database at a path or an SQLAlchemy address, and run the migrations it lacks.

        A missing folder is made. `wait_seconds`: how long to wait for a lock of somebody else, or for a server.
        Raises `Unavailable` when it cannot be opened (or PostgreSQL's driver is not
        installed), `NewerSchema` when a newer Payoff wrote it, `Unknown` for another kind of database.
        """
        engine = open_engine(address(url), wait_seconds)
        try:
            upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(Access(engine, clock or SystemClock()))

    def storage(self, product: str) -> Storage:
        """The stores of one product; its row is made at the first call."""
        if not product or len(product) > 200 or "\x00" in product:
            fault = Fault("product", f"{product[:40]!r} cannot name a product", "Give 1 to 200 characters.")
            raise BadInput("the name", [fault])
        with self._opening:
            if product not in self._stores:
                number = self._number(product)
                self._stores[product] = Storage(
                    SqlLog(self._access, number),
                    SqlArtefacts(self._access, number),
                    SqlDocuments(self._access, number),
                    SqlAccounts(self._access, number),
                )
            return self._stores[product]

    def products(self) -> list[str]:
        """The names of all products kept here, in the order of the alphabet."""
        with self._access.reading() as connection:
            return sorted(connection.execute(select(PRODUCTS.c.name)).scalars())

    def close(self) -> None:
        """Let go of every connection."""
        self._access.close()

    def _number(self, product: str) -> int:
        wanted = select(PRODUCTS.c.id).where(PRODUCTS.c.name == product)
        with self._access.reading() as connection:
            found = connection.execute(wanted).scalar()
        if found is None:
            with self._access.writing(0) as connection:  # 0: nobody's; two openers take turns on it
                found = connection.execute(wanted).scalar()
                if found is None:
                    row = {"name": product, "created_at": self._access.now(), "generation": 0, "head": 0}
                    found = connection.execute(insert(PRODUCTS).values(row)).inserted_primary_key[0]  # type: ignore[index]
        return int(found)
