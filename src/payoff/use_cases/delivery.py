"""Suggestions go where people work, and what they answer there comes back; `deliveries` folds what is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from payoff.brief.channels import served
from payoff.errors import PayoffError
from payoff.log.responses import answer_of
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

_KEPT_FRESH = timedelta(days=60)
"""What was delivered longer ago is not looked at again."""


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
) -> Delivered:
    """Bring what stands in the channels up to date, then put each person's worthiest new ones there.

    A person gets at most the brief's `most` new ones a week and channel; what was put off and is back comes again
    beside them, in channels where it does not come back by itself. `only` is one channel, `person` one person.
    """
    at, report = now or ws.clock.now(), Delivered(dry=dry)
    for name, error in channels.faults.items():
        if only in (None, name):
            report.fault(error, name)
    for name, channel in channels.ready.items():
        if only not in (None, name):
            continue
        known = deliveries(ws)
        if not dry:
            report.shown += _shown(ws, channel, known, at, report)
        for to in _served(ws, name):
            if person not in (None, to.id):
                continue
            try:
                _to_one(ws, channel, known, to, at, report)
            except Undelivered as error:
                report.fault(error, name, to.name)
                if error.whole:
                    break
            except PayoffError as error:
                report.fault(error, name, to.name)
    return report


def collect(ws: Workspace, channels: Channels, now: datetime | None = None) -> Delivered:
    """Take in what people did with what stands in the channels; each change once, whoever looks how often."""
    at, report = now or ws.clock.now(), Delivered()
    for name, error in channels.faults.items():
        report.fault(error, name)
    for name, channel in channels.ready.items():
        placed = _placed(ws, name, deliveries(ws), at)
        if not placed:
            continue
        try:
            found = channel.look([one for one, _ in placed])
        except PayoffError as error:
            report.fault(error, name)
            continue
        by_ref = {one.ref: (one, delivery) for one, delivery in placed}
        for one in found:
            if one.ref not in by_ref:
                continue
            try:
                report.found += _taken_in(ws, name, one, *by_ref[one.ref], at)
            except PayoffError as error:
                report.fault(error, name, by_ref[one.ref][0].to.name)
    return report


def refresh(ws: Workspace, channels: Channels, suggestion: str, now: datetime | None = None) -> None:
    """Bring up to date at once what stands of one suggestion in channels; what fails is tried next time."""
    at = now or ws.clock.now()
    for channel in channels.ready.values():
        _shown(ws, channel, deliveries(ws), at, Delivered(), suggestion)


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
        _sent(
            ws,
            channel,
            known,
            to,
            [one.suggestion for one in group],
            key,
            now,
            report,
            since=min(one.at for one in group),
        )
    fresh = _fresh(ws, channel, mine, to, now)
    if fresh:
        turns = [str(_tries(known, channel.name, to.id, s)) for s in fresh]
        key = made_id(ws, channel.name, to.id, *fresh, *turns)
        _sent(ws, channel, known, to, fresh, key, now, report)


def _fresh(ws: Workspace, channel: Channel, mine: Sequence[Delivery], to: Addressee, now: datetime) -> list[str]:
    """The worthiest open ones of a person that this week has room for, and those that are back."""
    began, before = week_began(ws, now), {one.suggestion: one for one in mine if not one.failed}
    counted = sum(one.at >= began for one in before.values())
    fresh, back = [], []
    for item in queue(ws):
        said = item.suggestion
        if item.state != "open" or said.arm == "holdout" or said.action == NOTHING or not _theirs(ws, item, to):
            continue
        one = before.get(said.id)
        if one is None or (one.at < began and not channel.lasting and not one.pending):
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
            shows = _shows(known, name, to.id, id)
            made.append(noted(ws, name, to.id, told[id], stance(told[id]), sent.refs[id], shows, now))
            made.append(_exposure(ws, name, to, told[id], now))
        elif fault is not None:
            report.fault(fault, name, to.name)
            made += [event] if fault.certain else []
    if made:
        ws.storage.log.append(made)
    if arrived:
        report.sent.append(Line(name, to.name, tuple(arrived)))


def _shows(known: Deliveries, channel: str, to: str, suggestion: str) -> int:
    one = known.known.get((channel, to, suggestion))
    return one.shows if one else 0


def _exposure(ws: Workspace, channel: str, to: Addressee, entry: Entry, now: datetime) -> Any:
    """Being put in front of somebody is the exposure; once a person and channel, however often it comes again."""
    id = made_id(ws, "shown", channel, to.id, entry.suggestion)
    before = ws.storage.log.find(id)
    at = before.at if before else now
    return record.response(
        ws, entry.suggestion, "shown", at=at, by=to.id, via=channel, id=id, units={entry.suggestion: entry.unit}
    )


# What stands there


def _placed(ws: Workspace, channel: str, known: Deliveries, now: datetime) -> list[tuple[Placed, Delivery]]:
    people = {one.id: one for one in addressees(ws)}
    standing = [d for d in known.of(channel) if d.stands and now - d.at < _KEPT_FRESH and d.to in people]
    told = entries(ws, [d.suggestion for d in standing], now, channel)
    return [
        (
            Placed(
                d.ref, people[d.to], replace(told[d.suggestion], key=entry_key(ws, channel, d.to, d.suggestion))
            ),
            d,
        )
        for d in standing
        if d.suggestion in told
    ]


def _shown(
    ws: Workspace, channel: Channel, known: Deliveries, now: datetime, report: Delivered, only: str = ""
) -> int:
    """Show what changed since it was shown last; all that stands under one reference goes together."""
    groups: dict[str, list[tuple[Placed, Delivery]]] = {}
    for one, delivery in _placed(ws, channel.name, known, now):
        groups.setdefault(one.ref, []).append((one, delivery))
    n = 0
    for group in groups.values():
        changed = [(one, d) for one, d in group if stance(one.entry) != d.shown]
        if not changed or (only and only not in [d.suggestion for _, d in group]):
            continue
        try:
            channel.show([one for one, _ in group])
        except Undelivered as error:
            if error.gone:
                lost = [noted(ws, channel.name, d.to, one.entry, GONE, d.ref, d.shows, now) for one, d in group]
                ws.storage.log.append(lost)
                continue
            report.fault(error, channel.name, group[0][0].to.name)
            if error.whole:
                break
            continue
        ws.storage.log.append(
            [
                noted(ws, channel.name, d.to, one.entry, stance(one.entry), d.ref, d.shows, now)
                for one, d in changed
            ]
        )
        n += len(changed)
    return n


# What comes back


def _taken_in(
    ws: Workspace, channel: str, found: Found, placed: Placed, delivery: Delivery, now: datetime
) -> list[answering.Answered]:
    entry = placed.entry
    if found.state == "gone":
        ws.storage.log.append([noted(ws, channel, delivery.to, entry, GONE, delivery.ref, delivery.shows, now)])
        return []
    by = (find(people_of(ws.brief.people), found.by) if found.by else None) or placed.to
    _commented(ws, channel, found, entry, by.id, now)
    given: Callable[..., answering.Answered] = answering.answer
    today = day_of(now, ws.brief.product.zone)
    if found.state == "done":
        if entry.state in CLOSED or _later(ws, found, entry):
            return []
        return [given(ws, entry.suggestion, "done", by.id, via=channel, at=found.at or now)]
    if entry.state in CLOSED or entry.ends <= now:
        return []
    if found.state == "deferred":
        if entry.state == "snoozed" or _later(ws, found, entry):
            return []
        return [given(ws, entry.suggestion, "not_now", by.id, via=channel)]
    moved = found.day is not None and found.day not in (delivery.due, entry.due) and found.day > today
    latest = days.last_day(now, ws.brief.product.zone, entry.ends)
    if moved and not (latest and entry.until == latest and found.day and found.day > latest):
        return [given(ws, entry.suggestion, "not_now", by.id, via=channel, until=found.day)]
    return []


def _later(ws: Workspace, found: Found, entry: Entry) -> bool:
    """Whether somebody has answered (or taken back) since: that is the later word, and counts."""
    said = [answer_of(e) for e in ws.storage.log.about(entry.suggestion) if e.kind == "response"]
    newest = max((a.at for a in said if a.what != "shown"), default=None)
    return newest is not None and (found.at is None or found.at <= newest)


def _commented(ws: Workspace, channel: str, found: Found, entry: Entry, by: str, now: datetime) -> None:
    words = found.comment.strip()
    id = made_id(ws, "comment", channel, entry.suggestion, words)
    if words and ws.storage.log.find(id) is None:
        ws.storage.log.append(
            [record.said(ws, entry.suggestion, comment=words, by=by, at=now, via=channel, id=id)]
        )
