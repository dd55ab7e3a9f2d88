"""Feedback as people see it: each item with its author, its suggestion and its fate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.tables import LogTables

State = Literal["new", "looked at", "used", "declined"]
FINAL: frozenset[str] = frozenset(("used", "declined"))


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """One thing somebody said. `reply` is what its author reads; "" until there is a fate.

    `kinds` are what it holds: thumb, correction, problem, idea, comment. `learned` is the key of the refresh
    that took it in, "" where none did.
    """

    id: str
    seq: int
    by: str
    at: datetime
    unit: str
    suggestion: str
    action: str
    role: str
    release: str
    thumb: int | None
    correction: Mapping[str, Any]
    problem: str
    idea: str
    comment: str
    state: State = "new"
    reply: str = ""
    learned: str = ""
    learned_in: str = ""
    decided_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        said = {
            "thumb": self.thumb is not None,
            "correction": bool(self.correction),
            "problem": bool(self.problem),
            "idea": bool(self.idea),
        }
        found = tuple(kind for kind, there in said.items() if there)
        return found or ("comment",)

    @property
    def kind(self) -> str:
        """The weightiest of its kinds, for lists."""
        return next(k for k in ("problem", "correction", "idea", "thumb", "comment") if k in self.kinds)

    @property
    def text(self) -> str:
        """Its words, whatever field they came in."""
        return " ".join(word for word in (self.problem, self.idea, self.comment) if word)


def items(tables: LogTables) -> list[FeedbackItem]:
    """Everything anybody said, newest first."""
    feedback = tables.arrow("feedback")
    said = _suggestions(tables, feedback["suggestion"])
    fates: dict[str, dict[str, Any]] = {}
    told: dict[str, datetime] = {}
    for fate in tables.arrow("fate").to_pylist():
        if fate["state"] == "told":
            told.setdefault(fate["feedback"], fate["at"])
        else:
            fates[fate["feedback"]] = fate
    found = []
    for row in feedback.to_pylist():
        about = said.get(row["suggestion"] or "", {})
        fate = fates.get(row["id"], {})
        state = str(fate.get("state") or "new").replace("looked_at", "looked at")
        found.append(
            FeedbackItem(
                id=row["id"],
                seq=row["seq"],
                by=row["actor"] or "",
                at=row["at"],
                unit=row["unit"] or about.get("unit") or "",
                suggestion=row["suggestion"] or "",
                action=about.get("action") or "",
                role=about.get("role") or "",
                release=row["release"] or about.get("release") or "",
                thumb=row["thumb"],
                correction=json.loads(row["correction"] or "{}"),
                problem=row["problem"] or "",
                idea=row["idea"] or "",
                comment=row["comment"] or "",
                state=state,  # type: ignore[arg-type]
                reply=fate.get("reason") or "",
                learned=fate.get("learned") or "",
                learned_in=fate.get("release") or "",
                decided_at=fate.get("at") if state in FINAL else None,
                told_at=told.get(row["id"]),
            )
        )
    return found[::-1]


def _suggestions(tables: LogTables, ids: pa.ChunkedArray) -> dict[str, dict[str, Any]]:
    wanted = pc.unique(ids.drop_null())
    said = tables.arrow("suggestion").select(["id", "unit", "action", "role", "release"])
    return {row["id"]: row for row in said.filter(pc.is_in(said["id"], wanted)).to_pylist()}
