"""The desk's view of the log: per unit the newest suggestion that still waits for somebody.

It follows the log. A first look reads what has not expired, the newest facts of those units and what people said;
every later one only what is new. So the desk costs what is on it, not what ever was.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.claims import FREE, Claim, Move, claim_of
from payoff.log.corrections import Corrected, Corrections
from payoff.log.events import KINDS
from payoff.log.responses import FINAL, Answer, current
from payoff.log.tables import LogTables
from payoff.records.suggestions import NOTHING
from payoff.records.time import EPOCH, from_micros, to_micros

_OUT_OF_TURN = timedelta(minutes=1)
_SLACK = timedelta(days=1)
"""Clocks differ: an answer may speak of a moment shortly before its suggestion."""
_WHOLE = ("feedback", "fate")
_KINDS = ("response", "claim", "feedback", "fate", "outcome", "unit.facts", "suggestion")
"""Read in this order: the suggestion comes last and is taken first; nothing is met before what it names."""


@dataclass(slots=True, eq=False)
class Waiting:
    """One suggestion that was told to people and has not ended. `version` changes with whatever is known of it."""

    id: str
    unit: str
    seq: int
    at: datetime
    ends: datetime
    table: pa.Table
    place: int
    answers: list[Answer] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    seen: bool = False
    version: int = 0
    row: dict[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    corrected: Mapping[str, Corrected] = field(default_factory=dict)
    answer: Answer | None = None
    """The one that counts."""

    @property
    def until(self) -> datetime | None:
        """Where its "not now" ends."""
        return self.answer.until if self.answer and self.answer.what == "snoozed" else None

    @property
    def responses(self) -> tuple[str, ...]:
        """What people did with it, in order."""
        first = ("shown",) if self.seen else ()
        return (*first, *(a.what for a in self.answers))

    def claim(self, now: datetime) -> Claim:
        """Who has taken it."""
        return claim_of(self.moves, self.answers, now) if self.moves else FREE

    def changed(self) -> None:
        self.answer = current(self.answers)
        self.version += 1


def desk_of(tables: LogTables, days: float, good: Iterable[str]) -> Desk:
    """The desk over one log. `days` is how long a suggestion stays good; the outcomes in `good` are good news."""
    news = frozenset(good)
    return tables.kept(f"desk {days:g} {sorted(news)}", lambda: Desk(tables, days, news))


class Desk:
    """Suggestions not expired and neither done nor dismissed, one a unit, kept up with the log.

    Units in the holdout are never on the desk, nor those whose newest decision was to leave them alone, nor those
    somebody says are no longer customers.
    """

    def __init__(self, tables: LogTables, days: float, good: frozenset[str]) -> None:
        self._tables, self._span, self._good = tables, timedelta(days=days), good
        self.version = 0
        """Grows with whatever is new on the desk; what only time changes (an end, a return) does not count."""
        self._start()

    def _start(self) -> None:
        self._now: datetime | None = None
        self._seen: dict[str, int] = {}
        self._newest: dict[str, int] = {}  # unit → seq of its newest decision
        self._told: dict[str, Waiting] = {}
        self._of_unit: dict[str, str] = {}  # unit → id of the told one, where that is the newest
        self._facts: dict[str, tuple[datetime, int, str]] = {}
        self._whole: dict[str, int] = {}  # rows taken of kinds that are read whole
        self._later: dict[str, pa.Table] = {}  # what speaks of a moment to come
        self._gone: dict[str, datetime] = {}
        self.corrections = Corrections()

    def look(self, now: datetime) -> list[Waiting]:
        """What waits at a moment; to look at an earlier one than before, it begins afresh."""
        with self._tables.looking:
            now = self._catch_up(now)
            ended = [w for w in self._told.values() if w.ends <= now or self._newest.get(w.unit) != w.seq]
            for one in ended:
                del self._told[one.id]
            self.version += bool(ended)
            waiting = [
                w
                for w in self._told.values()
                if w.unit not in self._gone and (w.answer is None or w.answer.what not in FINAL)
            ]
            self._fill([w for w in waiting if not w.row])
            return waiting

    def gone(self, now: datetime) -> frozenset[str]:
        """Units that are no longer customers."""
        with self._tables.looking:
            self._catch_up(now)
            return frozenset(self._gone)

    def find(self, suggestion: str, now: datetime) -> Waiting | None:
        """One that was told and has not ended, answered or not."""
        with self._tables.looking:
            self._catch_up(now)
            found = self._told.get(suggestion)
            if found is not None and not found.row:
                self._fill([found])
            return found

    def _catch_up(self, now: datetime) -> datetime:
        """Take in what is new, and say at which moment it stands: threads ask a little out of turn."""
        if self._now is None or now < self._now - _OUT_OF_TURN:
            self._start()
        first = self._now is None
        self._now = now = now if self._now is None else max(now, self._now)
        head = self._tables.log.head()
        if first or any(head > self._seen[kind] for kind in _KINDS):
            self._take({kind: self._fresh(kind, now, head) for kind in _KINDS}, now)
        if self._later and now >= min(pc.min(rows["at"]).as_py() for rows in self._later.values()):
            due, self._later = self._later, {}
            self._take(due, now)
        return now

    def _fresh(self, kind: str, now: datetime, head: int) -> pa.Table:
        log, seen = self._tables.log, self._seen.get(kind)
        if kind in _WHOLE:
            known = self._tables.arrow(kind)  # other pages read them, too
            rows, self._whole[kind] = known.slice(self._whole.get(kind, 0)), known.num_rows
        elif seen is not None:
            rows = log.read(kind, after=seen) if head > seen else _none(kind)
        elif kind in ("unit.facts", "outcome"):
            rows = _none(kind)  # of the units that matter, once it is known which
        elif kind == "suggestion":
            # Most decisions are to leave somebody alone: of those it is enough to know that they were made.
            since = now - self._span
            rows = log.read(kind, since=since, without={"action": NOTHING})
            self._newest = log.last_of(kind, since=since, until=now, without={"mode": "shadow"})
        else:
            rows = log.read(kind, since=now - self._span - _SLACK)
        newest = rows["seq"][-1].as_py() if rows.num_rows else 0
        # On a first look the facts are asked for later than this head was; what came between is read twice.
        self._seen[kind] = max(head, newest)
        return rows

    def _take(self, fresh: Mapping[str, pa.Table], now: datetime) -> None:
        if not any(rows.num_rows for rows in fresh.values()):
            return
        self.version += 1
        moment = pa.scalar(now)
        ripe: dict[str, pa.Table] = {}
        for kind, rows in fresh.items():
            early = pc.less_equal(rows["at"], moment)
            ripe[kind] = rows.filter(early)
            if ripe[kind].num_rows < rows.num_rows:
                late = rows.filter(pc.invert(early))
                self._later[kind] = pa.concat_tables([self._later.get(kind, _none(kind)), late])
        rows = {kind: ripe.get(kind, _none(kind)) for kind in _KINDS}
        told = self._decided(rows["suggestion"], now)
        self._answered(rows["response"])
        self._claimed(rows["claim"])
        touched = self.corrections.take(rows["feedback"], rows["fate"])
        if touched or rows["outcome"].num_rows:
            self._news(rows["outcome"], now, touched)
            self._gone = self.corrections.gone()
        touched |= self._known(rows["unit.facts"], self._of_unit)
        if told:
            units = {one.unit for one in told}
            newest = self._tables.log.latest_many("unit.facts", sorted(units), until=now)
            touched |= self._known(newest, units) | units
        for unit in touched:
            one = self._told.get(self._of_unit.get(unit, ""))
            if one is not None:
                self._describe(one)

    def _decided(self, rows: pa.Table, now: datetime) -> list[Waiting]:
        given = rows.filter(pc.equal(rows["mode"], "answer"))
        for unit, seq in zip(given["unit"].to_pylist(), given["seq"].to_pylist(), strict=True):
            if seq > self._newest.get(unit, 0):
                self._newest[unit] = seq
        told = given.filter(
            pc.and_(
                pc.and_(pc.not_equal(given["action"], NOTHING), pc.not_equal(given["arm"], "holdout")),
                pc.greater(given["expires_us"], to_micros(now)),
            )
        )
        made = []
        columns = (told[name].to_pylist() for name in ("id", "unit", "seq", "at", "expires_us"))
        for place, (id, unit, seq, at, ends) in enumerate(zip(*columns, strict=True)):
            if self._newest[unit] == seq:
                one = Waiting(id, unit, seq, at, from_micros(ends), told, place)
                self._told[id] = one
                self._of_unit[unit] = id
                made.append(one)
        return made

    def _answered(self, rows: pa.Table) -> None:
        changed = set()
        for row in self._mine(rows, ["suggestion", "id", "seq", "at", "what", "actor", "why", "until_us"]):
            one = self._told[row["suggestion"]]
            changed.add(one.id)
            if row["what"] == "shown":
                one.seen = True
                continue
            until = from_micros(row["until_us"]) if row["until_us"] is not None else None
            one.answers.append(
                Answer(row["id"], row["seq"], row["at"], row["what"], row["actor"] or "", row["why"] or "", until)
            )
        for id in changed:
            self._told[id].changed()

    def _claimed(self, rows: pa.Table) -> None:
        for row in self._mine(rows, ["suggestion", "seq", "at", "actor", "state"]):
            one = self._told[row["suggestion"]]
            one.moves.append(Move(row["seq"], row["at"], row["actor"] or "", row["state"]))
            one.changed()

    def _mine(self, rows: pa.Table, columns: list[str]) -> list[dict[str, Any]]:
        """Rows about suggestions that are here."""
        held = rows.select(columns)
        if held.num_rows > 1000:
            held = held.filter(pc.is_in(held["suggestion"], pa.array(list(self._told), pa.string())))
        return [row for row in held.to_pylist() if row["suggestion"] in self._told]

    def _news(self, rows: pa.Table, now: datetime, touched: set[str]) -> None:
        named = set(self.corrections.named_gone())
        if not named or not self._good:
            return
        fresh = rows.filter(pc.is_in(rows["unit"], pa.array(sorted(named), pa.string())))
        asked = {unit: at for unit, at in self.corrections.gone().items() if unit in touched}
        if asked:
            since = self._tables.log.read("outcome", since=min(asked.values()))
            theirs = pc.is_in(since["unit"], pa.array(sorted(asked), pa.string()))
            fresh = pa.concat_tables(
                [fresh, since.filter(pc.and_(theirs, pc.less_equal(since["at"], pa.scalar(now))))]
            )
        good = fresh.filter(
            pc.and_(pc.greater(fresh["amount"], 0.0), pc.is_in(fresh["name"], pa.array(sorted(self._good))))
        )
        self.corrections.heard(good["unit"].to_pylist(), good["at"].to_pylist())

    def _known(self, rows: pa.Table, wanted: Container[str]) -> set[str]:
        """Newer facts of units that matter; of one moment the later in the log holds."""
        touched = set()
        columns = (rows[name].to_pylist() for name in ("unit", "at", "seq", "facts"))
        for unit, at, seq, facts in zip(*columns, strict=True):
            if unit in wanted and (at, seq) > self._facts.get(unit, (EPOCH, 0, ""))[:2]:
                self._facts[unit] = (at, seq, facts)
                touched.add(unit)
        return touched

    def _describe(self, one: Waiting) -> None:
        """The facts as they stand, with what people corrected on top."""
        known = self._facts.get(one.unit)
        one.corrected = self.corrections.of(one.unit)
        facts = json.loads(known[2]) if known else {}
        one.facts = {**facts, **{name: mended.value for name, mended in one.corrected.items()}}
        one.version += 1

    def _fill(self, bare: list[Waiting]) -> None:
        """The whole rows, many at a time."""
        by_table: dict[int, list[Waiting]] = defaultdict(list)
        for one in bare:
            by_table[id(one.table)].append(one)
        for some in by_table.values():
            rows = some[0].table.take(pa.array([one.place for one in some])).to_pylist()
            for one, row in zip(some, rows, strict=True):
                one.row = row


def _none(kind: str) -> pa.Table:
    return KINDS[kind].schema.empty_table()
