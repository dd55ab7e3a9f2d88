"""The notes: what is next, what to ask, who was heard, and everything people told us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from payoff.notes.agenda import Item
from payoff.notes.records import KINDS, Session
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.listening import Wanted
from payoff.web.pages import notes_words as words
from payoff.web.pages.desk import Option
from payoff.web.pages.notes_words import Linked
from payoff.web.product import Card, Product

PAGE = 30
_EXCERPT = 220
_INVITE = 3
_LONG_DAYS = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """Which notes to list; "" leaves a filter open."""

    kind: str = ""
    role: str = ""
    theme: str = ""
    text: str = ""
    limit: int = PAGE

    @property
    def set(self) -> bool:
        return bool(self.kind or self.role or self.theme or self.text)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the agenda."""

    key: str
    question: str
    because: str
    href: str
    before: str


@dataclass(frozen=True, slots=True)
class HeardShown:
    """One role of the table; `last` is a day or *never*, `missing` marks a role nobody has talked to."""

    role: str
    customers: str
    sessions: int
    people: int
    last: str
    quotes: Linked
    missing: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One note of the list."""

    id: str
    kind: str
    title: str
    when: str
    planned: bool
    who: str
    by: str
    excerpt: str
    themes: tuple[Linked, ...]
    quotes: Linked | None


@dataclass(frozen=True, slots=True)
class NotesPage:
    """`plan` is the id of the next planned session, "" without one."""

    next_line: str
    next_more: str
    plan: str
    agenda: tuple[Asked, ...]
    invite: tuple[str, ...]
    heard: tuple[HeardShown, ...]
    themes: tuple[Linked, ...]
    headline: str
    lines: tuple[Line, ...]
    kinds: tuple[Option, ...]
    roles: tuple[Option, ...]
    by_theme: tuple[Option, ...]
    text: str
    filtered: bool
    more: str
    may_write: bool


def notes(product: Product, person: Person, filters: Filters, card: Callable[[str], Card]) -> NotesPage:
    """The page. `card` gives the scorecard of a release, as the board shows it."""
    texts, research = product.texts, product.research
    zone, now = product.brief.product.zone, product.clock.now()
    found, kept = research.next(), research.kept()
    themes, heard = research.themes(), research.coverage()
    shown = [s for s in kept.sessions if _fits(product, s, filters)]
    every = product.brief.rhythm.focus_group_days
    last = texts.say("notes.last_group", day=texts.day(found.last.held), n=every) if found.last else ""
    plan = found.planned.id if found.planned else ""
    quotes = {s.id: sum(q.note == s.id for q in kept.quotes) for s in shown[: filters.limit]}
    names = {key: p.name for key, p in product.brief.people.items()}
    return NotesPage(
        next_line=words.next_line(texts, found, day_of(now, zone), zone),
        next_more=last or texts.say("notes.first_group", n=every),
        plan=plan,
        agenda=asked(texts, research.agenda(plan, card=card)),
        invite=invited(product),
        heard=tuple(
            HeardShown(
                h.role,
                texts.number(h.customers),
                h.sessions,
                h.people,
                texts.day(h.last) if h.last else texts.say("notes.heard_never"),
                Linked(str(h.quotes), words.address("/notes/quotes", role=h.role) if h.quotes else ""),
                h.last is None,
            )
            for h in heard
        ),
        themes=tuple(words.theme_link(t.name, len(t.quotes), texts) for t in themes),
        headline=texts.say("notes.headline", n=len(shown)),
        lines=tuple(_line(texts, s, quotes[s.id], names) for s in shown[: filters.limit]),
        kinds=words.options(
            [(k, words.kind(texts, k)) for k in KINDS], filters.kind, texts.say("notes.filter_any")
        ),
        roles=words.options(
            [(h.role, h.role) for h in heard if h.last], filters.role, texts.say("notes.filter_any")
        ),
        by_theme=words.options([(t.name, t.name) for t in themes], filters.theme, texts.say("notes.filter_any")),
        text=filters.text,
        filtered=filters.set,
        more=words.address(
            "/notes",
            kind=filters.kind,
            role=filters.role,
            theme=filters.theme,
            text=filters.text,
            limit=str(filters.limit + PAGE),
        )
        if len(shown) > filters.limit
        else "",
        may_write=person.may(needed("POST", "/notes/new") or ()),
    )


def asked(texts: Texts, items: tuple[Item, ...]) -> tuple[Asked, ...]:
    """The agenda's questions as a page shows them."""
    before = texts.say("notes.agenda_before")
    return tuple(Asked(i.key, i.question, i.because, i.href, before if i.before else "") for i in items)


def invited(product: Product) -> tuple[str, ...]:
    """Roles to invite first: never heard, then those nobody has talked to for two months."""
    texts, now = product.texts, product.clock.now()
    said = []
    for heard in product.research.coverage():
        if heard.last is None:
            said.append(texts.say("notes.invite_never", role=heard.role))
        elif (now - heard.last).days >= _LONG_DAYS:
            ago = texts.say("notes.when_ago", n=(now - heard.last).days)
            said.append(texts.say("notes.invite_long", role=heard.role, when=ago))
    return tuple(said[:_INVITE])


def _fits(product: Product, session: Session, filters: Filters) -> bool:
    kept = product.research.kept()
    theme = kept.names(filters.theme) if filters.theme else ""
    mine = product.research.quotes(Wanted(note=session.id)) if theme or filters.text else []
    everything = " ".join([session.title, session.text, *(q.text for q in mine)]).casefold()
    return (
        filters.kind in ("", session.about)
        and (not filters.role or bool(session.attended.get(filters.role)))
        and (not theme or theme in session.themes or any(theme in q.themes for q in mine))
        and all(word in everything for word in filters.text.casefold().split())
    )


def _line(texts: Texts, session: Session, quotes: int, names: dict[str, str]) -> Line:
    excerpt = " ".join(session.text.split())
    key = "notes.to_invite" if session.planned else "notes.came"
    came = words.people(texts, session.attended)
    count = texts.say("notes.quotes_count", n=quotes)
    return Line(
        id=session.id,
        kind=words.kind(texts, session.about),
        title=words.heading(texts, session),
        when=texts.near_day(session.held) if session.planned else texts.day(session.held),
        planned=session.planned,
        who=texts.say(key, people=came) if came else "",
        by=texts.say("notes.by", who=names.get(session.by, session.by)) if session.by else "",
        excerpt=excerpt if len(excerpt) <= _EXCERPT else excerpt[:_EXCERPT].rsplit(" ", 1)[0] + " …",
        themes=tuple(words.theme_link(name) for name in session.themes),
        quotes=Linked(count, words.address("/notes/quotes", note=session.id)) if quotes else None,
    )
