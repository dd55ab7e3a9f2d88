"""The page behind a mail's link: these suggestions, answered without a sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from payoff.brief.schema import Brief
from payoff.records.deliveries import Entry, Offer
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.pressing import Linked
from payoff.web.pages.desk.wording import Option


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """One suggestion with its controls. `state` decides which: open ones are answered, closed ones taken back."""

    id: str
    name: str
    headline: str
    why: str
    worth: str
    good_until: str
    said: str
    open: bool
    undo: bool
    days: tuple[Offer, ...]
    words: str
    choose: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """`action` is where its forms go; `title` alone stands where the link opens nothing."""

    title: str
    who: str
    action: str
    cards: tuple[AnswerCard, ...]
    instead: tuple[Option, ...]
    people: tuple[Option, ...]
    hand_over: bool
    today: str
    notice: str = ""


def answering(
    texts: Texts,
    brief: Brief,
    actions: dict[str, str],
    link: Linked,
    token: str,
    now: datetime,
    *,
    notice: str = "",
    at: str = "",
    kept: str = "",
    choose: str = "",
) -> AnswerPage:
    """What the link opens, as it stands now. `kept` are the words about what was just kept of suggestion
    `at`, `choose` the panel that stands open there."""
    return AnswerPage(
        title=texts.say("channels.page_headline", n=len(link.entries)),
        who=texts.say("channels.page_who", name=link.person.name),
        action=f"/answer/{token}",
        cards=tuple(
            _card(entry, kept, choose) if entry.suggestion == at else _card(entry) for entry in link.entries
        ),
        instead=tuple(Option(id, name, False) for id, name in actions.items()),
        people=tuple(Option(id, p.name, False) for id, p in brief.people.items() if id != link.person.id),
        hand_over=bool(brief.unit.owner),
        today=day_of(now, brief.product.zone).isoformat(),
        notice=notice,
    )


def closed(texts: Texts) -> AnswerPage:
    """A link that opens nothing says so, and no more."""
    return AnswerPage(texts.say("channels.page_closed_title"), "", "", (), (), (), False, "")


def _card(entry: Entry, words: str = "", choose: str = "") -> AnswerCard:
    return AnswerCard(
        id=entry.suggestion,
        name=entry.customer,
        headline=entry.headline,
        why=entry.why,
        worth=entry.worth,
        good_until=entry.good_until,
        said=entry.said,
        open=entry.state == "open",
        undo=entry.state != "open" and bool(entry.said),
        days=entry.offers,
        words=words,
        choose=choose,
    )
