"""Quotes with one line of filters and an address to share; a theme with what it bears on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from payoff.notes.records import OWN, STANCES, Quote, Theme, counted
from payoff.people.person import Person
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.listening import Wanted
from payoff.web.pages.desk import Option
from payoff.web.pages.notes_words import (
    Groups,
    QuoteShown,
    address,
    for_and_against,
    in_words,
    key,
    may,
    options,
    quote_shown,
    speaker,
    targets,
    theme_path,
    title,
)
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class Bearing:
    """One thing that quotes bear on: how many for and against, and where those are read."""

    label: str
    counts: str
    href: str


@dataclass(frozen=True, slots=True)
class QuotesPage:
    """`counts` says of each thing how many are for and against it; with a filter on one thing, of that alone."""

    headline: str
    counts: tuple[Bearing, ...]
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
    """`tied` by somebody, or borne on by the theme's quotes alone. `counts` are those of this theme's quotes, read
    at `quotes`; both "" for none."""

    on: str
    label: str
    href: str
    why: str
    when: str
    late: str
    tied: bool
    counts: str
    quotes: str


@dataclass(frozen=True, slots=True)
class ThemePage:
    """`path` is the address of the theme, to which its forms are sent; `joins` asks whether it is to be one with
    another theme, whose name comes first."""

    name: str
    path: str
    headline: str
    quotes: tuple[QuoteShown, ...]
    sessions: tuple[tuple[str, str], ...]
    ties: tuple[TieShown, ...]
    targets: Groups
    others: tuple[str, ...]
    joins: tuple[str, str] | None
    may_write: bool
    problems: tuple[str, ...]
    why: str


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
    sessions = {s.id: s for s in research.kept().sessions}
    roles = dict.fromkeys([*research.roles(), *(q.role for q in research.kept().quotes if q.role)])
    borne = [wanted.on] if wanted.on else _borne(found)
    return QuotesPage(
        headline=in_words(texts, found),
        counts=tuple(
            Bearing(
                known[on].label if on in known else on,
                for_and_against(texts, counted(found, on)),
                address("/notes/quotes", **{**given, "on": on}),
            )
            for on in borne
        ),
        quotes=tuple(quote_shown(product, q, known, sessions) for q in found if q.counts),
        themes=options([(t.name, t.name) for t in research.themes()], wanted.theme, anything),
        roles=options([(r, r) for r in roles], wanted.role, anything),
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


def theme(
    product: Product,
    person: Person,
    name: str,
    *,
    problems: tuple[str, ...] = (),
    why: str = "",
    other: Theme | None = None,
) -> ThemePage:
    """One theme: its quotes, and what it bears on, by somebody's tie or by its quotes. Raises `Unknown`.

    `why` is what was typed into a tie that was not kept; `other` is the theme whose name it was given.
    """
    texts, research = product.texts, product.research
    found = research.theme(name)
    known = {t.on: t for t in research.targets()}
    sessions = {s.id: s for s in research.kept().sessions}
    tied = {tie.on: tie for tie in found.ties}
    ties = []
    for on in dict.fromkeys([*tied, *_borne(found.quotes)]):
        target, tie, said = known.get(on), tied.get(on), counted(found.quotes, on)
        late = tie is not None and target is not None and target.at is not None and tie.at > target.at
        ties.append(
            TieShown(
                on,
                target.label if target else on,
                target.href if target else "",
                tie.why if tie else "",
                texts.say("notes.tied_on", day=texts.day(tie.at)) if tie else texts.say("notes.from_quotes"),
                texts.say("notes.tied_after") if late else "",
                tie is not None,
                for_and_against(texts, said) if said.quotes or said.withdrawn else "",
                address("/notes/quotes", theme=found.name, on=on) if said.quotes else "",
            )
        )
    return ThemePage(
        name=found.name,
        path=theme_path(found.name),
        headline=texts.say("notes.theme_headline", theme=found.name, quotes=in_words(texts, found.quotes)),
        quotes=tuple(quote_shown(product, q, known, sessions) for q in found.quotes if q.counts),
        sessions=tuple(
            (title(texts, sessions[id]), f"/notes/sessions/{id}") for id in found.notes if id in sessions
        ),
        ties=tuple(ties),
        targets=targets(product, without=[t.on for t in found.ties]),
        others=tuple(t.name for t in research.themes() if t.name != found.name),
        joins=(other.name, _joins(texts, found, other)) if other else None,
        may_write=may(person),
        problems=problems,
        why=why,
    )


def rows(product: Product, wanted: Wanted) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The head and the rows of a table of the quotes that fit; withdrawn ones have nothing to read.

    The day is that of the session.
    """
    head = ("quote", "who", "role", "themes", "bears on", "stance", "session", "kind", "day")
    texts, research, zone = product.texts, product.research, product.brief.product.zone
    sessions = {s.id: s for s in research.kept().sessions}
    labels = {t.on: t.label for t in research.targets()}
    made: list[tuple[str, ...]] = []
    for q in research.quotes(wanted):
        if not q.counts:
            continue
        session = sessions.get(q.note)
        made.append(
            (
                q.text,
                speaker(product, q) if q.who == OWN else q.who,
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


def _joins(texts: Texts, found: Theme, other: Theme) -> str:
    these, those = in_words(texts, found.quotes), in_words(texts, other.quotes)
    return texts.say("notes.joins", these=these, theme=found.name, those=those, other=other.name)


def _borne(found: Sequence[Quote]) -> list[str]:
    """What the quotes bear on, what most bear on first."""
    return [on for on, _ in Counter(on for q in found if q.counts for on in q.bears).most_common()]
