"""What happened after a suggestion: responses, outcomes, feedback, the weekly question."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from payoff.errors import BadInput, Conflict, Fault, PayoffError, Unknown
from payoff.log.responses import WHAT
from payoff.ports import Stored
from payoff.records.envelope import Event
from payoff.records.time import from_micros, to_micros, week_of
from payoff.use_cases import claiming
from payoff.use_cases.workspace import Workspace

_SPACE = uuid.UUID("6f0b5a5e-4c6f-5c0a-9a43-1e0f5d6a2b90")


def response(
    ws: Workspace,
    suggestion: str,
    what: str,
    *,
    at: datetime | None = None,
    by: str | None = None,
    why: str | None = None,
    minutes: float | None = None,
    until: datetime | None = None,
    via: str | None = None,
    id: str | None = None,
    units: Mapping[str, str] | None = None,
) -> Event:
    """The event of a person meeting a suggestion. Raises `Unknown` for a suggestion that never was.

    `units` maps suggestions looked up beforehand to their units; without it the log is asked.
    """
    if what not in WHAT:
        raise Unknown.among("response", what, WHAT)
    if units is None:
        said = ws.storage.log.find(suggestion)
        units = {suggestion: said.unit} if said is not None and said.kind == "suggestion" and said.unit else {}
    if suggestion not in units:
        raise Unknown(f"no suggestion {suggestion!r}", mend="Use the id that `suggest` returned.")
    body = {
        "suggestion": suggestion,
        "what": what,
        "why": why or None,
        "minutes": None if minutes is None else float(minutes),
        "until_us": None if until is None else to_micros(until),
        "via": via or None,
    }
    return ws.event("response", body, at=at or ws.clock.now(), unit=units[suggestion], actor=by, id=id)


def responses(ws: Workspace, rows: Iterable[tuple[str, str, datetime, Mapping[str, Any]]]) -> list[Stored]:
    """Many at once, in one transaction: (suggestion, what, at, {by, why, minutes, until})."""
    listed = list(rows)
    said = ws.tables.some("suggestion", sorted({s for s, *_ in listed})).select(["id", "unit"])
    units = dict(zip(said["id"].to_pylist(), said["unit"].to_pylist(), strict=True))
    events = [response(ws, s, what, at=at, units=units, **more) for s, what, at, more in listed]
    return ws.storage.log.append(events)


def outcome(
    ws: Workspace,
    unit: str,
    name: str,
    amount: float = 1.0,
    *,
    at: datetime | None = None,
    suggestion: str | None = None,
    by: str | None = None,
    id: str | None = None,
) -> Event:
    """The event of an outcome. Raises `Unknown` for an outcome the brief does not name."""
    declared = ws.brief.outcomes.get(name)
    if declared is None:
        raise Unknown.among("outcome", name, ws.brief.outcomes)
    currency = ws.brief.product.currency if declared.measure == "money" else None
    body = {"name": name, "amount": float(amount), "currency": currency, "suggestion": suggestion}
    return ws.event("outcome", body, at=at or ws.clock.now(), unit=unit, actor=by, id=id)


def outcomes(ws: Workspace, rows: Iterable[tuple[str, str, float, datetime | None]]) -> list[Stored]:
    """Many at once: (unit, name, amount, at)."""
    return ws.storage.log.append([outcome(ws, unit, name, amount, at=at) for unit, name, amount, at in rows])


def facts(
    ws: Workspace,
    rows: pa.Table | Sequence[Mapping[str, Any]],
    *,
    unit: str = "unit",
    at: datetime | None = None,
    source: str = "api",
) -> int:
    """What is known about units from `at` on. Nothing is kept if one row cannot be. Returns how many units."""
    listed = rows.to_pylist() if isinstance(rows, pa.Table) else [dict(row) for row in rows]
    moment = at or ws.clock.now()
    faults, events = [], []
    for i, row in enumerate(listed, 1):
        name = row.pop(unit, None)
        if name is None or name == "":
            faults.append(Fault(f"row {i}", f"no {unit}", f"Give every row a {unit}."))
            continue
        events.append(ws.event("unit.facts", {"facts": plain(row), "source": source}, at=moment, unit=str(name)))
    if faults:
        raise BadInput(source, faults)
    ws.storage.log.append(events)
    return len(events)


def said(
    ws: Workspace,
    suggestion: str | None = None,
    *,
    unit: str | None = None,
    thumb: int | None = None,
    correction: Mapping[str, Any] | None = None,
    problem: str | None = None,
    idea: str | None = None,
    comment: str | None = None,
    by: str,
    at: datetime | None = None,
    via: str | None = None,
    id: str | None = None,
) -> Event:
    """The event of somebody saying something. Raises `BadInput` when nothing was said or nobody said it."""
    body = {
        "suggestion": suggestion or None,
        "thumb": thumb,
        "correction": plain(correction) if correction else None,
        "problem": (problem or "").strip() or None,
        "idea": (idea or "").strip() or None,
        "comment": (comment or "").strip() or None,
    }
    faults = []
    if not any(v is not None for k, v in body.items() if k != "suggestion"):
        faults.append(
            Fault("feedback", "nothing was said", "Give a thumb, a correction, a problem, an idea or words.")
        )
    if thumb is not None and thumb not in (-1, 1):
        faults.append(Fault("feedback.thumb", f"{thumb!r} is no thumb", "Give 1 for up or -1 for down."))
    if not by:
        faults.append(Fault("feedback.by", "nobody said it", "Name its author: they will hear what became of it."))
    if faults:
        raise BadInput("feedback", faults)
    if suggestion:
        about = ws.storage.log.find(suggestion)
        if about is None or about.kind != "suggestion":
            raise Unknown(f"no suggestion {suggestion!r}", mend="Use the id that `suggest` returned.")
        if unit not in (None, about.unit):
            fault = Fault("feedback.unit", f"{unit!r} is not whom that suggestion is about", "Leave it out.")
            raise BadInput("feedback", [fault])
        unit = about.unit
        body["release"] = about.body["release"]
    body["via"] = via or None
    return ws.event("feedback", body, at=at or ws.clock.now(), unit=unit, actor=by, id=id)


def feedback(ws: Workspace, suggestion: str | None = None, **words: Any) -> str:
    """Keep what somebody said (the arguments of `said`); returns its id. Raises `Unknown`, too, for a suggestion
    nobody was told."""
    made = said(ws, suggestion, **words)
    if suggestion:
        claiming.told(ws, suggestion)
    if ws.storage.log.append([made]) == ["conflict"]:
        raise Conflict(f"feedback {made.id} came before with other words", mend="Send it under a new id.")
    return made.id


def feedbacks(ws: Workspace, rows: Iterable[tuple[str | None, datetime, Mapping[str, Any]]]) -> list[str]:
    """Many at once, in one transaction: (suggestion, at, the other arguments of `said`). Returns their ids."""
    made = [said(ws, suggestion, at=at, **words) for suggestion, at, words in rows]
    ws.storage.log.append(made)
    return [event.id for event in made]


def pulse(ws: Workspace, by: str, score: int | None = None, *, at: datetime | None = None) -> None:
    """The worker's confidence, 1 to 5; without a score: they were asked and have not answered.

    Each is kept once a week and person: of two answers the first holds."""
    pulses(ws, [(by, score, at or ws.clock.now())])


def pulses(ws: Workspace, rows: Iterable[tuple[str, int | None, datetime]]) -> None:
    """Many answers to the weekly question, in one transaction: (by, score, at)."""
    made = []
    for by, score, at in rows:
        if score is not None and score not in (1, 2, 3, 4, 5):
            raise BadInput(
                "pulse", [Fault("score", f"{score!r} is not on the scale", "Give a whole number from 1 to 5.")]
            )
        week = week_of(at, ws.brief.product.zone).isoformat()
        id = str(uuid.uuid5(_SPACE, "|".join((ws.name, by, week, "asked" if score is None else "answered"))))
        made.append(ws.event("pulse", {"score": score}, at=at, actor=by, id=id))
    ws.storage.log.append(made)


def received(ws: Workspace, sent: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Events from outside, each answered for itself: (id, stored | duplicate | conflict | refused, why).

    An event is `{"kind": …, "id"?, "at"?, …}` with the fields of `SENT`. A refused one does
    not stop the others; all that can be kept are kept in one transaction.
    """
    made: list[Event] = []
    answers: list[tuple[str, str, str]] = []
    places: list[int] = []
    moments: dict[str, Any] = {}
    for item in sent:
        given = str(item.get("id") or "") if isinstance(item, Mapping) else ""
        shown = given.encode("utf-8", "replace").decode()[:200]
        try:
            event = built(ws, _dated(ws, item, given, moments))
        except PayoffError as error:
            answers.append((shown, "refused", str(error)))
            continue
        except (TypeError, ValueError, KeyError, OverflowError, AttributeError) as error:
            answers.append((shown, "refused", f"the event cannot be read: {error}"))
            continue
        places.append(len(answers))
        answers.append((event.id.encode("utf-8", "replace").decode()[:200], "stored", ""))
        made.append(event)
    for place, (state, why) in zip(places, _kept(ws, made), strict=True):
        answers[place] = (answers[place][0], state, why)
    return answers


def _kept(ws: Workspace, made: Sequence[Event]) -> list[tuple[str, str]]:
    """Keep all in one transaction; where one of them can never be kept, each for itself."""
    clash = "the same id came before with another content"
    try:
        states = ws.storage.log.append(made) if made else []
        return [(state, clash if state == "conflict" else "") for state in states]
    except BadInput as error:
        return [("refused", str(error))] if len(made) == 1 else [kept for e in made for kept in _kept(ws, [e])]


def _dated(ws: Workspace, item: Mapping[str, Any], id: str, moments: dict[str, Any]) -> Mapping[str, Any]:
    """Sent again without a moment, an event keeps that of the first time: else it would read as another one."""
    if not id or not isinstance(item, Mapping) or item.get("at") is not None:
        return item
    if id not in moments:
        before = ws.storage.log.find(id)
        moments[id] = before.at if before else ws.clock.now()
    return {**item, "at": moments[id]}


SENT: dict[str, tuple[str, ...]] = {
    "response": ("suggestion", "what", "by", "why", "minutes", "until"),
    "outcome": ("unit", "name", "amount", "suggestion", "by"),
    "facts": ("unit", "facts", "source"),
    "feedback": ("suggestion", "unit", "thumb", "correction", "problem", "idea", "comment", "by"),
}
"""Kinds of event that come from outside, with the fields each may have beside kind, id and at."""
NEEDED = {
    "response": {"suggestion", "what"},
    "outcome": {"unit", "name"},
    "facts": {"unit", "facts"},
    "feedback": {"by"},
}
NAMES = {"suggestion", "unit", "name", "what", "by", "source"}
"""Fields that name something: a text, or a number that stands for one."""


def built(ws: Workspace, item: Mapping[str, Any]) -> Event:
    """One event as it comes from outside. Raises `PayoffError`, `TypeError`, `ValueError` or `KeyError`."""
    if not isinstance(item, Mapping):
        raise TypeError("an event is a mapping of fields")
    kind, id = str(item.get("kind", "")), item.get("id") or None
    if kind not in SENT:
        raise Unknown.among("kind of event", kind, SENT)
    strange = sorted(set(item) - {"kind", "id", "at", *SENT[kind]})
    if strange:
        known = ", ".join(SENT[kind])
        raise BadInput("event", [Fault(f"{kind}.{name}", "no such field", f"Known: {known}.") for name in strange])
    given = {name: item[name] for name in SENT[kind] if item.get(name) is not None}
    for name in NAMES & given.keys():
        if isinstance(given[name], bool) or not isinstance(given[name], (str, int)):
            raise BadInput("event", [Fault(f"{kind}.{name}", f"{given[name]!r} is no name", "Give a text.")])
        given[name] = str(given[name])
    missing = sorted(NEEDED[kind] - given.keys())
    if missing:
        raise BadInput("event", [Fault(f"{kind}.{name}", "it is missing", "Add it.") for name in missing])
    at = _moment(item.get("at"))
    id = None if id is None else str(id)
    if kind == "response":
        until = _moment(given.pop("until", None))
        return response(ws, given.pop("suggestion"), given.pop("what"), at=at, until=until, id=id, **given)
    if kind == "outcome":
        return outcome(ws, str(given.pop("unit")), given.pop("name"), at=at, id=id, **given)
    if kind == "feedback":
        return said(ws, given.pop("suggestion", None), at=at, id=id, **{"by": "", **given})
    if not isinstance(given["facts"], Mapping):
        raise TypeError("facts are a mapping from names to values")
    body = {"facts": plain(given["facts"]), "source": str(given.get("source", "api"))}
    return ws.event("unit.facts", body, at=at or ws.clock.now(), unit=str(given["unit"]), id=id)


def _moment(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        moment = value
    elif isinstance(value, bool):
        raise ValueError(f"{value!r} is no moment; write 2026-11-23T09:30:00Z")
    elif isinstance(value, int):
        moment = from_micros(value)
    else:
        moment = datetime.fromisoformat(str(value))
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{value!r} says no time zone; write 2026-11-23T09:30:00Z")
    if moment is not None:
        to_micros(moment)
    return moment


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON keeps them: numbers, booleans, texts; moments as ISO text; NaN as nothing known."""
    return {str(name): _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()  # a NumPy scalar
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else json.loads(json.dumps(value, default=str))
