"""The page behind a mail's link: these suggestions, answered all at once and without a sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from payoff.brief.schema import Brief
from payoff.records.deliveries import Entry
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.pressing import Linked
from payoff.web.pages.desk.wording import Option

CHOICES = ("done", "no_answer", "not_now", "wrong")
"""What an open suggestion can be answered with; a closed one can be taken back."""
REASONS = ("need", "action", "time", "facts", "already", "gone", "owner")


@dataclass(frozen=True, slots=True)
class Given:
    """What was chosen and typed for one suggestion, and what came of it: `kept` in words, or a `fault`."""

    what: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """One suggestion with its controls: `choices` while it is open, taking it back once it is answered."""

    id: str
    legend: str
    name: str
    headline: str
    why: str
    worth: str
    good_until: str
    said: str
    open: bool
    choices: tuple[Option, ...]
    days: tuple[Option, ...]
    reasons: tuple[Option, ...]
    instead: tuple[Option, ...]
    people: tuple[Option, ...]
    on: str
    other: str
    words: str
    kept: str
    fault: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """`action` is where the one form goes; `title` alone stands where the link opens nothing."""

    title: str
    who: str = ""
    action: str = ""
    cards: tuple[AnswerCard, ...] = ()
    today: str = ""
    notice: str = ""
    faulty: bool = False


def answering(
    texts: Texts,
    brief: Brief,
    actions: Mapping[str, str],
    link: Linked,
    token: str,
    now: datetime,
    given: Mapping[str, Given] | None = None,
    *,
    sent: bool = False,
) -> AnswerPage:
    """What the link opens, as it stands now. `given` is what was chosen, by suggestion; `sent` says that it was
    sent, and not only chosen by the link."""
    given = given or {}
    people = {id: p.name for id, p in brief.people.items() if id != link.person.id} if brief.unit.owner else {}
    faulty = any(one.fault for one in given.values())
    return AnswerPage(
        title=texts.say("channels.page_headline", n=len(link.entries)),
        who=texts.say("channels.page_who", name=link.person.name),
        action=f"/answer/{token}",
        cards=tuple(_card(texts, e, given.get(e.suggestion, Given()), actions, people) for e in link.entries),
        today=day_of(now, brief.product.zone).isoformat(),
        notice=_notice(texts, given, faulty) if sent else "",
        faulty=faulty,
    )


def closed(texts: Texts) -> AnswerPage:
    """A link that opens nothing says so, and no more."""
    return AnswerPage(texts.say("channels.page_closed_title"))


def _notice(texts: Texts, given: Mapping[str, Given], faulty: bool) -> str:
    kept = sum(bool(one.kept) for one in given.values())
    said = [texts.say("answering.kept", n=kept)] if kept else []
    if faulty:
        said.append(texts.say("answering.some_faulty"))
    return " ".join(said) or texts.say("answering.none_chosen")


def _card(
    texts: Texts, entry: Entry, given: Given, actions: Mapping[str, str], people: Mapping[str, str]
) -> AnswerCard:
    """What was typed stays in its field until it is kept."""
    typed = {} if given.kept else given.values
    what = "" if given.kept else given.what
    open_ = entry.state == "open"
    names = ("", *CHOICES) if open_ else ("", "undo")
    reasons = [name for name in REASONS if name != "owner" or people]
    return AnswerCard(
        id=entry.suggestion,
        legend=texts.say("answering.legend", name=entry.customer),
        name=entry.customer,
        headline=entry.headline,
        why=entry.why,
        worth=entry.worth,
        good_until=entry.good_until,
        said=entry.said,
        open=open_,
        choices=tuple(_choice(texts, name, what if what in names else "", open_) for name in names),
        days=_options({o.day.isoformat(): o.words for o in entry.offers}, typed.get("until", "")),
        reasons=_options({name: texts.say(f"channels.wrong_{name}") for name in reasons}, typed.get("reason", "")),
        instead=_options(actions, typed.get("instead", "")),
        people=_options(people, typed.get("whose", "")),
        on=typed.get("on", ""),
        other=typed.get("other", ""),
        words=typed.get("words", ""),
        kept=given.kept,
        fault=given.fault,
    )


def _choice(texts: Texts, name: str, chosen: str, open_: bool) -> Option:
    key = name or ("nothing" if open_ else "stays")
    return Option(name, texts.say(f"answering.{key}"), name == chosen)


def _options(named: Mapping[str, str], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in named.items())
