"""Quotes with one line of filters and an address to share; a theme with what it bears on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from payoff.notes.records import STANCES, Quote
from payoff.people.person import Person
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.listening import Wanted
from payoff.web.pages.desk import Option
from payoff.web.pages.notes_words import (
    Groups,
    QuoteShown,
    address,
    key,
    may,
    options,
    quote_shown,
    targets,
    theme_path,
    title,
)
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class QuotesPage:
    """`counts` says how many are for and against."""

    headline: str
    counts: str
    quotes: tuple[QuoteShown, ...]
    themes: tuple[Option, ...]
    roles: tuple[Option, ...]
    on: tuple[Option, ...]
    stances: tuple[Option, ...]
    text: str
    filtered: bool
    csv: str


@dataclass(frozen=True, slots=True)
class TieShown:
    on: str
    label: str
    href: str
    why: str
    when: str
    late: str


@dataclass(frozen=True, slots=True)
class ThemePage:
    """`path` is the address of the theme, to which its forms are sent."""

    name: str
    path: str
    headline: str
    counts: str
    quotes: tuple[QuoteShown, ...]
    sessions: tuple[tuple[str, str], ...]
    ties: tuple[TieShown, ...]
    targets: Groups
    others: tuple[str, ...]
    may_write: bool
    problems: tuple[str, ...]


def quotes(product: Product, wanted: Wanted) -> QuotesPage:
    """The quotes that fit the filters, the newest first."""
    texts, research = product.texts, product.research
    found, anything = research.quotes(wanted), texts.say("notes.any")
    given = {
        "theme": wanted.theme,
        "role": wanted.role,
        "on": wanted.on,
        "stance": wanted.stance,
        "text": wanted.text,
    }
    known = {t.on: t for t in research.targets()}
    used = {on for q in research.kept().quotes for on in q.bears}
    return QuotesPage(
        headline=texts.say("notes.quotes", n=len(found)),
        counts=_counts(texts, found),
        quotes=tuple(quote_shown(texts, q, known) for q in found),
        themes=options([(t.name, t.name) for t in research.themes()], wanted.theme, anything),
        roles=options([(r, r) for r in research.roles()], wanted.role, anything),
        on=options(
            [(t.on, t.label) for t in known.values() if t.on in used or t.on == wanted.on], wanted.on, anything
        ),
        stances=options(
            [(s or "neither", texts.say(f"notes.stance_{s or 'neither'}")) for s in STANCES],
            wanted.stance,
            anything,
        ),
        text=wanted.text,
        filtered=wanted != Wanted(),
        csv=address("/notes/quotes.csv", **given),
    )


def theme(product: Product, person: Person, name: str, *, problems: tuple[str, ...] = ()) -> ThemePage:
    """One theme: its quotes, and what it bears on. Raises `Unknown`."""
    texts, research = product.texts, product.research
    found = research.theme(name)
    known = {t.on: t for t in research.targets()}
    sessions = {s.id: s for s in research.kept().sessions}
    ties = []
    for tie in found.ties:
        target = known.get(tie.on)
        late = target is not None and target.at is not None and tie.at > target.at
        ties.append(
            TieShown(
                tie.on,
                target.label if target else tie.on,
                target.href if target else "",
                tie.why,
                texts.day(tie.at),
                texts.say("notes.tied_after") if late else "",
            )
        )
    return ThemePage(
        name=found.name,
        path=theme_path(found.name),
        headline=texts.say("notes.theme_headline", theme=found.name, n=len(found.quotes)),
        counts=_counts(texts, found.quotes),
        quotes=tuple(quote_shown(texts, q, known) for q in found.quotes),
        sessions=tuple(
            (title(texts, sessions[id]), f"/notes/sessions/{id}") for id in found.notes if id in sessions
        ),
        ties=tuple(ties),
        targets=targets(product, without=[t.on for t in found.ties]),
        others=tuple(t.name for t in research.themes() if t.name != found.name),
        may_write=may(person),
        problems=problems,
    )


def rows(product: Product, wanted: Wanted) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The head and the rows of a table of the quotes that fit. The day is that of the session."""
    head = ("quote", "who", "role", "themes", "bears on", "stance", "session", "kind", "day")
    texts, research, zone = product.texts, product.research, product.brief.product.zone
    sessions = {s.id: s for s in research.kept().sessions}
    labels = {t.on: t.label for t in research.targets()}
    made: list[tuple[str, ...]] = []
    for q in research.quotes(wanted):
        session = sessions.get(q.note)
        made.append(
            (
                texts.say("notes.withdrawn") if q.withdrawn else q.text,
                q.who,
                q.role,
                "; ".join(q.themes),
                "; ".join(labels.get(on, on) for on in q.bears),
                q.stance,
                title(texts, session) if session else "",
                texts.say(f"notes.kind_{key(session.about)}") if session else "",
                day_of(session.held if session else q.at, zone).isoformat(),
            )
        )
    return head, made


def _counts(texts: Texts, found: Sequence[Quote]) -> str:
    stances = [q.stance for q in found]
    return texts.say("notes.counts", favour=stances.count("for"), against=stances.count("against"))
