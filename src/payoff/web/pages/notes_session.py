"""One session: what was said, who was there, what became of the questions, its tasks and its quotes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from payoff.notes.records import DID, STANCES, Quote, Session
from payoff.people.person import Person
from payoff.use_cases.listening import Wanted
from payoff.use_cases.openings import Carded
from payoff.web.pages.desk import Option
from payoff.web.pages.notes_words import (
    AgendaItem,
    Groups,
    QuoteShown,
    SessionLine,
    agenda_items,
    key,
    may,
    options,
    quote_shown,
    session_line,
    targets,
)
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class TaskShown:
    task: str
    counts: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a quote's form is filled with."""

    text: str = ""
    who: str = ""
    role: str = ""
    themes: str = ""
    on: str = ""
    stance: str = ""


@dataclass(frozen=True, slots=True)
class QuoteForm:
    """The fields of one quote. `who` are the people of the session, "" first; without people a role is asked."""

    text: str
    who: tuple[Option, ...]
    roles: tuple[Option, ...]
    themes: str
    targets: Groups
    stances: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A quote with the form that changes it; `None` for one that was withdrawn."""

    shown: QuoteShown
    form: QuoteForm | None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """`problems` are what is wrong with a form that was sent."""

    line: SessionLine
    title: str
    text: str
    themes: str
    people: tuple[tuple[str, str], ...]
    attended: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    agenda: tuple[AgendaItem, ...]
    quotes: tuple[Marked, ...]
    form: QuoteForm
    tasks: tuple[TaskShown, ...]
    is_test: bool
    did: tuple[tuple[str, str], ...]
    known_themes: tuple[str, ...]
    may_write: bool
    problems: tuple[str, ...]


def session(
    product: Product,
    person: Person,
    id: str,
    card: Callable[[str], Carded],
    *,
    typed: Typed | None = None,
    problems: tuple[str, ...] = (),
) -> SessionPage:
    """One note with its quotes and tasks; the quote's form keeps who spoke last and under which themes.

    Raises `Unknown` for an id nobody has.
    """
    texts, research = product.texts, product.research
    found = research.session(id)
    mine = research.quotes(Wanted(note=id))
    newest = max((q for q in mine if not q.withdrawn), key=lambda q: q.at, default=None)
    sticky = Typed(who=newest.who, role=newest.role, themes=", ".join(newest.themes)) if newest else Typed()
    known = {t.on: t for t in research.targets()}
    roles = tuple(dict.fromkeys([*found.attended, *research.roles()]))
    writes = may(person)
    return SessionPage(
        line=session_line(product, found, len(mine)),
        title=found.title,
        text=found.text,
        themes=", ".join(found.themes),
        people=tuple((p.code, p.role) for p in found.people),
        attended=tuple((role, str(found.attended.get(role, ""))) for role in roles),
        answers=tuple((a.question, texts.say(f"notes.answer_{key(a.state)}")) for a in found.answers),
        agenda=agenda_items(product, id, card) if found.planned else (),
        quotes=tuple(
            Marked(
                quote_shown(texts, q, known),
                _form(product, found, roles, _filed(q)) if writes and q.text else None,
            )
            for q in mine
        ),
        form=_form(product, found, roles, typed or sticky),
        tasks=tuple(
            TaskShown(
                t.task,
                texts.say("notes.task_counts", did=t.count("did"), help=t.count("help"), of=len(t.results)),
                tuple((code, texts.say(f"notes.did_{did}")) for code, did in t.results.items()),
            )
            for t in found.tasks
        ),
        is_test=found.about == "prototype test" and not found.planned,
        did=tuple((d, texts.say(f"notes.did_{d}")) for d in DID),
        known_themes=tuple(t.name for t in research.themes()),
        may_write=writes,
        problems=problems,
    )


def _filed(q: Quote) -> Typed:
    return Typed(q.text, q.who, q.role, ", ".join(q.themes), next(iter(q.bears), ""), q.stance)


def _form(product: Product, found: Session, roles: tuple[str, ...], typed: Typed) -> QuoteForm:
    texts = product.texts
    none = texts.say("notes.nothing")
    return QuoteForm(
        text=typed.text,
        who=options([(p.code, f"{p.code}, {p.role}") for p in found.people], typed.who, none)
        if found.people
        else (),
        roles=options([(role, role) for role in roles], typed.role, none),
        themes=typed.themes,
        targets=targets(product, typed.on),
        stances=options([(s, texts.say(f"notes.stance_{s or 'neither'}")) for s in STANCES], typed.stance),
    )
