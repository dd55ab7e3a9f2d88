"""The playbook: what can be done for whom, what is expected of it, and what the data say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payoff.brief.conditions import written
from payoff.brief.schema import PlaybookAction
from payoff.errors import Fault
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.money import Money
from payoff.texts import Texts
from payoff.use_cases.actions import Expected, Known
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
"""What the form of an action asks for."""
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
    """One action. `verdict` compares what was expected with what is known; the two spans draw it, with `zero`.
    `before` is what was written before it was first suggested, where that has been changed since: it is what the
    verdict holds against."""

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
class PlaybookPage:
    cards: tuple[ActionCard, ...]
    may_edit: bool
    may_write: bool
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionForm:
    """The fields of one action as texts; `id` is "" for a new one. `base` is the version the form began with.
    `mark` is that of a form whose `effects` and `warnings` wait for somebody's word ("" otherwise); `changed` says
    that another one was looked at before. `wrong` holds what is wrong by field. `theirs` are (field, what stands
    there now, what was typed here) where somebody else was quicker."""

    id: str
    name: str
    values: Mapping[str, str]
    base: int
    facts: str
    problems: tuple[Problem, ...]
    wrong: Mapping[str, str]
    effects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    mark: str = ""
    changed: bool = False
    theirs: tuple[tuple[str, str, str], ...] = ()


def playbook(product: Product, person: Person) -> PlaybookPage:
    """A card an action, in the order the rules try them."""
    known = product.actions()
    actions = sorted(product.playbook.actions, key=lambda a: a.rank)
    troubles = product.documents.troubles.get("playbook.toml", ())
    return PlaybookPage(
        cards=tuple(_card(product, action, known.get(action.id)) for action in actions),
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
        name=(action.name or words(action.id)) if action else "",
        values=values if values is not None else _values(action),
        base=product.documents.document("playbook.toml").number if base is None else base,
        facts=", ".join(product.documents.facts()),
        problems=found,
        wrong=beside(found),
        effects=effects,
        warnings=warnings,
        mark=mark,
        changed=changed,
        theirs=_theirs(product.texts, values, theirs),
    )


def _field(texts: Texts, fault: Fault) -> tuple[str, str]:
    """The label of the field a fault is about, and its id; both "" for one the form does not have."""
    name = str(fault.path[2]) if len(fault.path) > 2 and fault.path[0] == "actions" else ""
    return (texts.say(f"playbook.f_{name}"), f"f-{name}") if name in FIELDS else ("", "")


def _theirs(
    texts: Texts, mine: Mapping[str, str] | None, action: PlaybookAction | None
) -> tuple[tuple[str, str, str], ...]:
    if mine is None or action is None:
        return ()
    return tuple(
        (texts.say(f"playbook.f_{name}"), value, mine.get(name, ""))
        for name, value in _values(action).items()
        if name != "id" and mine.get(name, "").split() != value.split()
    )


def _values(action: PlaybookAction | None) -> dict[str, str]:
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


def _card(product: Product, action: PlaybookAction, known: Known | None) -> ActionCard:
    texts, brief = product.texts, product.brief
    say = texts.say
    for_whom = [
        *([say("playbook.for_roles", roles=", ".join(action.roles))] if action.roles else []),
        *([say("playbook.for_industries", industries=", ".join(action.industries))] if action.industries else []),
        *(say("playbook.for_condition", condition=words(line)) for line in written(action.when)),
    ]
    cost = texts.money(Money.of(action.cost, brief.product.currency))
    learned = known.learned if known else None
    said = (known.expected if known else None) or Expected(action.expects, action.unsure, product.clock.now())
    verdict, tone = _verdict(said, known)
    expected, found, zero = _spans(said, known)
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
        how = say("playbook.how_chance" if learned.randomised else "playbook.how_compared", release=learned.title)
        if learned.moved_on:
            how = f"{how} {say('playbook.moved_on')}"
    enough = known is not None and known.shown >= FEWEST
    return ActionCard(
        id=action.id,
        name=action.name or words(action.id),
        say=action.say,
        why=action.why,
        fit=say("playbook.fits", n=known.fit, shown=texts.number(known.fit), all=texts.number(known.units))
        if known
        else "",
        for_whom=tuple(for_whom),
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
    if said.expects is None:
        return ("helps", "good") if learned.low > 0 else ("unclear", "quiet")
    if learned.high < said.expects:
        return ("harms", "bad") if learned.high < 0 else ("less", "warn")
    if learned.low > said.expects:
        return "more", "good"
    return ("fits", "good") if learned.low > 0 else ("unclear", "quiet")


def _spans(said: Expected, known: Known | None) -> tuple[Span | None, Span | None, float]:
    """Both ranges on one line with 0 on it."""
    ranges: list[tuple[float, float, float] | None] = [None, None]
    if said.expects is not None:
        ranges[0] = (said.expects - said.unsure, said.expects, said.expects + said.unsure)
    if known and known.learned:
        ranges[1] = (known.learned.low, known.learned.mean, known.learned.high)
    values = [v for span in ranges if span for v in span]
    low, high = min([0.0, *values]), max([0.0, *values])
    reach = (high - low) or 1.0

    def at(value: float) -> float:
        return round(6 + 228 * (value - low) / reach, 1)

    spans = [Span(*map(at, span)) if span else None for span in ranges]
    return spans[0], spans[1], at(0.0)
