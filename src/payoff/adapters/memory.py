"""The stores in memory, for tests and a look around: the databases' answers, gone with the process."""

from __future__ import annotations

import hashlib
import json
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from payoff.adapters.storage.rows import Row, event_of, kind_of, rows_of, table_of
from payoff.checks import moment
from payoff.errors import Unknown
from payoff.ports import Artefact, Storage, Stored
from payoff.records.envelope import Event


def storage() -> Storage:
    """Empty stores of one product; another call makes those of another."""
    return Storage(MemoryLog(), MemoryArtefacts(), MemoryDocuments())


class MemoryLog:
    """Implements `ports.EventLog`; safe to call from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[str, list[tuple[int, Row]]] = defaultdict(list)  # by kind, oldest first
        self._place: dict[str, tuple[int, Row]] = {}  # by id
        self._of_unit: dict[tuple[str, str | None], list[tuple[int, Row]]] = defaultdict(list)
        self._erased: set[str] = set()
        self._head = 0
        self._generation = 0

    def append(self, events: Sequence[Event]) -> list[Stored]:
        """See `ports.EventLog`. Raises `BadInput`, before anything is kept, for what no reader could read back."""
        rows = rows_of(events)
        with self._lock:
            return [self._keep(row) for row in rows]

    def _keep(self, row: Row) -> Stored:
        if row.id in self._erased:
            return "duplicate"
        if row.id in self._place:
            return "duplicate" if self._place[row.id][1].digest == row.digest else "conflict"
        self._head += 1
        self._place[row.id] = placed = (self._head, row)
        self._rows[row.kind].append(placed)
        self._of_unit[row.kind, row.unit].append(placed)
        return "stored"

    def read(self, kind: str, *, after: int = 0) -> pa.Table:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        declared = kind_of(kind)
        with self._lock:
            rows = self._rows[kind]
            rows = rows[bisect_right(rows, after, key=lambda placed: placed[0]) :]
        return table_of(declared, [_columns(*placed) for placed in rows])

    def find(self, id: str) -> Event | None:
        """See `ports.EventLog`."""
        placed = self._place.get(id)
        return None if placed is None else event_of(placed[1].kind, _columns(*placed))

    def latest(self, kind: str, unit: str) -> Event | None:
        """The newest by the moment it happened, and by arrival between equals; late news do not displace newer."""
        kind_of(kind)
        with self._lock:
            mine = self._of_unit.get((kind, unit))
            newest = max(mine, key=lambda placed: (placed[1].at, placed[0])) if mine else None
        return None if newest is None else event_of(kind, _columns(*newest))

    def head(self) -> int:
        """See `ports.EventLog`."""
        return self._head

    def generation(self) -> int:
        """See `ports.EventLog`."""
        return self._generation

    def forget(self, unit: str) -> int:
        """Erase a unit: its events, and what was said about its suggestions. Returns how many events went.

        Only their ids stay, so that none of them comes back when somebody sends it again. The generation changes.
        """
        with self._lock:
            told = {row.id for _, row in self._of_unit["suggestion", unit]}
            gone = {row.id for _, row in self._place.values() if row.unit == unit or row.suggestion in told}
            if not gone:
                return 0
            self._erased |= gone
            self._place = {key: placed for key, placed in self._place.items() if key not in gone}
            for groups in (self._rows, self._of_unit):
                for placed in groups.values():
                    placed[:] = [one for one in placed if one[1].id not in gone]
            self._generation += 1
        return len(gone)


def _columns(seq: int, row: Row) -> tuple[Any, ...]:
    return (seq, row.id, row.version, row.unit, row.actor, row.at, row.received_at, row.body)


class MemoryArtefacts:
    """Implements `ports.ArtefactStore`."""

    def __init__(self) -> None:
        self._kept: dict[str, Artefact] = {}

    def put(self, kind: str, payload: bytes, about: Mapping[str, Any]) -> str:
        """See `ports.ArtefactStore`."""
        key = hashlib.sha256(payload).hexdigest()
        copy = json.loads(
            json.dumps(about, allow_nan=False)
        )  # as a database gives it back, and nobody's to change
        self._kept.setdefault(key, Artefact(key, kind, copy, bytes(payload)))
        return key

    def get(self, key: str) -> Artefact:
        """See `ports.ArtefactStore`."""
        if key not in self._kept:
            raise Unknown.among("artefact", key, self._kept)
        return self._kept[key]


class MemoryDocuments:
    """Implements `ports.DocumentStore`."""

    def __init__(self) -> None:
        self._versions: dict[str, list[tuple[str, str, datetime]]] = defaultdict(list)
        self._lock = threading.Lock()

    def save(self, name: str, text: str, *, by: str, at: datetime) -> int:
        """See `ports.DocumentStore`."""
        moment("at", at)
        with self._lock:
            versions = self._versions[name]
            if not versions or versions[-1][0] != text:
                versions.append((text, by, at))
            return len(versions)

    def load(self, name: str, version: int | None = None) -> str | None:
        """See `ports.DocumentStore`."""
        versions = self._versions.get(name, [])
        number = len(versions) if version is None else version
        return versions[number - 1][0] if 1 <= number <= len(versions) else None
