"""Logs for monitors: written row by row for figures that can be checked by hand, or made by chance in bulk."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from payoff.brief.read import read_brief
from payoff.brief.schema import Brief
from payoff.log.events import KINDS
from payoff.log.tables import LogTables
from payoff.monitors.look import Look
from payoff.records.releases import Move, Release
from payoff.texts import Texts

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
ACTIONS = {"call": "Set-up call", "mail": "Tips by mail", "visit": "A visit"}
BRIEF = """
schema = 1
[product]
name = "watched"
[unit]
role = "role"
industry = "industry"
owner = "owner"
protected = ["gender"]
[outcomes.first_value]
meaning = "ran the first payroll"
window_days = 14
source = "api"
[outcomes.left]
meaning = "left"
good = false
window_days = 28
source = "api"
[[metrics]]
name = "first_value"
kind = "outcome_rate"
outcome = "first_value"
purpose = "leading goal"
[policy]
contact_every_days = 14
"""


def brief(text: str = BRIEF) -> Brief:
    return read_brief(text)


def week(n: float, hours: float = 9.0) -> datetime:
    """So many weeks after the first Monday."""
    return MONDAY + timedelta(weeks=n, hours=hours)


class _Rows:
    """A read-only event log over plain rows."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables

    def read(self, kind: str, *, after: int = 0, since: datetime | None = None) -> pa.Table:
        return self._tables.get(kind, KINDS[kind].schema.empty_table())

    def head(self) -> int:
        return 1

    def generation(self) -> int:
        return 0

    def state(self) -> tuple[int, int]:
        return self.generation(), self.head()


@dataclass
class Written:
    """A log being written. Suggestions get the ids s1, s2, … in the order they are made."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    seq: int = 0

    def add(
        self, kind: str, at: datetime, *, unit: str | None = None, actor: str | None = None, **body: Any
    ) -> str:
        self.seq += 1
        id = body.pop("id", f"e{self.seq}")
        read = {k: json.dumps(v) if KINDS[kind].fields[k] == "json" else v for k, v in body.items()}
        envelope = {
            "seq": self.seq,
            "id": id,
            "version": 1,
            "unit": unit,
            "actor": actor,
            "at": at,
            "received_at": at,
        }
        self.rows[kind].append({**envelope, **read})
        return id

    def facts(self, unit: str, at: datetime, **facts: Any) -> None:
        self.add("unit.facts", at, unit=unit, facts=facts)

    def suggest(self, unit: str, at: datetime, action: str = "call", **more: Any) -> str:
        id = f"s{len(self.rows['suggestion']) + 1}"
        body = {
            "release": "r1", "arm": "challenger", "mode": "answer", "action": action, "propensity": 1.0,
            "expires_us": int((at + timedelta(days=14)).timestamp() * 1e6), "role": "lead",
            "segment": {"role": "lead", "industry": "food"}, **more,
        }  # fmt: skip
        return self.add("suggestion", at, unit=unit, id=id, **body)

    def respond(self, suggestion: str, at: datetime, what: str = "shown", by: str = "ana", **more: Any) -> None:
        self.add("response", at, unit="u", actor=by, suggestion=suggestion, what=what, **more)

    def outcome(self, unit: str, at: datetime, name: str = "left", amount: float = 1.0) -> None:
        self.add("outcome", at, unit=unit, name=name, amount=amount)

    def say(self, suggestion: str | None, at: datetime, by: str = "ana", **said: Any) -> None:
        self.add("feedback", at, actor=by, suggestion=suggestion, **said)

    def learned(self, at: datetime, release: str = "r1") -> None:
        self.add("learned", at, release=release, artefact="k")

    def look(self, now: datetime, *, text: str = BRIEF, policy: str = "effect") -> Look:
        """One look at what is written so far."""
        tables = {kind: pa.Table.from_pylist(rows, schema=KINDS[kind].schema) for kind, rows in self.rows.items()}
        read = brief(text)
        moves = (Move("full", 1.0, MONDAY, "pm", "begin"),)
        release = Release("r1", "The first", "full", 1.0, {"policy": policy}, moves)
        texts = Texts("en", read.product.zone)
        return Look(LogTables(_Rows(tables)), read, texts, [release], now, actions=ACTIONS)


Chance = Callable[[np.random.Generator, int, int], float]
"""(luck, unit number, week number) → a probability."""


def always(p: float) -> Chance:
    return lambda luck, unit, week: p


@dataclass
class World:
    """A company by chance. Every unit is decided on each fourth week; nothing depends on the week unless told."""

    seed: int = 0
    weeks: int = 26
    units: int = 400
    told: Chance = field(default_factory=lambda: always(0.6))
    left: Callable[[float, int], float] = lambda risk, week: risk
    down: Chance = field(default_factory=lambda: always(0.05))
    away: Chance = field(default_factory=lambda: always(0.08))
    seats: Callable[[np.random.Generator, int, int], float] = lambda luck, unit, week: 5 + unit % 90
    action: Callable[[np.random.Generator, int, int], str] | None = None
    authors: Sequence[str] = ("ana", "ben", "cleo", "dev", "elif")
    every: int = 4

    def written(self) -> Written:
        luck, log = np.random.default_rng(self.seed), Written()
        gender = luck.choice(["f", "m"], self.units)
        plan = luck.choice(["starter", "growth", "large"], self.units, p=[0.5, 0.3, 0.2])
        held = luck.random(self.units) < 0.2
        base = luck.beta(2, 8, self.units)
        for w in range(self.weeks):
            at = week(w)
            log.learned(at)
            for u in range(w % self.every, self.units, self.every):
                unit, role = f"u{u}", ("lead", "admin")[u % 2]
                log.facts(
                    unit, at, gender=str(gender[u]), plan=str(plan[u]), role=role, owner="o",
                    seats=float(self.seats(luck, u, w)), idle=int(luck.geometric(0.05)), age=100 + 7 * w + u,
                )  # fmt: skip
                risk = float(np.clip(base[u] + 0.02 * luck.normal(), 0.01, 0.9))
                if luck.random() < self.left(risk, w):
                    log.outcome(unit, at + timedelta(days=3 + 20 * luck.random()))
                tell = not held[u] and luck.random() < self.told(luck, u, w)
                action = "nothing"
                if tell:
                    pick = self.action or (lambda luck, u, w: str(luck.choice(list(ACTIONS), p=[0.5, 0.3, 0.2])))
                    action = pick(luck, u, w)
                worth = {"call": 3000, "mail": 1000, "visit": 2000}.get(action, 0)
                said = log.suggest(
                    unit, at, action, arm="holdout" if held[u] else "challenger", risk=risk, role=role,
                    value=worth + int(200 * luck.normal()) if tell else None,
                    segment={"role": role, "industry": "food"},
                )  # fmt: skip
                if tell:
                    self._met(log, luck, said, u, w, at)
        return log

    def _met(self, log: Written, luck: np.random.Generator, said: str, u: int, w: int, at: datetime) -> None:
        by = str(luck.choice(self.authors))
        log.respond(said, at + timedelta(hours=2 + 60 * luck.random()), by=by)
        later = at + timedelta(hours=70 + 20 * luck.random())
        if luck.random() < self.away(luck, u, w):
            log.respond(said, later, "dismissed", by=by)
        elif luck.random() < 0.8:
            log.respond(said, later, "done", by=by)
        if luck.random() < self.down(luck, u, w):
            log.say(said, later, by, thumb=-1)
        if luck.random() < 0.02:
            log.say(said, later, by, correction={"seats": 3})
        if luck.random() < 0.01:
            log.say(said, later, by, problem="the number is old")
