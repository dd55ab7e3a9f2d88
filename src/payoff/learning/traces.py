"""Which training rows a person's words changed, and how: from a click to the rows, and back.

A row is a decision. Three things change by what people say: its risk label ("no need to worry"), the facts it is
seen with (a correction), and what is expected of the action it is about, for its contact's role (thumbs, better
actions, labels). The last one is no entry of the row: it moves the prior of all rows of that action and role, and
is shown at the decision about which it was said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from payoff.feedback.rules import Lessons, Voice

What = Literal["risk", "fact", "expected", "order"]
CORRECTED = "feedback:"
"""What the source of corrected facts begins with; the item's id follows."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A fact as somebody corrected it, from `start` until a source said something new (`end`, `None`: it has not).

    `before` is `None` where nothing was known.
    """

    unit: str
    feedback: str
    fact: str
    before: Any
    after: Any
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """One person's word in a shift: for (1) or against (−1). `here`: it was said about this very row."""

    by: str
    says: int
    label: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """One training row as words changed it.

    `row` is the decision, `at` when it was made. `name` is the fact, or the action for `role`. `before` and
    `after` are what the row would say without and with the words: a risk label (`None`: not known yet), a fact's
    value, or what is expected of the action, in the goal's measure (for `order`: how far back it goes, 0 to 1).
    `feedback` are the items behind it, `labels` the labelled cases. A shift is made up of everybody's word on that
    action and role (`voices`), not of this row's alone. A fact was corrected at `since`, and was so until a source
    said something new (`until`, `None`: it has not).
    """

    row: str
    unit: str
    at: datetime
    what: What
    name: str
    role: str
    before: Any
    after: Any
    feedback: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    voices: tuple[Said, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """Actions and roles that one refresh moved; as expectations, or as places in the playbook's order."""

    what: Literal["expected", "order"]
    places: frozenset[tuple[str, str]]


def traces(
    rows: pa.Table,
    lessons: Lessons,
    mended: Sequence[Mended],
    taught: Sequence[Taught],
    expected: Mapping[str, tuple[float, float]],
) -> tuple[Trace, ...]:
    """Every row that words changed, newest first.

    `rows` are decisions as `log.history.decisions` gives them, `expected` what the playbook expects of each action
    with its standard deviation.
    """
    found = [*_calmed(rows, lessons), *_corrected(rows, mended), *_moved(rows, lessons, taught, expected)]
    return tuple(sorted(found, key=lambda t: (t.at, t.unit, t.what, t.name), reverse=True))


def mendings(facts: pa.Table) -> tuple[Mended, ...]:
    """What corrections changed in the facts of units, from the `unit.facts` table."""
    mine = pc.fill_null(pc.starts_with(facts["source"], CORRECTED), False)
    units = pc.unique(facts.filter(mine)["unit"])
    some = facts.filter(pc.is_in(facts["unit"], units)).select(["unit", "at", "seq", "facts", "source"])
    by_unit: dict[str, list[Mapping[str, Any]]] = {}
    for row in some.to_pylist():
        by_unit.setdefault(row["unit"], []).append(row)
    return tuple(made for unit, told in by_unit.items() for made in _of_unit(unit, told))


def _of_unit(unit: str, told: Sequence[Mapping[str, Any]]) -> Iterator[Mended]:
    known: dict[str, Any] = {}
    active: dict[str, tuple[str, Any, Any, datetime]] = {}
    for row in sorted(told, key=lambda r: (r["at"], r["seq"])):
        now: dict[str, Any] = json.loads(row["facts"])
        source = row["source"] or ""
        by = source.removeprefix(CORRECTED) if source.startswith(CORRECTED) else ""
        for fact, (feedback, before, after, start) in list(active.items()):
            if now.get(fact) != after:
                yield Mended(unit, feedback, fact, before, after, start, row["at"])
                del active[fact]
        if by:
            for fact, value in now.items():
                if value != known.get(fact) and fact not in active:
                    active[fact] = (by, known.get(fact), value, row["at"])
        known = now
    for fact, (feedback, before, after, start) in active.items():
        yield Mended(unit, feedback, fact, before, after, start, None)


def _calmed(rows: pa.Table, lessons: Lessons) -> Iterator[Trace]:
    """What was measured stays measured: only a label that is not known yet is changed."""
    calm = _of(rows, lessons.not_at_risk)
    for row in calm.filter(pc.invert(pc.is_valid(calm["risk"]))).to_pylist():
        said = lessons.calm.get(row["id"], ())
        yield Trace(row["id"], row["unit"], row["at"], "risk", "", row["role"] or "", None, 0.0, said)


def _corrected(rows: pa.Table, mended: Sequence[Mended]) -> Iterator[Trace]:
    units = {made.unit for made in mended}
    some = rows.filter(pc.is_in(rows["unit"], pa.array(sorted(units), pa.string())))
    by_unit: dict[str, list[Mapping[str, Any]]] = {}
    for row in some.select(["id", "unit", "at", "role"]).to_pylist():
        by_unit.setdefault(row["unit"], []).append(row)
    for m in mended:
        for row in by_unit.get(m.unit, ()):
            if m.start <= row["at"] and (m.end is None or row["at"] < m.end):
                role = row["role"] or ""
                yield Trace(
                    row["id"], m.unit, row["at"], "fact", m.fact, role, m.before, m.after, (m.feedback,),
                    since=m.start, until=m.end,
                )  # fmt: skip


def _moved(
    rows: pa.Table, lessons: Lessons, taught: Sequence[Taught], expected: Mapping[str, tuple[float, float]]
) -> Iterator[Trace]:
    places = {s for by in lessons.voices.values() for v in by.values() for _, s in v.places}
    row_of = {row["id"]: row for row in _of(rows, places).to_pylist()}
    for one in taught:
        for action, role in sorted(one.places & lessons.shifts.keys()):
            shift = lessons.shifts[action, role]
            mean, sd = expected.get(action, (0.0, 0.0))
            if one.what == "order":
                before, after = 0.0, max(0.0, -shift)
            else:
                before, after = mean, mean + shift * sd
            if before == after:
                continue  # praise does not reorder the experts' list
            said: dict[str, tuple[list[str], list[str]]] = {}
            voices = lessons.voices.get((action, role), {})
            for voice in voices.values():
                for id, suggestion in voice.places:
                    said.setdefault(suggestion, ([], []))[voice.label].append(id)
            for suggestion, (feedback, labels) in said.items():
                if suggestion in row_of:
                    row = row_of[suggestion]
                    yield Trace(
                        suggestion, row["unit"], row["at"], one.what, action, role,
                        before, after, tuple(feedback), tuple(labels), _heard(voices, suggestion),
                    )  # fmt: skip


def _heard(voices: Mapping[str, Voice], suggestion: str) -> tuple[Said, ...]:
    """Everybody's word, who is for it first."""
    told = [
        Said(by, voice.says, voice.label, any(place == suggestion for _, place in voice.places))
        for by, voice in voices.items()
    ]
    return tuple(sorted(told, key=lambda one: (-one.says, one.by)))


def _of(rows: pa.Table, ids: Sequence[str] | frozenset[str] | set[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows["id"], pa.array(sorted(ids), pa.string())))
