"""The queue: mine, then unclaimed and urgent, then oldest due; what to see of it, and the answer just given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from payoff.brief.schema import Brief
from payoff.people.permissions import needed
from payoff.people.person import Person, people_of
from payoff.records.days import good_until
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.answering import afterwards
from payoff.use_cases.ordering import Place, in_order
from payoff.use_cases.pressing import may_answer
from payoff.web.pages.desk.card import UnitCard, beyond, card, industry_of, role_of
from payoff.web.pages.desk.facts import Trouble, choices
from payoff.web.pages.desk.heard import last_said
from payoff.web.pages.desk.news import coming_back, taken_back_today
from payoff.web.pages.desk.reasons import reason_key, reason_label, shares
from payoff.web.pages.desk.said import just_said
from payoff.web.pages.desk.sent import MOST
from payoff.web.pages.desk.wording import Option, action_names, person_name, short
from payoff.web.product import Product, QueueItem

EVERYBODY, ME, NOBODY = "*", "me", "-"
PAGE = 10


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person chose to see; `owner` is everybody's, mine, nobody's, or the name an owner fact holds."""

    owner: str = EVERYBODY
    role: str = ""
    industry: str = ""
    reason: str = ""
    snoozed: bool = False
    limit: int = PAGE

    @property
    def any(self) -> bool:
        return bool(self.role or self.industry or self.reason or self.owner not in ("", EVERYBODY))


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the queue under one heading."""

    place: Place
    heading: str
    cards: tuple[UnitCard, ...]


@dataclass(frozen=True, slots=True)
class Undo:
    """The answer just given, in place of its card: before the card `before`, or on top."""

    suggestion: str
    before: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """`fresh` are the suggestions really shown for the first time: opening the desk is their exposure.

    `news` says how many answers to what this person said they have not read yet, "" for none.
    """

    headline: str
    others: str
    groups: tuple[Group, ...]
    order: str
    left: int
    left_words: str
    owners: tuple[Option, ...]
    roles: tuple[Option, ...]
    industries: tuple[Option, ...]
    reasons: tuple[Option, ...]
    people: tuple[Option, ...]
    filters: Filters
    filtered: bool
    aside: int
    aside_words: str
    news: str
    undo: Undo | None
    person: str
    ask_pulse: bool
    can_answer: bool
    fresh: tuple[str, ...]
    today: str
    hand_over: bool
    last_said: Mapping[str, str] = field(default_factory=dict)
    """By card, the newest thing anybody said about the customer."""
    returning: tuple[str, ...] = ()
    """Whom the person wanted to come back to today, and nothing new is suggested yet."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By fact in words, the values to choose from where there are few."""
    most: str = ""
    """How many characters of one field are kept."""
    empty: str = ""
    """Why the desk is empty, where a release was taken back today."""
    notice: str = ""
    """One calm sentence on top: somebody was quicker, or something could not be read."""

    @property
    def cards(self) -> tuple[UnitCard, ...]:
        return tuple(shown for group in self.groups for shown in group.cards)


def desk(
    product: Product,
    person: Person,
    filters: Filters,
    *,
    ask_pulse: bool = False,
    answered: str = "",
    after: str = "",
    kept: tuple[str, str] = ("", ""),
    trouble: Trouble | None = None,
) -> DeskPage:
    """The page as data. Units of the holdout never come from the queue; they are dropped here once more.

    `answered` is the suggestion just answered, `after` the card that followed it. `kept` is the word for what was
    kept without an answer (of `page.said_…`), and the card it is about: it is said there, or on top without it.
    """
    now, texts, brief = product.clock.now(), product.texts, product.brief
    waiting = [item for item in product.queue() if item.suggestion.told]
    me = (person.id, person.name)
    chosen = [item for item in waiting if _chosen(item, filters, brief, me)] if filters.any else waiting
    shown = [item for item in chosen if (item.state == "snoozed") == filters.snoozed]
    ordered = in_order(shown, me, now, brief.product.zone)
    first = ordered[: filters.limit]
    here = [item for item in waiting if (item.state == "snoozed") == filters.snoozed]
    actions, thumbs = _offered(product), product.thumbs(person.id)
    by_role, costs = shares(waiting), {a.id: a.cost for a in product.playbook.actions}
    titles = {release.id: release.title for release in product.releases()}
    said = kept_words(texts, kept[0])
    ids = [item.suggestion.id for _, item in first]
    next_one = dict(zip(ids, [*ids[1:], ""], strict=False))
    cards = {
        key: card(
            item,
            texts,
            brief,
            actions,
            person.id,
            now,
            after=next_one[key],
            trouble=trouble,
            kept=said if kept[1] == key else "",
            thumb=thumbs.get(key, 0),
            by_role=by_role,
            costs=costs,
            titles=titles,
        )
        for key, item in zip(ids, (item for _, item in first), strict=True)
    }
    mine = sum(place == "mine" for place, _ in ordered)
    left = len(ordered) - len(first)
    news = product.unread(person.id)
    aside = sum(item.state == "snoozed" for item in chosen)
    return DeskPage(
        headline=_headline(texts, filters, mine, len(ordered)),
        others=_others(texts, filters, mine, len(ordered)),
        groups=tuple(
            Group(place, _heading(texts, place, last, mine), tuple(cards[i.suggestion.id] for _, i in group))
            for (place, last), group in groupby(first, key=lambda pair: _part(pair, now, brief.product.zone))
        ),
        order=texts.say("desk.order") if len(first) > 1 else "",
        left=left,
        left_words=texts.say("desk.more_left", n=left),
        owners=_owners(texts, brief, me, waiting, filters.owner),
        roles=_options(texts, (role_of(i, brief) for i in here), filters.role),
        industries=_options(texts, (industry_of(i, brief) for i in here), filters.industry),
        reasons=_reasons(texts, here, filters.reason),
        people=tuple(
            Option(one.id, one.name, False)
            for one in people_of(brief.people).values()
            if may_answer(one) and one.id != person.id
        ),
        filters=filters,
        filtered=filters.any,
        aside=aside,
        aside_words=texts.say("desk.filter_snoozed_n", n=aside),
        news=texts.say("desk.said_news", n=news) if news else "",
        undo=_undo(product, person, answered, after if after in cards else ""),
        person=person.id,
        ask_pulse=ask_pulse,
        can_answer=person.may(needed("POST", "/desk/{suggestion}/answer") or ()),
        fresh=tuple(item.suggestion.id for _, item in first if "shown" not in item.responses),
        today=day_of(now, brief.product.zone).isoformat(),
        hand_over=bool(brief.unit.owner),
        notice="" if kept[1] in cards else said,
        last_said=last_said(product, person, [item for _, item in first]),
        returning=coming_back(product, person, {item.unit for item in waiting}),
        choices=choices(waiting, brief),
        most=texts.number(MOST),
        empty="" if waiting else taken_back_today(product),
    )


def listed(product: Product, person: Person, filters: Filters) -> tuple[str, ...]:
    """All suggestions that fit the filters, in the order of the page, however many it shows at once."""
    brief, me = product.brief, (person.id, person.name)
    found = [
        item
        for item in product.queue()
        if item.suggestion.told
        and (item.state == "snoozed") == filters.snoozed
        and (not filters.any or _chosen(item, filters, brief, me))
    ]
    placed = in_order(found, me, product.clock.now(), brief.product.zone)
    return tuple(item.suggestion.id for _, item in placed)


def _chosen(item: QueueItem, filters: Filters, brief: Brief, me: tuple[str, str]) -> bool:
    owner = filters.owner
    if owner == ME:
        fits = item.taken_by == me[0] or (item.owner in me and not item.taken_by)
    elif owner == NOBODY:
        fits = not item.owner and not item.taken_by
    else:
        fits = owner in ("", EVERYBODY, item.owner)
    return (
        fits
        and filters.role in ("", role_of(item, brief))
        and filters.industry in ("", industry_of(item, brief))
        and filters.reason in ("", reason_key(item))
    )


def _headline(texts: Texts, filters: Filters, mine: int, n: int) -> str:
    if filters.snoozed:
        return texts.say("desk.headline_snoozed", n=n)
    return texts.say("desk.headline_mine", n=mine) if mine else texts.say("desk.headline", n=n)


def _others(texts: Texts, filters: Filters, mine: int, n: int) -> str:
    return texts.say("desk.headline_others", n=n - mine) if mine and n > mine and not filters.snoozed else ""


def _part(placed: tuple[Place, QueueItem], now: datetime, zone: str) -> tuple[Place, date | None]:
    """What stands under one heading: a part of the queue, in the large ones a last good day of it."""
    place, item = placed
    dated = place in ("mine", "rest") and item.due is not None
    return place, good_until(now, zone, item.due) if dated and item.due else None


def _heading(texts: Texts, place: Place, last: date | None, mine: int) -> str:
    key = "desk.group_rest_only" if place == "rest" and not mine else f"desk.group_{place}"
    return texts.say(f"{key}_day", day=texts.near_day(last)) if last else texts.say(key)


def kept_words(texts: Texts, word: str) -> str:
    """Only sentences of ours: the word comes from the address and is looked up, never shown."""
    key = f"page.said_{word}"
    return texts.say(key) if word and texts.knows(key) else ""


def _offered(product: Product) -> dict[str, str]:
    """The playbook's actions as one offers them, with what the data say against them; nothing is counted."""
    texts, found = product.texts, {}
    learned = product.actions.learned()
    for action, name in action_names(product).items():
        known, key = learned.get(action), ""
        if known is not None and known.low <= 0:
            harm = "wrong_harm" if known.randomised else "wrong_worse"
            key = harm if known.high < 0 else "wrong_no_effect"
        found[action] = texts.say(f"desk.{key}", action=name) if key else name
    return found


def _owners(
    texts: Texts, brief: Brief, me: tuple[str, str], items: Sequence[QueueItem], chosen: str
) -> tuple[Option, ...]:
    names = sorted({item.owner for item in items if item.owner and item.owner not in me})
    return (
        Option(EVERYBODY, texts.say("desk.filter_all"), chosen in ("", EVERYBODY)),
        Option(ME, texts.say("desk.filter_mine"), chosen == ME),
        Option(NOBODY, texts.say("desk.filter_nobody"), chosen == NOBODY),
        *(Option(name, person_name(brief, name), name == chosen) for name in names),
    )


def _options(texts: Texts, values: Iterable[str], chosen: str) -> tuple[Option, ...]:
    found = sorted({value for value in values if value})
    if not found:
        return ()
    return (
        Option("", texts.say("desk.filter_any"), not chosen),
        *(Option(value, value, value == chosen) for value in found),
    )


def _reasons(texts: Texts, items: Iterable[QueueItem], chosen: str) -> tuple[Option, ...]:
    keys = {reason_key(item) for item in items} - {""}
    named = sorted((reason_label(key, texts), key) for key in keys)
    if not named:
        return ()
    return (
        Option("", texts.say("desk.filter_any"), not chosen),
        *(Option(key, label, key == chosen) for label, key in named),
    )


def _undo(product: Product, person: Person, answered: str, before: str) -> Undo | None:
    """The line that says what was kept and takes it back; none for what is not this person's, or taken back."""
    line = just_said(product, person, answered) if answered else None
    if line is None or not line.undo:
        return None
    now, texts, words = product.clock.now(), product.texts, short(line.what)
    item = next((one for one in product.queue() if one.suggestion.id == answered), None)
    if (
        item is not None
        and item.due is not None
        and item.snoozed_until is not None
        and beyond(item, product.brief)
    ):
        then = afterwards(product.brief, texts, now, item.due, item.snoozed_until)
        words = f"{words}. {texts.say('desk.beyond', **then)}"
    return Undo(answered, before, line.name, words)
