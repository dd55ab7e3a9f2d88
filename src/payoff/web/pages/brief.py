"""The brief: the four questions, what was asked for, what became of it, and where the data come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payoff.brief.compile import compile_brief, requirements
from payoff.brief.lines import Path
from payoff.brief.schema import OPEN, Brief, Metric
from payoff.errors import Fault
from payoff.metrics.catalogue import KIND_INFO
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.consequences import figure, is_share
from payoff.web.pages.decisions import bearing
from payoff.web.pages.desk import words
from payoff.web.pages.notes_words import themed
from payoff.web.pages.problems import Problem, beside, problems
from payoff.web.product import Product

_NUMBER, _MARGIN = (
    "Write a number.",
    "Give a tolerable loss, for example 4: a guardrail stops nothing without one.",
)
QUESTIONS = ("users", "problem", "workflow", "success")


@dataclass(frozen=True, slots=True)
class Question:
    """One of the four; `answer` is "" while it is open. `typed` is what somebody wrote and was not kept yet.
    `quotes` says what was said of it in interviews and focus groups, `themes` are those tied to it.
    """

    name: str
    question: str
    answer: str
    open: bool
    typed: str
    quotes: str
    quotes_href: str
    themes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Became:
    """What somebody asked for, the rule it became (`code`: how a metric is computed), and where that can be seen;
    `shown` and `href` are "" where it is only kept."""

    wish: str
    rule: str
    code: str
    shown: str
    href: str


@dataclass(frozen=True, slots=True)
class Aim:
    """A metric with target and margin as people write them (shares: of 100); `place` is that in the brief, and
    `tolerated` says what its margin does, where it does anything."""

    place: int
    label: str
    purpose: str
    per: str
    target: str
    margin: str
    shown: str
    judged: bool
    tolerated: str


@dataclass(frozen=True, slots=True)
class Worth:
    outcome: str
    meaning: str
    worth: str
    window: str


@dataclass(frozen=True, slots=True)
class Dial:
    """One number of how it works: its field's `name`, label, what it does in a sentence, and what stands there."""

    name: str
    label: str
    hint: str
    value: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the form: where it stands in the brief (`now`), what it is divided by before it is kept, and
    between which it may lie as it is written. `needed` mends it where it is left empty and may not be."""

    path: Path
    now: float | None
    per: float = 1.0
    low: float | None = None
    high: float | None = None
    whole: bool = False
    needed: str = ""


@dataclass(frozen=True, slots=True)
class BriefPage:
    """`base` is the version forms begin with; `effects` and `warnings` are about `given`, not yet saved, and wait
    for the word of whoever was shown them (`mark`); `to` is the form they came from. `changed` says that another
    form was looked at before. `wrong` holds what is wrong by the id of a field."""

    questions: tuple[Question, ...]
    open: str
    became: tuple[Became, ...]
    aims: tuple[Aim, ...]
    worths: tuple[Worth, ...]
    currency: str
    dials: tuple[Dial, ...]
    harms: tuple[str, ...]
    sources: tuple[str, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    base: int
    may_answer: bool
    may_aim: bool
    may_write: bool
    problems: tuple[Problem, ...]
    wrong: Mapping[str, str]
    effects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    to: str = ""
    mark: str = ""
    changed: bool = False


def brief(
    product: Product,
    person: Person,
    *,
    faults: Sequence[Fault] = (),
    effects: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
    given: Mapping[str, str] | None = None,
    to: str = "",
    mark: str = "",
    changed: bool = False,
    base: int | None = None,
) -> BriefPage:
    """The page; with what somebody gave and what it would change, where it waits for their word."""
    texts, now = product.texts, product.brief
    say = texts.say
    found, typed = product.documents.report(), given or {}
    amiss = problems(faults, lambda fault: _field(product, fault))
    asked = [
        Question(
            name,
            say(f"briefpage.q_{name}"),
            "" if getattr(now.questions, name) == OPEN else getattr(now.questions, name),
            getattr(now.questions, name) == OPEN,
            typed.get(name, "" if getattr(now.questions, name) == OPEN else getattr(now.questions, name)),
            *bearing(product, f"brief:questions.{name}"),
            themed(product, f"brief:questions.{name}"),
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
        dials=_dials(texts, now, typed),
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
        faults=tuple(map(str, problems(found.faults, lambda fault: _field(product, fault)))),
        notes=(*found.open, *found.notes),
        base=product.documents.document("payoff.toml").number if base is None else base,
        may_answer=person.may(needed("POST", "/brief/answers") or ()),
        may_aim=person.may(needed("POST", "/brief/aims") or ()),
        may_write=person.may(needed("POST", "/brief/file") or ()),
        problems=amiss,
        wrong=beside(amiss),
        effects=effects,
        warnings=warnings,
        to=to,
        mark=mark,
        changed=changed,
    )


def _became(product: Product) -> tuple[Became, ...]:
    """Every requirement with its rule; those of metrics and harms show on the board, bias on the health page, and
    what the team has time for is set on this one."""
    say, compiled = product.texts.say, compile_brief(product.brief, KIND_INFO)
    on_board = len(compiled.metrics) + len(compiled.harms)
    on_health = on_board + len(compiled.protected)
    found = []
    for place, one in enumerate(requirements(compiled, texts=product.texts)):
        shown, href = "", ""
        if place < on_health:
            where = "board" if place < on_board else "health"
            shown, href = say("briefpage.shown_on", page=say(f"page.nav_{where}")), f"/{where}"
        elif one.wish == say("brief.wish_capacity"):
            shown, href = say("briefpage.set_below"), "#capacity"
        found.append(Became(*one, shown, href))
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
        tolerated="" if metric.purpose == "watch" else texts.say(f"briefpage.margin_{_kind(metric)}"),
    )


def _kind(metric: Metric) -> str:
    return "guardrail" if metric.purpose == "guardrail" else "goal"


def figures(brief: Brief) -> Mapping[str, Figure]:
    """Every number of the form, by the name of its field; shares are written as so many of 100."""
    found: dict[str, Figure] = {}
    for place, metric in enumerate(brief.metrics):
        share = is_share(brief, metric)
        per, high = (100.0, 100.0) if share else (1.0, None)
        low = 0.0 if share else None
        found[f"target.{place}"] = Figure(("metrics", place, "target"), metric.target, per, low, high)
        most = 99.0 if share else None
        needed = _MARGIN if metric.purpose == "guardrail" else ""
        path: Path = ("metrics", place, "margin")
        found[f"margin.{place}"] = Figure(path, metric.margin, per, 0.0, most, needed=needed)
    for name, outcome in brief.outcomes.items():
        found[f"worth.{name}"] = Figure(("outcomes", name, "worth"), outcome.worth)
    policy, days = brief.policy, float(brief.rhythm.focus_group_days)
    weekly = None if policy.capacity_per_week is None else float(policy.capacity_per_week)
    return found | {
        "explore": Figure(("policy", "explore"), policy.explore, 100.0, 0.0, 20.0, needed=_NUMBER),
        "rest": Figure(("policy", "contact_every_days"), policy.contact_every_days, low=0.0, needed=_NUMBER),
        "capacity": Figure(("policy", "capacity_per_week"), weekly, low=0.0, whole=True),
        "rhythm": Figure(("rhythm", "focus_group_days"), days, low=1.0, whole=True, needed=_NUMBER),
    }


DIALS = ("explore", "rest", "capacity", "rhythm")
"""What is set beside the aims, each under its own id on the page."""


def _dials(texts: Texts, brief: Brief, typed: Mapping[str, str]) -> tuple[Dial, ...]:
    known = figures(brief)
    return tuple(
        Dial(
            name=name,
            label=texts.say(f"briefpage.d_{name}"),
            hint=texts.say(f"briefpage.d_{name}_hint"),
            value=typed.get(name, _plain(known[name])),
            whole=known[name].whole,
        )
        for name in DIALS
    )


def _plain(figure: Figure) -> str:
    return "" if figure.now is None else f"{figure.now * figure.per:g}"


def _field(product: Product, fault: Fault) -> tuple[str, str]:
    """The label of the field a fault is about, and its id; both "" for one that has none here."""
    say, now, path = product.texts.say, product.brief, fault.path
    if path[:1] == ("questions",) and len(path) == 2:
        return say(f"briefpage.q_{path[1]}"), f"q-{path[1]}"
    for name, number in figures(now).items():
        if number.path != path:
            continue
        kind, _, key = name.partition(".")
        if kind in ("target", "margin"):
            metric = now.metrics[int(key)]
            label = say("briefpage.field", field=say(f"briefpage.{kind}"), of=metric.label or words(metric.name))
            return label, f"{kind[0]}-{key}"
        if kind == "worth":
            return say("briefpage.field_worth", outcome=words(key)), f"w-{key}"
        return say(f"briefpage.d_{name}"), name
    if path[:1] == ("metrics",) and len(path) == 2:
        named = next((i for i, m in enumerate(now.metrics) if path[1] in (i, m.name)), None)
        if named is not None:
            return now.metrics[named].label or words(now.metrics[named].name), f"t-{named}"
    return "", ""
