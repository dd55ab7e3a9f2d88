"""The inbox: what many say alike, and the fate people give it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from payoff.errors import BadInput, Conflict, Fault, Unknown
from payoff.feedback.clusters import Cluster, carried, clusters
from payoff.feedback.fates import final_id
from payoff.feedback.items import FINAL, FeedbackItem
from payoff.models.likeness import grouped
from payoff.use_cases import views
from payoff.use_cases.pace import Pace
from payoff.use_cases.workspace import Workspace

GIVEN = ("looked_at", "used", "declined", "reply")
"""Fates a person may give; a reply corrects what was answered, and changes nothing else."""
USUAL = timedelta(days=28)
"""Suggestions of the last weeks say how frequent a role or an industry is among everybody."""
_MOST = 5000


@dataclass(frozen=True, slots=True)
class Comment:
    """A word among those who run the product. It never leaves: no face of an author's reads it."""

    by: str
    at: datetime
    text: str


@dataclass(slots=True)
class _Known:
    """Items and groups as of two tables of the log; `grouped` is the last grouping of all."""

    sources: tuple[pa.Table, pa.Table] | None = None
    items: list[FeedbackItem] | None = None
    found: list[Cluster] | None = None
    grouped: list[Cluster] | None = None
    pace: Pace = field(default_factory=Pace)


def items(ws: Workspace) -> list[FeedbackItem]:
    """Everything people said, newest first; made anew only when somebody said or answered something."""
    known = _current(ws)
    if known.items is None:
        known.items = views.inbox(ws)
    return known.items


def groups(ws: Workspace) -> list[Cluster]:
    """What many say alike: unanswered first, then what most people say.

    Every item is as it stands now. Where grouping thousands takes long, what came in since stands with those who
    used the very same words, or alone, until all are grouped again.
    """
    known = _current(ws)
    if known.found is None:
        said = items(ws)
        if known.grouped is None or known.pace.due:
            with known.pace.working():
                units = sorted({item.unit for item in said if item.unit})
                known.grouped = clusters(said, grouped, _facts(ws, units), _usual(ws))
            known.found = known.grouped
        else:
            known.found = carried(known.grouped, said)
    return known.found


def group(ws: Workspace, id: str) -> Cluster:
    """One group. Raises `Unknown` for an id no group has (any more)."""
    found = next((c for c in groups(ws) if c.id == id), None)
    if found is None:
        raise Unknown("there is no such group", mend="Open the inbox and choose one from the list.")
    return found


def comments(ws: Workspace, feedback: Sequence[str]) -> dict[str, list[Comment]]:
    """Internal comments by item, oldest first; for pages of those who run the product alone."""
    wanted = set(feedback)
    found: dict[str, list[Comment]] = {}
    for row in ws.tables.arrow("fate").select(["feedback", "internal", "actor", "at"]).to_pylist():
        if row["internal"] and row["feedback"] in wanted:
            found.setdefault(row["feedback"], []).append(Comment(row["actor"] or "", row["at"], row["internal"]))
    return found


def give(
    ws: Workspace, feedback: Sequence[str], state: str, *, by: str, reason: str = "", internal: str = ""
) -> int:
    """The fate of one item or of several at once, by a person; returns how many took it.

    `used` and `declined` need a `reason`, which the author reads. `internal` is kept beside it and never leaves.
    Items that have a final answer already keep it: of several they are passed over, of one `Conflict` says whose
    answer stands. A `reply` goes to those alone that have one, and whose author has not taken them back. Raises
    `Unknown` for an item nobody said.
    """
    if state not in GIVEN:
        raise Unknown.among("fate", state, GIVEN)
    if state != "looked_at" and not reason.strip():
        raise BadInput("answer", [Fault("reason", "no reason", "Say it in words its author can read.")])
    known = {item.id: item for item in items(ws)}
    missing = [id for id in feedback if id not in known]
    if missing:
        raise Unknown(f"no feedback {missing[0]!r}", mend="Open the inbox and choose one from the list.")
    listed = [known[id] for id in feedback]
    if state == "reply":
        waiting = [item for item in listed if item.state in FINAL and not item.taken_back]
        if not waiting:
            raise Conflict(
                "nobody has answered this yet", mend="Answer it first; then the answer can be corrected."
            )
    else:
        waiting = [item for item in listed if item.state not in FINAL]
        if not waiting:
            raise _answered(ws, feedback[0])
    body = {"state": state, "reason": reason.strip() or None, "internal": internal.strip() or None}
    now = ws.clock.now()
    made = [
        ws.event(
            "fate",
            {"feedback": item.id, **body},
            at=now,
            unit=item.unit or None,
            actor=by,
            id=final_id(item.id) if state in FINAL else None,
        )
        for item in waiting
    ]
    kept = ws.storage.log.append(made)
    taken = sum(answer == "stored" for answer in kept)
    if not taken:
        raise _answered(ws, waiting[0].id)
    return taken


def remark(ws: Workspace, feedback: str, text: str, *, by: str) -> None:
    """An internal comment alone; the item's fate stays as it is."""
    if not text.strip():
        raise BadInput("comment", [Fault("internal", "it is empty", "Write what the others should know.")])
    about = next((item for item in items(ws) if item.id == feedback), None)
    if about is None:
        raise Unknown(f"no feedback {feedback!r}", mend="Open the inbox and choose one from the list.")
    body = {"feedback": feedback, "state": "comment", "internal": text.strip()}
    # Of the same unit, so that it is forgotten with it.
    ws.storage.log.append([ws.event("fate", body, at=ws.clock.now(), unit=about.unit or None, actor=by)])


def _answered(ws: Workspace, feedback: str) -> Conflict:
    """Whose answer stands; asked of the log itself, which was quicker than any list."""
    last = ws.storage.log.find(final_id(feedback))
    at = ws.texts.moment(last.at) if last else ""
    reply = last.body.get("reason") or "" if last else ""
    return Conflict(
        f"this has its answer already ({at}): “{reply}”", mend="Its author reads that; nothing changed."
    )


def _current(ws: Workspace) -> _Known:
    known = ws.tables.kept("inbox", _Known)
    sources = (ws.tables.arrow("feedback"), ws.tables.arrow("fate"))
    if known.sources is None or any(a is not b for a, b in zip(known.sources, sources, strict=True)):
        known.sources, known.items, known.found = sources, None, None
    return known


def _facts(ws: Workspace, units: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Role and industry of the units somebody spoke of."""
    names = {"role": ws.brief.unit.role, "industry": ws.brief.unit.industry}
    rows = ws.storage.log.latest_many("unit.facts", units, until=ws.clock.now())
    found: dict[str, Mapping[str, str]] = {}
    for unit, text in zip(rows["unit"].to_pylist(), rows["facts"].to_pylist(), strict=True):
        facts: dict[str, Any] = json.loads(text)
        found[unit] = {place: str(facts[name]) for place, name in names.items() if name and facts.get(name)}
    return found


def _usual(ws: Workspace) -> dict[tuple[str, str], float]:
    """How frequent each role and industry is among the units that were decided for lately."""
    said = ws.tables.recent("suggestion", ws.clock.now() - USUAL)
    last = said.slice(max(0, said.num_rows - _MOST)).select(["unit", "segment"])
    segment = dict(zip(last["unit"].to_pylist(), last["segment"].to_pylist(), strict=True))
    places = [(fact, value) for text in segment.values() for fact, value in json.loads(text or "{}").items()]
    return {place: n / len(segment) for place, n in Counter(places).items()}
