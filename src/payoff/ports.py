"""What the house needs from outside, as small Protocols. Adapters implement them; `configuration` binds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

import pyarrow as pa

from payoff.errors import PayoffError
from payoff.records.deliveries import Addressee, Entry, Found, Parcel, Placed, Press, Sent
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

    def read(
        self,
        kind: str,
        *,
        after: int = 0,
        since: datetime | None = None,
        without: Mapping[str, str] | None = None,
    ) -> pa.Table:
        """All events of a kind with `seq` above `after`, in the order of `seq`, in the kind's Arrow schema.

        With `since` only those that speak of that moment or a later one; they cost what they are, not what
        there ever was. `without` leaves out events with one of these values in a text field, unread.
        """
        ...

    def last_of(
        self, kind: str, *, since: datetime, until: datetime, without: Mapping[str, str] | None = None
    ) -> dict[str, int]:
        """For every unit the highest `seq` of its events of a kind between two moments, both included."""
        ...

    def find(self, id: str) -> Event | None:
        """One event by its id."""
        ...

    def find_many(self, kind: str, ids: Sequence[str]) -> pa.Table:
        """Events of a kind by their ids, in the order of `seq`; ids of nobody, or of another kind, have no row."""
        ...

    def about(self, suggestion: str) -> list[Event]:
        """Every event that names a suggestion (answers, claims, feedback, outcomes …), in the order of `seq`."""
        ...

    def latest_many(self, kind: str, units: Sequence[str], *, until: datetime) -> pa.Table:
        """For each of the units its newest event of a kind up to a moment, as `latest` has it; at most one row a
        unit, in the order of `seq`."""
        ...

    def newest(self, kinds: Sequence[str], *, until: datetime) -> dict[str, datetime]:
        """The newest moment events of each kind speak of, up to a moment; without events a kind is left out."""
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

    def state(self) -> tuple[int, int]:
        """Generation and head, in one question."""
        ...

    def forget(self, unit: str) -> int:
        """Erase a unit's events and all that names its suggestions; returns how many. The generation changes."""
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


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document: its number from 1, who wrote it ("file": somebody by hand), when."""

    number: int
    by: str
    at: datetime


@runtime_checkable
class DocumentStore(Protocol):
    """Brief and playbook with their history: every version, by whom, when."""

    def save(self, name: str, text: str, *, by: str, at: datetime, after: int | None = None) -> int:
        """Keep a version (nothing happens if the text is the newest one) and return its number, from 1.

        With `after` only if that is still the newest one (0: there is none). Raises `Conflict` otherwise.
        """
        ...

    def history(self, name: str, *, most: int | None = None) -> list[Version]:
        """Its versions, the newest first; at most so many."""
        ...

    def load(self, name: str, version: int | None = None) -> str | None:
        """The newest text, or that of one version; `None` if there is none."""
        ...


@runtime_checkable
class ProductFiles(Protocol):
    """The files people edit by hand: `payoff.toml` and `playbook.toml` in the product's folder."""

    def stamp(self, name: str) -> object:
        """Something that changes whenever the file does; `None` for a file that is not there. Costs no reading."""
        ...

    def read(self, name: str) -> tuple[str, datetime] | None:
        """The text and when it was last changed; `None` for a file that is not there.

        Raises `BadInput` for one that cannot be read as text.
        """
        ...

    def write(self, name: str, text: str) -> None:
        """Put the whole text in its place at once; a reader sees the old file or the new one, never half of one.

        Who may read and write it stays as it was. Raises `Unavailable` where it cannot be written.
        """
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
class Account:
    """Whether and how a person can sign in; who they are and what they may do is in the brief.

    `password` is a hash, "" without one. `version` grows with every change, so that an invitation made before it
    opens nothing any more.
    """

    person: str
    password: str
    version: int
    changed_at: datetime
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in on one device. Good until `expires_at` at most."""

    person: str
    made_at: datetime
    expires_at: datetime
    last_seen: datetime


KeyKind = Literal["publishable", "secret"]


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key: a secret one acts for a `person` or with `permissions` of its own; a publishable one may
    stand in a page of one of the `origins`. The key itself is not here."""

    id: str
    kind: KeyKind
    label: str
    made_by: str
    made_at: datetime
    person: str = ""
    permissions: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    revoked_at: datetime | None = None
    last_used: datetime | None = None


@runtime_checkable
class AccountStore(Protocol):
    """Passwords, sessions, keys and secrets of one product. Of tokens and keys only the SHA-256 comes in here."""

    def secret(self, name: str) -> bytes:
        """32 bytes of chance, made at the first asking and the same for every process from then on."""
        ...

    def secured(self) -> bool:
        """Whether anybody ever had a password: from then on people sign in, also after it was taken away."""
        ...

    def account(self, person: str) -> Account | None:
        """One person's account; `None` before their first invitation or password."""
        ...

    def accounts(self) -> list[Account]:
        """All accounts, by person."""
        ...

    def invite(self, person: str, *, at: datetime) -> int:
        """Make earlier invitations void and return the account's new version, which the next one names."""
        ...

    def set_password(self, person: str, password: str, *, at: datetime, version: int | None = None) -> bool:
        """Keep a password's hash ("" takes it away) and end every session of the person, in one step.

        With a `version`, only if the account is still at it; `False`, and nothing done, otherwise.
        """
        ...

    def rehash(self, person: str, old: str, new: str) -> None:
        """Another hash of the same password, unless it changed meanwhile; nothing else changes."""
        ...

    def open_session(self, digest: bytes, session: Session, *, version: int) -> bool:
        """Keep a session if the account has a password and is still at `version`; `False` otherwise."""
        ...

    def session(self, digest: bytes) -> Session | None:
        """The session of a token, whatever its age."""
        ...

    def sessions(self, person: str) -> list[Session]:
        """One person's sessions, whatever their age, the newest first."""
        ...

    def seen(self, digest: bytes, at: datetime) -> None:
        """The session was used; its person was seen."""
        ...

    def end_session(self, digest: bytes) -> None:
        """Signed out on one device; nothing happens for a session nobody knows."""
        ...

    def add_key(self, digest: bytes, key: Key) -> None:
        """Keep a new key."""
        ...

    def key(self, digest: bytes) -> Key | None:
        """The key, revoked or not."""
        ...

    def all_keys(self) -> list[Key]:
        """All keys, revoked ones too, the newest first."""
        ...

    def revoke_key(self, id: str, *, at: datetime) -> Key:
        """The key opens nothing from now on; a second time changes nothing. Raises `Unknown`."""
        ...

    def key_used(self, id: str, at: datetime) -> None:
        """When the key was last seen."""
        ...

    def attempt(self, name: str, at: datetime, wait: Callable[[int], timedelta]) -> timedelta:
        """Count one more try under a name and return zero; or count nothing and return how long to wait still.

        `wait(n)` is how long after the nth counted try the next may come. Counts last a day from the first.
        Counting comes before the password is looked at, so that a hundred tries at once are a hundred.
        """
        ...

    def forgive(self, name: str, tries: int | None = None) -> None:
        """Take back so many tries, or all."""
        ...


@runtime_checkable
class Channel(Protocol):
    """A place where people work. Every method raises `Undelivered`, and waits no longer than its own patience."""

    @property
    def name(self) -> str:
        """As the brief calls it; `via` of what comes back from there."""
        ...

    @property
    def lasting(self) -> bool:
        """Whether what was put off comes back there by itself, as a task does and a message does not."""
        ...

    def send(self, parcel: Parcel) -> Sent:
        """Put the entries there. What stands there already under the parcel's key, or the entry's own, is not put
        there twice, as far as the place can tell."""
        ...

    def show(self, placed: Sequence[Placed]) -> None:
        """Bring what stands under one reference (all its entries) up to date, where that can be."""
        ...

    def look(self, placed: Sequence[Placed]) -> Sequence[Found]:
        """How these stand there now; empty for a channel that answers by itself."""
        ...


@runtime_checkable
class Door(Protocol):
    """Where a channel sends what people pressed."""

    def pressed(self, body: bytes, headers: Mapping[str, str]) -> Press | None:
        """What was pressed; `None` where it asks for nothing. Raises `Refused` unless the channel itself sent it,
        just now."""
        ...

    def who(self, user: str, people: Sequence[Addressee]) -> Addressee | None:
        """The person behind the channel's own name for somebody; `None` for a stranger."""
        ...

    def tell(self, press: Press, words: str) -> None:
        """A word to whoever pressed, which nobody else reads."""
        ...

    def ask(self, press: Press, entry: Entry, people: Sequence[Addressee], actions: Mapping[str, str]) -> None:
        """Open the form that asks for what the press alone does not say."""
        ...


@runtime_checkable
class CalendarWriter(Protocol):
    """Entries as a calendar others subscribe to."""

    def write(self, title: str, entries: Sequence[Entry], *, host: str, link: str, at: datetime) -> bytes:
        """An iCalendar file: one all-day entry a suggestion, with an id that stays; `link` is where to answer."""
        ...


@dataclass(frozen=True, slots=True)
class Channels:
    """The brief's channels as they can be used. `faults` says of each of the others why it cannot."""

    ready: Mapping[str, Channel] = field(default_factory=dict)
    faults: Mapping[str, PayoffError] = field(default_factory=dict)
    door: Door | None = None
    calendar: CalendarWriter | None = None


@dataclass(frozen=True, slots=True)
class Storage:
    """The stores of one product, over one database."""

    log: EventLog
    artefacts: ArtefactStore
    documents: DocumentStore
    accounts: AccountStore
