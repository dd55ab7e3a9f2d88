"""What a release knows that the one it is compared with did not: rows, facts it looks at, feedback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow.compute as pc

from payoff.models.encode import FactColumns
from payoff.releases import lifecycle
from payoff.use_cases.views import Refresh, refreshes
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Changes:
    """A release against the one before it; `other` is that one's id.

    `rows` is what it last learned from, at `at`; `before` what the other one did, at `before_at`. Two that live
    learn the same rows in the same turn. `gained` and `lost` are facts only one of them looks at.
    """

    other: str
    rows: int
    at: datetime
    before: int
    before_at: datetime
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def together(self) -> bool:
        return self.before_at >= self.at


def changes(ws: Workspace, id: str) -> Changes | None:
    """`None` for a release without one before it, and for one that has learned nothing yet."""
    releases = ws.releases()
    release = lifecycle.find(releases, id)
    before = lifecycle.base(release, releases)
    other = before.id if before else ""
    ours, theirs = _last(ws, id), _last(ws, other) if other else None
    if ours is None or theirs is None:
        return None
    mine, others = set(facts(ws, ours.artefact)), set(facts(ws, theirs.artefact))
    return Changes(
        other=other,
        rows=ours.rows,
        at=ours.at,
        before=theirs.rows,
        before_at=theirs.at,
        gained=tuple(sorted(mine - others)),
        lost=tuple(sorted(others - mine)),
    )


def facts(ws: Workspace, artefact: str) -> tuple[str, ...]:
    """The facts a learned recipe chooses by, in no order; none for a recipe that looks at none."""
    learned = json.loads(ws.storage.artefacts.get(artefact).payload)
    return tuple(set(_columns(learned.get("policy"))))


@dataclass(frozen=True, slots=True)
class Taught:
    """What people said that one learning took in: how many items, and the key they are found by."""

    n: int
    key: str


def taught(ws: Workspace) -> Mapping[datetime, Taught]:
    """By the moment of the learning, which all releases of that turn share: what one learned, all have learned."""
    fates = ws.tables.arrow("fate").select(["feedback", "state", "learned", "at"])
    used = fates.filter(
        pc.and_(pc.equal(fates["state"], "used"), pc.greater(pc.fill_null(fates["learned"], ""), ""))
    )
    by_turn = used.group_by("at", use_threads=False).aggregate(
        [("feedback", "count_distinct"), ("learned", "first")]
    )
    return {row["at"]: Taught(row["feedback_count_distinct"], row["learned_first"]) for row in by_turn.to_pylist()}


_COLUMN = frozenset(FactColumns.__dataclass_fields__)


def _columns(data: Any) -> Iterator[str]:
    """The name of every coded fact inside what was learned, wherever a policy keeps its own."""
    if isinstance(data, dict):
        if data.keys() >= _COLUMN:
            yield str(data["name"])
        else:
            for value in data.values():
                yield from _columns(value)
    elif isinstance(data, list):
        for value in data:
            yield from _columns(value)


def _last(ws: Workspace, id: str) -> Refresh | None:
    return next(iter(refreshes(ws, id)), None)
