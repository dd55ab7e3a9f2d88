"""Keys for programs. A secret one (`sk_…`) acts for a person, or with permissions of its own, from a server; a
publishable one (`pk_…`) may stand in a page of named sites and opens nothing but the widget's addresses.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

from payoff.errors import BadInput, Fault, Refused, Unavailable, Unknown
from payoff.people.permissions import PERMISSIONS, Permission
from payoff.people.person import Person
from payoff.people.sessions import SEEN_EVERY, digest
from payoff.ports import AccountStore, Key, KeyKind

LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))
_PREFIX: Mapping[KeyKind, str] = {"secret": "sk", "publishable": "pk"}
_LONGEST_LABEL = 80


def make_key(
    accounts: AccountStore,
    people: Mapping[str, Person],
    kind: KeyKind,
    label: str,
    *,
    by: str,
    now: datetime,
    person: str = "",
    permissions: Sequence[str] = (),
    origins: Sequence[str] = (),
) -> tuple[Key, str]:
    """A new key and its text, which nobody can ask for again. Raises `BadInput` with all faults at once."""
    faults = _label_faults(label, [key.label for key in accounts.all_keys() if key.revoked_at is None])
    sites: list[str] = []
    if kind == "secret":
        faults += _scope_faults(people, person, permissions)
    else:
        if person or permissions:
            faults.append(Fault("permissions", "a publishable key has none", "Name the sites alone."))
        if not origins:
            mend = "Name the sites whose pages may hold it, for example https://app.example.com."
            faults.append(Fault("origins", "no site is named", mend))
        for given in origins:
            try:
                sites.append(origin(given))
            except ValueError as why:
                faults.append(Fault("origins", str(why), "Write it like https://app.example.com."))
    if faults:
        raise BadInput("the key", faults)
    allowed = tuple(p for p in PERMISSIONS if p in permissions)
    return _kept(accounts, Key("", kind, label.strip(), by, now, person, allowed, tuple(dict.fromkeys(sites))))


def replace_key(accounts: AccountStore, id: str, *, by: str, now: datetime) -> tuple[Key, str]:
    """Another key of the same name, kind and reach; the old one goes on until somebody revokes it.

    So a program can change from one to the other without a gap. Raises `Unknown`, `Refused` for a revoked one.
    """
    known = {key.id: key for key in accounts.all_keys()}
    if id not in known:
        raise Unknown.among("key", id, known)
    old = known[id]
    if old.revoked_at is not None:
        raise Refused(f"the key {old.label!r} was revoked", mend="Make a new one.")
    return _kept(accounts, replace(old, made_by=by, made_at=now, last_used=None))


def key_of(accounts: AccountStore, text: str, kind: KeyKind, now: datetime) -> Key | None:
    """The living key of this text and kind; `None` for any other text, and for a revoked one."""
    key = accounts.key(digest(text)) if text.startswith(f"{_PREFIX[kind]}_") else None
    if key is None or key.kind != kind or key.revoked_at is not None:
        return None
    if key.last_used is None or now - key.last_used >= SEEN_EVERY:
        with contextlib.suppress(Unavailable):
            accounts.key_used(key.id, now)
    return key


def holder(key: Key, people: Mapping[str, Person]) -> Person | None:
    """Who answers for what a secret key does: its person, or the key by its label.

    `None` once its person left the brief: the key opens nothing then.
    """
    if key.person:
        return people.get(key.person)
    permissions = cast("Collection[Permission]", key.permissions)
    return Person(f"key:{key.label}", key.label, frozenset(permissions))


def revoke_keys_of(accounts: AccountStore, person: str, *, now: datetime) -> list[Key]:
    """A person leaves: every key that acts for them opens nothing from now on."""
    theirs = [key for key in accounts.all_keys() if key.person == person and key.revoked_at is None]
    return [accounts.revoke_key(key.id, at=now) for key in theirs]


def sites_in(text: str) -> list[str]:
    """Sites, one a line. Several of one line are told apart by their "://", so that one with spaces stays one."""
    found: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = line.replace(",", " ").split()
        found += parts if all("://" in part for part in parts) else [line]
    return found


def origin(given: str) -> str:
    """A site as a browser names it: scheme, host, and the port if it is not the usual one. Raises `ValueError`."""
    text = given.strip()
    parts = urlsplit(text)
    port = parts.port  # raises for nonsense
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host or "*" in host or parts.username is not None:
        raise ValueError(f"{text[:80]!r} is not the address of a site")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"{text[:80]!r} names a page, not a site")
    if not host.isascii():
        host = host.encode("idna").decode()
    shown = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, usual) else "")


def _kept(accounts: AccountStore, key: Key) -> tuple[Key, str]:
    key = replace(key, id=secrets.token_hex(4))
    text = f"{_PREFIX[key.kind]}_{key.id}_{secrets.token_urlsafe(32)}"
    accounts.add_key(digest(text), key)
    return key, text


def _label_faults(label: str, taken: Collection[str]) -> list[Fault]:
    if not label.strip():
        return [Fault("label", "it has no name", "Say what it is for, so that one day you dare to revoke it.")]
    if len(label) > _LONGEST_LABEL or not label.isprintable():
        return [Fault("label", "the name cannot be used", f"Take up to {_LONGEST_LABEL} plain characters.")]
    if label.strip() in taken:
        return [Fault("label", f"there is a key called {label.strip()!r}", "Name this one differently.")]
    return []


def _scope_faults(people: Mapping[str, Person], person: str, permissions: Sequence[str]) -> list[Fault]:
    faults = [
        Fault("permissions", f"there is no permission {p!r}", f"There is: {', '.join(PERMISSIONS)}.")
        for p in permissions
        if p not in PERMISSIONS
    ]
    if person and permissions:
        mend = "Choose one of the two: acting for a person, it may do what they may."
        faults.append(Fault("person", "it cannot act for a person and have permissions of its own", mend))
    elif not person and not permissions:
        mend = "Choose a person it acts for, or give it permissions of its own."
        faults.append(Fault("person", "nothing says what it may do", mend))
    elif person and person not in people:
        faults.append(
            Fault("person", f"nobody in the brief is called {person!r}", f"There is: {', '.join(people)}.")
        )
    return faults
