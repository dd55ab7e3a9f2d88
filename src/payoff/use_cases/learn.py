"""Learn: take in feedback, refresh every living release, and tell people what became of what they said."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow.compute as pc

from payoff.brief.goals import goal_of, risk_of
from payoff.feedback.annotations import cases, labels
from payoff.feedback.fates import final_id, note_id
from payoff.feedback.items import items
from payoff.feedback.rules import Lessons
from payoff.feedback.rules import learn as by_rules
from payoff.learning import traces
from payoff.learning.labels import collect
from payoff.learning.refresh import Refreshed, refresh
from payoff.log.tables import LogTables
from payoff.models.risk import RiskScores
from payoff.records.envelope import Event
from payoff.records.releases import Release
from payoff.releases import lifecycle
from payoff.use_cases.naming import names_now
from payoff.use_cases.notes import written
from payoff.use_cases.record import plain
from payoff.use_cases.workspace import Workspace

CORRECTED = traces.CORRECTED
RECENT = 1000
"""Newest facts that are looked at to know which names facts have."""
LIVING = ("draft", "shadow", "named", "canary", "ramp", "full")


@dataclass(frozen=True, slots=True)
class LearnReport:
    """What a learning did. `scores` are the risk model's cross-validated figures, `None` without labels.

    `artefacts` maps each refreshed release to what it learned; `changed` says in words what feedback changed.
    """

    rows: int
    feedback_used: int
    feedback_declined: int
    changed: tuple[str, ...]
    artefacts: dict[str, str]
    scores: RiskScores | None
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        scores = self.scores
        return {
            "rows": self.rows,
            "feedback_used": self.feedback_used,
            "feedback_declined": self.feedback_declined,
            "changed": list(self.changed),
            "artefacts": self.artefacts,
            "risk": None
            if scores is None
            else {
                "auc": scores.auc,
                "log_loss": scores.log_loss,
                "calibration_error": scores.calibration_error,
                "base_rate": scores.base_rate,
                "n": scores.n,
            },
            "notes": list(self.notes),
        }


def learn(ws: Workspace, now: datetime | None = None, *, score: bool = True) -> LearnReport:
    """One refresh of every living release, in one transaction with what became of people's feedback.

    `score` adds the risk model's figures on customers it had not seen.
    """
    moment = now or ws.clock.now()
    lessons = _lessons(ws)
    living = [r for r in ws.releases() if r.stage in LIVING]
    made = _refreshed(ws, lessons, moment, living, score=score)
    lessons = _unanswered(ws, lessons)
    changed = _changes(ws, lessons)
    events, keys = _learned(ws, made, living, moment, changed)
    serving = lifecycle.champion(living)
    champion = serving.id if serving else next(iter(keys), "")
    # One transaction: a learning that fails leaves no half-taught log, and nobody half-answered.
    events = [
        *_mended(ws, lessons, moment),
        *events,
        *_fates(ws, lessons, moment, champion, keys.get(champion, "")),
    ]
    ws.storage.log.append(events)
    used = sum(f.state == "used" for f in lessons.fates)
    return LearnReport(
        rows=made.rows,
        feedback_used=used,
        feedback_declined=len(lessons.fates) - used,
        changed=changed,
        artefacts=keys,
        scores=made.scores,
        notes=made.notes,
    )


def prepare(ws: Workspace, release: Release) -> None:
    """Let one new release learn what is known by now; nobody else's model, and no feedback, is touched."""
    moment = ws.clock.now()
    made = _refreshed(ws, _lessons(ws), moment, [release], score=False)
    ws.storage.log.append(_learned(ws, made, [release], moment, ())[0])


def _lessons(ws: Workspace) -> Lessons:
    return lessons_of(ws.tables, ws.actions())


def lessons_of(tables: LogTables, actions: Mapping[str, str]) -> Lessons:
    """What all feedback and all labels of a log teach, by the written rules."""
    known = tables.arrow("unit.facts")
    newest = known["facts"].slice(max(0, known.num_rows - RECENT)).to_pylist()
    names = {name for text in newest for name in json.loads(text)}
    taken = known.filter(pc.fill_null(pc.starts_with(known["source"], CORRECTED), False))["source"].to_pylist()
    return by_rules(
        items(tables),
        facts=names,
        actions=actions,
        labels=labels(tables),
        mended_before={source.removeprefix(CORRECTED) for source in taken},
    )


def _refreshed(
    ws: Workspace, lessons: Lessons, moment: datetime, living: Sequence[Release], *, score: bool
) -> Refreshed:
    goal, risk = goal_of(ws.brief), risk_of(ws.brief)
    labels = collect(ws.tables, ws.brief, moment, goal=goal, risk=risk, lessons=lessons)
    return refresh(labels, ws.brief, ws.playbook, ws.plugins.policies, living, score=score)


def _learned(
    ws: Workspace, made: Refreshed, living: Sequence[Release], moment: datetime, changed: tuple[str, ...]
) -> tuple[list[Event], dict[str, str]]:
    """The refreshes that learned something new, and the key of what every release knows now."""
    events, keys = [], {}
    before = {release.id: release.artefact for release in living}
    for release, learned in made.learned.items():
        payload = json.dumps(learned, sort_keys=True, separators=(",", ":")).encode()
        key = ws.storage.artefacts.put("model", payload, {"release": release, "at": moment.isoformat()})
        keys[release] = key
        if key == before[release]:
            continue
        rows = made.rows
        note = ws.texts.say("feedback.learned_note", rows=rows) if rows else ws.texts.say("feedback.learned_none")
        body = {"release": release, "artefact": key, "rows": rows, "changed": list(changed), "note": note}
        events.append(ws.event("learned", body, at=moment, actor="payoff"))
    return events, keys


def _mended(ws: Workspace, lessons: Lessons, now: datetime) -> list[Event]:
    """Corrected facts, on top of the newest ones; several corrections of a unit add up."""
    known: dict[str, dict[str, Any]] = {}
    moments: dict[str, datetime] = {}
    events = []
    for unit, feedback, facts in lessons.facts:
        if unit not in known:
            last = ws.storage.log.latest("unit.facts", unit)
            known[unit] = dict(last.body["facts"]) if last else {}
            moments[unit] = last.at if last else now  # a source may have been read since the learning began
        known[unit] |= plain(facts)
        body = {"facts": dict(known[unit]), "source": f"{CORRECTED}{feedback}"}
        events.append(ws.event("unit.facts", body, at=max(now, moments[unit]), unit=unit))
    return events


def _unanswered(ws: Workspace, lessons: Lessons) -> Lessons:
    """Without what its author took back, or somebody answered, while all this was learned."""
    known = ws.storage.log.find_many("fate", [final_id(fate.item.id) for fate in lessons.fates])
    answered = set(known["feedback"].to_pylist())
    return replace(
        lessons,
        fates=tuple(fate for fate in lessons.fates if fate.item.id not in answered),
        facts=tuple(one for one in lessons.facts if one[1] not in answered),
    )


def _fates(ws: Workspace, lessons: Lessons, now: datetime, release: str, key: str) -> list[Event]:
    events, names = [], names_now(ws, [fate.item.unit for fate in lessons.fates])
    for fate in lessons.fates:
        spoken = _spoken(ws, fate.values, names)
        body = {
            "feedback": fate.item.id,
            "state": fate.state,
            "reason": " ".join(ws.texts.say(key, **spoken) for key in (fate.key, fate.also) if key),
            "learned": key or None if fate.state == "used" else None,
            "release": release or None,
        }
        id = final_id(fate.item.id)
        events.append(ws.event("fate", body, at=now, unit=fate.item.unit or None, actor="payoff", id=id))
        if fate.note:
            note = {"about": fate.note, "text": fate.item.text or "-", "release": fate.item.release or None}
            events.append(written(ws, "note", note, by=fate.item.by, at=now, id=note_id(fate.item.id)))
    return events


def _spoken(ws: Workspace, values: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """A role nobody gave is everybody; a unit goes by the name people know."""
    more: dict[str, object] = {"role": ws.texts.say("feedback.everybody")} if values.get("role") == "" else {}
    if "unit" in values:
        more["unit"] = names.get(str(values["unit"]), values["unit"])
    return {**values, **more}


def _changes(ws: Workspace, lessons: Lessons) -> tuple[str, ...]:
    """What feedback changes in this learning, in words that name no unit: they outlive it."""
    texts, actions = ws.texts, ws.actions()
    by = {fate.item.id: fate.item.by for fate in lessons.fates}
    mended: Counter[str] = Counter()
    for _, id, facts in lessons.facts:
        mended[by.get(id, "")] += len(facts)
    said = [texts.say("feedback.changed_facts", n=n, by=_name(ws, who)) for who, n in sorted(mended.items())]
    if lessons.not_at_risk:
        said.append(texts.say("feedback.changed_calm", n=len(lessons.not_at_risk)))
    agreed = sum(bool(case.lessons()) for case in cases(ws.tables).values())
    if agreed:
        said.append(texts.say("annotate.changed", n=agreed))
    said += [
        texts.say(
            "feedback.changed_up" if shift > 0 else "feedback.changed_down",
            action=actions[action],
            role=role or "-",
        )
        for (action, role), shift in sorted(lessons.shifts.items())
    ]
    return tuple(said)


def _name(ws: Workspace, person: str) -> str:
    known = ws.brief.people.get(person)
    return known.name if known else person or "-"
