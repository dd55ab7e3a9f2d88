"""The brief's [people], changed in its text: comments, order and everything else stay as they were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError

from payoff.errors import BadInput, Fault, Unknown
from payoff.people.permissions import PERMISSIONS
from payoff.people.person import Person

_ID = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_NAMED = re.compile(r"\s*(?P<name>[^,;<>]*?)\s*[,;<]?\s*(?P<email>[^@\s,;<>]+@[^@\s,;<>]+)?\s*>?\s*")


@dataclass(frozen=True, slots=True)
class New:
    """Somebody to be added. Without an `id` one is made from the name."""

    name: str
    email: str = ""
    permissions: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an admin changes of somebody."""

    email: str
    permissions: tuple[str, ...]


def people_in(text: str, permissions: Sequence[str]) -> list[New]:
    """One person a line: "Ana Ruiz, ana@example.com" (or <ana@example.com>, or the name alone)."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        parts = _NAMED.fullmatch(line)
        name, email = (parts["name"], parts["email"] or "") if parts else (line.strip(), "")
        found.append(New(name, email, tuple(permissions)))
    return found


def add_people(text: str, known: Mapping[str, Person], new: Sequence[New]) -> tuple[str, list[str]]:
    """The brief's text with these people more, and their short names. Raises `BadInput` with all faults."""
    faults = [] if new else [Fault("people", "nobody is named", "Write one person a line: name, e-mail address.")]
    ids: list[str] = []
    emails = {p.email.casefold(): p.name for p in known.values() if p.email}
    for number, one in enumerate(new, 1):
        id = one.id or _short(one.name, {*known, *ids})
        found = _faults(one, id, {*known, *ids}, emails)
        where = one.name.strip() or one.id or f"line {number}"
        faults += [Fault(where, what, mend) for what, mend in found]
        ids.append(id)
        if one.email:
            emails.setdefault(one.email.casefold(), where)
    if faults:
        raise BadInput("the people", faults)
    document = _parsed(text)
    people = document.setdefault("people", tomlkit.table(is_super_table=True))
    for id, one in zip(ids, new, strict=True):
        entry = tomlkit.table()
        entry["name"] = one.name.strip()
        if one.email:
            entry["email"] = one.email
        entry["permissions"] = _ordered(one.permissions)
        entry.add(tomlkit.nl())
        people[id] = entry
    return _written(document), ids


def change_people(text: str, known: Mapping[str, Person], changes: Mapping[str, Change]) -> str:
    """The brief's text with other addresses and permissions. Raises `BadInput` with all faults at once."""
    faults = []
    emails: dict[str, str] = {}
    for id, person in known.items():
        now = changes.get(id, Change(person.email, tuple(person.permissions)))
        if now.email and not _EMAIL.fullmatch(now.email):
            faults.append(Fault(person.name, *_no_email(now.email)))
        if now.email and now.email.casefold() in emails:
            faults.append(Fault(person.name, *_their_email(now.email, emails[now.email.casefold()])))
        emails.setdefault(now.email.casefold(), person.name)
        faults += [Fault(person.name, *fault) for fault in _permission_faults(now.permissions)]
    if faults:
        raise BadInput("the people", faults)
    document = _parsed(text)
    people = document.get("people", {})
    for id, change in changes.items():
        if id not in people:
            raise Unknown.among("person", id, people)
        if change.email != known[id].email:
            people[id]["email"] = change.email
        if set(change.permissions) != known[id].permissions:
            people[id]["permissions"] = _ordered(change.permissions)
    return _written(document)


def remove_person(text: str, id: str) -> str:
    """The brief's text without them. Raises `Unknown` for somebody it does not name."""
    document = _parsed(text)
    people = document.get("people", {})
    if id not in people:
        raise Unknown.among("person", id, people)
    del people[id]
    return _written(document)


def _faults(one: New, id: str, taken: Collection[str], emails: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    if not one.name.strip():
        found.append(("the name is missing", "Give the full name."))
    if not _ID.fullmatch(id):
        mend = "Use small letters, digits, - and _, beginning with a letter."
        found.append((f"{id!r} cannot be a short name", mend))
    elif id in taken:
        found.append((f"somebody is called {id!r} already", "Take another short name."))
    if one.email and not _EMAIL.fullmatch(one.email):
        found.append(_no_email(one.email))
    if one.email and one.email.casefold() in emails:
        found.append(_their_email(one.email, emails[one.email.casefold()]))
    if not one.permissions:
        found.append(("they may do nothing", f"Give one or more of: {', '.join(PERMISSIONS)}."))
    return found + _permission_faults(one.permissions)


def _permission_faults(permissions: Collection[str]) -> list[tuple[str, str]]:
    mend = f"There is: {', '.join(PERMISSIONS)}."
    return [(f"there is no permission {p!r}", mend) for p in permissions if p not in PERMISSIONS]


def _no_email(email: str) -> tuple[str, str]:
    return f"{email[:80]!r} is no e-mail address", "Write it like ana@example.com."


def _their_email(email: str, name: str) -> tuple[str, str]:
    return f"{email} is the address of {name}", "Two people cannot sign in with one address."


def _short(name: str, taken: Collection[str]) -> str:
    """ana; or ana-ruiz, where there is an ana; or ana-ruiz-2."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    whole = "-".join(words)[:50].strip("-")
    for wanted in (words[0] if words else "", whole):
        if _ID.fullmatch(wanted) and wanted not in taken:
            return wanted
    base = whole if _ID.fullmatch(whole) else "person"
    return next(id for n in range(2, len(taken) + 3) if (id := f"{base}-{n}") not in taken)


def _ordered(permissions: Collection[str]) -> list[str]:
    return [p for p in PERMISSIONS if p in permissions]


def _written(document: TOMLDocument) -> str:
    return tomlkit.dumps(document).rstrip() + "\n"


def _parsed(text: str) -> TOMLDocument:
    try:
        return tomlkit.parse(text.removeprefix("\ufeff"))
    except TOMLKitError as why:
        mend = "`payoff check` says where; mend it first."
        raise BadInput("the brief", [Fault("payoff.toml", str(why), mend)]) from why
