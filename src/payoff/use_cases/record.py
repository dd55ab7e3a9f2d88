"""What happened after a suggestion: responses, outcomes, feedback, the weekly question."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.errors import BadInput, Conflict, Fault, Unknown
from payoff.ports import Stored
from payoff.records.envelope import Event
from payoff.records.time import from_micros, to_micros
from payoff.use_cases.workspace import Workspace

RESPONSES = ("shown", "accepted", "done", "dismissed", "snoozed")


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
    id: str | None = None,
    units: Mapping[str, str] | None = None,
) -> Event:
    """The event of a person meeting a suggestion. Raises `Unknown` for a suggestion that never was.

    `units` maps suggestions looked up beforehand to their units; without it the log is asked.
    """
    if what not in RESPONSES:
        raise Unknown.among("response", what, RESPONSES)
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
    }
    return ws.event("response", body, at=at or ws.clock.now(), unit=units[suggestion], actor=by, id=id)


def responses(ws: Workspace, rows: Iterable[tuple[str, str, datetime, Mapping[str, Any]]]) -> list[Stored]:
    """Many at once, in one transaction: (suggestion, what, at, {by, why, minutes, until})."""
    listed = list(rows)
    said = ws.tables.arrow("suggestion").select(["id", "unit"])
    said = said.filter(pc.is_in(said["id"], pa.array({s for s, *_ in listed}, pa.string())))
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
        unit = unit or about.unit
        body["release"] = about.body["release"]
    return ws.event("feedback", body, at=at or ws.clock.now(), unit=unit, actor=by, id=id)


def feedback(ws: Workspace, suggestion: str | None = None, **words: Any) -> str:
    """Keep what somebody said (the arguments of `said`); returns its id."""
    made = said(ws, suggestion, **words)
    if ws.storage.log.append([made]) == ["conflict"]:
        raise Conflict(f"feedback {made.id} came before with other words", mend="Send it under a new id.")
    return made.id


def feedbacks(ws: Workspace, rows: Iterable[tuple[str | None, datetime, Mapping[str, Any]]]) -> list[str]:
    """Many at once, in one transaction: (suggestion, at, the other arguments of `said`). Returns their ids."""
    made = [said(ws, suggestion, at=at, **words) for suggestion, at, words in rows]
    ws.storage.log.append(made)
    return [event.id for event in made]


def fate(
    ws: Workspace, feedback: str, state: str, *, by: str, reason: str = "", at: datetime | None = None
) -> None:
    """What a person decided of an item by hand: looked_at, or declined with a reason its author reads."""
    if state not in ("looked_at", "declined"):
        raise Unknown.among("fate", state, ("looked_at", "declined"))
    if state == "declined" and not reason.strip():
        raise BadInput("fate", [Fault("reason", "no reason", "Say why, in words the author can read.")])
    said = ws.storage.log.find(feedback)
    if said is None or said.kind != "feedback":
        raise Unknown(f"no feedback {feedback!r}", mend="Open the inbox and choose one.")
    body = {"feedback": feedback, "state": state, "reason": reason.strip() or None}
    ws.storage.log.append([ws.event("fate", body, at=at or ws.clock.now(), unit=said.unit, actor=by)])


def pulse(ws: Workspace, by: str, score: int | None = None, *, at: datetime | None = None) -> None:
    """The worker's confidence, 1 to 5; without a score: they were asked and have not answered."""
    pulses(ws, [(by, score, at or ws.clock.now())])


def pulses(ws: Workspace, rows: Iterable[tuple[str, int | None, datetime]]) -> None:
    """Many answers to the weekly question, in one transaction: (by, score, at)."""
    made = []
    for by, score, at in rows:
        if score is not None and score not in (1, 2, 3, 4, 5):
            raise BadInput(
                "pulse", [Fault("score", f"{score!r} is not on the scale", "Give a whole number from 1 to 5.")]
            )
        made.append(ws.event("pulse", {"score": score}, at=at, actor=by))
    ws.storage.log.append(made)


def received(ws: Workspace, sent: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Events from outside, each answered for itself: (id, stored | duplicate | conflict | refused, why).

    An event is `{"kind": "response" | "outcome" | "facts" | "feedback", "id"?, "at"?, ...fields}`. A refused one
    does not stop the others; all that can be kept are kept in one transaction.
    """
    made: list[Event] = []
    answers: list[tuple[str, str, str]] = []
    places: list[int] = []
    for item in sent:
        given = str(item.get("id") or "")
        try:
            made_now = built(ws, _dated(ws, item, given))
        except (Unknown, BadInput) as error:
            answers.append((given, "refused", str(error)))
            continue
        except (TypeError, ValueError, KeyError) as error:
            answers.append((given, "refused", f"the event cannot be read: {error}"))
            continue
        places.append(len(answers))
        answers.append((made_now.id, "stored", ""))
        made.append(made_now)
    for place, state in zip(places, ws.storage.log.append(made) if made else [], strict=True):
        why = "the same id came before with another content" if state == "conflict" else ""
        answers[place] = (answers[place][0], state, why)
    return answers


def _dated(ws: Workspace, item: Mapping[str, Any], id: str) -> Mapping[str, Any]:
    """Sent again without a moment, an event keeps that of the first time: else it would read as another one."""
    before = ws.storage.log.find(id) if id and not item.get("at") else None
    return {**item, "at": before.at} if before else item


def built(ws: Workspace, item: Mapping[str, Any]) -> Event:
    """One event as it comes from outside. Raises `PayoffError`, `TypeError`, `ValueError` or `KeyError`."""
    more = dict(item)
    kind = more.pop("kind", "")
    at = _moment(more.pop("at", None))
    id = more.pop("id", None) or None
    if kind == "response":
        until = _moment(more.pop("until", None))
        return response(ws, more.pop("suggestion"), more.pop("what"), at=at, until=until, id=id, **more)
    if kind == "outcome":
        return outcome(ws, more.pop("unit"), more.pop("name"), at=at, id=id, **more)
    if kind == "facts":
        body = {"facts": plain(more["facts"]), "source": more.get("source", "api")}
        return ws.event("unit.facts", body, at=at or ws.clock.now(), unit=more["unit"], id=id)
    raise Unknown.among("kind of event", str(kind), ("response", "outcome", "facts"))


def _moment(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, int):
        return from_micros(value)
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} says no time zone; write 2026-11-23T09:30:00Z")
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
