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
    def permissions(self) -> Iterable[Permission]: ...


@dataclass(frozen=True, slots=True)
class Person:
    """`id` is the key in the brief's `people` and the author of everything they answer."""

    id: str
    name: str
    permissions: frozenset[Permission]

    def may(self, needed: Iterable[Permission]) -> bool:
        """Whether one of the needed permissions is theirs."""
        return not self.permissions.isdisjoint(needed)


NOBODY_DECLARED = Person("me", "You", frozenset(PERMISSIONS))
"""A brief that names nobody yet: whoever sits at this machine may do everything."""


def people_of(declared: Mapping[str, Declared]) -> dict[str, Person]:
    """The brief's people; never empty, so that a fresh product can be opened at once."""
    known = {key: Person(key, p.name, frozenset(p.permissions)) for key, p in declared.items()}
    return known or {NOBODY_DECLARED.id: NOBODY_DECLARED}


def first_with(people: Mapping[str, Person], *wanted: Permission) -> Person:
    """The first person who has the earliest wanted permission anybody has; else the first person."""
    for permission in wanted:
        for person in people.values():
            if permission in person.permissions:
                return person
    return next(iter(people.values()))
