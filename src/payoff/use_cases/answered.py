"""What one person answered lately, and whether it still stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief.goals import goal_of
from payoff.log.asides import asides_of
from payoff.log.responses import ANSWERS, Answer, current, said
from payoff.records.time import DAY, from_micros
from payoff.use_cases.workspace import Workspace

Fate = Literal["stands", "taken back", "replaced"]
LATELY = timedelta(days=30)
MOST = 200


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer of a person's. `fate`: it stands, they took it back, or a later answer counts instead (`by`).

    `last` says that undoing takes back this one. For what was done, `came` is when the goal came within its
    window, `known_by` when that is known.
    """

    suggestion: str
    unit: str
    say: str
    what: str
    why: str
    until: datetime | None
    at: datetime
    fate: Fate
    last: bool
    by: str = ""
    came: datetime | None = None
    known_by: datetime | None = None


def answers_by(ws: Workspace, person: str) -> list[GivenAnswer]:
    """What a person answered in the last 30 days, newest first, at most 200."""
    rows = ws.tables.recent("response", ws.clock.now() - LATELY)
    rows = rows.filter(pc.is_in(rows["what"], pa.array([*ANSWERS, "undone"])))
    own = rows.filter(pc.and_(pc.equal(rows["actor"], person), pc.not_equal(rows["what"], "undone")))
    newest = own.take(pc.sort_indices(own, [("at", "descending"), ("seq", "descending")])[:MOST])
    about = pc.unique(newest["suggestion"])
    if not len(about):
        return []
    answers: dict[str, list[Answer]] = defaultdict(list)
    for row in rows.filter(pc.is_in(rows["suggestion"], about)).to_pylist():
        until = from_micros(row["until_us"]) if row["until_us"] is not None else None
        made = Answer(row["id"], row["seq"], row["at"], row["what"], row["actor"] or "", row["why"] or "", until)
        answers[row["suggestion"]].append(made)
    told = {row["id"]: row for row in ws.tables.some("suggestion", about.to_pylist()).to_pylist()}
    wanted = set(newest["id"].to_pylist())
    found = []
    for key, given in answers.items():
        for answer in given:
            if answer.id in wanted and key in told:
                fate, last, by = _fate(answer, given)
                say = told[key]["say"] or ""
                found.append(
                    GivenAnswer(
                        key,
                        told[key]["unit"],
                        say,
                        answer.what,
                        answer.why,
                        answer.until,
                        answer.at,
                        fate,
                        last,
                        by,
                    )
                )
    return sorted(_went_on(ws, found), key=lambda a: a.at, reverse=True)


def _went_on(ws: Workspace, answers: list[GivenAnswer]) -> list[GivenAnswer]:
    """How the customers went on after what was done. That it followed is all this says, not that it was caused."""
    goal = goal_of(ws.brief)
    outcome = ws.brief.outcomes.get(goal)
    if outcome is None or not outcome.good or not any(a.what == "done" for a in answers):
        return answers
    units = pa.array([a.unit for a in answers if a.what == "done"], pa.string())
    rows = ws.tables.recent("outcome", min(a.at for a in answers))
    rows = rows.filter(pc.and_(pc.equal(rows["name"], goal), pc.is_in(rows["unit"], units)))
    rows = rows.filter(pc.greater(rows["amount"], 0.0))
    good: dict[str, list[datetime]] = defaultdict(list)
    for unit, at in zip(rows["unit"].to_pylist(), rows["at"].to_pylist(), strict=True):
        good[unit].append(at)

    def went_on(a: GivenAnswer) -> GivenAnswer:
        end = a.at + outcome.window_days * DAY
        return replace(a, came=min((at for at in good[a.unit] if a.at <= at <= end), default=None), known_by=end)

    return [went_on(a) if a.what == "done" else a for a in answers]


@dataclass(frozen=True, slots=True)
class Returning:
    """One unit a person wanted to come back to; `say` is what they put off, `until` the day that has come."""

    unit: str
    say: str
    why: str
    until: datetime


def returning(ws: Workspace, person: str) -> list[Returning]:
    """What a person put off to a day that came in the last week, and nobody has answered since."""
    mine = [one for one in asides_of(ws.tables).back(ws.clock.now()) if one[2].by == person]
    told = ws.tables.some("suggestion", [id for id, _, _ in mine]) if mine else None
    say = dict(zip(told["id"].to_pylist(), told["say"].to_pylist(), strict=True)) if told is not None else {}
    found = [Returning(unit, say.get(id) or "", put.why, put.until) for id, unit, put in mine if put.until]
    return sorted(found, key=lambda one: (one.until, one.unit))


def _fate(answer: Answer, given: list[Answer]) -> tuple[Fate, bool, str]:
    kept = said(given)
    if answer not in kept:
        return "taken back", False, ""
    mine = [a for a in kept if a.by == answer.by]
    counts = current(given)
    if counts is not None and counts.order > answer.order and counts.what != answer.what:
        return "replaced", mine[-1] == answer, counts.by
    return "stands", mine[-1] == answer, ""
