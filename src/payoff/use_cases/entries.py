"""Suggestions in a person's words for wherever they work, and how each of them stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from payoff.log.responses import Answer, answer_of, current
from payoff.records import days
from payoff.records.deliveries import Entry, Offer
from payoff.records.envelope import Event
from payoff.records.suggestions import Suggestion
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.naming import called
from payoff.use_cases.suggest import read_suggestion
from payoff.use_cases.views import facts_now, queue
from payoff.use_cases.waiting import waiting
from payoff.use_cases.workspace import Workspace
from payoff.use_cases.worth import worth_words

_SPACE = uuid.UUID("0d6a3f0e-0a53-5f0f-9d55-6f2b6a1c7e84")
_RECORDS = {"hubspot": "company", "salesforce": "account"}
"""Channels with records of the units, by the field of the brief that names the fact with the record's id."""


def entries(
    ws: Workspace, suggestions: Iterable[str], now: datetime, channel: str = "", to: str = ""
) -> dict[str, Entry]:
    """Suggestions as a person reads them, answered or not; one the log does not know is left out.

    `channel` fills in the unit's own record there. What waits for nobody though nobody answered it (its time is
    over, its release was withdrawn, the customer is gone) is dismissed.
    """
    wanted = list(dict.fromkeys(suggestions))
    rows = {row["id"]: row for row in ws.tables.some("suggestion", sorted(wanted)).to_pylist()}
    facts = facts_now(ws, [row["unit"] for row in rows.values()])
    states = {item.suggestion.id: item.state for item in queue(ws)}
    known = {one.id: one.answer for one in waiting(ws, ws.clock.now()) if one.id in rows}
    made = {}
    for id in wanted:
        if id in rows:
            said, answer = read_suggestion(rows[id]), known[id] if id in known else _answer(ws, id)
            stands = states.get(id, "")
            made[id] = _entry(ws, said, facts.get(said.unit, {}), answer, stands, now, channel, to)
    return made


def _answer(ws: Workspace, suggestion: str) -> Answer | None:
    """The answer that counts to one which waits for nobody any more."""
    return current(answer_of(e) for e in ws.storage.log.about(suggestion) if e.kind == "response")


def entry_key(ws: Workspace, channel: str, to: str, suggestion: str) -> str:
    """What a suggestion for one person is called in a channel that keeps an id of ours."""
    return str(uuid.uuid5(_SPACE, "|".join((ws.name, channel, to, suggestion))))


def _entry(
    ws: Workspace,
    said: Suggestion,
    facts: Mapping[str, Any],
    answer: Answer | None,
    waits: str,
    now: datetime,
    channel: str,
    to: str,
) -> Entry:
    texts, zone = ws.texts, ws.brief.product.zone
    asleep = answer is not None and answer.what == "snoozed" and answer.until is not None and answer.until > now
    asleep = asleep and waits != "open"  # the customer asked for it since
    until = day_of(answer.until, zone) if asleep and answer and answer.until else None
    state: Any = "open"
    if answer is not None and answer.what in ("done", "dismissed"):
        state = answer.what
    elif not waits:
        state = "dismissed"
    elif asleep:
        state = "snoozed"
    open_ = state in ("open", "snoozed")
    return Entry(
        suggestion=said.id,
        key=entry_key(ws, channel, to, said.id),
        unit=said.unit,
        customer=called(facts, said.unit),
        headline=said.say,
        why=_why(said),
        worth=worth_words(said, texts),
        good_until=texts.say("channels.good_until", day=texts.near_day(days.good_until(now, zone, said.expires))),
        ends=said.expires,
        due=until or days.last_day(said.at, zone, said.expires) or day_of(said.expires, zone),
        state=state,
        said=_said(ws, answer, state, now),
        until=until,
        offers=_offers(texts, now, zone, said.expires) if open_ else (),
        record=_record(ws, facts, channel),
    )


def _record(ws: Workspace, facts: Mapping[str, Any], channel: str) -> str:
    there = getattr(ws.brief.channels, channel, None) if channel in _RECORDS else None
    fact = getattr(there, _RECORDS[channel]) if there is not None else ""
    return str(facts.get(fact) or "") if fact else ""


def _offers(texts: Texts, now: datetime, zone: str, ends: datetime) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            one.day,
            texts.say(f"desk.until_{one.kind}", day=texts.near_day(one.day), weekday=texts.weekday(one.day)),
        )
        for one in days.named_days(now, zone, ends)
    )


def _why(said: Suggestion) -> str:
    """One line: why them where something speaks for it, else why this action."""
    risen = [r.text for r in said.reasons if r.kind == "association" and r.weight > 0]
    rules = [r.text for r in said.reasons if r.kind in ("rule", "correction")]
    return next(iter([*risen, *rules, *(r.text for r in said.reasons)]), "")


def _said(ws: Workspace, answer: Answer | None, state: str, now: datetime) -> str:
    if state == "open":
        return ""
    if answer is None or answer.what != state:
        return ws.texts.say("channels.said_over")
    texts, people = ws.texts, ws.brief.people
    today = day_of(answer.at, texts.zone) == day_of(now, texts.zone)
    when = (
        texts.say("desk.at_time", time=texts.clock(answer.at))
        if today
        else texts.say("desk.on_day", day=texts.near_day(answer.at))
    )
    name = people[answer.by].name if answer.by in people else answer.by
    until = texts.near_day(answer.until) if answer.until else ""
    return texts.say(f"channels.said_{state}", name=name, when=when, day=until)


def put_off(events: Iterable[Event]) -> datetime | None:
    """When a "not now" that stands comes back, or came back; `None` where none stands."""
    answer = current(answer_of(e) for e in events if e.kind == "response")
    return answer.until if answer is not None and answer.what == "snoozed" else None
