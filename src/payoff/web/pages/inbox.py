"""The inbox: what people say, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payoff.errors import Unknown
from payoff.feedback.items import FINAL, FeedbackItem
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.web.pages.desk import Option, action_names, said_words
from payoff.web.product import Product

KINDS = ("problem", "correction", "idea", "thumb", "comment")
STATES = ("new", "looked at", "used", "declined", "told")
ME = "me"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """`author` is "" for everybody or `ME`."""

    kind: str = ""
    state: str = ""
    author: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the list. `state` is a word, `tone` its colour."""

    id: str
    kind: str
    text: str
    by: str
    unit: str
    release: str
    state: str
    tone: str
    reply: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    headline: str
    waiting: str
    lines: tuple[Line, ...]
    kinds: tuple[Option, ...]
    states: tuple[Option, ...]
    authors: tuple[Option, ...]
    filters: Filters
    filtered: bool
    more: bool
    may_open_desk: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the trail; `href` leads to where it can be seen."""

    label: str
    text: str
    at: str
    reached: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class ItemPage:
    line: Line
    reply: str
    told: str
    trail: tuple[Step, ...]
    may_answer: bool
    open: bool


def inbox(product: Product, person: Person, filters: Filters) -> InboxPage:
    """Newest first; filtered by kind, fate and author."""
    texts, everything = product.texts, product.inbox()
    shown = [
        item
        for item in everything
        if filters.kind in ("", *item.kinds)
        and filters.state in ("", item.state, "told" if item.told_at else "")
        and (filters.author != ME or item.by == person.id)
    ]
    new = sum(item.state not in FINAL for item in shown)
    names, actions = _names(product), action_names(product)
    return InboxPage(
        headline=texts.say("inbox.headline", n=len(shown)),
        waiting=texts.say("inbox.waiting", n=new) if new else "",
        lines=tuple(_line(item, texts, names, actions) for item in shown[: filters.limit]),
        kinds=_options(texts, "kind", KINDS, filters.kind),
        states=_options(texts, "state", STATES, filters.state),
        authors=(
            Option("", texts.say("inbox.filter_any"), not filters.author),
            Option(ME, texts.say("inbox.filter_me"), filters.author == ME),
        ),
        filters=filters,
        filtered=bool(filters.kind or filters.state or filters.author),
        more=len(shown) > filters.limit,
        may_open_desk=person.may(needed("GET", "/desk") or ()),
    )


def opened(product: Product, person: Person, id: str) -> ItemPage:
    """One item with its answer and its trail. Raises `Unknown` for an id nobody has."""
    item = next((i for i in product.inbox() if i.id == id), None)
    if item is None:
        raise Unknown(f"no feedback {id!r}", mend="Open the inbox and choose one from the list.")
    texts = product.texts
    told = ""
    if item.state in FINAL:
        told = texts.say("inbox.reply_told", day=texts.day(item.told_at)) if item.told_at else ""
        told = told or texts.say("inbox.reply_untold")
    return ItemPage(
        line=_line(item, texts, _names(product), action_names(product)),
        reply=item.reply or texts.say("inbox.reply_none"),
        told=told,
        trail=_trail(product, person, item),
        may_answer=person.may(needed("POST", "/inbox/{feedback}/fate") or ()),
        open=item.state not in FINAL,
    )


def _trail(product: Product, person: Person, item: FeedbackItem) -> tuple[Step, ...]:
    """From the suggestion to the release that learned from it, and to whoever said it."""
    texts = product.texts
    wait = texts.say("inbox.trail_waiting")
    actions = action_names(product)
    rails = person.may(needed("GET", "/releases") or ())
    steps = []
    if item.suggestion:
        what = " · ".join(w for w in (actions.get(item.action, item.action), item.unit) if w)
        href = f"/releases#{item.release}" if rails and item.release else ""
        steps.append(Step(texts.say("inbox.trail_suggestion"), what, "", True, href))
    steps.append(
        Step(texts.say("inbox.trail_said"), said_words(item, texts, actions), texts.moment(item.at), True)
    )
    final = item.state in FINAL
    if not final:
        looked = item.state == "looked at"
        steps.append(Step(texts.say("inbox.trail_looked"), "" if looked else wait, "", looked))
    key = "inbox.trail_declined" if item.state == "declined" else "inbox.trail_used"
    at = texts.moment(item.decided_at) if item.decided_at else ""
    steps.append(Step(texts.say(key), item.reply if final else wait, at, final))
    if item.state != "declined":
        text = texts.say("inbox.trail_learned_text") if item.learned else wait
        steps.append(Step(texts.say("inbox.trail_learned"), text, "", bool(item.learned)))
        if item.learned_in:
            href = f"/releases#{item.learned_in}" if rails else ""
            steps.append(Step(texts.say("inbox.trail_release"), item.learned_in, "", True, href))
    told = texts.moment(item.told_at) if item.told_at else ""
    steps.append(
        Step(
            texts.say("inbox.trail_told"),
            _names(product).get(item.by, item.by) if told else wait,
            told,
            bool(told),
        )
    )
    return tuple(steps)


def _names(product: Product) -> dict[str, str]:
    return {key: person.name for key, person in product.brief.people.items()}


def _line(item: FeedbackItem, texts: Texts, names: Mapping[str, str], actions: Mapping[str, str]) -> Line:
    state = "told" if item.told_at and item.state in FINAL else item.state
    shown = texts.say(f"inbox.state_{item.state.replace(' ', '_')}")
    if state == "told":
        shown = f"{shown}, {texts.say('inbox.state_told')}"
    return Line(
        id=item.id,
        kind=" + ".join(texts.say(f"inbox.kind_{kind}") for kind in item.kinds),
        text=said_words(item, texts, actions),
        by=texts.say("inbox.by", who=names.get(item.by, item.by), when=texts.moment(item.at)),
        unit=texts.say("inbox.unit", unit=item.unit) if item.unit else "",
        release=texts.say("inbox.release", release=item.release) if item.release else "",
        state=shown,
        tone={"used": "good", "declined": "warn"}.get(item.state, "quiet"),
        reply=item.reply,
    )


def _options(texts: Texts, kind: str, values: Sequence[str], chosen: str) -> tuple[Option, ...]:
    return (
        Option("", texts.say("inbox.filter_any"), not chosen),
        *(Option(v, texts.say(f"inbox.{kind}_{v.replace(' ', '_')}"), v == chosen) for v in values),
    )
