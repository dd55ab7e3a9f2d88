"""What pages and commands read: the queue, the inbox, decisions, refreshes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow.compute as pc

from payoff.feedback.items import FeedbackItem, items
from payoff.log.desk import open_suggestions
from payoff.records.suggestions import Suggestion
from payoff.records.time import from_micros
from payoff.use_cases.suggest import read_suggestion, withdrawn
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One unit on the desk. `state` is open or snoozed; `due` is when the suggestion stops being good."""

    suggestion: Suggestion
    unit: str
    facts: Mapping[str, Any]
    owner: str
    since: datetime
    due: datetime
    state: str
    snoozed_until: datetime | None
    responses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person (or the automatic guardrail) decided, and on which kept scorecard."""

    release: str
    chosen: str
    word: str
    rule: str
    why: str
    by: str
    at: datetime
    card: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """One weekly learning of a release."""

    release: str
    at: datetime
    artefact: str
    rows: int
    changed: tuple[str, ...]
    note: str


def queue(ws: Workspace, owner: str | None = None) -> list[QueueItem]:
    """Open suggestions that somebody should act on: the worthiest first, snoozed ones last."""
    now = ws.clock.now()
    gone = withdrawn(ws)
    found = []
    for row in open_suggestions(ws.tables, now):
        if row["release"] in gone:
            continue
        facts = json.loads(row["facts"] or "{}")
        named = str(facts.get(ws.brief.unit.owner) or "") if ws.brief.unit.owner else ""
        if owner is not None and named != owner:
            continue
        until = from_micros(row["until_us"]) if row["until_us"] else None
        asleep = until is not None and until > now
        found.append(
            QueueItem(
                suggestion=read_suggestion(row),
                unit=row["unit"],
                facts=facts,
                owner=named,
                since=row["at"],
                due=from_micros(row["expires_us"]),
                state="snoozed" if asleep else "open",
                snoozed_until=until if asleep else None,
                responses=tuple(row["responses"] or ()),
            )
        )
    return sorted(found, key=lambda q: (q.state, -(q.suggestion.value.minor if q.suggestion.value else 0), q.unit))


def as_of(ws: Workspace) -> datetime | None:
    """The moment the data speak of: the newest thing that happened; `None` for an empty log."""
    newest = [
        pc.max(ws.tables.arrow(kind)["at"]).as_py() for kind in ("unit.facts", "outcome", "response", "trial.row")
    ]
    now = ws.clock.now()
    return max((at for at in newest if at is not None and at <= now), default=None)


def inbox(ws: Workspace) -> list[FeedbackItem]:
    """Everything people said, newest first, with its fate."""
    return items(ws.tables)


def said_by(ws: Workspace, person: str) -> list[FeedbackItem]:
    """What one person said and what became of it."""
    return [item for item in items(ws.tables) if item.by == person]


def decisions(ws: Workspace, release: str | None = None) -> list[Decision]:
    """Decisions on releases, newest first."""
    rows = ws.tables.arrow("decision").to_pylist()[::-1]
    return [
        Decision(
            release=row["release"],
            chosen=row["chosen"],
            word=row["word"] or "",
            rule=row["rule"] or "",
            why=row["why"] or "",
            by=row["actor"] or "",
            at=row["at"],
            card=row["card"] or "",
        )
        for row in rows
        if release in (None, row["release"])
    ]


def refreshes(ws: Workspace, release: str | None = None) -> list[Refresh]:
    """What was learned, newest first."""
    rows = ws.tables.arrow("learned").to_pylist()[::-1]
    return [
        Refresh(
            release=row["release"],
            at=row["at"],
            artefact=row["artefact"],
            rows=row["rows"] or 0,
            changed=tuple(json.loads(row["changed"] or "[]")),
            note=row["note"] or "",
        )
        for row in rows
        if release in (None, row["release"])
    ]
