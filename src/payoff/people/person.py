"""A person in front of a page or an address: an id that signs what they say, and permissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from payoff.people.permissions import PERMISSIONS, Permission


class Declared(Protocol):
    """A person as the brief declares one."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def permissions(self) -> Iterable[Permission]: ...


@dataclass(frozen=True, slots=True)
class Person:
    """`id` is the key in the brief's `people` and the author of everything they answer."""

    id: str
    name: str
    permissions: frozenset[Permission]
    email: str = ""

    def may(self, needed: Iterable[Permission]) -> bool:
        """Whether one of the needed permissions is theirs."""
        return not self.permissions.isdisjoint(needed)


NOBODY = Person("", "", frozenset())
"""Whoever has not signed in."""
NOBODY_DECLARED = Person("me", "You", frozenset(PERMISSIONS))
"""A brief that names nobody yet: whoever sits at this machine may do everything."""


def people_of(declared: Mapping[str, Declared]) -> dict[str, Person]:
    """The brief's people; never empty, so that a fresh product can be opened at once."""
    known = {key: Person(key, p.name, frozenset(p.permissions), p.email) for key, p in declared.items()}
    return known or {NOBODY_DECLARED.id: NOBODY_DECLARED}


def find(people: Mapping[str, Person], name: str) -> Person | None:
    """The person of a short name or an e-mail address, as people type them; `None` where two share the address."""
    typed = name.strip()
    if typed in people:
        return people[typed]
    folded = typed.casefold()
    found = [p for p in people.values() if folded and folded in (p.id.casefold(), p.email.casefold())]
    return found[0] if len(found) == 1 else None


def first_with(people: Mapping[str, Person], *wanted: Permission) -> Person:
    """The first person who has the earliest wanted permission anybody has; else the first person."""
    for permission in wanted:
        for person in people.values():
            if permission in person.permissions:
                return person
    return next(iter(people.values()))
