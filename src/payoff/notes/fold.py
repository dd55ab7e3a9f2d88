"""Notes and quotes as they stand now, from what was written one after the other.

Nothing in the log is changed: a later event with `of` says everything anew about the one it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from payoff.notes.records import Answer, Quote, Session, Stance, Task
from payoff.notes.themes import Names
from payoff.records.time import from_micros


def sessions(rows: Iterable[Mapping[str, Any]], today: Names) -> tuple[Session, ...]:
    """Every note, the newest held first; rows are `note` events, oldest first, with nested values decoded."""
    first: dict[str, Mapping[str, Any]] = {}
    last: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        key = row["of"] or row["id"]
        first.setdefault(key, row)
        last[key] = row
    found = [_session(key, first[key], row, today) for key, row in last.items()]
    return tuple(sorted(found, key=lambda s: s.held, reverse=True))


def quotes(rows: Iterable[Mapping[str, Any]], today: Names) -> tuple[Quote, ...]:
    """Every quote, the newest first; rows are `quote` events, oldest first, with nested values decoded."""
    first: dict[str, Mapping[str, Any]] = {}
    last: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        key = row["of"] or row["id"]
        first.setdefault(key, row)
        last[key] = row
    return tuple(_quote(key, first[key], row, today) for key, row in last.items())[::-1]


def _session(key: str, first: Mapping[str, Any], row: Mapping[str, Any], today: Names) -> Session:
    held = from_micros(row["held_us"]) if row["held_us"] is not None else first["at"]
    return Session(
        id=key,
        about=row["about"],
        title=row["title"] or "",
        text=row["text"],
        by=first["actor"] or "",
        at=first["at"],
        held=held,
        themes=today.each(row["themes"] or ()),
        release=row["release"] or "",
        attended={role: int(n) for role, n in (row["attended"] or {}).items()},
        planned=bool(row["planned"]),
        dropped=bool(row["dropped"]),
        answers=tuple(Answer(**answer) for answer in row["answers"] or ()),
        tasks=tuple(Task(task["task"], task.get("results") or {}) for task in row["tasks"] or ()),
        decision=row["decision"] or "",
    )


def _quote(key: str, first: Mapping[str, Any], row: Mapping[str, Any], today: Names) -> Quote:
    stance: Stance = "" if row["against"] is None else "against" if row["against"] else "for"
    return Quote(
        id=key,
        note=row["note"],
        text=row["text"],
        at=first["at"],
        by=first["actor"] or "",
        who=row["who"] or "",
        role=row["role"] or "",
        themes=today.each(row["themes"] or ()),
        bears=tuple(row["bears"] or ()),
        stance=stance,
        withdrawn=bool(row["withdrawn"]),
        removed=bool(row["removed"]),
        filed=row["at"],
    )
