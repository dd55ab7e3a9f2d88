"""Interviews, focus groups, prototype tests and decisions: kept as they were said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from payoff.errors import BadInput, Fault, Unknown
from payoff.use_cases.workspace import Workspace

ABOUT = ("interview", "focus group", "prototype test", "decision", "idea", "problem", "comment")


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
        "themes": list(themes),
        "release": release or None,
    }
    made = ws.event("note", body, at=at or ws.clock.now(), actor=by)
    ws.storage.log.append([made])
    return made.id


def listed(ws: Workspace, theme: str | None = None) -> list[Note]:
    """Notes, newest first."""
    found = [
        Note(
            id=row["id"],
            about=row["about"],
            title=row["title"] or "",
            text=row["text"],
            themes=tuple(json.loads(row["themes"] or "[]")),
            release=row["release"] or "",
            by=row["actor"] or "",
            at=row["at"],
        )
        for row in ws.tables.arrow("note").to_pylist()[::-1]
    ]
    return [note for note in found if theme is None or theme in note.themes]
