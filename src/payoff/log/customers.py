"""What a customer said and wants: the log as one customer of one unit may see it, and nobody else's."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.responses import Answer
from payoff.log.tables import LogTables
from payoff.records.time import from_micros

AUTHOR = "customer:"
"""What the name of a customer begins with where they are the author of an event."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something the customer said, and what became of it.

    `state` is new, looked_at, used, declined, or taken_back by the customer; `reply` a person's own words, ""
    where the rules answered by themselves (those words are for our own people); `told` whether the customer has
    read it, the newest of so many `replies`.
    """

    id: str
    suggestion: str
    thumb: int | None
    words: str
    at: datetime
    state: str
    reply: str
    told: bool
    replies: int = 0


def author(unit: str, person: str = "") -> str:
    """Who a customer is in the log: their unit and, where the operator names one, the person."""
    return f"{AUTHOR}{unit}/{person}" if person else f"{AUTHOR}{unit}"


def answers_of(tables: LogTables, unit: str, by: str) -> dict[str, list[Answer]]:
    """What one customer answered, by suggestion, oldest first."""
    found: dict[str, list[Answer]] = defaultdict(list)
    for row in _theirs(tables.arrow("response"), unit, by).to_pylist():
        until = from_micros(row["until_us"]) if row["until_us"] else None
        made = Answer(row["id"], row["seq"], row["at"], row["what"], by, row["why"] or "", until)
        found[row["suggestion"]].append(made)
    return found


def said_of(tables: LogTables, unit: str, by: str, *, machine: str = "payoff") -> list[Said]:
    """What one customer said about their own unit, oldest first; `machine` is the author of automatic fates."""
    rows = _theirs(tables.arrow("feedback"), unit, by).to_pylist()
    fates = tables.arrow("fate")
    mine = fates.filter(pc.is_in(fates["feedback"], pa.array([row["id"] for row in rows], pa.string())))
    state: dict[str, dict[str, Any]] = {}
    told: set[str] = set()
    replies: Counter[str] = Counter()
    for fate in mine.to_pylist():
        key = fate["feedback"]
        if fate["state"] == "told":
            told.add(key)
        elif fate["state"] == "reply":
            state[key] = {**state.get(key, {}), "reason": fate["reason"], "actor": fate["actor"]}
            told.discard(key)
        elif fate["state"] != "comment":
            state[key] = fate
        replies[key] += fate["state"] in ("used", "declined", "reply")
    made = []
    for row in rows:
        fate = state.get(row["id"], {})
        whose = fate.get("actor")
        made.append(
            Said(
                id=row["id"],
                suggestion=row["suggestion"] or "",
                thumb=row["thumb"],
                words=row["comment"] or "",
                at=row["at"],
                state="taken_back" if whose == by else fate.get("state") or "new",
                reply="" if whose in (machine, by) else fate.get("reason") or "",
                told=row["id"] in told,
                replies=replies[row["id"]],
            )
        )
    return made


def wishes(tables: LogTables, unit: str, person: str = "") -> tuple[bool, frozenset[str]]:
    """Whether this customer (or the whole unit) wants no more suggestions, and the ones they hid."""
    kept = tables.arrow("preference")
    off = {"": False, person: False}
    hidden: dict[str, bool] = {}
    for row in kept.filter(pc.equal(kept["unit"], unit)).to_pylist():
        who, what = row["person"] or "", row["widget"]
        if who not in off:
            continue
        if what in ("off", "on"):
            off[who] = what == "off"
        elif who == person:
            hidden[row["suggestion"] or ""] = what == "hidden"
    return any(off.values()), frozenset(id for id, is_hidden in hidden.items() if is_hidden)


def _theirs(table: pa.Table, unit: str, by: str) -> pa.Table:
    """By author *and* unit: the unit `a/b` and the person `b` of the unit `a` have one name and are two."""
    return table.filter(pc.and_(pc.equal(table["unit"], unit), pc.equal(table["actor"], by)))
