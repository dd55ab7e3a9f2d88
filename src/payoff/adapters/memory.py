"""The stores in memory, for tests and a look around: the databases' answers, gone with the process."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.adapters.storage.rows import Row, event_of, kind_of, left, rows_of, table_of
from payoff.checks import moment
from payoff.errors import Conflict, Unknown
from payoff.ports import Account, Artefact, Key, Session, Storage, Stored, Version
from payoff.records.envelope import Event
from payoff.records.time import from_micros, to_micros


def storage() -> Storage:
    """Empty stores of one product; another call makes those of another."""
    return Storage(MemoryLog(), MemoryArtefacts(), MemoryDocuments(), MemoryAccounts())


class MemoryLog:
    """Implements `ports.EventLog`; safe to call from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[str, list[tuple[int, Row]]] = defaultdict(list)  # by kind, oldest first
        self._place: dict[str, tuple[int, Row]] = {}  # by id
        self._of_unit: dict[tuple[str, str | None], list[tuple[int, Row]]] = defaultdict(list)
        self._of_suggestion: dict[str, list[tuple[int, Row]]] = defaultdict(list)
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
        if row.suggestion is not None:
            self._of_suggestion[row.suggestion].append(placed)
        return "stored"

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
        with self._lock:
            rows = self._rows[kind]
            rows = rows[bisect_right(rows, after, key=lambda placed: placed[0]) :]
        if since is not None:
            start = to_micros(since)
            rows = [placed for placed in rows if placed[1].at >= start]
        return left(table_of(declared, [_columns(*placed) for placed in rows]), without)

    def last_of(
        self, kind: str, *, since: datetime, until: datetime, without: Mapping[str, str] | None = None
    ) -> dict[str, int]:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        rows = self.read(kind, since=since, without=without)
        rows = rows.filter(pc.and_(pc.less_equal(rows["at"], pa.scalar(until)), rows["unit"].is_valid()))
        return dict(zip(rows["unit"].to_pylist(), rows["seq"].to_pylist(), strict=True))

    def find(self, id: str) -> Event | None:
        """See `ports.EventLog`."""
        placed = self._place.get(id)
        return None if placed is None else event_of(placed[1].kind, _columns(*placed))

    def find_many(self, kind: str, ids: Sequence[str]) -> pa.Table:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        declared = kind_of(kind)
        with self._lock:
            found = [self._place[one] for one in set(ids) if one in self._place]
        mine = sorted((placed for placed in found if placed[1].kind == kind), key=lambda placed: placed[0])
        return table_of(declared, [_columns(*placed) for placed in mine])

    def about(self, suggestion: str) -> list[Event]:
        """See `ports.EventLog`."""
        with self._lock:
            mine = list(self._of_suggestion.get(suggestion, ()))
        return [event_of(row.kind, _columns(seq, row)) for seq, row in mine]

    def latest_many(self, kind: str, units: Sequence[str], *, until: datetime) -> pa.Table:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        declared, end = kind_of(kind), to_micros(until)
        with self._lock:
            known = ([p for p in self._of_unit.get((kind, unit), ()) if p[1].at <= end] for unit in set(units))
            newest = [max(mine, key=lambda placed: (placed[1].at, placed[0])) for mine in known if mine]
        return table_of(declared, [_columns(*p) for p in sorted(newest, key=lambda placed: placed[0])])

    def newest(self, kinds: Sequence[str], *, until: datetime) -> dict[str, datetime]:
        """See `ports.EventLog`. Raises `Unknown` for a kind nobody declared."""
        end = to_micros(until)
        with self._lock:
            known = {kind_of(k).name: [row.at for _, row in self._rows.get(k, ()) if row.at <= end] for k in kinds}
        return {kind: from_micros(max(moments)) for kind, moments in known.items() if moments}

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

    def state(self) -> tuple[int, int]:
        """See `ports.EventLog`."""
        with self._lock:
            return self._generation, self._head

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
            for placed in (*self._rows.values(), *self._of_unit.values(), *self._of_suggestion.values()):
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

    def save(self, name: str, text: str, *, by: str, at: datetime, after: int | None = None) -> int:
        """See `ports.DocumentStore`. Raises `Conflict` when it has moved on."""
        moment("at", at)
        with self._lock:
            versions = self._versions[name]
            if after not in (None, len(versions)):
                raise Conflict(f"{name} is at version {len(versions)}, not {after}", mend="Look at it again.")
            if not versions or versions[-1][0] != text:
                versions.append((text, by, at))
            return len(versions)

    def load(self, name: str, version: int | None = None) -> str | None:
        """See `ports.DocumentStore`."""
        versions = self._versions.get(name, [])
        number = len(versions) if version is None else version
        return versions[number - 1][0] if 1 <= number <= len(versions) else None

    def history(self, name: str, *, most: int | None = None) -> list[Version]:
        """See `ports.DocumentStore`."""
        versions = self._versions.get(name, [])
        found = [Version(n, by, at) for n, (_, by, at) in enumerate(versions, 1)]
        return found[::-1][:most]


class MemoryAccounts:
    """Implements `ports.AccountStore`; see there for every method."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._secrets: dict[str, bytes] = {}
        self._accounts: dict[str, Account] = {}
        self._secured = False
        self._sessions: dict[bytes, Session] = {}
        self._keys: dict[bytes, Key] = {}
        self._tries: dict[str, tuple[int, datetime, datetime]] = {}  # how many, the first, the last

    def secret(self, name: str) -> bytes:
        return self._secrets.setdefault(name, os.urandom(32))

    def secured(self) -> bool:
        return self._secured

    def account(self, person: str) -> Account | None:
        return self._accounts.get(person)

    def accounts(self) -> list[Account]:
        return [account for _, account in sorted(self._accounts.items())]

    def invite(self, person: str, *, at: datetime) -> int:
        with self._lock:
            account = self._of(person, at)
            changed = replace(account, version=account.version + 1, changed_at=at)
            self._accounts[person] = changed
            return changed.version

    def set_password(self, person: str, password: str, *, at: datetime, version: int | None = None) -> bool:
        with self._lock:
            account = self._of(person, at)
            if version not in (None, account.version):
                return False
            changed = replace(account, password=password, version=account.version + 1, changed_at=at)
            self._accounts[person] = changed
            self._secured = self._secured or bool(password)
            self._sessions = {key: one for key, one in self._sessions.items() if one.person != person}
            return True

    def rehash(self, person: str, old: str, new: str) -> None:
        with self._lock:
            account = self._accounts.get(person)
            if account is not None and account.password == old:
                self._accounts[person] = replace(account, password=new)

    def open_session(self, digest: bytes, session: Session, *, version: int) -> bool:
        with self._lock:
            account = self._accounts.get(session.person)
            if account is None or not account.password or account.version != version:
                return False
            now = session.made_at
            self._sessions = {key: one for key, one in self._sessions.items() if one.expires_at > now}
            self._sessions[digest] = session
            self._accounts[session.person] = replace(account, last_seen=session.last_seen)
            return True

    def session(self, digest: bytes) -> Session | None:
        return self._sessions.get(digest)

    def sessions(self, person: str) -> list[Session]:
        theirs = [session for session in self._sessions.values() if session.person == person]
        return sorted(theirs, key=lambda session: session.made_at, reverse=True)

    def seen(self, digest: bytes, at: datetime) -> None:
        with self._lock:
            session = self._sessions.get(digest)
            if session is not None:
                self._sessions[digest] = replace(session, last_seen=at)
                self._accounts[session.person] = replace(self._accounts[session.person], last_seen=at)

    def end_session(self, digest: bytes) -> None:
        self._sessions.pop(digest, None)

    def add_key(self, digest: bytes, key: Key) -> None:
        self._keys[digest] = key

    def key(self, digest: bytes) -> Key | None:
        return self._keys.get(digest)

    def all_keys(self) -> list[Key]:
        by_id = sorted(self._keys.values(), key=lambda key: key.id)
        return sorted(by_id, key=lambda key: key.made_at, reverse=True)

    def revoke_key(self, id: str, *, at: datetime) -> Key:
        found = self._change(id, lambda key: key if key.revoked_at else replace(key, revoked_at=at))
        if found is None:
            raise Unknown.among("key", id, [key.id for key in self._keys.values()])
        return found

    def key_used(self, id: str, at: datetime) -> None:
        self._change(id, lambda key: replace(key, last_used=at))

    def attempt(self, name: str, at: datetime, wait: Callable[[int], timedelta]) -> timedelta:
        with self._lock:
            count, since, last = self._tries.get(name, (0, at, at))
            if at - since >= timedelta(days=1):
                count, since = 0, at
            left = last + wait(count) - at if count else timedelta(0)
            if left > timedelta(0):
                return left
            self._tries[name] = (count + 1, since, at)
            return timedelta(0)

    def forgive(self, name: str, tries: int | None = None) -> None:
        with self._lock:
            count, since, last = self._tries.pop(name, (0, None, None))
            if tries is not None and since and last and count > tries:
                self._tries[name] = (count - tries, since, last)

    def _of(self, person: str, at: datetime) -> Account:
        return self._accounts.get(person) or Account(person, "", 0, at)

    def _change(self, id: str, change: Callable[[Key], Key]) -> Key | None:
        with self._lock:
            for digest, key in self._keys.items():
                if key.id == id:
                    self._keys[digest] = change(key)
                    return self._keys[digest]
        return None
