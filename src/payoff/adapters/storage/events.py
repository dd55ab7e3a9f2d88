"""The event log of one product in SQL."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from payoff.adapters.storage.access import Access
from payoff.adapters.storage.rows import COLUMNS, Row, event_of, held_in, kind_of, left, rows_of, table_of
from payoff.adapters.storage.schema import ERASED, EVENTS, PRODUCTS
from payoff.errors import Unavailable
from payoff.log.events import Kind
from payoff.ports import Stored
from payoff.records.envelope import Event
from payoff.records.time import from_micros, to_micros

_PAGE = 50_000  # rows fetched at a time; more gain nothing and hold more memory
_ASKED = 5_000  # ids in one question
_COLUMNS = [EVENTS.c[name] for name in COLUMNS]


class SqlLog:
    """Implements `ports.EventLog`; safe to call from many threads.

    Writers that wait for one another's commit go to disk together: the first to get its turn takes everything
    that queued up meanwhile. There is no timer and no delay; a lone writer commits at once.
    """

    def __init__(self, access: Access, product: int) -> None:
        self._access = access
        self._product = product
        self._turn = threading.Lock()
        self._door = threading.Lock()
        self._waiting: list[_Batch] = []

    def append(self, events: Sequence[Event]) -> list[Stored]:
        """See `ports.EventLog`. Raises `BadInput`, before anything is kept, for what no reader could read back."""
        batch = _Batch(rows_of(events))
        if not batch.rows:
            return []
        with self._door:
            self._waiting.append(batch)
        with self._turn:
            if not batch.done:
                with self._door:
                    together, self._waiting = self._waiting, []
                self._keep(together)
        if batch.failure:
            # Each caller gets an error of its own: one exception raised in several threads mixes their traces.
            why = batch.failure
            raise Unavailable(why.what, where=why.where, mend=why.mend) from why
        return batch.answers

    def read(
        self,
        kind: str,
        *,
        after: int = 0,
        since: datetime | None = None,
        without: Mapping[str, str] | None = None,
    ) -> pa.Table:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        declared = kind_of(kind)
        mine = select(*_COLUMNS).where(*self._of(kind, without))
        if since is not None:
            # Found by their moment and put in order here: asked in order, a database would walk the whole kind.
            recent = mine.where(EVENTS.c.at >= to_micros(since))
            recent = recent.where(EVENTS.c.seq > after) if after else recent
            with self._access.reading() as connection:
                return left(_table(declared, connection, [recent]), without)
        page = mine.where(EVENTS.c.seq > bindparam("after")).order_by(EVENTS.c.seq).limit(_PAGE)
        tables: list[pa.Table] = []
        with self._access.reading() as connection:
            while True:
                rows = _raw(connection, page, after=after)
                if rows or not tables:
                    tables.append(table_of(declared, rows))
                if len(rows) < _PAGE:
                    return left(pa.concat_tables(tables), without)
                after = rows[-1][0]

    def last_of(
        self, kind: str, *, since: datetime, until: datetime, without: Mapping[str, str] | None = None
    ) -> dict[str, int]:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        kind_of(kind)
        span = EVENTS.c.at.between(to_micros(since), to_micros(until))
        mine = [*self._of(kind, without), span, EVENTS.c.unit.is_not(None)]
        newest = select(EVENTS.c.unit, func.max(EVENTS.c.seq)).where(*mine).group_by(EVENTS.c.unit)
        with self._access.reading() as connection:
            return {unit: int(seq) for unit, seq in connection.execute(newest)}

    def _of(self, kind: str, without: Mapping[str, str] | None = None) -> list[ColumnElement[bool]]:
        """Events of a kind. What is left out is known by its text, before anything is parsed."""
        place = func.instr if self._access.sqlite else func.strpos
        unwanted = [place(EVENTS.c.body, held_in(*pair)) == 0 for pair in (without or {}).items()]
        return [EVENTS.c.product == self._product, EVENTS.c.kind == kind, *unwanted]

    def find(self, id: str) -> Event | None:
        """See `ports.EventLog`."""
        return self._one(select(EVENTS.c.kind, *_COLUMNS).where(EVENTS.c.id == id))

    def find_many(self, kind: str, ids: Sequence[str]) -> pa.Table:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        declared = kind_of(kind)
        # The kind is looked at here: in the question it would lead a database to walk the whole kind.
        mine = select(*_COLUMNS, EVENTS.c.kind).where(EVENTS.c.product == self._product)
        with self._access.reading() as connection:
            asked = (connection.execute(mine.where(EVENTS.c.id.in_(some))).cursor for some in _parts(ids))
            rows = [row[:-1] for cursor in asked for row in cursor.fetchall() if row[-1] == kind]
        return table_of(declared, sorted(rows, key=lambda row: row[0]))

    def about(self, suggestion: str) -> list[Event]:
        """See `ports.EventLog`."""
        mine = select(EVENTS.c.kind, *_COLUMNS).where(
            EVENTS.c.product == self._product, EVENTS.c.suggestion == suggestion
        )
        with self._access.reading() as connection:
            rows = sorted(_raw(connection, mine), key=lambda row: row[1])
        return [event_of(row[0], row[1:]) for row in rows]

    def latest_many(self, kind: str, units: Sequence[str], *, until: datetime) -> pa.Table:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        declared = kind_of(kind)
        mine = [EVENTS.c.product == self._product, EVENTS.c.kind == kind]
        asked = []
        for some in _parts(units):
            newest = (
                select(EVENTS.c.unit, func.max(EVENTS.c.at).label("at"))
                .where(*mine, EVENTS.c.unit.in_(some), EVENTS.c.at <= to_micros(until))
                .group_by(EVENTS.c.unit)
                .subquery()
            )
            # An outer join fixes the order: first which moments, then those rows, by the index of units.
            row = and_(*mine, EVENTS.c.unit == newest.c.unit, EVENTS.c.at == newest.c.at)
            asked.append(select(*_COLUMNS).select_from(newest.outerjoin(EVENTS, row)))
        with self._access.reading() as connection:
            found = _table(declared, connection, asked)
        # Of one moment the later in the log holds.
        last = {unit: row for row, unit in enumerate(found["unit"].to_pylist())}
        return found if len(last) == len(found) else found.take(sorted(last.values()))

    def newest(self, kinds: Sequence[str], *, until: datetime) -> dict[str, datetime]:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        asked = [
            select(literal(kind_of(kind).name), func.max(EVENTS.c.at)).where(
                EVENTS.c.product == self._product, EVENTS.c.kind == kind, EVENTS.c.at <= to_micros(until)
            )
            for kind in kinds
        ]
        if not asked:
            return {}
        with self._access.reading() as connection:
            rows = connection.execute(union_all(*asked)).all()
        return {kind: from_micros(at) for kind, at in rows if at is not None}

    def latest(self, kind: str, unit: str) -> Event | None:
        """The newest by the moment it happened, and by arrival between equals; late news do not displace newer."""
        kind_of(kind)
        found = select(EVENTS.c.kind, *_COLUMNS).where(EVENTS.c.kind == kind, EVENTS.c.unit == unit)
        return self._one(found.order_by(EVENTS.c.at.desc(), EVENTS.c.seq.desc()).limit(1))

    def head(self) -> int:
        """See `ports.EventLog`."""
        return self._fact("head")

    def generation(self) -> int:
        """See `ports.EventLog`."""
        return self._fact("generation")

    def state(self) -> tuple[int, int]:
        """See `ports.EventLog`."""
        both = select(PRODUCTS.c.generation, PRODUCTS.c.head).where(PRODUCTS.c.id == self._product)
        with self._access.reading() as connection:
            generation, head = connection.execute(both).one()
        return int(generation), int(head)

    def forget(self, unit: str) -> int:
        """Erase a unit: its events, and what was said about its suggestions. Returns how many events went.

        Only their ids stay, so that none of them comes back when somebody sends it again. The generation changes.
        """
        mine = EVENTS.c.product == self._product
        told = select(EVENTS.c.id).where(mine, EVENTS.c.kind == "suggestion", EVENTS.c.unit == unit)
        gone = [mine, or_(EVENTS.c.unit == unit, EVENTS.c.suggestion.in_(told))]
        with self._access.writing(self._product) as connection:
            ids = list(connection.execute(select(EVENTS.c.id).where(*gone)).scalars())
            if not ids:
                return 0
            connection.execute(insert(ERASED), [{"product": self._product, "id": one} for one in ids])
            for some in _parts(ids):
                connection.execute(delete(EVENTS).where(mine, EVENTS.c.id.in_(some)))
            connection.execute(
                update(PRODUCTS).where(PRODUCTS.c.id == self._product).values(generation=PRODUCTS.c.generation + 1)
            )
        self._access.scrub()
        return len(ids)

    def _one(self, query: Select[Any]) -> Event | None:
        with self._access.reading() as connection:
            row = connection.execute(query.where(EVENTS.c.product == self._product)).first()
        return None if row is None else event_of(row[0], row[1:])

    def _fact(self, name: str) -> int:
        with self._access.reading() as connection:
            return int(
                connection.execute(select(PRODUCTS.c[name]).where(PRODUCTS.c.id == self._product)).scalar_one()
            )

    def _keep(self, batches: list[_Batch]) -> None:
        """One transaction for all that waited; each batch learns its answers or why there are none."""
        failure: Unavailable | None = Unavailable("the writer was interrupted", mend="Send it again.")
        answers: list[list[Stored]] = []
        try:
            with self._access.writing(self._product) as connection:
                answers = self._insert(connection, [batch.rows for batch in batches])
            failure = None
        except Unavailable as why:
            failure = why
        finally:
            for number, batch in enumerate(batches):
                batch.done, batch.failure = True, failure
                batch.answers = [] if failure else answers[number]

    def _insert(self, connection: Connection, batches: list[list[Row]]) -> list[list[Stored]]:
        known = self._known(connection, [row.id for rows in batches for row in rows])
        fresh: list[Row] = []

        def answer(row: Row) -> Stored:
            if row.id not in known:
                known[row.id] = row.digest
                fresh.append(row)
                return "stored"
            return "duplicate" if known[row.id] in (row.digest, None) else "conflict"

        answers = [[answer(row) for row in rows] for rows in batches]
        if fresh:
            mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
            names = ("product", *Row._fields)
            connection.exec_driver_sql(  # the driver's own, with tuples: twice as quick for many rows
                f"INSERT INTO events ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})",  # noqa: S608
                [(self._product, *row) for row in fresh],
            )
            last = select(func.max(EVENTS.c.seq)).where(
                EVENTS.c.product == self._product, EVENTS.c.kind == fresh[-1].kind
            )
            connection.execute(
                update(PRODUCTS).where(PRODUCTS.c.id == self._product).values(head=last.scalar_subquery())
            )
        return answers

    def _known(self, connection: Connection, ids: list[str]) -> dict[str, bytes | None]:
        """The digest of every id that came before; none for an erased one, whose content nobody knows any more."""
        known: dict[str, bytes | None] = {}
        for some in _parts(ids):
            kept = select(EVENTS.c.id, EVENTS.c.digest).where(
                EVENTS.c.product == self._product, EVENTS.c.id.in_(some)
            )
            gone = select(ERASED.c.id).where(ERASED.c.product == self._product, ERASED.c.id.in_(some))
            known.update((row.id, bytes(row.digest)) for row in connection.execute(kept))
            known.update((one, None) for one in connection.execute(gone).scalars())
        return known


class _Batch:
    """What one caller wants kept, until it is."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.answers: list[Stored] = []
        self.failure: Unavailable | None = None
        self.done = False


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _ASKED] for start in range(0, len(ids), _ASKED)]


def _table(kind: Kind, connection: Connection, asked: Sequence[Select[Any]]) -> pa.Table:
    """What several questions find, as one table in the order of `seq`."""
    tables: list[pa.Table] = []
    for query in asked:
        cursor: Any = connection.execute(query).cursor
        while rows := cursor.fetchmany(_PAGE):
            tables.append(table_of(kind, rows))
    if not tables:
        return table_of(kind, [])
    return pa.concat_tables(tables).sort_by("seq")


def _raw(connection: Connection, query: Select[Any], **values: object) -> list[tuple[Any, ...]]:
    """Rows straight from the driver: plain tuples, a third of the time for a long table."""
    cursor: Any = connection.execute(query, values).cursor
    return cursor.fetchall()
