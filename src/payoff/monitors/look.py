"""What every monitor is handed: the log by the team's weeks, the brief, and words."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.brief.schema import Brief
from payoff.log.responses import BLAMELESS, CODES
from payoff.log.tables import LogTables
from payoff.records.findings import WeekFigure
from payoff.records.releases import Release
from payoff.records.suggestions import NOTHING
from payoff.records.time import week_of
from payoff.texts import Texts

T = TypeVar("T")
SHOWN = 26
"""Weeks a picture shows."""
HISTORY = 52
"""Weeks that are looked at; what is usual is learned from the older ones."""
QUARTER = 13
"""Weeks a sentence is about, unless it says otherwise."""
FEW = 20
"""A group of fewer units reads "cannot tell"."""
ROWS = 200_000
"""Above so many decisions a part of the units, drawn by a hash of their id, stands for all."""
BUCKETS = 20


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the team: from its Monday (in the product's zone) to the next, as moments in UTC."""

    monday: date
    start: datetime
    end: datetime


def weeks_until(first: datetime, now: datetime, zone: str, most: int = HISTORY) -> tuple[Week, ...]:
    """The newest `most` weeks that touch the time from `first` to `now`, oldest first."""
    last, place = week_of(now, zone), ZoneInfo(zone)
    begin = max(week_of(first, zone), last - timedelta(weeks=most - 1))
    found = []
    for i in range((last - begin).days // 7 + 1):
        monday = begin + timedelta(weeks=i)
        edges = [datetime(d.year, d.month, d.day, tzinfo=place) for d in (monday, monday + timedelta(weeks=1))]
        found.append(Week(monday, edges[0].astimezone(UTC), edges[1].astimezone(UTC)))
    return tuple(found)


class Look:
    """One look at one product's log, at one moment. What several monitors ask is asked once."""

    def __init__(
        self,
        tables: LogTables,
        brief: Brief,
        texts: Texts,
        releases: Sequence[Release],
        now: datetime,
        *,
        actions: Mapping[str, str] | None = None,
    ) -> None:
        self.tables, self.brief, self.texts, self.now = tables, brief, texts, now
        self.releases = tuple(releases)
        self.actions = dict(actions or {})
        # A connection of its own: the shared one refuses a second thread, and pages go on asking meanwhile.
        self._engine = ibis.duckdb.connect()
        self._known: dict[str, Any] = {}

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.disconnect()

    @property
    def unit(self) -> str:
        """What the brief calls a unit."""
        return self.brief.unit.name or "unit"

    def say(self, key: str, **values: object) -> str:
        """A sentence of this room; it always knows `unit`, `units`, `Units`, and `n` as a reader's `count`."""
        units = f"{self.unit}s"
        known = {"unit": self.unit, "units": units, "Units": units[:1].upper() + units[1:]}
        if isinstance(values.get("n"), int):
            known["count"] = self.texts.number(int(str(values["n"])))
        return self.texts.say(f"monitors.{key}", **{**known, **values})

    def of_100(self, value: float) -> str:
        """A share as how many of 100: whole from 3 on, one digit below."""
        shown = round(100 * value, 1)
        return self.texts.number(shown, digits=0 if shown == round(shown) or abs(shown) >= 2.95 else 1)

    def called(self, action: str) -> str:
        """An action by the name people use."""
        if action == NOTHING:
            return self.say("nothing")
        return self.actions.get(action) or action.replace("_", " ")

    @functools.cached_property
    def serving(self) -> Release | None:
        """The release that serves: the one for everybody, else the one on trial."""
        newest = self.releases[::-1]
        return next((r for r in newest if r.stage == "full"), None) or next(
            (r for r in newest if r.on_trial), None
        )

    # The log by weeks

    @functools.cached_property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks since the first decision, at most `HISTORY`; empty before one."""
        said = self.tables.arrow("suggestion")
        mine = said.filter(
            pc.and_(pc.equal(said["mode"], "answer"), pc.less_equal(said["at"], pa.scalar(self.now)))
        )
        first = pc.min(mine["at"]).as_py()
        return () if first is None else weeks_until(first, self.now, self.brief.product.zone)

    @property
    def over(self) -> int:
        """How many of the weeks are over."""
        return sum(week.end <= self.now for week in self.weeks)

    def once(self, name: str, make: Callable[[Look], T]) -> T:
        """Something several monitors ask for, worked out once a look."""
        if name not in self._known:
            self._known[name] = make(self)
        found: T = self._known[name]
        return found

    def decisions(self, *, named: bool = False, most: int | None = None) -> ir.Table:
        """One row a decision that was answered; those for named people only if asked for. About `most` at the most
        (`ROWS` unless told), whole units each.

        Columns: id, unit, at, seq, arm, action, role ("" where nobody said), risk, value (minor units), segment
        (JSON text), expires_us, explored (chance chose it, to learn), and told (somebody was told something, 0 or
        1).
        """
        said = self.tables.table("suggestion")
        said = said.filter(said["mode"] == "answer", said.at <= self.now)
        said = said if named else said.filter(said.arm != "named")
        said = said.mutate(
            told=((said.action != NOTHING) & (said.arm != "holdout")).cast("int8"),
            role=said.role.fill_null(""),
            explored=said.explored.fill_null(False),
        )
        kept = (
            "id",
            "unit",
            "at",
            "seq",
            "arm",
            "action",
            "role",
            "risk",
            "value",
            "segment",
            "expires_us",
            "explored",
            "told",
        )
        drawn = self._drawn(ROWS if most is None else most)
        return said.select(*kept) if drawn is None else said.select(*kept).semi_join(drawn, "unit")

    def by_week(self, rows: ir.Table, at: str = "at") -> ir.Table:
        """The rows that fall into one of the weeks, with its number `week`, 0 for the oldest."""
        rows = rows.mutate(moment=rows[at])
        weeks = self._week_table
        met = rows.join(weeks, [rows.moment >= weeks.week_start, rows.moment < weeks.week_end])
        return met.drop("week_start", "week_end", "moment")

    def fetch(self, rows: ir.Table) -> pa.Table:
        """The answer to a question, as Arrow."""
        return self._engine.to_pyarrow(rows)

    def shown(self, figures: Iterable[WeekFigure]) -> tuple[WeekFigure, ...]:
        """The newest weeks, as many as a picture has room for."""
        return tuple(figures)[-SHOWN:]

    @functools.cached_property
    def _week_table(self) -> ir.Table:
        stamp = pa.timestamp("us", tz="UTC")
        return ibis.memtable(
            pa.table(
                {
                    "week": pa.array(range(len(self.weeks)), pa.int64()),
                    "week_start": pa.array([w.start for w in self.weeks], stamp),
                    "week_end": pa.array([w.end for w in self.weeks], stamp),
                }
            )
        )

    def _drawn(self, most: int) -> ir.Table | None:
        """The units that stand for all, where decisions are more than so many."""
        units = self.tables.arrow("suggestion")["unit"]
        if len(units) <= most:
            return None
        names = pc.unique(units).to_pylist()
        order = np.argsort([zlib.crc32(name.encode()) for name in names], kind="stable")
        keep = max(1, len(names) * most // len(units))
        return ibis.memtable(pa.table({"unit": pa.array([names[i] for i in order[:keep]], pa.string())}))


def blameless(why: ir.StringValue) -> ir.BooleanValue:
    """Whether the reason given for a no says nothing about the suggestion."""
    text = why.fill_null("")
    tests = [(text == CODES[name]) | text.startswith(f"{CODES[name]}: ") for name in BLAMELESS]
    return functools.reduce(lambda a, b: a | b, tests)


def bucket(units: Iterable[str]) -> NDArray[np.int64]:
    """A bucket (0 to `BUCKETS` − 1) a unit: the same for the same id, whenever and wherever it is asked."""
    return np.fromiter((zlib.crc32(unit.encode()) % BUCKETS for unit in units), np.int64)
