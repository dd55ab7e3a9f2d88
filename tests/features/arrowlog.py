"""An event log that holds its facts as one Arrow table: enough to build batches from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from payoff.log.events import KINDS
from payoff.log.tables import LogTables
from payoff.ports import Stored
from payoff.records.envelope import Event

START = datetime(2026, 1, 1, tzinfo=UTC)


class ArrowLog:
    """Read only; everything is a `unit.facts` event."""

    def __init__(self, facts: pa.Table) -> None:
        self._facts = facts

    def read(self, kind: str, *, after: int = 0) -> pa.Table:
        return self._facts.slice(after) if kind == "unit.facts" else KINDS[kind].schema.empty_table()

    def head(self) -> int:
        return self._facts.num_rows

    def generation(self) -> int:
        return 0

    def state(self) -> tuple[int, int]:
        return 0, self.head()

    def append(self, events: Sequence[Event]) -> list[Stored]:
        raise NotImplementedError

    def find(self, id: str) -> Event | None:
        raise NotImplementedError

    def latest(self, kind: str, unit: str) -> Event | None:
        raise NotImplementedError


def tables(rows: Sequence[tuple[str, float, dict[str, Any]]]) -> LogTables:
    """(unit, day since START, facts) → the log's tables, in the order given."""
    n = len(rows)
    at = [START + timedelta(days=day) for _, day, _ in rows]
    columns = {
        "seq": list(range(1, n + 1)),
        "id": [f"e{i}" for i in range(n)],
        "version": [1] * n,
        "unit": [unit for unit, _, _ in rows],
        "actor": [None] * n,
        "at": at,
        "received_at": at,
        "facts": [json.dumps(facts) for _, _, facts in rows],
        "source": [None] * n,
        "given": [None] * n,
    }
    return LogTables(ArrowLog(pa.table(columns, schema=KINDS["unit.facts"].schema)))
