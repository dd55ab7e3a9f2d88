"""Feedback as people see it: each item with its author, its suggestion and its fate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.corrections import GONE, NO_FACTS
from payoff.log.tables import LogTables

State = Literal["new", "looked at", "used", "declined"]
FINAL: frozenset[str] = frozenset(("used", "declined"))


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to it, by `by`."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """One thing somebody said. `reply` is what its author reads, the newest of `replies`; "" until there is one.
    The first of them decided what is learned; a later one corrects what is read, and nothing else.

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
    decided_by: str = ""
    decided_at: datetime | None = None
    told_at: datetime | None = None
    replies: tuple[Reply, ...] = ()

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
    def taken_back(self) -> bool:
        """Whether its own author declined it."""
        return self.state == "declined" and self.decided_by == self.by

    @property
    def at_once(self) -> bool:
        """Whether it counts on the desk before anybody has answered it: corrected facts, and that somebody is no
        customer any more."""
        return any(name == GONE or name not in NO_FACTS for name in self.correction)

    @property
    def text(self) -> str:
        """Its words, whatever field they came in."""
        return " ".join(word for word in (self.problem, self.idea, self.comment) if word)


def items(tables: LogTables) -> list[FeedbackItem]:
    """Everything anybody said, newest first. Only what was said or answered since the last look is looked at."""
    with tables.looking:
        return tables.kept("feedback items", _Heard).look(tables)


def items_of(tables: LogTables, author: str, *, most: int | None = None) -> list[FeedbackItem]:
    """What one person said, newest first (the newest `most`), without looking at what everybody else did."""
    feedback, fates = tables.arrow("feedback"), tables.arrow("fate")
    mine = feedback.filter(pc.equal(feedback["actor"], author))
    mine = mine.slice(max(0, mine.num_rows - most)) if most is not None else mine
    heard = _Heard()
    heard.take(tables, mine, fates.filter(pc.is_in(fates["feedback"], mine["id"].combine_chunks())))
    return heard.newest_first()


def items_at(tables: LogTables, feedback: pa.Table) -> list[FeedbackItem]:
    """Some rows of the log's feedback as items, in their order and without their fates."""
    about = _suggestions(tables, feedback["suggestion"])
    return [_item(row, about.get(row["suggestion"] or "", {})) for row in feedback.to_pylist()]


class _Heard:
    """Items as they stand, by id, kept up with the log."""

    def __init__(self) -> None:
        self._items: dict[str, FeedbackItem] = {}
        self._rows = (0, 0)  # of feedback and of fates, already taken

    def look(self, tables: LogTables) -> list[FeedbackItem]:
        feedback, fates = tables.arrow("feedback"), tables.arrow("fate")
        said, decided = self._rows
        self.take(tables, feedback.slice(said), fates.slice(decided))
        self._rows = (feedback.num_rows, fates.num_rows)
        return self.newest_first()

    def newest_first(self) -> list[FeedbackItem]:
        return list(self._items.values())[::-1]

    def take(self, tables: LogTables, feedback: pa.Table, fates: pa.Table) -> None:
        for made in items_at(tables, feedback):
            self._items[made.id] = made
        for fate in fates.to_pylist():
            item = self._items.get(fate["feedback"])
            if item is not None:
                self._items[item.id] = _decided(item, fate)


def _item(row: Mapping[str, Any], about: Mapping[str, Any]) -> FeedbackItem:
    return FeedbackItem(
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
    )


def _decided(item: FeedbackItem, fate: Mapping[str, Any]) -> FeedbackItem:
    """The item after one more fate: the first final answer stands, and the first telling of the newest reply."""
    if fate["state"] == "told":
        return item if item.told_at else replace(item, told_at=fate["at"])
    said = Reply(fate["at"], fate["actor"] or "", fate["reason"] or "")
    if fate["state"] == "reply" and item.state in FINAL:
        return replace(item, reply=said.text, replies=(*item.replies, said), told_at=None)
    if fate["state"] in ("comment", "reply") or item.state in FINAL:
        return item
    state: Any = str(fate["state"]).replace("looked_at", "looked at")
    return replace(
        item,
        state=state,
        reply=fate["reason"] or "",
        learned=fate["learned"] or "",
        learned_in=fate["release"] or "",
        decided_by=(fate["actor"] or "") if state in FINAL else "",
        decided_at=fate["at"] if state in FINAL else None,
        replies=(said,) if state in FINAL else (),
    )


def _suggestions(tables: LogTables, ids: pa.ChunkedArray) -> dict[str, dict[str, Any]]:
    wanted = pc.unique(ids.drop_null()).to_pylist()
    said = tables.some("suggestion", wanted).select(["id", "unit", "action", "role", "release"])
    return {row["id"]: row for row in said.to_pylist()}
