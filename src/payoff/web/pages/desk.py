"""The desk: whom to help now, with what, why, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from payoff.brief.schema import Brief
from payoff.feedback.items import FeedbackItem
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.money import Money
from payoff.records.suggestions import NOTHING, Suggestion
from payoff.texts import Texts
from payoff.web.product import Product, QueueItem

EVERYBODY = "*"
PAGE = 10
_NAME_FACTS = ("name", "account_name", "company", "account", "title")
_SAID = 6
_FACTS = 14


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person chose to see. `owner` is None until they choose: then theirs, if they own anything."""

    owner: str | None = None
    role: str = ""
    industry: str = ""
    snoozed: bool = False
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A sentence, and in words what backs it."""

    text: str
    backed_by: str


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One suggestion as somebody reads it. `after` is the id of the next card, where an answer leads."""

    id: str
    after: str
    headline: str
    name: str
    place: str
    reason: str
    worth: str
    evidence: str
    tried: str
    explored: str
    fallback: str
    since: str
    due: str
    soon: bool
    owner: str
    returns: str
    reasons: tuple[ReasonShown, ...]
    facts: tuple[Fact, ...]
    release: str


@dataclass(frozen=True, slots=True)
class SaidShown:
    """Something the person said before, and its fate in words."""

    id: str
    when: str
    what: str
    state: str
    reply: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """`ids` are the suggestions really shown: opening the desk is their exposure."""

    headline: str
    cards: tuple[UnitCard, ...]
    left: int
    left_words: str
    owners: tuple[Option, ...]
    roles: tuple[Option, ...]
    industries: tuple[Option, ...]
    filters: Filters
    filtered: bool
    said: tuple[SaidShown, ...]
    actions: tuple[Option, ...]
    ask_pulse: bool
    can_answer: bool
    fresh: tuple[str, ...]


def desk(product: Product, person: Person, filters: Filters, *, ask_pulse: bool = False) -> DeskPage:
    """The page as data. Units of the holdout never come from the queue; they are dropped here once more."""
    now, texts, brief = product.clock.now(), product.texts, product.brief
    waiting = [item for item in product.queue() if _may_be_told(item.suggestion)]
    owner = _owner(filters, person, waiting)
    place = {"role": brief.unit.role, "industry": brief.unit.industry}
    shown = [
        item
        for item in waiting
        if (item.state == "snoozed") == filters.snoozed
        and owner in ("", EVERYBODY, item.owner)
        and filters.role in ("", _role(item, place["role"]))
        and filters.industry in ("", _fact(item, place["industry"]))
    ]
    first = shown[: filters.limit]
    cards = tuple(
        _card(item, texts, brief, now, after=first[i + 1].suggestion.id if i + 1 < len(first) else "")
        for i, item in enumerate(first)
    )
    left = len(shown) - len(first)
    actions = action_names(product)
    return DeskPage(
        headline=texts.say("desk.headline_snoozed" if filters.snoozed else "desk.headline", n=len(shown)),
        cards=cards,
        left=left,
        left_words=texts.say("desk.more_left", n=left),
        owners=_owners(texts, brief, person, waiting, owner),
        roles=_options(texts, (_role(i, place["role"]) for i in waiting), filters.role),
        industries=_options(texts, (_fact(i, place["industry"]) for i in waiting), filters.industry),
        filters=filters,
        filtered=bool(filters.role or filters.industry or owner not in ("", EVERYBODY)),
        said=tuple(_said(item, texts, actions) for item in product.said_by(person.id)[:_SAID]),
        actions=tuple(Option(key, name, False) for key, name in actions.items()),
        ask_pulse=ask_pulse,
        can_answer=person.may(needed("POST", "/desk/{suggestion}/answer") or ()),
        fresh=tuple(i.suggestion.id for i in first if "shown" not in i.responses),
    )


def words(name: str) -> str:
    """A fact's name as people read it."""
    return name.replace("_", " ")


def fact_value(product: Product, suggestion: str, name: str, given: str) -> object:
    """A corrected fact in the type the fact has: 12, not "12"; the words as given where they are no number."""
    known = next((i.facts.get(name) for i in product.queue() if i.suggestion.id == suggestion), None)
    text = given.strip()
    if isinstance(known, bool):
        return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower(), text)
    if isinstance(known, (int, float)):
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            return text
        return int(number) if isinstance(known, int) and number.is_integer() else number
    return text


def _may_be_told(suggestion: Suggestion) -> bool:
    return suggestion.arm != "holdout" and suggestion.action != NOTHING


def _fact(item: QueueItem, name: str) -> str:
    return str(item.facts.get(name) or "") if name else ""


def _role(item: QueueItem, fact: str) -> str:
    return item.suggestion.role or _fact(item, fact)


def _owner(filters: Filters, person: Person, items: Sequence[QueueItem]) -> str:
    if filters.owner is not None:
        return filters.owner
    owners = {item.owner for item in items}
    return next((mine for mine in (person.id, person.name) if mine in owners), "")


def _owners(
    texts: Texts, brief: Brief, person: Person, items: Sequence[QueueItem], chosen: str
) -> tuple[Option, ...]:
    names = sorted({item.owner for item in items if item.owner})
    if not names:
        return ()
    mine = [name for name in names if name in (person.id, person.name)]
    rest = [name for name in names if name not in mine]
    return (
        *(Option(name, texts.say("desk.filter_mine"), name == chosen) for name in mine),
        Option(EVERYBODY, texts.say("desk.filter_all"), chosen in ("", EVERYBODY)),
        *(Option(name, _named(brief, name), name == chosen) for name in rest),
    )


def _options(texts: Texts, values: Iterable[str], chosen: str) -> tuple[Option, ...]:
    found = sorted({value for value in values if value})
    if not found:
        return ()
    return (
        Option("", texts.say("desk.filter_any"), not chosen),
        *(Option(value, value, value == chosen) for value in found),
    )


def _card(item: QueueItem, texts: Texts, brief: Brief, now: datetime, *, after: str) -> UnitCard:
    said = item.suggestion
    name = next((str(item.facts[f]) for f in _NAME_FACTS if item.facts.get(f)), item.unit)
    place = (_role(item, brief.unit.role), _fact(item, brief.unit.industry))
    told = texts.say("policy.exploring") in said.evidence  # our own policies say it with the evidence
    soon = item.due is not None and item.due - now < timedelta(days=2)
    return UnitCard(
        id=said.id,
        after=after,
        headline=said.say,
        name=name,
        place=" · ".join(p for p in place if p),
        reason=_first(said),
        worth=_worth(said, texts),
        evidence=said.evidence,
        tried=texts.say("desk.explored_tag") if said.explored else "",
        explored=texts.say("desk.explored") if said.explored and not told else "",
        fallback=texts.say("desk.fallback") if said.fallback else "",
        since=texts.say("desk.since", day=texts.day(item.since)),
        due=texts.say("desk.due_soon" if soon else "desk.due", day=texts.day(item.due)) if item.due else "",
        soon=soon,
        owner=texts.say("desk.owner", name=_named(brief, item.owner)) if item.owner else texts.say("desk.nobody"),
        returns=texts.say("desk.returns", day=texts.day(item.snoozed_until)) if item.snoozed_until else "",
        reasons=tuple(ReasonShown(r.text, texts.say(f"desk.kind_{r.kind}")) for r in said.reasons),
        facts=_facts(item, texts, brief),
        release=texts.say("desk.release", release=said.release) if said.release else "",
    )


def _first(said: Suggestion) -> str:
    """The one line: why this action, where the playbook says so; else what goes with the risk."""
    rules = [reason.text for reason in said.reasons if reason.kind == "rule"]
    return next(iter([*rules, *(reason.text for reason in said.reasons)]), "")


def _named(brief: Brief, owner: str) -> str:
    """An owner fact may hold the id of one of the brief's people, or a name."""
    return brief.people[owner].name if owner in brief.people else owner


def _about(money: Money) -> Money:
    """Two figures are enough for an estimate: 123.87 reads 120, 60.94 reads 61."""
    if abs(money.amount) < 10:
        return money
    step = 10.0 ** (len(str(int(abs(money.amount)))) - 2)
    return Money.of(round(money.amount / step) * step, money.currency)


def _worth(said: Suggestion, texts: Texts) -> str:
    """Money in words, and how sure; never a bare figure."""
    if said.value is None:
        return texts.say("desk.worth_unknown")
    value = texts.money(_about(said.value))
    if said.low is None or said.high is None:
        return texts.say("desk.worth_point", value=value)
    key = "desk.worth_sure" if said.low.minor > 0 else "desk.worth_unsure"
    return texts.say(key, value=value, low=texts.money(_about(said.low)), high=texts.money(_about(said.high)))


def _facts(item: QueueItem, texts: Texts, brief: Brief) -> tuple[Fact, ...]:
    hidden = {*brief.unit.protected, *brief.unit.ignore, *_NAME_FACTS}
    known = [(k, v) for k, v in item.facts.items() if k not in hidden and v is not None and v != ""]
    return tuple(Fact(k, words(k), _plain(v, texts)) for k, v in known[:_FACTS])


def _plain(value: object, texts: Texts) -> str:
    if isinstance(value, bool):
        return texts.say("page.yes" if value else "page.no")
    if isinstance(value, int):
        return texts.number(value)
    if isinstance(value, float):
        return texts.number(value, digits=0 if value.is_integer() else 2)
    return str(value)


def _said(item: FeedbackItem, texts: Texts, actions: Mapping[str, str]) -> SaidShown:
    key = {"new": "desk.said_waiting", "looked at": "desk.said_looked"}.get(item.state, "")
    return SaidShown(
        id=item.id,
        when=texts.day(item.at),
        what=said_words(item, texts, actions),
        state=item.state,
        reply=item.reply or (texts.say(key) if key else ""),
    )


def action_names(product: Product) -> dict[str, str]:
    """The playbook's actions by id, as people call them."""
    return {a.id: a.name or words(a.id) for a in product.playbook.actions}


def said_words(item: FeedbackItem, texts: Texts, actions: Mapping[str, str]) -> str:
    """What somebody said, in one line."""
    parts = []
    if item.thumb:
        key = "inbox.thumb_up" if item.thumb > 0 else "inbox.thumb_down"
        about = actions.get(item.action, "")
        parts.append(texts.say("inbox.thumb", thumb=texts.say(key), about=about) if about else texts.say(key))
    parts += corrections(item, texts, actions)
    if item.text:
        parts.append(item.text)
    return " · ".join(parts)


def corrections(item: FeedbackItem, texts: Texts, actions: Mapping[str, str]) -> list[str]:
    """What was corrected, a line each; risk and action are no facts and have their own words."""
    lines = []
    for fact, value in item.correction.items():
        if fact in ("risk", "action"):
            lines.append(texts.say(f"inbox.correction_{fact}", value=actions.get(str(value), value)))
        else:
            lines.append(texts.say("inbox.correction", fact=words(str(fact)), value=value))
    return lines
