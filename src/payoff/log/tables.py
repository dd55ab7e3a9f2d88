"""The log as tables: Arrow for rows, Ibis for views. Only what is new since the last look is read again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.events import KINDS
from payoff.ports import EventLog
from payoff.records.envelope import Event

T = TypeVar("T")
_SLACK = timedelta(days=2)
_KEPT = timedelta(days=60)
"""A window reaches back a little further than was asked, and is cut only where it has grown by so much."""


class LogTables:
    """Cached, incremental tables over one product's log.

    A table never changes once handed out: new events make a new table that shares the old chunks. Whole kinds are
    for judging and learning; a page asks for what is recent, or for a few rows by their ids.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._generation = log.state()[0]
        self._arrow: dict[str, pa.Table] = {}
        self._ibis: dict[str, tuple[pa.Table, ibis.Table]] = {}
        self._seen: dict[str, int] = {}
        self._recent: dict[str, tuple[datetime, int, pa.Table]] = {}
        self._derived: dict[str, tuple[tuple[pa.Table, ...], pa.Table]] = {}
        self._kept: dict[str, Any] = {}
        self._looking = threading.RLock()  # a web server's threads share one look

    def arrow(self, kind: str) -> pa.Table:
        """All events of a kind, oldest first, in the kind's schema."""
        with self._looking:
            head = self._fresh()
            if kind not in self._arrow:
                fresh = self._arrow[kind] = self._log.read(kind)
            elif head > self._seen[kind]:
                fresh = self._log.read(kind, after=self._seen[kind])
                if fresh.num_rows:
                    self._arrow[kind] = pa.concat_tables([self._arrow[kind], fresh])
            else:
                return self._arrow[kind]
            # What came in between the two questions was read already, and must not be read again.
            self._seen[kind] = max(head, fresh["seq"][-1].as_py() if fresh.num_rows else 0)
            return self._arrow[kind]

    def recent(self, kind: str, since: datetime) -> pa.Table:
        """Events of a kind that speak of `since` or later, in the order of the log. Costs what they are."""
        with self._looking:
            head = self._fresh()
            start, seen, table = self._recent.get(kind, (since, -1, None))
            if table is None or since < start:
                start = since - _SLACK
                table = self._log.read(kind, since=start)
                seen = max(head, table["seq"][-1].as_py() if table.num_rows else 0)
            elif head > seen:
                fresh = self._log.read(kind, after=seen)
                seen = max(head, fresh["seq"][-1].as_py() if fresh.num_rows else 0)
                fresh = fresh.filter(pc.greater_equal(fresh["at"], start))
                table = pa.concat_tables([table, fresh]) if fresh.num_rows else table
            if since - start > _KEPT:
                start = since - _SLACK
                table = table.filter(pc.greater_equal(table["at"], start))
            self._recent[kind] = (start, seen, table)
            return table.filter(pc.greater_equal(table["at"], since))

    def some(self, kind: str, ids: Sequence[str]) -> pa.Table:
        """A few events of a kind by their ids, from the log itself."""
        return self._log.find_many(kind, ids)

    def table(self, kind: str) -> ibis.Table:
        """A whole kind as an Ibis table, for views and metrics."""
        with self._looking:
            assert kind in KINDS
            return self._view(kind, self.arrow(kind))

    def derived(self, name: str, kinds: Sequence[str], make: Callable[..., pa.Table]) -> pa.Table:
        """A table made of whole kinds, made again only when one of them has grown."""
        with self._looking:
            sources = tuple(self.arrow(kind) for kind in kinds)
            known = self._derived.get(name)
            if known is None or any(a is not b for a, b in zip(known[0], sources, strict=True)):
                known = self._derived[name] = (sources, make(*sources))
            return known[1]

    def derived_view(self, name: str, kinds: Sequence[str], make: Callable[..., pa.Table]) -> ibis.Table:
        """The same as an Ibis table."""
        with self._looking:
            return self._view(f"derived {name}", self.derived(name, kinds, make))

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """Something that follows the log by itself; made afresh only when kept events were rewritten."""
        with self._looking:
            self._fresh()
            if name not in self._kept:
                self._kept[name] = make()
            found: T = self._kept[name]
            return found

    @property
    def log(self) -> EventLog:
        """The log itself, for narrow questions."""
        return self._log

    @property
    def looking(self) -> threading.RLock:
        """Held while what follows the log catches up with it."""
        return self._looking

    def about(self, suggestion: str) -> list[Event]:
        """Every event that names a suggestion."""
        return self._log.about(suggestion)

    def _view(self, name: str, arrow: pa.Table) -> ibis.Table:
        known = self._ibis.get(name)
        if known is None or known[0] is not arrow:
            known = self._ibis[name] = (arrow, ibis.memtable(arrow))
        return known[1]

    def _fresh(self) -> int:
        """Start afresh after an erasure; returns the head as it is now."""
        generation, head = self._log.state()
        if generation != self._generation:
            self._generation = generation
            self._arrow, self._ibis, self._seen = {}, {}, {}
            self._recent, self._derived, self._kept = {}, {}, {}
        return head
