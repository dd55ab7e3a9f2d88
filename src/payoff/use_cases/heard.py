"""The newest thing anybody said about a unit, for whoever is about to speak with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from payoff.feedback.fates import final_id
from payoff.feedback.items import FeedbackItem, items_at
from payoff.use_cases.workspace import Workspace

LATELY = timedelta(days=56)
"""What is older than eight weeks has mostly ceased to be true."""
_LOOKS = 5
"""So many of the newest words of a unit are looked at to find one that stands."""


class _Words:
    """The ids of the words about each unit, the newest last; only what is new since the last look is read."""

    def __init__(self) -> None:
        self._rows = 0
        self.of: dict[str, list[str]] = defaultdict(list)
        self.known: dict[str, tuple[tuple[str, ...], int, FeedbackItem | None]] = {}
        """The newest that stands, with the words and the number of fates it was found among."""

    def look(self, feedback: pa.Table) -> None:
        fresh = feedback.slice(self._rows).select(["id", "unit", "correction", "problem", "idea", "comment"])
        # A thumb alone is about the action, not about the unit.
        worded = fresh["comment"].is_valid()
        for name in ("correction", "problem", "idea"):
            worded = pc.or_(worded, fresh[name].is_valid())
        kept = fresh.filter(pc.and_(worded, fresh["unit"].is_valid()))
        for id, unit in zip(kept["id"].to_pylist(), kept["unit"].to_pylist(), strict=True):
            self.of[unit].append(id)
        self._rows = feedback.num_rows


def last_words(ws: Workspace, units: Sequence[str], now: datetime) -> dict[str, FeedbackItem]:
    """By unit, the newest words of the last eight weeks that their author has not taken back.

    For a page of units: what is known already is asked again only when somebody said or answered something.
    """
    tables = ws.tables
    with tables.looking:
        words, fates = tables.kept("words by unit", _Words), tables.arrow("fate").num_rows
        words.look(tables.arrow("feedback"))
        ids = {unit: tuple(words.of[unit][-_LOOKS:]) for unit in units if unit in words.of}
        fresh = [unit for unit in ids if words.known.get(unit, ((), 0))[:2] != (ids[unit], fates)]
        found = _newest(ws, [id for unit in fresh for id in ids[unit]]) if fresh else {}
        for unit in fresh:
            words.known[unit] = (ids[unit], fates, found.get(unit))
        newest = {unit: words.known[unit][2] for unit in ids}
    return {unit: item for unit, item in newest.items() if item and now - LATELY <= item.at <= now}


def _newest(ws: Workspace, ids: Sequence[str]) -> dict[str, FeedbackItem]:
    owner = ws.brief.unit.owner
    said = items_at(ws.tables, ws.tables.some("feedback", ids))
    said = [item for item in said if item.text or set(item.correction) - {owner}]  # who owns it stands on the card
    back = _taken_back(ws, said)
    found: dict[str, FeedbackItem] = {}
    for item in sorted(said, key=lambda one: (one.at, one.seq), reverse=True):
        if item.id not in back:
            found.setdefault(item.unit, item)
    return found


def _taken_back(ws: Workspace, said: Sequence[FeedbackItem]) -> set[str]:
    """Whoever takes words back is the one who declines them."""
    by = {item.id: item.by for item in said}
    fates = ws.storage.log.find_many("fate", [final_id(id) for id in by]).to_pylist()
    return {f["feedback"] for f in fates if f["state"] == "declined" and f["actor"] == by[f["feedback"]]}
