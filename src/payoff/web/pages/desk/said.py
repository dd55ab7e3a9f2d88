"""What I said: answers and words, newest first, with what became of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from payoff.feedback.items import FINAL, FeedbackItem
from payoff.log.responses import reason_of
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.answered import GivenAnswer
from payoff.web.pages.desk.card import why_words
from payoff.web.pages.desk.wording import action_names, day, name_of, person_name, said_words, since
from payoff.web.product import Product

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
PAGE = 50
MOST = 200
"""The newest so many things said are looked at."""
Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody said. `state` is a sentence, `tone` its colour, `reply` what was answered.

    `undo` is the suggestion whose last answer this is, "" where there is nothing to take back; `feedback` the item
    it can be followed under, "" for a plain answer.
    """

    at: datetime
    when: str
    name: str
    what: str
    say: str
    state: str
    tone: str
    reply: str
    undo: str
    feedback: str


@dataclass(frozen=True, slots=True)
class SaidPage:
    """`heard` are the items whose answers are on the page: seeing them is being told."""

    headline: str
    lines: tuple[Line, ...]
    left: int
    left_words: str
    heard: tuple[str, ...]


def said(product: Product, person: Person, *, limit: int = PAGE) -> SaidPage:
    """Everything this person said lately; what was said together with an answer stands on its line."""
    now, texts = product.clock.now(), product.texts
    items = product.said_by(person.id, MOST)
    answers = [a for a in product.answers_by(person.id) if a.last or a.what != "accepted"]
    beside = {(item.suggestion, item.at): item for item in items if item.suggestion}
    together = {(a.suggestion, a.at) for a in answers}
    everything: list[GivenAnswer | FeedbackItem] = [
        *answers,
        *(item for item in items if (item.suggestion, item.at) not in together),
    ]
    everything.sort(key=lambda one: one.at, reverse=True)
    first, left = everything[:limit], max(0, len(everything) - limit)
    known = _facts(product, (one.unit for one in first))
    lines = tuple(
        lines_of(product, [one], now, known)[0]
        if isinstance(one, FeedbackItem)
        else _answer_line(product, one, known, now, beside.get((one.suggestion, one.at)))
        for one in first
    )
    ids = {line.feedback for line in lines}
    return SaidPage(
        headline=texts.say("desk.said_headline", n=len(everything)),
        lines=lines,
        left=left,
        left_words=texts.say("desk.more_left", n=left),
        heard=tuple(i.id for i in items if i.id in ids and i.state in FINAL and i.told_at is None),
    )


def just_said(product: Product, person: Person, suggestion: str) -> Line | None:
    """The last thing this person said about one suggestion; `None` for nothing."""
    now = product.clock.now()
    items = product.said_by(person.id, MOST)
    handed = [i for i in items if i.suggestion == suggestion and _handed(product, i) and i.state not in FINAL]
    answers = [a for a in product.answers_by(person.id) if a.suggestion == suggestion and a.fate != "taken back"]
    found: list[GivenAnswer | FeedbackItem] = [*handed, *answers]
    last = max(found, key=lambda one: one.at, default=None)
    if last is None:
        return None
    known = _facts(product, [last.unit])
    if isinstance(last, FeedbackItem):
        return lines_of(product, [last], now, known)[0]
    return _answer_line(product, last, known, now, None)


def lines_of(
    product: Product, items: Sequence[FeedbackItem], now: datetime, known: Facts | None = None
) -> tuple[Line, ...]:
    """Items of feedback as lines; `known` are the facts of their units, asked for where they are not given."""
    texts, actions = product.texts, action_names(product)
    known = _facts(product, [item.unit for item in items]) if known is None else known
    return tuple(
        Line(
            at=item.at,
            when=since(texts, item.at, now),
            name=name_of(known.get(item.unit, {}), item.unit),
            what=said_words(item, texts, actions),
            say="",
            state=_state(texts, item, now),
            tone={"used": "good", "declined": "warn"}.get(item.state, "quiet"),
            reply=item.reply,
            undo=item.suggestion if _handed(product, item) and item.state not in FINAL else "",
            feedback=item.id,
        )
        for item in items
    )


def _handed(product: Product, item: FeedbackItem) -> bool:
    """Whether it hands the customer to somebody: the one thing said that can be taken back like an answer."""
    owner = product.brief.unit.owner
    return bool(owner) and owner in item.correction and bool(item.suggestion)


def _answer_line(
    product: Product, answer: GivenAnswer, known: Facts, now: datetime, item: FeedbackItem | None
) -> Line:
    texts = product.texts
    line = Line(
        at=answer.at,
        when=since(texts, answer.at, now),
        name=name_of(known.get(answer.unit, {}), answer.unit),
        what=_what(answer, texts, now),
        say=answer.say,
        state=_standing(product, answer),
        tone="quiet",
        reply="",
        undo=answer.suggestion if answer.last else "",
        feedback="",
    )
    if item is None or answer.fate == "taken back":
        return line
    beside = lines_of(product, [item], now, known)[0]
    return replace(line, state=beside.state, tone=beside.tone, reply=beside.reply, feedback=item.id)


def _what(answer: GivenAnswer, texts: Texts, now: datetime) -> str:
    code, own = reason_of(answer.why)
    if code == "already":
        on = texts.near_day(date.fromisoformat(own)) if _DAY.fullmatch(own) else ""
        return texts.say("desk.answer_earlier_on" if on else "desk.answer_earlier", day=on)
    until, why = day(texts, answer.until, now) if answer.until else "", why_words(answer.why, texts)
    what = texts.say(f"desk.answer_{answer.what}", day=until)
    return f"{what}: {why}" if why else what


def _standing(product: Product, answer: GivenAnswer) -> str:
    texts = product.texts
    if answer.fate == "taken back":
        return texts.say("desk.fate_taken_back")
    if answer.fate == "replaced":
        return texts.say("desk.fate_replaced", name=person_name(product.brief, answer.by))
    return texts.say("desk.fate_kept")


def _state(texts: Texts, item: FeedbackItem, now: datetime) -> str:
    if item.state == "new":
        days = (now - item.at) // timedelta(days=1)
        return texts.say("desk.fate_new", n=days) if days else texts.say("desk.fate_new_today")
    return texts.say(f"desk.fate_{item.state.replace(' ', '_')}")


def _facts(product: Product, units: Iterable[str]) -> Facts:
    return product.facts_now([unit for unit in dict.fromkeys(units) if unit])
