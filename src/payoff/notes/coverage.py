"""Who was heard: roles with their sessions, people and words; those nobody has talked to come first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from payoff.notes.records import Quote, Session


@dataclass(frozen=True, slots=True)
class Heard:
    """One role: how many customers have a contact in it, sessions it came to, people heard (in all sessions), when
    last, and quotes kept; those whose words were withdrawn are counted apart."""

    role: str
    customers: int
    sessions: int
    people: int
    last: datetime | None
    quotes: int
    withdrawn: int = 0


def coverage(sessions: Iterable[Session], quotes: Iterable[Quote], known: Mapping[str, int]) -> tuple[Heard, ...]:
    """`known` are the roles there are, each with its customers. Never heard first, then the longest ago."""
    held = [s for s in sessions if s.asked]
    kept = [q for q in quotes if q.role and not q.removed]
    said = [q.role for q in kept if q.counts]
    gone = [q.role for q in kept if q.withdrawn]
    roles = dict.fromkeys([*known, *(role for s in held for role, n in s.attended.items() if n), *said, *gone])
    found = []
    for role in roles:
        mine = [s for s in held if s.attended.get(role)]
        found.append(
            Heard(
                role,
                known.get(role, 0),
                len(mine),
                sum(s.attended[role] for s in mine),
                max((s.held for s in mine), default=None),
                said.count(role),
                gone.count(role),
            )
        )
    never = [h for h in found if h.last is None]
    again = [h for h in found if h.last is not None]
    return (
        *sorted(never, key=lambda h: (-h.customers, h.role.casefold())),
        *sorted(again, key=lambda h: (h.last is None or h.last, h.role.casefold())),
    )
