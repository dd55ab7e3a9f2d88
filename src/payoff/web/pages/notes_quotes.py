"""Quotes with one line of filters and an address to share; a theme with what it bears on."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from payoff.errors import Fault
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.use_cases.listening import Wanted
from payoff.web.pages import notes_words as words
from payoff.web.pages.desk import Option
from payoff.web.pages.notes_words import Group, Linked, QuoteShown
from payoff.web.product import Product

PAGE = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("day", "session", "kind", "who", "role", "quote", "themes", "bears on", "stance")


@dataclass(frozen=True, slots=True)
class QuotesPage:
    headline: str
    counts: str
    quotes: tuple[QuoteShown, ...]
    themes: tuple[Option, ...]
    roles: tuple[Option, ...]
    on: tuple[Group, ...]
    stances: tuple[Option, ...]
    text: str
    note: str
    filtered: bool
    csv: str
    more: str


@dataclass(frozen=True, slots=True)
class TieShown:
    on: str
    target: Linked
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class ThemePage:
    name: str
    path: str
    counts: str
    ties: tuple[TieShown, ...]
    targets: tuple[Group, ...]
    quotes: tuple[QuoteShown, ...]
    sessions: tuple[Linked, ...]
    other: tuple[str, ...]
    may_write: bool
    faults: tuple[str, ...]
    typed: str


def quotes(product: Product, wanted: Wanted, limit: int = PAGE) -> QuotesPage:
    """The quotes that fit, the newest first, and how many are for and against."""
    texts, research = product.texts, product.research
    found, kept = research.quotes(wanted), research.kept()
    targets = {t.on: t for t in research.targets()}
    sessions = {s.id: s for s in kept.sessions}
    any_ = texts.say("notes.filter_any")
    given = {
        "theme": wanted.theme,
        "role": wanted.role,
        "on": wanted.on,
        "stance": wanted.stance,
        "text": wanted.text,
        "note": wanted.note,
    }
    used = {on for q in kept.quotes for on in q.bears}
    stances = [(s, texts.say(f"notes.stance_{s}")) for s in ("for", "against", "neither")]
    return QuotesPage(
        headline=", ".join(
            (
                texts.say("notes.quotes_count", n=len(found)),
                texts.say("notes.quotes_sessions", n=len({q.note for q in found})),
            )
        ),
        counts=_counts(product, [q.stance for q in found]),
        quotes=tuple(words.quote_shown(texts, q, sessions, targets) for q in found[:limit]),
        themes=words.options([(t.name, t.name) for t in research.themes()], wanted.theme, any_),
        roles=words.options(
            [(role, role) for role in dict.fromkeys(q.role for q in kept.quotes) if role], wanted.role, any_
        ),
        on=words.groups(texts, [t for t in targets.values() if t.on in used or t.on == wanted.on], wanted.on),
        stances=words.options(stances, wanted.stance, any_),
        text=wanted.text,
        note=wanted.note,
        filtered=any(given.values()),
        csv=words.address("/notes/quotes.csv", **given),
        more=words.address("/notes/quotes", **given, limit=str(limit + PAGE)) if len(found) > limit else "",
    )


def table(product: Product, wanted: Wanted) -> str:
    """The same quotes as a table (CSV). No cell can begin a formula in a spreadsheet."""
    texts, research = product.texts, product.research
    targets = {t.on: t for t in research.targets()}
    sessions = {s.id: s for s in research.kept().sessions}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for q in research.quotes(wanted):
        session = sessions.get(q.note)
        bears = "; ".join(words.target_link(texts, targets, on).label for on in q.bears)
        row = (
            words.iso(session.held if session else q.at, product.brief.product.zone),
            words.heading(texts, session) if session else "",
            words.kind(texts, session.about) if session else "",
            q.who,
            q.role,
            q.text or texts.say("notes.quote_withdrawn"),
            ", ".join(q.themes),
            bears,
            q.stance or (texts.say("notes.stance_neither") if bears else ""),
        )
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()


def theme(product: Product, person: Person, name: str, faults: Sequence[Fault] = (), typed: str = "") -> ThemePage:
    """The page of one theme. Raises `Unknown`."""
    texts, research = product.texts, product.research
    found, kept = research.theme(name), research.kept()
    targets = {t.on: t for t in research.targets()}
    sessions = {s.id: s for s in kept.sessions}
    names = {key: p.name for key, p in product.brief.people.items()}
    ties = []
    for tie in found.ties:
        target = targets.get(tie.on)
        late = target is not None and target.at is not None and tie.at > target.at
        said = texts.say(
            "notes.theme_tied_late" if late else "notes.theme_tied",
            day=texts.day(tie.at),
            who=names.get(tie.by, tie.by),
        )
        ties.append(TieShown(tie.on, words.target_link(texts, targets, tie.on), said, tie.why))
    tied = {tie.on for tie in found.ties}
    return ThemePage(
        name=found.name,
        path=words.theme_link(found.name).href,
        counts=", ".join(
            (
                texts.say("notes.quotes_count", n=len(found.quotes)),
                _counts(product, [q.stance for q in found.quotes]),
            )
        ),
        ties=tuple(ties),
        targets=words.groups(texts, [t for t in targets.values() if t.on not in tied], ""),
        quotes=tuple(words.quote_shown(texts, q, sessions, targets) for q in found.quotes),
        sessions=tuple(
            Linked(words.heading(texts, sessions[id]), f"/notes/{id}") for id in found.notes if id in sessions
        ),
        other=tuple(t.name for t in research.themes() if t.name != found.name),
        may_write=person.may(needed("POST", "/notes/themes/{theme}/tie") or ()),
        faults=tuple(map(str, faults)),
        typed=typed,
    )


def _counts(product: Product, stances: Sequence[str]) -> str:
    return product.texts.say(
        "notes.quotes_counts",
        favour=stances.count("for"),
        against=stances.count("against"),
        neither=stances.count(""),
    )
