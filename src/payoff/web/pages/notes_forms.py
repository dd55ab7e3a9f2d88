"""Planning and recording a session: the forms, with what was typed and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from payoff.errors import Fault
from payoff.notes.agenda import Item
from payoff.notes.records import ANSWERS, KINDS, SESSIONS
from payoff.texts import Texts
from payoff.web.pages import notes_words as words
from payoff.web.pages.desk import Option
from payoff.web.pages.notes import Asked, asked, invited
from payoff.web.product import Card, Product


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed; `people` counts by role, `states` answers by the key of their question."""

    kind: str = ""
    day: str = ""
    title: str = ""
    text: str = ""
    themes: str = ""
    release: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoleField:
    role: str
    count: str


@dataclass(frozen=True, slots=True)
class AnswerField:
    """A question of the agenda with what may have become of it."""

    asked: Asked
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class FormPage:
    """Both forms: `plan` is the id of the plan that is recorded; `faults` are what must be mended."""

    kinds: tuple[Option, ...]
    day: str
    title: str
    text: str
    themes: str
    known_themes: tuple[str, ...]
    releases: tuple[Option, ...]
    roles: tuple[RoleField, ...]
    answers: tuple[AnswerField, ...]
    invite: tuple[str, ...]
    plan: str
    faults: tuple[str, ...]


def planning(product: Product, typed: Typed, faults: Sequence[Fault] = ()) -> FormPage:
    """The form that plans a session."""
    return _page(product, typed, SESSIONS, (), "", faults)


def recording(
    product: Product, typed: Typed, plan: str, card: Callable[[str], Card], faults: Sequence[Fault] = ()
) -> FormPage:
    """The form that records one; with a plan it begins as planned, and asks what became of its questions.

    Raises `Unknown` for a plan nobody made.
    """
    items: tuple[Item, ...] = ()
    if plan:
        session = product.research.session(plan)
        items = product.research.agenda(plan, card=card)
        if not typed.kind:
            typed = Typed(
                session.about,
                words.iso(min(session.held, product.clock.now()), product.brief.product.zone),
                session.title,
                people={role: str(n) for role, n in session.attended.items()},
            )
    return _page(product, typed, KINDS, items, plan, faults)


def _page(
    product: Product,
    typed: Typed,
    kinds: Sequence[str],
    items: tuple[Item, ...],
    plan: str,
    faults: Sequence[Fault],
) -> FormPage:
    texts, research = product.texts, product.research
    roles = dict.fromkeys([*research.roles(), *(h.role for h in research.coverage()), *typed.people])
    return FormPage(
        kinds=words.options([(k, words.kind(texts, k)) for k in kinds], typed.kind or kinds[1]),
        day=typed.day
        or ("" if not plan and kinds is SESSIONS else words.iso(product.clock.now(), _zone(product))),
        title=typed.title,
        text=typed.text,
        themes=typed.themes,
        known_themes=tuple(t.name for t in research.themes()),
        releases=words.options(
            [(r.id, f"{r.id} · {r.title}") for r in reversed(product.releases())],
            typed.release,
            texts.say("notes.record_none"),
        ),
        roles=tuple(RoleField(role, typed.people.get(role, "")) for role in roles if role),
        answers=tuple(AnswerField(a, _states(texts, typed.states.get(a.key, ""))) for a in asked(texts, items)),
        invite=invited(product),
        plan=plan,
        faults=tuple(map(str, faults)),
    )


def _states(texts: Texts, chosen: str) -> tuple[Option, ...]:
    listed = [(state, texts.say(f"notes.state_{state.replace(' ', '_')}")) for state in ANSWERS[::-1]]
    return words.options(listed, chosen or "not asked")


def _zone(product: Product) -> str:
    return product.brief.product.zone
