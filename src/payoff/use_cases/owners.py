"""Whose customers they are, and giving all of somebody's to somebody else at once.

Who takes care of a unit is a fact like others, and comes from the product's own systems. A hand-over is a newer
word on that one fact: it counts at once, and until a source says something new about it. It speaks of no
suggestion, so nothing is learned from it and no release is marked down for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from payoff.errors import Refused, Unknown
from payoff.use_cases import record
from payoff.use_cases.waiting import desk
from payoff.use_cases.workspace import Workspace

SOURCE = "handed over"
"""Where a fact comes from that was written by a hand-over."""


@dataclass(frozen=True, slots=True)
class _Owned:
    """A unit somebody takes care of: its newest facts, what its owner fact says, and whether that is a correction
    which no learning has taken in yet."""

    unit: str
    facts: Mapping[str, Any]
    owner: str
    corrected: bool


def owned(ws: Workspace, person: str) -> list[str]:
    """The units somebody takes care of, by short name or by full name; who is no longer a customer is left out."""
    return [one.unit for one in _owned(ws, person)]


def hand_over(ws: Workspace, person: str, to: str, *, by: str) -> int:
    """All units of one person become another's, or nobody's with "": how many there were. In one transaction.

    An owner fact that holds full names goes on holding them. Raises `Refused` where the brief names no owner fact,
    `Unknown` for a person it does not name.
    """
    fact, now, known = ws.brief.unit.owner, ws.clock.now(), ws.brief.people
    if not fact:
        mend = "Name the fact under [unit] as `owner`."
        raise Refused("the brief does not say which fact holds the owner", mend=mend)
    if to and to not in known:
        raise Unknown.among("person", to, known)
    events = []
    for one in _owned(ws, person):
        new = to if one.owner == person or not to else known[to].name
        if one.corrected:  # no fact yet: the next learning takes it in, and this word after it
            events.append(record.said(ws, unit=one.unit, by=by, correction={fact: new}, at=now))
        else:
            body = {"facts": {**one.facts, fact: new}, "source": SOURCE}
            events.append(ws.event("unit.facts", body, at=now, unit=one.unit, actor=by))
    ws.storage.log.append(events)
    return len(events)


def _owned(ws: Workspace, person: str) -> list[_Owned]:
    fact, now = ws.brief.unit.owner, ws.clock.now()
    if not fact:
        return []
    names = {person, ws.brief.people[person].name} if person in ws.brief.people else {person}
    gone, corrections = desk(ws).gone(now), desk(ws).corrections
    units = set(pc.unique(ws.tables.arrow("unit.facts")["unit"]).to_pylist()) - gone
    rows = ws.storage.log.latest_many("unit.facts", sorted(units), until=now)
    found = []
    for unit, text in zip(rows["unit"].to_pylist(), rows["facts"].to_pylist(), strict=True):
        facts, mended = json.loads(text), corrections.of(unit)
        owner = mended[fact].value if fact in mended else facts.get(fact)
        if owner in names:
            found.append(_Owned(unit, facts, owner, fact in mended))
    return found
