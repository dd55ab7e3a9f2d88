"""Suggestions go where people work, and what they answer there comes back; `deliveries` folds what is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from payoff.brief.channels import served
from payoff.errors import PayoffError
from payoff.log.responses import answer_of, current
from payoff.people.person import find, people_of
from payoff.ports import Channel, Channels
from payoff.records import days
from payoff.records.deliveries import CLOSED, Addressee, Entry, Found, Parcel, Placed, Undelivered
from payoff.records.suggestions import NOTHING
from payoff.records.time import day_of
from payoff.use_cases import answering, record
from payoff.use_cases.deliveries import (
    FAILED,
    GONE,
    LEASE,
    SENDING,
    Deliveries,
    Delivery,
    Spot,
    addressees,
    answer_link,
    deliveries,
    made_id,
    noted,
    stance,
    week_began,
)
from payoff.use_cases.entries import entries, entry_key, put_off
from payoff.use_cases.views import queue
from payoff.use_cases.workspace import Workspace

PATIENCE = 600.0
"""Seconds after which a round begins with nobody new; the next one goes on where this one stopped."""


@dataclass(frozen=True, slots=True)
class Line:
    """How many suggestions one person got in one channel."""

    channel: str
    person: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What did not work, and where: a channel, or a channel and a person. Nobody else is the worse for it."""

    where: str
    what: str
    mend: str = ""


@dataclass(slots=True)
class Delivered:
    """What one round did. `sent` are new ones a person and channel, `shown` how many were brought up to date,
    `found` the answers that came back; `dry`: nothing was really sent."""

    sent: list[Line] = field(default_factory=list)
    shown: int = 0
    found: list[answering.Answered] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    dry: bool = False

    def fault(self, error: PayoffError, channel: str, person: str = "") -> None:
        where = f"{channel} · {person}" if person else channel
        self.problems.append(Problem(where, error.what, error.mend))

    def as_dict(self) -> dict[str, Any]:
        return {
            "sent": [
                {"channel": s.channel, "person": s.person, "suggestions": list(s.suggestions)} for s in self.sent
            ],
            "shown": self.shown,
            "found": [{"suggestion": a.suggestion, "what": a.what, "again": a.again} for a in self.found],
            "problems": [{"where": p.where, "what": p.what, "mend": p.mend} for p in self.problems],
            "dry": self.dry,
        }


def send(
    ws: Workspace,
    channels: Channels,
    person: str | None = None,
    only: str | None = None,
    now: datetime | None = None,
    *,
    dry: bool = False,
    seconds: float = PATIENCE,
) -> Delivered:
    """Bring what stands in the channels up to date, then put each person's worthiest new ones there.

    A person gets at most the brief's `most` new ones a week and channel; what was put off and is back comes again
    beside them, in channels where it does not come back by itself. `only` is one channel, `person` one person.
    After so many `seconds` nobody new is begun with. One channel's or person's fault costs the others nothing.
    """
    at, report, until = now or ws.clock.now(), Delivered(dry=dry), time.monotonic() + seconds
    for name, error in channels.faults.items():
        if only in (None, name):
            report.fault(error, name)
    for name, channel in channels.ready.items():
        if only not in (None, name):
            continue
        known = deliveries(ws, at)
        if not dry:
            report.shown += _shown(ws, channel, known, at, report)
        people = [to for to in _served(ws, name) if person in (None, to.id)]
        for n, to in enumerate(people):
            if time.monotonic() >= until:
                report.fault(_left(ws, len(people) - n), name)
                break
            try:
                _to_one(ws, channel, known, to, at, report)
            except PayoffError as error:
                report.fault(error, name, to.name)
                if isinstance(error, Undelivered) and error.whole:
                    if n + 1 < len(people):
                        report.fault(_left(ws, len(people) - n - 1), name)
                    break
    return report


def _left(ws: Workspace, n: int) -> PayoffError:
    return Undelivered(ws.texts.say("channels.report_left", n=n), mend=ws.texts.say("channels.report_left_mend"))


def collect(ws: Workspace, channels: Channels, now: datetime | None = None) -> Delivered:
    """Take in what people did with what stands in the channels; each change once, whoever looks how often. Then
    bring up to date what was answered elsewhere."""
    at, report = now or ws.clock.now(), Delivered()
    for name, error in channels.faults.items():
        report.fault(error, name)
    for name, channel in channels.ready.items():
        placed = _placed(ws, name, deliveries(ws, at), at) if channel.lasting else []
        try:
            found = channel.look([one for one, _, _ in placed]) if placed else ()
        except PayoffError as error:
            report.fault(error, name)
            continue
        by_ref = {one.ref: (one, delivery, spot) for one, delivery, spot in placed}
        for one in found:
            if one.ref not in by_ref:
                continue
            try:
                taken = _taken_in(ws, name, one, *by_ref[one.ref], at)
                report.found += [answer for answer in taken if not answer.again]
            except PayoffError as error:
                report.fault(error, name, by_ref[one.ref][0].to.name)
    for channel in channels.ready.values():
        report.shown += _shown(ws, channel, deliveries(ws, at), at, report)
    return report


def refresh(ws: Workspace, channels: Channels, suggestion: str, now: datetime | None = None) -> None:
    """Bring up to date at once what stands of one suggestion in channels; what fails is tried next time."""
    at = now or ws.clock.now()
    for channel in channels.ready.values():
        _shown(ws, channel, deliveries(ws, at), at, Delivered(), suggestion)


# What goes out


def _served(ws: Workspace, channel: str) -> list[Addressee]:
    wanted = [*served(ws.brief, channel)]
    return [one for one in addressees(ws) if one.id in wanted]


def _to_one(
    ws: Workspace, channel: Channel, known: Deliveries, to: Addressee, now: datetime, report: Delivered
) -> None:
    """First what broke off, under its old key; then what is new."""
    mine = known.of(channel.name, to.id)
    broken: dict[str, list[Delivery]] = {}
    for one in mine:
        if one.pending and now - one.at >= LEASE:
            broken.setdefault(one.key, []).append(one)
    for key, group in broken.items():
        ids = [one.suggestion for one in group]
        _sent(ws, channel, known, to, ids, key, now, report, since=min(one.at for one in group))
    fresh = _fresh(ws, channel, mine, to, now)
    if fresh:
        turns = [str(_tries(known, channel.name, to.id, s)) for s in fresh]
        key = made_id(ws, channel.name, to.id, *fresh, *turns)
        _sent(ws, channel, known, to, fresh, key, now, report)


def _fresh(ws: Workspace, channel: Channel, mine: Sequence[Delivery], to: Addressee, now: datetime) -> list[str]:
    """The worthiest open ones of a person that this week has room for, and those that are back."""
    began, before = week_began(ws, now), {one.suggestion: one for one in mine if not one.failed}
    counted = sum(one.first >= began for one in before.values())
    fresh, back = [], []
    for item in queue(ws):
        said = item.suggestion
        if item.state != "open" or said.arm == "holdout" or said.action == NOTHING or not _theirs(ws, item, to):
            continue
        one = before.get(said.id)
        if one is None:
            fresh.append(said.id)
        elif not channel.lasting and not one.pending:
            until = put_off(ws.storage.log.about(said.id))
            if until is not None and one.at < until <= now:
                back.append(said.id)
    return [*fresh[: max(0, ws.brief.channels.most - counted)], *back]


def _theirs(ws: Workspace, item: Any, to: Addressee) -> bool:
    if item.taken_by:
        return bool(item.taken_by == to.id)
    if item.owner:
        return item.owner in (to.id, to.name)
    return ws.brief.channels.unowned == to.id


def _tries(known: Deliveries, channel: str, to: str, suggestion: str) -> int:
    one = known.known.get((channel, to, suggestion))
    return one.tries if one else 0


def _sent(
    ws: Workspace,
    channel: Channel,
    known: Deliveries,
    to: Addressee,
    wanted: Sequence[str],
    key: str,
    now: datetime,
    report: Delivered,
    *,
    since: datetime | None = None,
) -> None:
    name, told = channel.name, entries(ws, wanted, now, channel.name, to.id)
    over = [entry for entry in told.values() if entry.state != "open"]  # answered since it was tried
    told = {id: entry for id, entry in told.items() if entry not in over}
    if over and not report.dry:
        past = [noted(ws, name, to.id, e, FAILED, "", _tries(known, name, to.id, e.suggestion), now) for e in over]
        ws.storage.log.append(past)
    if report.dry:
        report.sent.append(Line(name, to.name, tuple(told)))
        return
    turn = {id: _tries(known, name, to.id, id) for id in told}
    begun = [noted(ws, name, to.id, told[id], SENDING, key, turn[id], now) for id in told]
    kept = ws.storage.log.append(begun)
    mine = [id for id, state in zip(told, kept, strict=True) if state == "stored"]  # else another process is at it
    if not mine:
        return
    parcel = Parcel(
        key=key,
        to=to,
        entries=tuple(told[id] for id in mine),
        headline=ws.texts.say("channels.headline", n=len(mine)),
        link=answer_link(ws, to.id, mine, name),
        since=since,
    )
    failed = [noted(ws, name, to.id, told[id], FAILED, "", turn[id], now) for id in mine]
    try:
        sent = channel.send(parcel)
    except Undelivered as error:
        if error.certain:
            ws.storage.log.append(failed)
        raise
    made, arrived = [], []
    for id, event in zip(mine, failed, strict=True):
        fault = sent.faults.get(id)
        if id in sent.refs:
            arrived.append(id)
            made.append(noted(ws, name, to.id, told[id], stance(told[id]), sent.refs[id], 0, now))
            made.append(_exposure(ws, name, to, told[id], now))
        elif fault is not None:
            report.fault(fault, name, to.name)
            made += [event] if fault.certain else []
    if made:
        ws.storage.log.append(made)
    if arrived:
        report.sent.append(Line(name, to.name, tuple(arrived)))


def _exposure(ws: Workspace, channel: str, to: Addressee, entry: Entry, now: datetime) -> Any:
    """Being put in front of somebody is the exposure; once a person and channel, however often it comes again."""
    id = made_id(ws, "shown", channel, to.id, entry.suggestion)
    before = ws.storage.log.find(id)
    at = before.at if before else now
    return record.response(
        ws, entry.suggestion, "shown", at=at, by=to.id, via=channel, id=id, units={entry.suggestion: entry.unit}
    )


# What stands there


def _placed(
    ws: Workspace, channel: str, known: Deliveries, now: datetime, only: str = ""
) -> list[tuple[Placed, Delivery, Spot]]:
    """What stands in a channel; with `only`, what stands where this suggestion does."""
    people = {one.id: one for one in addressees(ws)}
    standing = [d for d in known.of(channel) if d.stands and d.to in people]
    if only:
        here = {spot.ref for d in standing if d.suggestion == only for spot in d.spots}
        standing = [d for d in standing if here.intersection(spot.ref for spot in d.spots)]
    told = entries(ws, [d.suggestion for d in standing], now, channel)
    found = []
    for d in standing:
        if d.suggestion in told:
            entry = replace(told[d.suggestion], key=entry_key(ws, channel, d.to, d.suggestion))
            found += [(Placed(spot.ref, people[d.to], entry), d, spot) for spot in d.spots if not spot.gone]
    return found


def _shown(
    ws: Workspace, channel: Channel, known: Deliveries, now: datetime, report: Delivered, only: str = ""
) -> int:
    """Show what changed since it was shown last; all that stands under one reference goes together."""
    groups: dict[str, list[tuple[Placed, Delivery, Spot]]] = {}
    for placed in _placed(ws, channel.name, known, now, only):
        groups.setdefault(placed[0].ref, []).append(placed)
    n = 0
    for group in groups.values():
        changed = [placed for placed in group if stance(placed[0].entry) != placed[2].shown]
        if not changed or (only and only not in [d.suggestion for _, d, _ in group]):
            continue
        state, noting = "", changed
        try:
            channel.show([one for one, _, _ in group])
        except PayoffError as error:
            if not (isinstance(error, Undelivered) and error.gone):
                report.fault(error, channel.name, group[0][0].to.name)
                if isinstance(error, Undelivered) and error.whole:
                    break
                continue
            state, noting = GONE, group
        ws.storage.log.append(
            [
                noted(ws, channel.name, d.to, one.entry, state or stance(one.entry), spot.ref, spot.shows, now)
                for one, d, spot in noting
            ]
        )
        n += 0 if state else len(changed)
    return n


# What comes back


def _taken_in(
    ws: Workspace, channel: str, found: Found, placed: Placed, delivery: Delivery, spot: Spot, now: datetime
) -> list[answering.Answered]:
    entry = placed.entry
    if found.state == "gone":
        ws.storage.log.append([noted(ws, channel, delivery.to, entry, GONE, spot.ref, spot.shows, now)])
        return []
    by = (find(people_of(ws.brief.people), found.by) if found.by else None) or placed.to
    _commented(ws, channel, found, entry, by.id, now)
    given: Callable[..., answering.Answered] = answering.answer
    today = day_of(now, ws.brief.product.zone)
    if found.state == "done":
        if entry.state in CLOSED or _later(ws, found, entry):
            return []
        return [given(ws, entry.suggestion, "done", by.id, via=channel, at=found.at or now)]
    if entry.state in CLOSED:
        reopened = found.state == "open" and spot.shown.startswith(f"{entry.state} ")
        if reopened and _mine(ws, entry, by.id) and not _later(ws, found, entry):
            return [given(ws, entry.suggestion, "undo", by.id, via=channel)]
        return []
    if entry.ends <= now:
        return []
    if found.state == "deferred":
        if entry.state == "snoozed" or _later(ws, found, entry):
            return []
        return [given(ws, entry.suggestion, "not_now", by.id, via=channel)]
    moved = found.day is not None and found.day not in (spot.due, entry.due) and found.day > today
    latest = days.farthest(now, ws.brief.product.zone)
    if moved and not (entry.until == latest and found.day and found.day > latest):
        return [given(ws, entry.suggestion, "not_now", by.id, via=channel, until=found.day)]
    return []


def _later(ws: Workspace, found: Found, entry: Entry) -> bool:
    """Whether somebody has answered (or taken back) since: that is the later word, and counts."""
    said = [answer_of(e) for e in ws.storage.log.about(entry.suggestion) if e.kind == "response"]
    newest = max((a.at for a in said if a.what != "shown"), default=None)
    return newest is not None and (found.at is None or found.at <= newest)


def _mine(ws: Workspace, entry: Entry, by: str) -> bool:
    """Whether the answer that counts is this person's."""
    answer = current(answer_of(e) for e in ws.storage.log.about(entry.suggestion) if e.kind == "response")
    return answer is not None and answer.by == by


def _commented(ws: Workspace, channel: str, found: Found, entry: Entry, by: str, now: datetime) -> None:
    words = found.comment.strip()
    id = made_id(ws, "comment", channel, entry.suggestion, words)
    if words and ws.storage.log.find(id) is None:
        ws.storage.log.append(
            [record.said(ws, entry.suggestion, comment=words, by=by, at=now, via=channel, id=id)]
        )
