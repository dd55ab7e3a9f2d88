"""The brief: the four questions, what was asked for, what became of it, and where the data come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from payoff.brief.compile import compile_brief, requirements
from payoff.brief.schema import OPEN, Metric
from payoff.metrics.catalogue import KIND_INFO
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.use_cases.consequences import figure, is_share
from payoff.web.product import Product

QUESTIONS = ("users", "problem", "workflow", "success")


@dataclass(frozen=True, slots=True)
class Question:
    """One of the four; `answer` is "" while it is open. `typed` is what somebody wrote and was not kept yet."""

    name: str
    question: str
    answer: str
    open: bool
    typed: str


@dataclass(frozen=True, slots=True)
class Became:
    """What somebody asked for, the rule it became, and where that can be seen."""

    wish: str
    rule: str
    shown: str
    href: str


@dataclass(frozen=True, slots=True)
class Aim:
    """A metric with target and margin as people write them (shares: of 100); `place` is that in the brief."""

    place: int
    label: str
    purpose: str
    per: str
    target: str
    margin: str
    shown: str
    judged: bool


@dataclass(frozen=True, slots=True)
class Worth:
    outcome: str
    meaning: str
    worth: str
    window: str


@dataclass(frozen=True, slots=True)
class BriefPage:
    """`base` is the version forms begin with; `effects` and `warnings` are about `given`, not yet saved."""

    questions: tuple[Question, ...]
    open: str
    became: tuple[Became, ...]
    aims: tuple[Aim, ...]
    worths: tuple[Worth, ...]
    currency: str
    rhythm: str
    harms: tuple[str, ...]
    sources: tuple[str, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    base: int
    may_answer: bool
    may_aim: bool
    may_write: bool
    problems: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    given: Mapping[str, str] | None = None
    to: str = ""


def brief(
    product: Product,
    person: Person,
    *,
    problems: tuple[str, ...] = (),
    effects: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
    given: Mapping[str, str] | None = None,
    to: str = "",
    base: int | None = None,
) -> BriefPage:
    """The page; with what somebody gave and what it would change, where it waits for their word."""
    texts, now = product.texts, product.brief
    say = texts.say
    found, typed = product.documents.report(), given or {}
    asked = [
        Question(
            name,
            say(f"briefpage.q_{name}"),
            "" if getattr(now.questions, name) == OPEN else getattr(now.questions, name),
            getattr(now.questions, name) == OPEN,
            typed.get(name, "" if getattr(now.questions, name) == OPEN else getattr(now.questions, name)),
        )
        for name in QUESTIONS
    ]
    still = len(found.open)
    as_of = product.as_of()
    return BriefPage(
        questions=tuple(sorted(asked, key=lambda q: not q.open)),
        open=say("briefpage.open", n=still) if still else say("briefpage.open_none"),
        became=_became(product),
        aims=tuple(_aim(product, place, metric, typed) for place, metric in enumerate(now.metrics)),
        worths=tuple(
            Worth(
                name,
                o.meaning if o.meaning != OPEN else name.replace("_", " "),
                typed.get(f"worth.{name}", "" if o.worth is None else f"{o.worth:g}"),
                say("briefpage.window", n=int(o.window_days)),
            )
            for name, o in now.outcomes.items()
        ),
        currency=now.product.currency,
        rhythm=typed.get("rhythm", str(now.rhythm.focus_group_days)),
        harms=tuple(say("brief.wish_harm", who=h.who, shows=h.shows) for h in now.harms),
        sources=tuple(
            say(
                "briefpage.source",
                name=name.replace("_", " "),
                kind=say(f"briefpage.as_{s.as_}"),
                at=texts.moment(as_of) if as_of else say("briefpage.never"),
            )
            for name, s in now.sources.items()
        ),
        faults=tuple(map(str, found.faults)),
        notes=(*found.open, *found.notes),
        base=product.documents.document("payoff.toml").number if base is None else base,
        may_answer=person.may(needed("POST", "/brief/answers") or ()),
        may_aim=person.may(needed("POST", "/brief/aims") or ()),
        may_write=person.may(needed("POST", "/brief/file") or ()),
        problems=problems,
        effects=effects,
        warnings=warnings,
        given=given,
        to=to,
    )


def _became(product: Product) -> tuple[Became, ...]:
    """Every requirement with its rule; those of metrics and harms show on the board, bias on the health page."""
    say, compiled = product.texts.say, compile_brief(product.brief, KIND_INFO)
    pairs = requirements(compiled, texts=product.texts)
    on_board = len(compiled.metrics) + len(compiled.harms)
    on_health = on_board + len(compiled.protected)
    found = []
    for place, (wish, rule) in enumerate(pairs):
        where, href = ("board", "/board") if place < on_board else ("releases", "/releases")
        if on_board <= place < on_health:
            where, href = "health", "/health"
        found.append(Became(wish, rule, say(f"page.nav_{where}"), href))
    return tuple(found)


def _aim(product: Product, place: int, metric: Metric, typed: Mapping[str, str]) -> Aim:
    texts = product.texts
    shares = is_share(product.brief, metric)
    times = 100 if shares else 1

    def plain(value: float | None) -> str:
        return "" if value is None else f"{value * times:g}"

    return Aim(
        place=place,
        label=metric.label or metric.name.replace("_", " "),
        purpose=texts.say(f"board.purpose_{metric.purpose.replace(' ', '_')}"),
        per=texts.say("briefpage.per_100") if shares else "",
        target=typed.get(f"target.{place}", plain(metric.target)),
        margin=typed.get(f"margin.{place}", plain(metric.margin)),
        shown=figure(texts, product.brief, metric, metric.target),
        judged=metric.purpose != "watch",
    )


def times_of(product: Product, place: int) -> float:
    """What a figure of the form is divided by: shares are written as so many of 100."""
    metrics = product.brief.metrics
    if not 0 <= place < len(metrics):
        return 1.0
    return 100.0 if is_share(product.brief, metrics[place]) else 1.0
