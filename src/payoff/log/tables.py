"""The log as tables: Arrow for rows, Ibis for views. Only what is new since the last look is read again."""

from __future__ import annotations

import threading

import ibis
import pyarrow as pa

from payoff.log.events import KINDS
from payoff.ports import EventLog


class LogTables:
    """Cached, incremental tables over one product's log.

    A table never changes once handed out: new events make a new table that shares the old chunks.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._generation = log.generation()
        self._arrow: dict[str, pa.Table] = {}
        self._ibis: dict[str, ibis.Table] = {}
        self._seen: dict[str, int] = {}
        self._looking = threading.RLock()  # a web server's threads share one look

    def arrow(self, kind: str) -> pa.Table:
        """All events of a kind, oldest first, in the kind's schema."""
        with self._looking:
            generation = self._log.generation()
            if generation != self._generation:
                self._generation = generation
                self._arrow, self._ibis, self._seen = {}, {}, {}
            head = self._log.head()
            if kind not in self._arrow:
                fresh = self._arrow[kind] = self._log.read(kind)
            elif head > self._seen[kind]:
                fresh = self._log.read(kind, after=self._seen[kind])
                if fresh.num_rows:
                    self._arrow[kind] = pa.concat_tables([self._arrow[kind], fresh])
                    self._ibis.pop(kind, None)
            else:
                return self._arrow[kind]
            # What came in between the two questions was read already, and must not be read again.
            self._seen[kind] = max(head, fresh["seq"][-1].as_py() if fresh.num_rows else 0)
            return self._arrow[kind]

    def table(self, kind: str) -> ibis.Table:
        """The same as an Ibis table, for views and metrics."""
        with self._looking:
            arrow = self.arrow(kind)
            if kind not in self._ibis:
                assert kind in KINDS
                self._ibis[kind] = ibis.memtable(arrow)
            return self._ibis[kind]
