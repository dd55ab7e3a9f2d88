"""Who can sign in, where they are signed in, and the keys of programs; each method is told in the port."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, exists, insert, select, update

from payoff.adapters.storage.access import Access
from payoff.adapters.storage.schema import ACCOUNTS, KEYS, SECRETS, SESSIONS, TRIES
from payoff.errors import Unknown
from payoff.ports import Account, Key, Session
from payoff.records.time import from_micros, to_micros

_DAY = 86_400_000_000


class SqlAccounts:
    """Implements `ports.AccountStore`. Who writes takes the product's turn: no two processes change at once."""

    def __init__(self, access: Access, product: int) -> None:
        self._access = access
        self._product = product

    def secret(self, name: str) -> bytes:
        wanted = select(SECRETS.c.value).where(SECRETS.c.product == self._product, SECRETS.c.name == name)
        with self._access.reading() as connection:
            found = connection.execute(wanted).scalar()
        if found is None:
            with self._access.writing(self._product) as connection:
                found = connection.execute(wanted).scalar()  # again: another process may have been quicker
                if found is None:
                    found = os.urandom(32)
                    row = {"product": self._product, "name": name, "value": found}
                    connection.execute(insert(SECRETS).values(row))
        return bytes(found)

    def secured(self) -> bool:
        anybody = select(exists().where(self._mine(ACCOUNTS), ACCOUNTS.c.had_password > 0))
        with self._access.reading() as connection:
            return bool(connection.execute(anybody).scalar())

    def account(self, person: str) -> Account | None:
        with self._access.reading() as connection:
            row = self._of(connection, person)
        return None if row is None else _account(row)

    def accounts(self) -> list[Account]:
        mine = select(ACCOUNTS).where(ACCOUNTS.c.product == self._product)
        with self._access.reading() as connection:
            return sorted(map(_account, connection.execute(mine)), key=lambda account: account.person)

    def invite(self, person: str, *, at: datetime) -> int:
        with self._access.writing(self._product) as connection:
            row = self._of(connection, person)
            return self._change(connection, row, person, "" if row is None else row.password, at)

    def set_password(self, person: str, password: str, *, at: datetime, version: int | None = None) -> bool:
        with self._access.writing(self._product) as connection:
            row = self._of(connection, person)
            if version is not None and version != (0 if row is None else row.version):
                return False
            self._change(connection, row, person, password, at)
            connection.execute(delete(SESSIONS).where(self._mine(SESSIONS), SESSIONS.c.person == person))
        return True

    def rehash(self, person: str, old: str, new: str) -> None:
        same = (self._mine(ACCOUNTS), ACCOUNTS.c.person == person, ACCOUNTS.c.password == old)
        with self._access.writing(self._product) as connection:
            connection.execute(update(ACCOUNTS).where(*same).values(password=new))

    def open_session(self, digest: bytes, session: Session, *, version: int) -> bool:
        made = to_micros(session.made_at)
        with self._access.writing(self._product) as connection:
            row = self._of(connection, session.person)
            if row is None or not row.password or row.version != version:
                return False
            connection.execute(delete(SESSIONS).where(self._mine(SESSIONS), SESSIONS.c.expires_at <= made))
            values = {
                "product": self._product,
                "digest": digest,
                "person": session.person,
                "made_at": made,
                "expires_at": to_micros(session.expires_at),
                "last_seen": to_micros(session.last_seen),
            }
            connection.execute(insert(SESSIONS).values(values))
            self._saw(connection, session.person, to_micros(session.last_seen))
        return True

    def session(self, digest: bytes) -> Session | None:
        wanted = select(SESSIONS).where(self._mine(SESSIONS), SESSIONS.c.digest == digest)
        with self._access.reading() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else _session(row)

    def sessions(self, person: str) -> list[Session]:
        theirs = select(SESSIONS).where(self._mine(SESSIONS), SESSIONS.c.person == person)
        with self._access.reading() as connection:
            found = [_session(row) for row in connection.execute(theirs)]
        return sorted(found, key=lambda session: session.made_at, reverse=True)

    def seen(self, digest: bytes, at: datetime) -> None:
        moment, this = to_micros(at), (self._mine(SESSIONS), SESSIONS.c.digest == digest)
        with self._access.writing(self._product) as connection:
            person = connection.execute(select(SESSIONS.c.person).where(*this)).scalar()
            if person is not None:
                connection.execute(update(SESSIONS).where(*this).values(last_seen=moment))
                self._saw(connection, person, moment)

    def end_session(self, digest: bytes) -> None:
        with self._access.writing(self._product) as connection:
            connection.execute(delete(SESSIONS).where(self._mine(SESSIONS), SESSIONS.c.digest == digest))

    def add_key(self, digest: bytes, key: Key) -> None:
        row = {
            "product": self._product,
            "id": key.id,
            "digest": digest,
            "kind": key.kind,
            "label": key.label,
            "person": key.person,
            "permissions": json.dumps(key.permissions),
            "origins": json.dumps(key.origins),
            "made_by": key.made_by,
            "made_at": to_micros(key.made_at),
        }
        with self._access.writing(self._product) as connection:
            connection.execute(insert(KEYS).values(row))

    def key(self, digest: bytes) -> Key | None:
        wanted = select(KEYS).where(self._mine(KEYS), KEYS.c.digest == digest)
        with self._access.reading() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else _key(row)

    def all_keys(self) -> list[Key]:
        mine = select(KEYS).where(self._mine(KEYS)).order_by(KEYS.c.made_at.desc(), KEYS.c.id)
        with self._access.reading() as connection:
            return [_key(row) for row in connection.execute(mine)]

    def revoke_key(self, id: str, *, at: datetime) -> Key:
        this = (self._mine(KEYS), KEYS.c.id == id)
        with self._access.writing(self._product) as connection:
            change = update(KEYS).where(*this, KEYS.c.revoked_at.is_(None)).values(revoked_at=to_micros(at))
            connection.execute(change)
            row = connection.execute(select(KEYS).where(*this)).first()
            if row is None:
                known = connection.execute(select(KEYS.c.id).where(self._mine(KEYS))).scalars()
                raise Unknown.among("key", id, known)
        return _key(row)

    def key_used(self, id: str, at: datetime) -> None:
        with self._access.writing(self._product) as connection:
            used = update(KEYS).where(self._mine(KEYS), KEYS.c.id == id).values(last_used=to_micros(at))
            connection.execute(used)

    def attempt(self, name: str, at: datetime, wait: Callable[[int], timedelta]) -> timedelta:
        now, this = to_micros(at), (self._mine(TRIES), TRIES.c.name == name)
        with self._access.writing(self._product) as connection:
            connection.execute(delete(TRIES).where(self._mine(TRIES), TRIES.c.since <= now - _DAY))
            row = connection.execute(select(TRIES).where(*this)).first()
            if row is None:
                first = {"product": self._product, "name": name, "tried": 1, "since": now, "last": now}
                connection.execute(insert(TRIES).values(first))
                return timedelta(0)
            left = from_micros(row.last) + wait(row.tried) - at
            if left > timedelta(0):
                return left
            connection.execute(update(TRIES).where(*this).values(tried=row.tried + 1, last=now))
        return timedelta(0)

    def forgive(self, name: str, tries: int | None = None) -> None:
        this = (self._mine(TRIES), TRIES.c.name == name)
        with self._access.writing(self._product) as connection:
            if tries is not None:
                connection.execute(update(TRIES).where(*this).values(tried=TRIES.c.tried - tries))
            gone = delete(TRIES).where(*this)
            connection.execute(gone if tries is None else gone.where(TRIES.c.tried <= 0))

    def _mine(self, table: Table) -> Any:
        return table.c.product == self._product

    def _of(self, connection: Connection, person: str) -> Row[Any] | None:
        return connection.execute(
            select(ACCOUNTS).where(self._mine(ACCOUNTS), ACCOUNTS.c.person == person)
        ).first()

    def _change(
        self, connection: Connection, row: Row[Any] | None, person: str, password: str, at: datetime
    ) -> int:
        version = 1 if row is None else int(row.version) + 1
        had = int(bool(password) or (row is not None and row.had_password > 0))
        values = {"password": password, "had_password": had, "version": version, "changed_at": to_micros(at)}
        if row is None:
            connection.execute(insert(ACCOUNTS).values(product=self._product, person=person, **values))
        else:
            this = (self._mine(ACCOUNTS), ACCOUNTS.c.person == person)
            connection.execute(update(ACCOUNTS).where(*this).values(values))
        return version

    def _saw(self, connection: Connection, person: str, moment: int) -> None:
        this = (self._mine(ACCOUNTS), ACCOUNTS.c.person == person)
        connection.execute(update(ACCOUNTS).where(*this).values(last_seen=moment))


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_micros(value)


def _session(row: Row[Any]) -> Session:
    return Session(row.person, *map(from_micros, (row.made_at, row.expires_at, row.last_seen)))


def _account(row: Row[Any]) -> Account:
    return Account(row.person, row.password, row.version, from_micros(row.changed_at), _moment(row.last_seen))


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        kind=row.kind,
        label=row.label,
        made_by=row.made_by,
        made_at=from_micros(row.made_at),
        person=row.person,
        permissions=tuple(json.loads(row.permissions)),
        origins=tuple(json.loads(row.origins)),
        revoked_at=_moment(row.revoked_at),
        last_used=_moment(row.last_used),
    )
