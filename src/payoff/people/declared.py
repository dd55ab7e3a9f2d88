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
_EMAIL = re.compile(r"[^@\s,;<>]+@(?:[^@\s,;<>.]+\.)+[^@\s,;<>.]{2,}")
_LAST_PART = re.compile(r"(?P<name>.*)[,;<]\s*(?P<email>.*)|(?P<words>.*?)\s*(?P<address>\S*@\S*)")
LONGEST_NAME = 80
NOTHING = "they may do nothing"
"""What is wrong with somebody without a permission; a page says what to do about it in its own words."""


@dataclass(frozen=True, slots=True)
class New:
    """Somebody to be added. Without an `id` one is made from the name; `line` is where they were typed."""

    name: str
    email: str = ""
    permissions: tuple[str, ...] = ()
    id: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """How to find them among what was typed."""
        called = (self.name.strip() or self.id or self.email)[:LONGEST_NAME]
        return ", ".join(part for part in (f"line {self.line}" if self.line else "", called) if part)


@dataclass(frozen=True, slots=True)
class Change:
    """What an admin changes of somebody."""

    email: str
    permissions: tuple[str, ...]


def people_in(text: str, permissions: Sequence[str]) -> list[New]:
    """One person a line: "Ana Ruiz, ana@example.com" (or <ana@example.com>, or the name alone).

    What stands behind the last comma is the address, whether it is one or not: so a wrong one is found out.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if typed := line.strip(" \t,;>"):
            parts = _LAST_PART.fullmatch(typed)
            name, email = (parts[1] or parts[3] or "", parts[2] or parts[4] or "") if parts else (typed, "")
            found.append(New(name.strip(), email.strip(), tuple(permissions), line=number))
    return found


def add_people(text: str, known: Mapping[str, Person], new: Sequence[New]) -> tuple[str, list[str]]:
    """The brief's text with these people more, and their short names. Raises `BadInput` with all faults."""
    faults = [] if new else [Fault("people", "nobody is named", "Write one person a line: name, e-mail address.")]
    ids: list[str] = []
    emails = {p.email.casefold(): p.name for p in known.values() if p.email}
    for one in new:
        id = one.id or _short(one.name, {*known, *ids})
        found = _faults(one, id, {*known, *ids}, emails)
        faults += [Fault(one.where, what, mend, ("people",)) for what, mend in found]
        ids.append(id)
        if one.email:
            emails.setdefault(one.email.casefold(), one.name.strip() or one.where)
    # All of one form get the same: said once, not of each.
    chosen = {one.permissions: one for one in new}.values()
    for one in chosen:
        where = one.where if len(chosen) > 1 or len(new) == 1 else "all of them"
        faults += [
            Fault(where, what, mend, ("permissions",)) for what, mend in _permission_faults(one.permissions)
        ]
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
        if now.email and now.email != person.email and not _EMAIL.fullmatch(now.email):
            faults.append(Fault(person.name, *_no_email(now.email), ("email", id)))
        if now.email and now.email.casefold() in emails:
            their = _their_email(now.email, emails[now.email.casefold()])
            faults.append(Fault(person.name, *their, ("email", id)))
        emails.setdefault(now.email.casefold(), person.name)
        if set(now.permissions) != person.permissions:  # whoever may do nothing by the file keeps nobody waiting
            found = _permission_faults(now.permissions)
            faults += [Fault(person.name, *fault, ("permissions", id)) for fault in found]
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
    if len(one.name.strip()) > LONGEST_NAME:
        found.append((f"the name has {len(one.name.strip())} characters", f"Up to {LONGEST_NAME} are fine."))
    if not _ID.fullmatch(id):
        mend = "Use small letters, digits, - and _, beginning with a letter."
        found.append((f"{id!r} cannot be a short name", mend))
    elif id in taken:
        found.append((f"somebody is called {id!r} already", "Take another short name."))
    if one.email and not _EMAIL.fullmatch(one.email):
        found.append(_no_email(one.email))
    if one.email and one.email.casefold() in emails:
        found.append(_their_email(one.email, emails[one.email.casefold()]))
    return found


def _permission_faults(permissions: Collection[str]) -> list[tuple[str, str]]:
    if not permissions:
        return [(NOTHING, f"Give one or more of: {', '.join(PERMISSIONS)}.")]
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
