"""From what somebody said to the training rows and releases it changed, and back.

Nothing is kept for it: a refresh is traced by applying the rules once more to the log as it stood then, so that
what is shown is what was done, and who is erased is gone from here as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief.goals import risk_of
from payoff.errors import Unknown
from payoff.learning.traces import Taught, Trace, mendings, traces
from payoff.log.as_of import AsOf
from payoff.log.history import decisions
from payoff.use_cases.learn import LIVING, lessons_of
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Learned:
    """One refresh. `releases` learned it, `serving` are those that know it today and nothing newer.

    `rows` is how many training rows it saw, `calmed` how many decisions people had called not at risk by then (of
    these only labels not known yet are changed), `labelled` whether it holds a risk model at all: without one a
    changed risk label waits for more labels.
    """

    artefact: str
    at: datetime
    releases: tuple[str, ...]
    serving: tuple[str, ...]
    rows: int
    labelled: bool
    traces: tuple[Trace, ...]
    calmed: int = 0

    def by(self, feedback: str) -> tuple[Trace, ...]:
        """The rows one item changed."""
        return tuple(t for t in self.traces if feedback in t.feedback)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many training rows an item changed in one refresh."""

    artefact: str
    at: datetime
    releases: tuple[str, ...]
    rows: int


class Lineage:
    """Refreshes with the rows that words changed, over one product."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    def refresh(self, artefact: str) -> Learned:
        """One refresh by its key. Raises `Unknown` for a key nothing was learned under."""
        seq, at, releases, rows = self._when(artefact)
        ws = self._ws
        known: dict[str, tuple[int, bool, tuple[Trace, ...], int]] = ws.tables.kept("lineage", dict)
        if artefact not in known or known[artefact][0] != seq:
            known[artefact] = (seq, *_traced(ws, artefact, seq, at))
        _, labelled, found, calmed = known[artefact]
        serving = tuple(r.id for r in ws.releases() if r.artefact == artefact)
        return Learned(artefact, at, releases, serving, rows, labelled, found, calmed)

    def of(self, feedback: str, learned: str = "") -> tuple[Taken, ...]:
        """Refreshes in which an item changed rows: the one that took it in (`learned`), and today's; in order."""
        living = [r.artefact for r in self._ws.releases() if r.stage in LIVING]
        keys = dict.fromkeys([learned, *living])
        found = []
        for key in keys:
            if key:
                made = self.refresh(key)
                if n := len({t.row for t in made.by(feedback)}):
                    found.append(Taken(key, made.at, made.releases, n))
        return tuple(sorted(found, key=lambda t: t.at))

    def _when(self, artefact: str) -> tuple[int, datetime, tuple[str, ...], int]:
        """The newest event of the learning, its moment, who learned it, from how many rows.

        A learning that changes nothing leaves no `learned` event, but people are told under the same key.
        """
        made = self._ws.tables.arrow("learned")
        mine = made.filter(pc.equal(made["artefact"], artefact)).to_pylist()
        if not mine:
            raise Unknown(f"no refresh {artefact!r}", mend="Open the releases and choose one from there.")
        fates = self._ws.tables.arrow("fate")
        told = fates.filter(pc.equal(fates["learned"], artefact)).select(["seq", "at"]).to_pylist()
        last = max([*mine, *told], key=lambda row: int(row["seq"]))
        releases = tuple(dict.fromkeys(row["release"] for row in mine))
        return int(last["seq"]), last["at"], releases, int(mine[-1]["rows"] or 0)


def _traced(ws: Workspace, artefact: str, seq: int, at: datetime) -> tuple[bool, tuple[Trace, ...], int]:
    tables, risk = AsOf(ws.tables, seq), risk_of(ws.brief)
    kept = json.loads(ws.storage.artefacts.get(artefact).payload)
    days = ws.brief.outcomes[risk].window_days if risk in ws.brief.outcomes else 0.0
    rows = decisions(tables, at, goal="", goal_days=0.0, risk=risk, risk_days=days)
    if not risk:  # without a bad outcome there is no label to change
        rows = rows.set_column(rows.schema.get_field_index("risk"), "risk", pa.repeat(pa.scalar(0.0), len(rows)))
    expected = {a.id: (a.expects or 0.0, a.unsure) for a in ws.playbook.actions}
    taught = taught_by(ws, artefact)
    # A correction becomes a fact with the learning that takes it in: rows see it from the next one on.
    mended = [made for made in mendings(tables.arrow("unit.facts")) if made.start < at]
    lessons = lessons_of(tables, ws.actions())
    found = traces(rows, lessons, mended, taught, expected)
    return kept.get("risk") is not None, found, len(lessons.not_at_risk)


def taught_by(ws: Workspace, artefact: str) -> tuple[Taught, ...]:
    """Actions and roles of today's playbook that an artefact has moved by what people said."""
    known: dict[str, tuple[Taught, ...]] = ws.tables.kept("taught", dict)
    if artefact not in known:
        kept = json.loads(ws.storage.artefacts.get(artefact).payload)
        known[artefact] = tuple(_taught(kept.get("policy"), ws.actions()))
    return known[artefact]


def _taught(
    learned: Any, actions: Mapping[str, str], what: Literal["expected", "order"] = "order"
) -> Iterator[Taught]:
    """What a learned policy keeps of shifts, wherever it keeps it: an effect model reads them as expectations."""
    if not isinstance(learned, dict):
        return
    mine: Literal["expected", "order"] = "expected" if learned.get("model") == "effect" else what
    shift = learned.get("shift")
    if isinstance(shift, list) and shift:
        yield Taught(mine, frozenset((action, role) for action, role, _ in shift if action in actions))
    for value in learned.values():
        yield from _taught(value, actions, mine)
