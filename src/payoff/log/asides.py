"""Units a person asked to leave alone until a day, which may lie after the suggestion they said it of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.responses import ANSWERS, Answer, answer_of, current
from payoff.log.tables import LogTables
from payoff.records.days import FAR
from payoff.records.time import from_micros, to_micros

ASIDE = "set aside"
"""The stage of a decision to leave a unit alone because a person asked for it."""
_BACK = timedelta(days=7)
"""So long what came back is remembered: by then a weekly turn has looked at it."""


def asides_of(tables: LogTables) -> Asides:
    """The units set aside in one log."""
    return tables.kept("asides", lambda: Asides(tables))


class Asides:
    """Follows the answers: a *not now* that stands holds until its day, for a quarter at most.

    Only suggestions somebody put off are kept here, and only until they come back.
    """

    def __init__(self, tables: LogTables) -> None:
        self._tables = tables
        self._first: datetime | None = None
        self._seen = 0
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self._unit: dict[str, str] = {}

    def look(self, now: datetime) -> dict[str, datetime]:
        """Until when each unit is to be left alone; whoever is not named is not."""
        with self._tables.looking:
            self._catch_up(now)
            found: dict[str, datetime] = {}
            for id, counts in self._standing(now):
                until = min(counts.until or now, counts.at + FAR)
                if until > now:
                    unit = self._unit[id]
                    found[unit] = max(until, found.get(unit, until))
            return found

    def back(self, now: datetime) -> list[tuple[str, str, Answer]]:
        """What was put off to a day that came in the last week: suggestion, unit, and the answer that stands."""
        with self._tables.looking:
            self._catch_up(now)
            return [
                (id, self._unit[id], put)
                for id, put in self._standing(now)
                if put.until and now - _BACK < put.until <= now
            ]

    def _standing(self, now: datetime) -> Iterator[tuple[str, Answer]]:
        for id, answers in self._answers.items():
            counts = current(a for a in answers if a.at <= now)
            if counts is not None and counts.what == "snoozed" and counts.until is not None:
                yield id, counts

    def _catch_up(self, now: datetime) -> None:
        log = self._tables.log
        head = log.head()
        first = self._first is None or now < self._first
        if first:
            self._first, self._answers, self._unit = now, defaultdict(list), {}
            fresh = log.read("response", since=now - FAR, without={"what": "shown"})
        elif head > self._seen:
            fresh = log.read("response", after=self._seen)
        else:
            return
        self._seen = max(head, fresh["seq"][-1].as_py() if fresh.num_rows else 0)
        self._take(fresh, now, first)

    def _take(self, rows: pa.Table, now: datetime, first: bool) -> None:
        put_off = rows.filter(
            pc.and_(
                pc.equal(rows["what"], "snoozed"),
                pc.fill_null(pc.greater(rows["until_us"], to_micros(now - _BACK)), False),
            )
        )
        new: set[str] = set()
        for id, unit in zip(put_off["suggestion"].to_pylist(), put_off["unit"].to_pylist(), strict=True):
            new |= {id} - self._unit.keys()
            self._unit[id] = unit
        if not first:  # answers that came before it was put off were of no interest then
            rows = rows.filter(pc.invert(pc.is_in(rows["suggestion"], pa.array(sorted(new), pa.string()))))
            for id in new:
                said = [e for e in self._tables.log.about(id) if e.kind == "response" and e.seq <= self._seen]
                known = [answer_of(e) for e in said]
                self._answers[id] = [a for a in known if a.what in ANSWERS or a.what == "undone"]
        mine = rows.filter(pc.is_in(rows["suggestion"], pa.array(list(self._unit), pa.string())))
        for row in mine.select(["suggestion", "id", "seq", "at", "what", "actor", "why", "until_us"]).to_pylist():
            if row["what"] in ANSWERS or row["what"] == "undone":
                until = from_micros(row["until_us"]) if row["until_us"] is not None else None
                self._answers[row["suggestion"]].append(
                    Answer(
                        row["id"], row["seq"], row["at"], row["what"], row["actor"] or "", row["why"] or "", until
                    )
                )
        past = now - _BACK
        over = [id for id, some in self._answers.items() if all(a.until is None or a.until <= past for a in some)]
        for id in over:
            del self._answers[id], self._unit[id]
