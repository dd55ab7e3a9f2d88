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
from payoff.use_cases.answered import MOST as ANSWERS_MOST
from payoff.use_cases.answered import GivenAnswer
from payoff.use_cases.naming import called
from payoff.web.pages.desk.card import why_words
from payoff.web.pages.desk.wording import action_names, day, person_name, said_words, since
from payoff.web.product import Product

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
PAGE = 50
MOST = 200
"""The newest so many things said are looked at."""
VISIT = timedelta(minutes=30)
"""So long an answer stays marked as new after it was read."""
_NAMED = ("problem", "idea", "comment")
Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody said. `state` is a sentence, `tone` its colour, `reply` what was answered.

    `undo` is the suggestion whose last answer this is, "" where there is nothing to take back; `feedback` the item
    it can be followed under, "" for a plain answer; `withdraw` the item that can be taken back by itself. `kind`
    says whether it was a problem, an idea or a remark, where its words do not.
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
    withdraw: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SaidPage:
    """`news` are the lines with an answer that was not read before this visit, `lines` all others; `counts` says
    what the headline counts and what is left out. `heard` are the items whose answers are on the page: seeing them
    is being told."""

    headline: str
    counts: str
    news: tuple[Line, ...]
    lines: tuple[Line, ...]
    left: int
    left_words: str
    heard: tuple[str, ...]


def said(product: Product, person: Person, *, limit: int = PAGE) -> SaidPage:
    """Everything this person said lately; what was said together with an answer stands on its line."""
    now, texts = product.clock.now(), product.texts
    items = _items(product, person)
    answers = [a for a in product.answers_by(person.id) if a.last or a.what != "accepted"]
    beside = {(item.suggestion, item.at): item for item in items if item.suggestion}
    together = {(a.suggestion, a.at) for a in answers}
    everything: list[GivenAnswer | FeedbackItem] = [
        *answers,
        *(item for item in items if (item.suggestion, item.at) not in together),
    ]
    everything.sort(key=lambda one: one.at, reverse=True)

    def words(one: GivenAnswer | FeedbackItem) -> FeedbackItem | None:
        return one if isinstance(one, FeedbackItem) else beside.get((one.suggestion, one.at))

    fresh = [one for one in everything if _fresh(words(one), now)]
    rest = [one for one in everything if not _fresh(words(one), now)]
    first, left = rest[:limit], max(0, len(rest) - limit)
    known = _facts(product, (one.unit for one in (*fresh, *first)))

    def shown(some: Sequence[GivenAnswer | FeedbackItem]) -> tuple[Line, ...]:
        return tuple(
            lines_of(product, [one], now, known)[0]
            if isinstance(one, FeedbackItem)
            else _answer_line(product, one, known, now, words(one))
            for one in some
        )

    return SaidPage(
        headline=texts.say("desk.said_headline", n=len(everything)),
        counts=_counts(texts, len(answers), len(items)) if everything else "",
        news=shown(fresh),
        lines=shown(first),
        left=left,
        left_words=texts.say("desk.more_left", n=left),
        heard=tuple(item.id for item in map(words, fresh) if item is not None and item.told_at is None),
    )


def _items(product: Product, person: Person) -> Sequence[FeedbackItem]:
    """The newest things said; all of them where an older one has an answer that was not read."""
    items = product.said_by(person.id, MOST)
    unread = sum(item.state in FINAL and item.told_at is None and not item.taken_back for item in items)
    return items if product.unread(person.id) <= unread else product.said_by(person.id)


def _fresh(item: FeedbackItem | None, now: datetime) -> bool:
    """Whether its answer is read on this visit for the first time."""
    if item is None or item.state not in FINAL or item.taken_back:
        return False
    return item.told_at is None or now - item.told_at < VISIT


def _counts(texts: Texts, answers: int, words: int) -> str:
    """What is counted, and that older things are left out; the inbox counts what was told alone."""
    given = texts.say("desk.said_answers_most" if answers >= ANSWERS_MOST else "desk.said_answers", n=answers)
    told = texts.say("desk.said_words_most" if words >= MOST else "desk.said_words", n=words)
    return texts.say("desk.said_counts", answers=given, words=told)


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
            name=called(known.get(item.unit, {}), item.unit),
            what=said_words(item, texts, actions),
            say="",
            state=_state(texts, item, now),
            tone={"used": "good", "declined": "warn"}.get(item.state, "quiet"),
            reply="" if item.taken_back else item.reply,
            undo=item.suggestion if _handed(product, item) and item.state not in FINAL else "",
            feedback=item.id,
            withdraw="" if _handed(product, item) or item.state in FINAL else item.id,
            kind=texts.say(f"desk.said_{item.kind}") if item.kind in _NAMED else "",
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
        name=called(known.get(answer.unit, {}), answer.unit),
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
    if item.taken_back:
        return texts.say("desk.fate_taken_back")
    if item.state not in FINAL and item.at_once:
        return texts.say("desk.fate_at_once")
    if item.state == "new":
        days = (now - item.at) // timedelta(days=1)
        return texts.say("desk.fate_new", n=days) if days else texts.say("desk.fate_new_today")
    return texts.say(f"desk.fate_{item.state.replace(' ', '_')}")


def _facts(product: Product, units: Iterable[str]) -> Facts:
    return product.facts_now([unit for unit in dict.fromkeys(units) if unit])
