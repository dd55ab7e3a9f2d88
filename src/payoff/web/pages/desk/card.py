"""One suggestion as somebody reads and answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from payoff.brief.schema import Brief
from payoff.log.responses import reason_of
from payoff.records.days import NamedDay, farthest, good_day, good_until, last_day, named_days, weekday_from
from payoff.records.suggestions import NOTHING, Suggestion
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.answering import afterwards
from payoff.use_cases.naming import called
from payoff.use_cases.ordering import SOON, renewal
from payoff.use_cases.worth import worth_means, worth_words
from payoff.web.pages.desk import reasons
from payoff.web.pages.desk.facts import FactShown, Trouble, facts_of
from payoff.web.pages.desk.reasons import ReasonShown
from payoff.web.pages.desk.wording import Option, day, person_name, since, when
from payoff.web.product import QueueItem

_WAYS = {
    "tel": ("contact_phone", "phone", "phone_number", "telephone"),
    "mailto": ("contact_email", "email", "email_address"),
}
"""Facts that say how to reach the contact, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day it can be put off to; `value` is an ISO date."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One suggestion as somebody reads it. `after` is the id of the next card, where an answer leads.

    `reason` is why this step, `about` what stands out about them; `reason_gone` and `about_gone` say that somebody
    corrected what they rest on, `stale` what that means for the step. `chosen` says that the role alone decided
    it, `chosen_means` by which figures; `why` and `them` are all reasons of the two. `renews` says that their
    contract is up within a week, `contacts` are ways to reach them: an address and how it reads, `worth_means`
    sentences on how the worth comes about. `taken` says who has it, and whose customer
    it stays (then `owner` is empty); `mine` and `theirs` whether that is the reader; `free`: taking it would tell
    others. `days` are where "not now" can lead in one press, `first_day` and `last_day` between which any other
    lies, `ends` what to know about them. `kept` says what was kept just now; `thumb` is the reader's own, 0 for
    none. `open` names the panel that stands open, `typed` what stands in its fields, `faults` what is wrong there.
    """

    id: str
    after: str
    headline: str
    name: str
    place: str
    reason: str
    reason_gone: str
    about: str
    about_gone: str
    stale: str
    chosen: str
    chosen_means: str
    renews: str
    contacts: tuple[tuple[str, str], ...]
    worth: str
    worth_means: tuple[str, ...]
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
    why: tuple[ReasonShown, ...]
    them: tuple[ReasonShown, ...]
    facts: tuple[FactShown, ...]
    days: tuple[Day, ...]
    first_day: str
    last_day: str
    last_day_words: str
    ends: str
    instead: tuple[Option, ...]
    release: str
    kept: str = ""
    thumb: int = 0
    open: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


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
    kept: str = "",
    thumb: int = 0,
    by_role: reasons.Shares | None = None,
    costs: Mapping[str, float] | None = None,
    titles: Mapping[str, str] | None = None,
) -> UnitCard:
    """Everything a card says, in words. `actions` are those of the playbook as a list offers them, `costs`
    what one of each costs; `by_role` is what each role is suggested; `titles` are those of the releases."""
    said, zone = item.suggestion, brief.product.zone
    mine = trouble if trouble and trouble.card == said.id else None
    told = texts.say("policy.exploring") in said.evidence  # our own policies say it with the evidence
    soon = item.due is not None and item.due - now < SOON
    own = bool(item.owner) and item.owner in (me, person_name(brief, me))
    days, ends = _days(texts, brief, item.due, now)
    first, other = reasons.first_reason(item), reasons.about(item)
    chosen, chosen_means = reasons.chosen_for_role(said, by_role or {}, texts)
    return UnitCard(
        id=said.id,
        after=after,
        headline=said.say,
        name=called(item.facts, item.unit),
        place=" · ".join(p for p in (role_of(item, brief), industry_of(item, brief)) if p),
        reason=first.text if first else "",
        reason_gone=reasons.gone(item, first, texts, brief, me),
        about=other.text if other else "",
        about_gone=reasons.gone(item, other, texts, brief, me),
        stale=texts.say("desk.stale", day=_turn(brief, texts, now)) if _mended(item, brief) else "",
        chosen=chosen,
        chosen_means=chosen_means,
        renews=_renews(item, texts),
        contacts=_contacts(item),
        worth=worth_words(said, texts),
        worth_means=worth_means(said, brief, texts, (costs or {}).get(said.action)),
        evidence=said.evidence,
        tried=texts.say("desk.explored_tag") if said.explored else "",
        explored=texts.say("desk.explored") if said.explored and not told else "",
        fallback=texts.say("desk.fallback") if said.fallback else "",
        wanted=texts.say("desk.wanted") if item.wanted else "",
        since=texts.say("desk.since", day=day(texts, item.since, now)),
        due=texts.say("desk.due_soon" if soon else "desk.due", day=_last(texts, item.due, now, zone))
        if item.due
        else "",
        soon=soon,
        owner=_owner(item, texts, brief),
        taken=_taken(item, texts, brief, me, now),
        mine=bool(item.taken_by) and item.taken_by == me,
        theirs=item.taken_by not in ("", me),
        free=not item.taken_by and (not own or bool(item.lapsed)),
        returns=_returns(item, texts, brief, now),
        why=reasons.shown(item, texts, brief, me, them=False),
        them=reasons.shown(item, texts, brief, me, them=True),
        facts=facts_of(item, texts, brief, now, trouble),
        days=days,
        first_day=(day_of(now, zone) + timedelta(days=1)).isoformat(),
        last_day=farthest(now, zone).isoformat(),
        last_day_words=texts.near_day(farthest(now, zone)),
        ends=ends,
        instead=_instead(said, actions),
        release=_release(said, texts, titles or {}),
        kept=kept,
        thumb=thumb,
        open=mine.panel if mine else "",
        typed=mine.given if mine else {"put_off": reason_of(item.why)[1]},
        faults=mine.faults if mine else {},
    )


def role_of(item: QueueItem, brief: Brief) -> str:
    """The contact's role, as it was when suggested."""
    return item.suggestion.role or _fact(item, brief.unit.role)


def industry_of(item: QueueItem, brief: Brief) -> str:
    return _fact(item, brief.unit.industry)


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


def _last(texts: Texts, due: datetime, now: datetime, zone: str) -> str:
    """The last good day; with its year where that is another one."""
    last = good_until(now, zone, due)
    return texts.near_day(last) if last.year == day_of(now, zone).year else texts.day(last)


def _owner(item: QueueItem, texts: Texts, brief: Brief) -> str:
    if item.taken_by:
        return ""
    return texts.say("desk.owner", name=person_name(brief, item.owner)) if item.owner else texts.say("desk.nobody")


def _taken(item: QueueItem, texts: Texts, brief: Brief, me: str, now: datetime) -> str:
    if item.taken_by and item.taken_at:
        on_it, at = person_name(brief, item.taken_by), when(texts, item.taken_at, now)
        mine_since = texts.say("desk.taken_mine", when=since(texts, item.taken_at, now))
        taken = mine_since if item.taken_by == me else texts.say("desk.taken", name=on_it, when=at)
        owner = person_name(brief, item.owner)
        if not owner:
            stays = texts.say("desk.owner_none")
        elif owner == on_it:
            stays = ""
        else:
            mine = owner == person_name(brief, me)
            stays = texts.say("desk.owner_stays_you" if mine else "desk.owner_stays", name=owner)
        return " · ".join(part for part in (taken, stays) if part)
    if item.lapsed:
        return texts.say("desk.lapsed", name=person_name(brief, item.lapsed))
    return ""


def beyond(item: QueueItem, brief: Brief) -> bool:
    """Whether it is set aside for longer than it is good."""
    zone, until = brief.product.zone, item.snoozed_until
    return until is not None and item.due is not None and day_of(until, zone) > good_day(zone, item.due)


def _returns(item: QueueItem, texts: Texts, brief: Brief, now: datetime) -> str:
    until = item.snoozed_until
    if until is None:
        return ""
    why = why_words(item.why, texts)
    back = texts.say("desk.returns", day=day(texts, until, now))
    if item.due is not None and beyond(item, brief):
        back = texts.say("desk.returns_beyond", **afterwards(brief, texts, now, item.due, until))
    return texts.say("desk.returns_why", back=back, why=why) if why else back


def _renews(item: QueueItem, texts: Texts) -> str:
    """That their contract is up within a week, by what was read last."""
    left = renewal(item.facts)
    if left is None:
        return ""
    return texts.say("desk.renews", n=left) if left else texts.say("desk.renews_now")


def _contacts(item: QueueItem) -> tuple[tuple[str, str], ...]:
    """How to reach them, where the source says so."""
    found = []
    for kind, names in _WAYS.items():
        value = next((str(item.facts[name]).strip() for name in names if item.facts.get(name)), "")
        if value:
            found.append((f"{kind}:{''.join(value.split())}", value))
    return tuple(found)


def _mended(item: QueueItem, brief: Brief) -> bool:
    """Whether a fact was corrected that may move the step; whose customer they are moves nothing."""
    return bool(set(item.corrected) - {brief.unit.owner})


def _turn(brief: Brief, texts: Texts, now: datetime) -> str:
    """The day of the next weekly turn."""
    day = day_of(now, brief.product.zone) + timedelta(days=1)
    return texts.near_day(weekday_from(day, brief.rhythm.learn_on))


def _release(said: Suggestion, texts: Texts, titles: Mapping[str, str]) -> str:
    if not said.release:
        return ""
    title = titles.get(said.release, "")
    named = texts.say("desk.release_title", title=title, release=said.release) if title else said.release
    return texts.say("desk.release", release=named)


def _days(texts: Texts, brief: Brief, due: datetime | None, now: datetime) -> tuple[tuple[Day, ...], str]:
    if due is None:
        return (), ""
    zone = brief.product.zone
    last = last_day(now, zone, due)
    weekday = texts.long_weekday(weekday_from(day_of(now, zone), brief.rhythm.learn_on))
    if last is None:
        return (), texts.say("desk.ends_today", weekday=weekday)
    shown = tuple(Day(one.day.isoformat(), day_label(one, texts)) for one in named_days(now, zone, due))
    return shown, texts.say("desk.ends_on", day=texts.near_day(last), weekday=weekday)


def _instead(said: Suggestion, actions: Mapping[str, str]) -> tuple[Option, ...]:
    """Other actions that are fit for this unit; all of the playbook's where that was not kept."""
    fit = [a for a in said.candidates if a in actions and a != NOTHING] or list(actions)
    return tuple(Option(a, actions[a], False) for a in fit if a != said.action)
