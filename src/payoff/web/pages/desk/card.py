"""One suggestion as somebody reads and answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from payoff.brief.schema import Brief
from payoff.log.responses import reason_of
from payoff.records.days import NamedDay, last_day, named_days
from payoff.records.suggestions import NOTHING, Suggestion
from payoff.texts import Texts
from payoff.use_cases.ordering import SOON
from payoff.web.pages.desk.facts import FactShown, Trouble, facts_of
from payoff.web.pages.desk.wording import Option, day, name_of, person_name, since, words, worth, worth_range
from payoff.web.product import QueueItem

REASONS = ("need", "time", "gone")
"""What can be wrong with one click; the action, the owner and the facts ask for one thing more."""


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A sentence, and in words what backs it."""

    text: str
    backed_by: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day it can be put off to; `value` is an ISO date."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One suggestion as somebody reads it. `after` is the id of the next card, where an answer leads.

    `taken` says who has it, `mine` and `theirs` whether that is the reader; `free`: taking it would tell others;
    `days` are where "not now" can lead, `ends` what to know about them; `open` names the panel that stands open.
    """

    id: str
    after: str
    headline: str
    name: str
    place: str
    reason: str
    worth: str
    worth_range: str
    evidence: str
    tried: str
    explored: str
    fallback: str
    wanted: str
    since: str
    due: str
    soon: bool
    owner: str
    taken: str
    mine: bool
    theirs: bool
    free: bool
    returns: str
    reasons: tuple[ReasonShown, ...]
    facts: tuple[FactShown, ...]
    days: tuple[Day, ...]
    ends: str
    instead: tuple[Option, ...]
    release: str
    open: str = ""


def card(
    item: QueueItem,
    texts: Texts,
    brief: Brief,
    actions: Mapping[str, str],
    me: str,
    now: datetime,
    *,
    after: str,
    trouble: Trouble | None = None,
) -> UnitCard:
    """Everything a card says, in words."""
    said = item.suggestion
    told = texts.say("policy.exploring") in said.evidence  # our own policies say it with the evidence
    soon = item.due is not None and item.due - now < SOON
    own = bool(item.owner) and item.owner in (me, person_name(brief, me))
    days, ends = _days(texts, brief, item.due, now)
    return UnitCard(
        id=said.id,
        after=after,
        headline=said.say,
        name=name_of(item.facts, item.unit),
        place=" · ".join(p for p in (role_of(item, brief), industry_of(item, brief)) if p),
        reason=first_reason(said),
        worth=worth(said, texts),
        worth_range=worth_range(said, texts),
        evidence=said.evidence,
        tried=texts.say("desk.explored_tag") if said.explored else "",
        explored=texts.say("desk.explored") if said.explored and not told else "",
        fallback=texts.say("desk.fallback") if said.fallback else "",
        wanted=texts.say("desk.wanted") if item.wanted else "",
        since=texts.say("desk.since", day=day(texts, item.since, now)),
        due=texts.say("desk.due_soon" if soon else "desk.due", day=day(texts, item.due, now)) if item.due else "",
        soon=soon,
        owner=texts.say("desk.owner", name=person_name(brief, item.owner))
        if item.owner
        else texts.say("desk.nobody"),
        taken=_taken(item, texts, brief, me, now),
        mine=bool(item.taken_by) and item.taken_by == me,
        theirs=item.taken_by not in ("", me),
        free=not item.taken_by and (not own or bool(item.lapsed)),
        returns=_returns(item, texts, now),
        reasons=tuple(ReasonShown(r.text, texts.say(f"desk.kind_{r.kind}")) for r in said.reasons),
        facts=facts_of(item, texts, brief, now, trouble),
        days=days,
        ends=ends,
        instead=_instead(said, actions),
        release=texts.say("desk.release", release=said.release) if said.release else "",
        open="know" if trouble and trouble.card == said.id else "",
    )


def role_of(item: QueueItem, brief: Brief) -> str:
    """The contact's role, as it was when suggested."""
    return item.suggestion.role or _fact(item, brief.unit.role)


def industry_of(item: QueueItem, brief: Brief) -> str:
    return _fact(item, brief.unit.industry)


def first_reason(said: Suggestion) -> str:
    """The one line: why them, where something speaks for it; else why this action."""
    risen = [r.text for r in said.reasons if r.kind == "association" and r.weight > 0]
    rules = [r.text for r in said.reasons if r.kind in ("rule", "correction")]
    return next(iter([*risen, *rules, *(r.text for r in said.reasons)]), "")


def reason_key(said: Suggestion) -> str:
    """What the first reason rests on: a fact's name, or the kind of reason behind a colon."""
    for reason in said.reasons:
        if reason.kind == "association" and reason.weight > 0:
            return reason.feature
    kinds = [reason.kind for reason in said.reasons]
    return f":{kinds[0]}" if kinds else ""


def reason_label(key: str, texts: Texts) -> str:
    """The same in words."""
    return texts.say(f"desk.by_{key[1:]}") if key.startswith(":") else words(key)


def day_label(named: NamedDay, texts: Texts) -> str:
    """Tomorrow (Tue), Thu 3 Dec, next Mon, in two weeks."""
    values = {"day": texts.near_day(named.day), "weekday": texts.weekday(named.day)}
    return texts.say(f"desk.until_{named.kind}", **values)


def why_words(why: str, texts: Texts) -> str:
    """A kept `why` in the reader's language: the code in words of ours, the person's own behind it."""
    code, own = reason_of(why)
    return ": ".join(part for part in (texts.say(f"desk.why_{code}") if code else "", own) if part)


def _fact(item: QueueItem, name: str) -> str:
    return str(item.facts.get(name) or "") if name else ""


def _taken(item: QueueItem, texts: Texts, brief: Brief, me: str, now: datetime) -> str:
    if item.taken_by and item.taken_at:
        when = since(texts, item.taken_at, now)
        if item.taken_by == me:
            return texts.say("desk.taken_mine", when=when)
        return texts.say("desk.taken", name=person_name(brief, item.taken_by), when=when)
    if item.lapsed:
        return texts.say("desk.lapsed", name=person_name(brief, item.lapsed))
    return ""


def _returns(item: QueueItem, texts: Texts, now: datetime) -> str:
    if item.snoozed_until is None:
        return ""
    why = why_words(item.why, texts)
    back = texts.say("desk.returns", day=day(texts, item.snoozed_until, now))
    return texts.say("desk.returns_why", back=back, why=why) if why else back


def _days(texts: Texts, brief: Brief, due: datetime | None, now: datetime) -> tuple[tuple[Day, ...], str]:
    if due is None:
        return (), ""
    zone = brief.product.zone
    found = named_days(now, zone, due)
    last = last_day(now, zone, due)
    if last is None:
        return (), texts.say("desk.ends_today")
    shown = tuple(Day(one.day.isoformat(), day_label(one, texts)) for one in found)
    beyond = any(one.kind == "last" for one in found) or found[-1].kind != "two_weeks"
    return shown, texts.say("desk.ends_on", day=texts.near_day(last)) if beyond else ""


def _instead(said: Suggestion, actions: Mapping[str, str]) -> tuple[Option, ...]:
    """Other actions that are fit for this unit; all of the playbook's where that was not kept."""
    fit = [a for a in said.candidates if a in actions and a != NOTHING] or list(actions)
    return tuple(Option(a, actions[a], False) for a in fit if a != said.action)
