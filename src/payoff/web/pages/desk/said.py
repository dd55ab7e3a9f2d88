"""What I said: answers and words, newest first, with what became of each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from payoff.brief.goals import goal_of
from payoff.features.words import readable, sentence
from payoff.feedback.annotations import PAYOFF
from payoff.feedback.items import FINAL, FeedbackItem
from payoff.log.corrections import GONE, NO_FACTS
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
ANSWERED = "answered"
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
    show: str = ""
    """"answered" where only what somebody answered is listed."""


def said(product: Product, person: Person, *, limit: int = PAGE, show: str = "") -> SaidPage:
    """Everything this person said lately, or with `show` "answered" what somebody answered; what was said together
    with an answer stands on its line."""
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

    stands = [one for one in everything if not _back(one, words(one))]
    if show == ANSWERED:
        everything = [one for one in stands if (item := words(one)) is not None and item.state in FINAL]
    over = _replaced(items)
    fresh = [one for one in everything if _fresh(words(one), now)]
    rest = [one for one in everything if not _fresh(words(one), now)]
    first, left = rest[:limit], max(0, len(rest) - limit)
    known = _facts(product, (one.unit for one in (*fresh, *first)))

    def shown(some: Sequence[GivenAnswer | FeedbackItem]) -> tuple[Line, ...]:
        return tuple(
            lines_of(product, [one], now, known, over)[0]
            if isinstance(one, FeedbackItem)
            else _answer_line(product, one, known, now, words(one))
            for one in some
        )

    return SaidPage(
        headline=texts.say(
            "desk.said_headline_answered" if show else "desk.said_headline",
            n=len(stands if not show else everything),
        ),
        counts=_counts(texts, answers, items) if everything and not show else "",
        news=shown(fresh),
        lines=shown(first),
        left=left,
        left_words=texts.say("desk.more_left", n=left),
        heard=tuple(item.id for item in map(words, fresh) if item is not None and item.told_at is None),
        show=show,
    )


def _back(one: GivenAnswer | FeedbackItem, item: FeedbackItem | None) -> bool:
    """Whether it was taken back: it is listed, and not counted."""
    return one.fate == "taken back" if isinstance(one, GivenAnswer) else bool(item and item.taken_back)


def _replaced(items: Sequence[FeedbackItem]) -> frozenset[str]:
    """Corrections of which a later one of the same person corrects every fact again."""
    later: dict[str, set[str]] = {}
    found = set()
    for item in items:  # the newest first
        facts = {name for name in item.correction if name not in NO_FACTS}
        if not facts or item.taken_back:
            continue
        seen = later.setdefault(item.unit, set())
        if facts <= seen:
            found.add(item.id)
        seen |= facts
    return frozenset(found)


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


def _counts(texts: Texts, answers: Sequence[GivenAnswer], items: Sequence[FeedbackItem]) -> str:
    """What is counted, and that older things are left out; the inbox counts what was told alone."""
    most, all_of_it = len(answers) >= ANSWERS_MOST, len(items) >= MOST
    n, words = sum(a.fate != "taken back" for a in answers), sum(not item.taken_back for item in items)
    given = texts.say("desk.said_answers_most" if most else "desk.said_answers", n=n)
    told = texts.say("desk.said_words_most" if all_of_it else "desk.said_words", n=words)
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
    beside = next((i for i in items if i.suggestion == suggestion and "action" in i.correction), None)
    said = _instead(product, beside if beside and beside.at == last.at else None)
    line = _answer_line(product, last, known, now, None)
    return replace(line, what=f"{line.what}; {said}") if said else line


def _instead(product: Product, item: FeedbackItem | None) -> str:
    """What somebody would rather have been suggested; "" where nothing was said."""
    action = str(item.correction.get("action", "")) if item is not None else ""
    if not action:
        return ""
    return product.texts.say("desk.answer_instead", action=action_names(product).get(action, action))


def lines_of(
    product: Product,
    items: Sequence[FeedbackItem],
    now: datetime,
    known: Facts | None = None,
    replaced: Collection[str] = (),
) -> tuple[Line, ...]:
    """Items of feedback as lines; `known` are the facts of their units, asked for where they are not given, and
    `replaced` those a later one counts instead of."""
    texts, actions = product.texts, action_names(product)
    known = _facts(product, [item.unit for item in items]) if known is None else known
    return tuple(
        Line(
            at=item.at,
            when=since(texts, item.at, now),
            name=called(known.get(item.unit, {}), item.unit),
            what=said_words(item, texts, actions),
            say="",
            state=texts.say("desk.fate_mended_later")
            if item.id in replaced and item.state not in FINAL
            else _state(product, item, now),
            tone={"used": "good", "declined": "warn"}.get(item.state, "quiet"),
            reply="" if item.taken_back else _reply(product, item, actions),
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
        what="; ".join(filter(None, [_what(answer, texts, now), _instead(product, item)])),
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
    if answer.known_by is None:
        return texts.say("desk.fate_kept")
    now, goal = product.clock.now(), sentence(readable(goal_of(product.brief)))
    if answer.came is not None:
        return texts.say("desk.went_on", goal=goal, day=day(texts, answer.came, now))
    key = "desk.went_open" if answer.known_by > now else "desk.went_not"
    return texts.say(key, goal=goal, day=day(texts, answer.known_by, now))


def _reply(product: Product, item: FeedbackItem, actions: Mapping[str, str]) -> str:
    """The answer; where it says that an action counts for more, that the results do not agree, if they do not."""
    action = str(item.correction.get("action", "")) or (item.action if item.thumb == 1 else "")
    known = product.actions.learned().get(action) if action and item.state == "used" else None
    if known is None or not known.randomised or known.high >= 0:
        return item.reply
    return f"{item.reply} {product.texts.say('desk.said_overruled', action=actions.get(action, action))}"


def _answered(product: Product, item: FeedbackItem, now: datetime) -> str:
    """Who answered, and when; a rule where the weekly turn did."""
    if item.decided_at is None or not item.decided_by:
        return ""
    if len(item.replies) > 1:  # what is read was written later, and by somebody
        last = item.replies[-1]
        name, when = person_name(product.brief, last.by), since(product.texts, last.at, now)
        return product.texts.say("desk.said_again", name=name, when=when)
    key = "desk.said_by_rule" if item.decided_by == PAYOFF else "desk.said_by"
    at = since(product.texts, item.decided_at, now)
    return product.texts.say(key, name=person_name(product.brief, item.decided_by), when=at)


def _state(product: Product, item: FeedbackItem, now: datetime) -> str:
    texts = product.texts
    if item.taken_back:
        return texts.say("desk.fate_taken_back")
    if item.state not in FINAL and item.at_once:
        return texts.say("desk.fate_gone_at_once" if GONE in item.correction else "desk.fate_at_once")
    if item.state == "new":
        days = (now - item.at) // timedelta(days=1)
        return texts.say("desk.fate_new", n=days) if days else texts.say("desk.fate_new_today")
    fate = texts.say(f"desk.fate_{item.state.replace(' ', '_')}")
    return " ".join(filter(None, [_answered(product, item, now), fate]))


def _facts(product: Product, units: Iterable[str]) -> Facts:
    return product.facts_now([unit for unit in dict.fromkeys(units) if unit])
