"""All labels, for those who measure: where people agree least, what became of each case, and the table."""

from __future__ import annotations

from dataclasses import dataclass

from payoff.feedback.annotations import CANNOT_SAY, Case
from payoff.use_cases.annotating import Annotating, Lesson
from payoff.use_cases.label_agreement import measure, per_action, together
from payoff.web.pages.annotate import label_words
from payoff.web.pages.desk import action_names
from payoff.web.pages.inbox import writer
from payoff.web.product import Product
from payoff.web.tables import table

SHOWN = 200
COLUMNS = (
    "week", "place", "decision", "unit", "role", "action_1", "action_2", "by", "label", "instead", "why", "at",
    "settled", "fate", "release", "learned_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case: what was asked of whom, who said what, and its fate in words."""

    unit: str
    asked: str
    said: tuple[str, ...]
    fate: str
    tone: str


@dataclass(frozen=True, slots=True)
class AllPage:
    """`funnel` counts cases from asked to taken in; `how` holds the figures a page for experts leaves out."""

    headline: str
    funnel: tuple[str, ...]
    pairs: tuple[str, ...]
    actions: tuple[str, ...]
    how: str
    cases: tuple[CaseLine, ...]
    table: str


def everything(product: Product) -> AllPage:
    """The newest cases; figures over all of them."""
    texts, desk, write, names = product.texts, product.annotating, writer(product), action_names(product)
    found = desk.everything()
    taken = {case.suggestion: desk.lesson_of(case) for case in found}
    fates = [_fate(case, taken[case.suggestion]) for case in found]
    told = measure(found)
    counts = {
        "answered": sum(bool(case.first) for case in found),
        "twice": sum(len(case.first) > 1 for case in found),
        "agreed": sum(fate in ("open", "lesson") for fate in fates),
        "taken": fates.count("lesson"),
    }
    how = ""
    if told.alpha is not None and told.low is not None and told.high is not None:
        figures = {name: texts.number(getattr(told, name), digits=2) for name in ("alpha", "low", "high")}
        how = texts.say("annotate.how_alpha", **figures)
    return AllPage(
        headline=texts.say("annotate.all_headline", n=len(found)),
        funnel=tuple(texts.say(f"annotate.funnel_{name}", n=n) for name, n in counts.items()) if found else (),
        pairs=tuple(
            texts.say(
                "annotate.all_line",
                one=write.who(pair.people[0]),
                two=write.who(pair.people[1]),
                same=pair.same,
                n=pair.n,
                luck=max(0, round(pair.luck)),
            )
            for pair in together(found)
        ),
        actions=tuple(
            texts.say(
                "annotate.all_action",
                action=names.get(one.action, one.action),
                one=write.who(one.people[0]),
                two=write.who(one.people[1]),
                same=one.same,
                n=one.n,
            )
            for one in per_action(found)
        ),
        how=how,
        cases=tuple(
            _line(product, case, fate, taken[case.suggestion])
            for case, fate in zip(found[:SHOWN], fates[:SHOWN], strict=True)
        ),
        table="/annotate/all?as=csv",
    )


def as_table(product: Product) -> str:
    """One line an answer, first ones and settled ones; a case nobody answered has one line without an answer."""
    desk = product.annotating
    rows = [row for case in desk.everything() for row in _rows(desk, case)]
    return table(COLUMNS, rows)


def _rows(desk: Annotating, case: Case) -> list[tuple[object, ...]]:
    taken = desk.lesson_of(case)
    end = (_fate(case, taken), taken.release if taken else "", taken.at.isoformat() if taken else "")
    head = (case.week.isoformat(), case.place, case.suggestion, case.unit, case.role, *case.actions)
    given = [(a, "no") for a in case.first.values()] + [(a, "yes") for a in case.settled.values()]
    if not given:
        return [(*head, "", "", "", "", "", "", *end)]
    return [(*head, a.by, a.label, a.instead, a.why, a.at.isoformat(), settled, *end) for a, settled in given]


def _fate(case: Case, taken: Lesson | None) -> str:
    if not case.first:
        return "unasked"
    if len(case.first) < 2:
        return "waiting"
    if taken:
        return "lesson"
    if case.agreed == CANNOT_SAY:
        return "unsaid"
    return "open" if case.agreed else "apart"


def _line(product: Product, case: Case, fate: str, taken: Lesson | None) -> CaseLine:
    texts, write, names = product.texts, writer(product), action_names(product)
    a, b = (names.get(action, action) for action in case.actions)
    values = {"release": taken.release, "day": texts.day(taken.at)} if taken else {}
    said = [f"{write.who(x.by)}: {label_words(texts, names, x)}" for x in case.first.values()]
    said += [
        f"{write.who(x.by)}: {texts.say('annotate.settled_all', label=label_words(texts, names, x))}"
        for x in case.settled.values()
    ]
    return CaseLine(
        unit=" · ".join(part for part in (case.unit, case.role) if part),
        asked=texts.say("annotate.all_asked", week=texts.day(case.week), a=a, b=b),
        said=tuple(said),
        fate=texts.say(f"annotate.fate_{fate}", **values),
        tone={"lesson": "good", "apart": "warn"}.get(fate, "quiet"),
    )
