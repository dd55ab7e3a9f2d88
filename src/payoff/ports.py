"""What the house needs from outside, as small Protocols. Adapters implement them; `configuration` binds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

import pyarrow as pa

from payoff.records.envelope import Event

Stored = Literal["stored", "duplicate", "conflict"]


@runtime_checkable
class Clock(Protocol):
    """The only source of *now*; a replay sets its own."""

    def now(self) -> datetime:
        """This moment, with a zone."""
        ...


@runtime_checkable
class EventLog(Protocol):
    """The append-only log of one product."""

    def append(self, events: Sequence[Event]) -> list[Stored]:
        """Keep events and return after the commit, one answer an event, all in one transaction.

        `duplicate`: the same id with the same content came before. `conflict`: the same id with another
        content came before; the first one stays. Raises `Unavailable` when nothing could be kept.
        """
        ...

    def read(self, kind: str, *, after: int = 0) -> pa.Table:
        """All events of a kind with `seq` above `after`, oldest first, in the kind's Arrow schema."""
        ...

    def find(self, id: str) -> Event | None:
        """One event by its id."""
        ...

    def latest(self, kind: str, unit: str) -> Event | None:
        """The newest event of a kind for one unit."""
        ...

    def head(self) -> int:
        """The highest `seq` there is; 0 for an empty log. It grows with every event kept."""
        ...

    def generation(self) -> int:
        """Changes when kept events were rewritten (an erasure); whoever cached events starts afresh."""
        ...


@dataclass(frozen=True, slots=True)
class Artefact:
    """Bytes that something learned, with what they are; the key is their SHA-256."""

    key: str
    kind: str
    about: Mapping[str, Any]
    payload: bytes


@runtime_checkable
class ArtefactStore(Protocol):
    """Learned models and kept scorecards, addressed by content, never changed."""

    def put(self, kind: str, payload: bytes, about: Mapping[str, Any]) -> str:
        """Keep the bytes and return their key; the same bytes give the same key."""
        ...

    def get(self, key: str) -> Artefact:
        """Raises `Unknown` for a key that was never kept."""
        ...


@runtime_checkable
class DocumentStore(Protocol):
    """Brief and playbook with their history: every version, by whom, when."""

    def save(self, name: str, text: str, *, by: str, at: datetime) -> int:
        """Keep a version (nothing happens if the text is the newest one) and return its number, from 1."""
        ...

    def load(self, name: str, version: int | None = None) -> str | None:
        """The newest text, or that of one version; `None` if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave: a table, the moment its data speak of, and the coercions made, in words."""

    table: pa.Table
    as_of: datetime
    notes: tuple[str, ...] = ()


@runtime_checkable
class Source(Protocol):
    """A place the weekly turn re-reads: a file pattern, a SQL query, an endpoint."""

    def read(self) -> Reading:
        """Raises `BadInput` naming row, column and mend; never half a table."""
        ...


@dataclass(frozen=True, slots=True)
class Storage:
    """The stores of one product, over one database."""

    log: EventLog
    artefacts: ArtefactStore
    documents: DocumentStore
