"""What pages and commands read: the queue, the inbox, decisions, refreshes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.feedback.items import FINAL, FeedbackItem, items, items_of
from payoff.log.corrections import Corrected
from payoff.log.customers import AUTHOR
from payoff.log.desk import Waiting
from payoff.log.opinions import opinions
from payoff.log.responses import standing
from payoff.records.suggestions import Suggestion
from payoff.records.time import DAY, EPOCH
from payoff.use_cases.suggest import read_suggestion, withdrawn
from payoff.use_cases.waiting import desk, waiting
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One unit on the desk. `state` is open or snoozed; `due` is when the suggestion stops being good.

    `owner` takes care of the unit; `taken_by` is the person who took this one suggestion on, at `taken_at`, and
    `lapsed` who had it but gave no answer for three days. `corrected` are facts somebody mended that the next
    learning has yet to take in; `facts` has them already.
    """

    suggestion: Suggestion
    unit: str
    facts: Mapping[str, Any]
    owner: str
    since: datetime
    due: datetime
    state: str
    snoozed_until: datetime | None
    responses: tuple[str, ...]
    taken_by: str = ""
    taken_at: datetime | None = None
    lapsed: str = ""
    corrected: Mapping[str, Corrected] = field(default_factory=dict)
    why: str = ""
    """Why it was put off, as it was kept."""
    wanted: bool = False
    """The customer said: yes, please."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person (or the automatic guardrail) decided, and on which kept scorecard."""

    release: str
    chosen: str
    word: str
    rule: str
    why: str
    by: str
    at: datetime
    card: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """One weekly learning of a release."""

    release: str
    at: datetime
    artefact: str
    rows: int
    changed: tuple[str, ...]
    note: str


@dataclass(slots=True)
class _Queue:
    """The queue as it was made last, good for one version of the desk and until time alone changes it."""

    version: int = -1
    void: frozenset[str] = frozenset()
    made_at: datetime = EPOCH
    until: datetime = EPOCH
    items: list[QueueItem] = field(default_factory=list)
    known: dict[str, tuple[int, QueueItem]] = field(default_factory=dict)


def queue(ws: Workspace, owner: str | None = None) -> list[QueueItem]:
    """Open suggestions that somebody should act on: the worthiest first, snoozed ones last."""
    now, void, kept = ws.clock.now(), withdrawn(ws), ws.tables.kept("queue", _Queue)
    with ws.tables.looking:
        found = waiting(ws, now)
        version = desk(ws).version
        if (version, void) != (kept.version, kept.void) or not kept.made_at <= now < kept.until:
            _make(ws, kept, [one for one in found if one.row["release"] not in void], now)
            kept.version, kept.void, kept.made_at = version, void, now
        return [item for item in kept.items if owner in (None, item.owner)]


def _make(ws: Workspace, kept: _Queue, found: Sequence[Waiting], now: datetime) -> None:
    """All items, those that are as they were taken over; and when time alone will change one of them."""
    known, ends = {}, [now + DAY]
    for one in found:
        version, item = kept.known.get(one.id, (-1, None))
        asleep = _asleep(one, now)
        if item is None or version != one.version or one.moves or asleep != (item.state == "snoozed"):
            item = _item(ws, one, now, item)
        known[one.id] = (one.version, item)
        free = one.claim(now).free_at
        ends += [at for at in (one.ends, one.until, free) if at is not None and at > now]
    items = [item for _, item in known.values()]
    worth = {item.unit: item.suggestion.value.minor if item.suggestion.value else 0 for item in items}
    kept.known, kept.until = known, min(ends)
    kept.items = sorted(items, key=lambda q: (q.state, -worth[q.unit], q.unit))


def _item(ws: Workspace, one: Waiting, now: datetime, before: QueueItem | None) -> QueueItem:
    asleep = _asleep(one, now)
    claim = one.claim(now)
    owner = one.facts.get(ws.brief.unit.owner) if ws.brief.unit.owner else None
    return QueueItem(
        suggestion=before.suggestion if before else read_suggestion(one.row),
        unit=one.unit,
        facts=one.facts,
        owner=str(owner or ""),
        since=one.at,
        due=one.ends,
        state="snoozed" if asleep else "open",
        snoozed_until=one.until if asleep else None,
        responses=one.responses,
        taken_by=claim.by,
        taken_at=claim.at if claim.by else None,
        lapsed=claim.lapsed,
        corrected=one.corrected,
        why=one.answer.why if asleep and one.answer else "",
        wanted=_wanted(one) is not None,
    )


def _wanted(one: Waiting) -> datetime | None:
    """When the customer said: yes, please; `None` where they have not, or took it back."""
    yes = [a.at for a in standing(one.answers) if a.what == "accepted" and a.by.startswith(AUTHOR)]
    return max(yes, default=None)


def _asleep(one: Waiting, now: datetime) -> bool:
    """Whether somebody put it off, and the customer has not asked for it since."""
    wanted = _wanted(one)
    asked = wanted is not None and one.answer is not None and wanted > one.answer.at
    return one.until is not None and one.until > now and not asked


def facts_now(ws: Workspace, units: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest facts of some units, by unit; whoever is not known has none."""
    rows = ws.storage.log.latest_many("unit.facts", sorted(set(units)), until=ws.clock.now())
    known = zip(rows["unit"].to_pylist(), rows["facts"].to_pylist(), strict=True)
    return {unit: json.loads(text) for unit, text in known}


def as_of(ws: Workspace) -> datetime | None:
    """The moment the data speak of: the newest thing that happened; `None` for an empty log."""
    found = ws.storage.log.newest(("unit.facts", "outcome", "response", "trial.row"), until=ws.clock.now())
    return max(found.values(), default=None)


def inbox(ws: Workspace) -> list[FeedbackItem]:
    """Everything people said, newest first, with its fate."""
    return items(ws.tables)


def said_by(ws: Workspace, person: str, most: int | None = None) -> list[FeedbackItem]:
    """What one person said (the newest `most` of it), newest first, and what became of it."""
    return items_of(ws.tables, person, most=most)


def unread(ws: Workspace, person: str) -> int:
    """How many final answers to what a person said they have not read."""
    feedback, fates = ws.tables.arrow("feedback"), ws.tables.arrow("fate")
    known: dict[str, tuple[object, object, int]] = ws.tables.kept("unread", dict)
    before = known.get(person)
    if before is None or before[0] is not feedback or before[1] is not fates:
        mine = feedback.filter(pc.equal(feedback["actor"], person))["id"].combine_chunks()
        rows = fates.filter(pc.is_in(fates["feedback"], mine))
        others = pc.not_equal(pc.fill_null(rows["actor"], ""), person)  # what one took back oneself is no news
        answers = pc.and_(pc.is_in(rows["state"], pa.array([*sorted(FINAL), "reply"])), others)
        waits: set[str] = set()
        told = rows.filter(pc.or_(answers, pc.equal(rows["state"], "told")))
        for id, state in zip(told["feedback"].to_pylist(), told["state"].to_pylist(), strict=True):
            (waits.discard if state == "told" else waits.add)(id)
        missing = len(waits)
        before = known[person] = (feedback, fates, missing)
    return before[2]


def thumbs(ws: Workspace, person: str) -> dict[str, int]:
    """By suggestion, the newest thumb of a person that they have not taken back: 1 or -1."""
    feedback, fates = ws.tables.arrow("feedback"), ws.tables.arrow("fate")
    known: dict[str, tuple[object, object, dict[str, int]]] = ws.tables.kept("thumbs", dict)
    before = known.get(person)
    if before is None or before[0] is not feedback or before[1] is not fates:
        said = opinions(ws.tables)
        mine = said.filter(pc.and_(pc.equal(said["actor"], person), said["thumb"].is_valid()))
        mine = mine.sort_by([("at", "ascending"), ("seq", "ascending")])
        columns = (mine[name].to_pylist() for name in ("suggestion", "thumb"))
        newest = {key: thumb for key, thumb in zip(*columns, strict=True) if key}
        before = known[person] = (feedback, fates, newest)
    return before[2]


def decisions(ws: Workspace, release: str | None = None) -> list[Decision]:
    """Decisions on releases, newest first."""
    rows = ws.tables.arrow("decision").to_pylist()[::-1]
    return [
        Decision(
            release=row["release"],
            chosen=row["chosen"],
            word=row["word"] or "",
            rule=row["rule"] or "",
            why=row["why"] or "",
            by=row["actor"] or "",
            at=row["at"],
            card=row["card"] or "",
        )
        for row in rows
        if release in (None, row["release"])
    ]


def refreshes(ws: Workspace, release: str | None = None) -> list[Refresh]:
    """What was learned, newest first."""
    rows = ws.tables.arrow("learned").to_pylist()[::-1]
    return [
        Refresh(
            release=row["release"],
            at=row["at"],
            artefact=row["artefact"],
            rows=row["rows"] or 0,
            changed=tuple(json.loads(row["changed"] or "[]")),
            note=row["note"] or "",
        )
        for row in rows
        if release in (None, row["release"])
    ]
