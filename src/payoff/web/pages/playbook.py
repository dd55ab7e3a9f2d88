"""The playbook: what can be done for whom, what is expected of it, and what the data say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payoff.brief.conditions import written
from payoff.brief.goals import goal_of
from payoff.brief.schema import Brief, PlaybookAction
from payoff.brief.wording import named, own
from payoff.errors import Fault
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.money import Money
from payoff.texts import Texts
from payoff.use_cases.actions import Expected, Known, Retired
from payoff.use_cases.consequences import whom
from payoff.web.pages.desk import words
from payoff.web.pages.problems import Problem, beside, problems
from payoff.web.product import Product

FIELDS = (
    "id",
    "name",
    "say",
    "why",
    "roles",
    "industries",
    "when",
    "cost",
    "minutes",
    "unsure",
    "expects",
    "rank",
)
"""What the form of an action asks for, beside the words customers read."""
TOLD = ("title", "button", "link", "why")
"""What a customer reads of an action, in each language: `tell.en.title` is a field of the form."""
FEWEST = 20
"""Customers below which nothing is said of how often an action was answered with Wrong."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range on a line of 0 to 100: its ends and its middle."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class ActionCard:
    """One action. `verdict` compares what was expected with what is known; the two spans draw it, with `zero`, on
    one scale for all. `before` is what was written before it was first suggested, where that was changed since:
    it is what the verdict holds against."""

    id: str
    name: str
    say: str
    why: str
    fit: str
    for_whom: tuple[str, ...]
    effort: str
    expected: str
    before: str
    known: str
    verdict: str
    tone: str
    how: str
    expected_span: Span | None
    known_span: Span | None
    zero: float
    picture: str
    wrong: str
    customers: str


@dataclass(frozen=True, slots=True)
class RetiredShown:
    """An action that is no longer in the playbook: `seen` says what came of it, `href` leads to the version that
    took it out."""

    name: str
    say: str
    when: str
    seen: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class PlaybookPage:
    """`reading` says once how all cards are read: what a point is, the verdicts, the pictures, the model."""

    cards: tuple[ActionCard, ...]
    reading: tuple[str, ...]
    retired: tuple[RetiredShown, ...]
    may_edit: bool
    may_write: bool
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionForm:
    """The fields of one action as texts; `id` is "" for a new one. `told` are the languages customers read, each
    with its name. `base` is the version the form began with. `example` is a condition as it can be written here.
    `mark` is that of a form whose `effects` and `warnings` wait for somebody's word ("" otherwise); `changed` says
    that another one was looked at before. `wrong` holds what is wrong by field. `theirs` are (field, what stands
    there now, what was typed here) where somebody else was quicker."""

    id: str
    name: str
    values: Mapping[str, str]
    told: tuple[tuple[str, str], ...]
    base: int
    facts: str
    example: str
    problems: tuple[Problem, ...]
    wrong: Mapping[str, str]
    effects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    mark: str = ""
    changed: bool = False
    told_open: bool = False
    theirs: tuple[tuple[str, str, str], ...] = ()


def playbook(product: Product, person: Person) -> PlaybookPage:
    """A card an action, in the order the rules try them."""
    known = product.actions()
    actions = sorted(product.playbook.actions, key=lambda a: a.rank)
    troubles = product.documents.troubles.get("playbook.toml", ())
    scale = _scale(product, known)
    return PlaybookPage(
        cards=tuple(_card(product, action, known.get(action.id), scale) for action in actions),
        reading=_reading(product, known, scale) if actions else (),
        retired=tuple(_retired(product, one) for one in product.actions.retired()),
        may_edit=person.may(needed("POST", "/playbook/actions/{action}") or ()),
        may_write=person.may(needed("POST", "/playbook/file") or ()),
        troubles=tuple(map(str, troubles)),
    )


def form(
    product: Product,
    action: PlaybookAction | None,
    *,
    values: Mapping[str, str] | None = None,
    base: int | None = None,
    faults: Sequence[Fault] = (),
    effects: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
    mark: str = "",
    changed: bool = False,
    theirs: PlaybookAction | None = None,
) -> ActionForm:
    """The form of an action, or of a new one; with what somebody gave, where it has to be looked at again."""
    found = problems(faults, lambda fault: _field(product.texts, fault))
    return ActionForm(
        id=action.id if action else "",
        name=called(action) if action else "",
        values=values if values is not None else _values(product.brief, action),
        told=tuple((language, _language(product.texts, language)) for language in spoken(product.brief, action)),
        base=product.documents.document("playbook.toml").number if base is None else base,
        facts=", ".join(product.documents.facts()),
        example=" · ".join(product.documents.conditions()),
        problems=found,
        wrong=beside(found),
        effects=effects,
        warnings=warnings,
        mark=mark,
        changed=changed,
        told_open=any(one.place.startswith("f-tell.") for one in found),
        theirs=_theirs(product, values, theirs),
    )


def called(action: PlaybookAction) -> str:
    """How people call an action."""
    return action.name or words(action.id)


def spoken(brief: Brief, action: PlaybookAction | None) -> list[str]:
    """The languages the form asks customers' words in; none where no customer reads anything."""
    return named(brief) if "widget" in brief.model_fields_set or (action and action.tell) else []


def _language(texts: Texts, language: str) -> str:
    key = f"playbook.in_{language}"
    return texts.say(key) if texts.knows(key) else language


def _label(texts: Texts, field: str) -> str:
    """The label of a field; of the words customers read, with their language."""
    _, _, told = field.partition("tell.")
    if not told:
        return texts.say(f"playbook.f_{field}")
    language, _, part = told.partition(".")
    return texts.say("playbook.f_told", field=texts.say(f"playbook.t_{part}"), language=_language(texts, language))


def _field(texts: Texts, fault: Fault) -> tuple[str, str]:
    """The label of the field a fault is about, and its id; both "" for one the form does not have."""
    if len(fault.path) < 3 or fault.path[0] != "actions":
        return "", ""
    name, *deeper = map(str, fault.path[2:])
    if name in ("tell", "tell_why") and deeper:
        part = "why" if name == "tell_why" else "link" if "link" in deeper else "title"
        name = f"tell.{deeper[0]}.{part}"
    elif name not in FIELDS:
        return "", ""
    return _label(texts, name), f"f-{name}"


def _theirs(
    product: Product, mine: Mapping[str, str] | None, action: PlaybookAction | None
) -> tuple[tuple[str, str, str], ...]:
    if mine is None or action is None:
        return ()
    return tuple(
        (_label(product.texts, name), value, mine.get(name, ""))
        for name, value in _values(product.brief, action).items()
        if name != "id" and mine.get(name, "").split() != value.split()
    )


def _told(brief: Brief, action: PlaybookAction | None) -> dict[str, str]:
    """What customers read of an action, by field."""
    tell, why = (own(brief, action.tell), own(brief, action.tell_why)) if action else ({}, {})
    found: dict[str, str] = {}
    for language in spoken(brief, action):
        said = tell.get(language)
        parts = (said.title, said.button, said.link) if said else ("", "", "")
        values = (*parts, why.get(language, ""))
        found |= {f"tell.{language}.{part}": value for part, value in zip(TOLD, values, strict=True)}
    return found


def _values(brief: Brief, action: PlaybookAction | None) -> dict[str, str]:
    return {**_own_values(action), **_told(brief, action)}


def _own_values(action: PlaybookAction | None) -> dict[str, str]:
    if action is None:
        return dict.fromkeys(("id", "name", "say", "why", "roles", "industries", "when", "expects"), "") | {
            "cost": "0",
            "minutes": "0",
            "rank": "100",
            "unsure": "5",
        }
    return {
        "id": action.id,
        "name": action.name,
        "say": action.say,
        "why": action.why,
        "roles": ", ".join(action.roles),
        "industries": ", ".join(action.industries),
        "when": "\n".join(written(action.when)),
        "cost": f"{action.cost:g}",
        "minutes": f"{action.minutes:g}",
        "rank": str(action.rank),
        "expects": "" if action.expects is None else f"{action.expects * 100:g}",
        "unsure": f"{action.unsure * 100:g}",
    }


def _card(product: Product, action: PlaybookAction, known: Known | None, scale: tuple[float, float]) -> ActionCard:
    texts, brief = product.texts, product.brief
    say = texts.say
    cost = texts.money(Money.of(action.cost, brief.product.currency))
    learned = known.learned if known else None
    said = _said(product, action, known)
    verdict, tone = _verdict(said, known)
    expected, found, zero = _spans(said, known, scale)
    shown = say("playbook.expected_none")
    if action.expects is not None:
        plain, unsure = _span_words(texts, action.expects, action.unsure)
        shown = say("playbook.expected", value=plain, unsure=unsure)
    before = ""
    if (said.expects, said.unsure) != (action.expects, action.unsure):
        day = texts.day(said.written)
        before = say("playbook.before_none", day=day)
        if said.expects is not None:
            plain, unsure = _span_words(texts, said.expects, said.unsure)
            before = say("playbook.before", value=plain, unsure=unsure, day=day)
    so_far = say("playbook.known_none", n=known.tried if known else 0)
    how = ""
    if learned:
        low, high = texts.number(learned.low * 100), texts.number(learned.high * 100)
        mean, n = texts.points(learned.mean, digits=0), texts.number(learned.n)
        so_far = say("playbook.known", value=mean, low=low, high=high, n=n)
        how = "" if learned.randomised else say("playbook.how_compared")
        if learned.moved_on:
            how = f"{how} {say('playbook.moved_on')}".strip()
    enough = known is not None and known.shown >= FEWEST
    return ActionCard(
        id=action.id,
        name=called(action),
        say=action.say,
        why=action.why,
        fit=say("playbook.fits", n=known.fit, shown=texts.number(known.fit), all=texts.number(known.units))
        if known
        else "",
        for_whom=tuple(whom(texts, action)),
        effort=say("playbook.effort", cost=cost, minutes=texts.number(action.minutes)),
        expected=shown,
        before=before,
        known=so_far,
        verdict=say(f"playbook.verdict_{verdict}"),
        tone=tone,
        how=how,
        expected_span=expected,
        known_span=found,
        zero=zero,
        picture=f"{shown} {so_far}",
        wrong=say("playbook.wrong", n=known.wrong, of=texts.number(known.shown)) if known and enough else "",
        customers=_customers(texts, action),
    )


def _customers(texts: Texts, action: PlaybookAction) -> str:
    return texts.say("playbook.worded" if action.tell else "playbook.not_worded")


def _digits(share: float) -> int:
    return 0 if abs(share * 100 - round(share * 100)) < 1e-9 else 1


def _span_words(texts: Texts, expects: float, unsure: float) -> tuple[str, str]:
    return texts.points(expects, digits=_digits(expects)), texts.number(unsure * 100, digits=_digits(unsure))


def _verdict(said: Expected, known: Known | None) -> tuple[str, str]:
    """Whether what was expected lies in the range of what is known; a word and its colour."""
    learned = known.learned if known else None
    if learned is None:
        return "untried", "quiet"
    if learned.high < 0:
        return "harms", "bad"
    if said.expects is None:
        return ("helps", "good") if learned.low > 0 else ("unclear", "quiet")
    if learned.high < said.expects:
        return ("doubt", "bad") if learned.mean <= 0 else ("less", "warn")
    if learned.low > said.expects:
        return "more", "good"
    return ("fits", "good") if learned.low > 0 else ("unclear", "quiet")


def _ranges(said: Expected, known: Known | None) -> list[tuple[float, float, float] | None]:
    """What was expected and what is known, each as its ends and its middle."""
    learned = known.learned if known else None
    return [
        None if said.expects is None else (said.expects - said.unsure, said.expects, said.expects + said.unsure),
        (learned.low, learned.mean, learned.high) if learned else None,
    ]


def _said(product: Product, action: PlaybookAction, known: Known | None) -> Expected:
    """What a verdict holds against: as it was written before it was first suggested, else as it is written."""
    return (known.expected if known else None) or Expected(action.expects, action.unsure, product.clock.now())


def _scale(product: Product, known: Mapping[str, Known]) -> tuple[float, float]:
    """The ends of the one line all cards are drawn on; 0 is on it."""
    ends = [0.0]
    for action in product.playbook.actions:
        one = known.get(action.id)
        ends += [value for found in _ranges(_said(product, action, one), one) if found for value in found]
    return min(ends), max(ends)


def _spans(
    said: Expected, known: Known | None, scale: tuple[float, float]
) -> tuple[Span | None, Span | None, float]:
    """Both ranges on the scale, and where its 0 is."""
    low, high = scale
    reach = (high - low) or 1.0

    def at(value: float) -> float:
        return round(6 + 228 * (value - low) / reach, 1)

    expected, found = (Span(*map(at, span)) if span else None for span in _ranges(said, known))
    return expected, found, at(0.0)


def _reading(product: Product, known: Mapping[str, Known], scale: tuple[float, float]) -> tuple[str, ...]:
    say, texts, brief = product.texts.say, product.texts, product.brief
    goal = goal_of(brief)
    said = []
    if goal:
        metric = next(m for m in brief.metrics if m.outcome == goal and m.purpose in ("leading goal", "goal"))
        key = "reading_more" if brief.outcomes[goal].good else "reading_fewer"
        said.append(say(f"playbook.{key}", goal=metric.label or words(metric.name)))
    said.append(say("playbook.reading_verdict"))
    if scale[0] < scale[1]:
        low, high = texts.points(scale[0], digits=0), texts.points(scale[1], digits=0)
        said.append(say("playbook.legend", low=low, high=high))
    learned = next((one.learned for one in known.values() if one.learned), None)
    if learned:
        said.append(say("playbook.how", release=learned.title))
    return tuple(said)


def _retired(product: Product, one: Retired) -> RetiredShown:
    texts, say = product.texts, product.texts.say
    seen = [say("playbook.retired_tried", n=one.tried, shown=texts.number(one.tried))]
    if one.shown >= FEWEST:
        seen.append(say("playbook.wrong", n=one.wrong, of=texts.number(one.shown)))
    if one.action.expects is not None:
        plain, unsure = _span_words(texts, one.action.expects, one.action.unsure)
        seen.append(say("playbook.expected", value=plain, unsure=unsure))
    if one.learned:
        low, high = texts.number(one.learned.low * 100), texts.number(one.learned.high * 100)
        mean, n = texts.points(one.learned.mean, digits=0), texts.number(one.learned.n)
        seen.append(say("playbook.known", value=mean, low=low, high=high, n=n))
    return RetiredShown(
        name=called(one.action),
        say=one.action.say,
        when=say("playbook.retired_on", day=texts.day(one.at)),
        seen=tuple(seen),
        href=f"/playbook/history?version={one.version}",
    )
