"""Notes as they stand in the log: read once for each state of it, written one after the other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payoff.errors import BadInput, Fault, Unknown
from payoff.notes import fold
from payoff.notes import themes as naming
from payoff.notes.records import KINDS, Quote, Session, Theme, Tie
from payoff.records.envelope import Event
from payoff.use_cases.workspace import Workspace

ABOUT = KINDS
_NESTED = {
    "note": ("themes", "attended", "answers", "tasks"),
    "quote": ("themes", "bears"),
    "theme": ("bears", "untied"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One note; `themes` are the words it was filed under, `release` the one it belongs to, or ""."""

    id: str
    about: str
    title: str
    text: str
    themes: tuple[str, ...]
    release: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything people told us, as it stands now; sessions the newest held first, quotes the newest first.
    `removed` are quotes somebody had marked by mistake: on the record, in no count and no list."""

    sessions: tuple[Session, ...]
    quotes: tuple[Quote, ...]
    ties: Mapping[str, tuple[Tie, ...]]
    names: naming.Names
    removed: tuple[Quote, ...] = ()

    def themes(self) -> tuple[Theme, ...]:
        return naming.themes(self.quotes, self.sessions, self.ties)


def read(ws: Workspace) -> Kept:
    """From the log. Dropped plans are left out."""
    renamed = _rows(ws, "theme")
    today = naming.names(renamed)
    sessions = fold.sessions(_rows(ws, "note"), today)
    quotes = fold.quotes(_rows(ws, "quote"), today)
    return Kept(
        tuple(s for s in sessions if not s.dropped),
        tuple(q for q in quotes if not q.removed),
        naming.ties(renamed, today),
        today,
        tuple(q for q in quotes if q.removed),
    )


def written(
    ws: Workspace, kind: str, body: Mapping[str, Any], *, by: str, at: datetime | None = None, id: str = ""
) -> Event:
    """An event of a note or a quote. It is a unit of its own, so that it can be forgotten if somebody withdraws
    their words."""
    now = ws.clock.now()
    id = id or ws.new_id(now)
    return ws.event(kind, body, at=at or now, actor=by, id=id, unit=f"{kind}:{id}")


def add(
    ws: Workspace,
    about: str,
    text: str,
    *,
    by: str,
    title: str = "",
    themes: Sequence[str] = (),
    release: str = "",
    at: datetime | None = None,
) -> str:
    """Keep a note; returns its id."""
    if about not in ABOUT:
        raise Unknown.among("kind of note", about, ABOUT)
    if release and release not in [r.id for r in ws.releases()]:
        raise Unknown.among("release", release, [r.id for r in ws.releases()])
    if not text.strip():
        raise BadInput("note", [Fault("text", "it is empty", "Write what was said.")])
    body = {
        "about": about,
        "text": text,
        "title": title or None,
        "themes": [name for name in map(naming.plain, themes) if name],
        "release": release or None,
    }
    made = written(ws, "note", body, by=by, at=at)
    ws.storage.log.append([made])
    return made.id


def listed(ws: Workspace, theme: str | None = None) -> list[Note]:
    """Notes, newest first; plans are none yet."""
    found = [
        Note(s.id, s.about, s.title, s.text, s.themes, s.release, s.by, s.held)
        for s in read(ws).sessions
        if not s.planned
    ]
    return [note for note in found if theme is None or theme in note.themes]


def _rows(ws: Workspace, kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ws.tables.arrow(kind).to_pylist()
    for row in rows:
        for name in _NESTED[kind]:
            row[name] = json.loads(row[name]) if row[name] else []
    return rows
