"""Notes: what people told us, who was not heard yet, and what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from payoff.notes.records import ANSWERS, KINDS, SESSIONS, Quote, Session
from payoff.people.person import Person
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.listening import Wanted
from payoff.use_cases.openings import Carded
from payoff.web.pages.desk import Option
from payoff.web.pages.notes_words import (
    AgendaItem,
    Role,
    SessionLine,
    agenda_items,
    counted_roles,
    in_words,
    key,
    may,
    options,
    session_line,
    theme_path,
    title,
)
from payoff.web.product import Product

_LONG_DAYS = 60
_INVITE = 4


@dataclass(frozen=True, slots=True)
class Filters:
    """Which notes to list; "" leaves a filter open."""

    kind: str = ""
    role: str = ""
    theme: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class HeardRow:
    """One role. `last` says never where nobody of it was heard."""

    role: str
    customers: str
    sessions: str
    people: str
    last: str
    quotes: str
    never: bool


@dataclass(frozen=True, slots=True)
class ThemeLine:
    name: str
    href: str
    count: str


@dataclass(frozen=True, slots=True)
class NotesPage:
    """`plan` is the id of the next planned session, "" without one. `rhythm` says how often a focus group is asked
    for, and when the last was; `never` who was never heard."""

    headline: str
    rhythm: str
    overdue: bool
    plan: str
    agenda: tuple[AgendaItem, ...]
    heard: tuple[HeardRow, ...]
    never: str
    sessions: tuple[SessionLine, ...]
    others: tuple[SessionLine, ...]
    themes: tuple[ThemeLine, ...]
    kinds: tuple[Option, ...]
    roles: tuple[Option, ...]
    by_theme: tuple[Option, ...]
    text: str
    filtered: bool
    may_write: bool


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A session to record or to plan. `agenda` are questions to answer, each with its choices; `confirmed` marks
    the addresses and numbers it asked about."""

    plan: str
    planning: bool
    kinds: tuple[Option, ...]
    day: str
    title: str
    text: str
    themes: str
    known_themes: tuple[str, ...]
    roles: tuple[Role, ...]
    colleagues: tuple[Role, ...]
    open_to_all: bool
    invite: str
    releases: tuple[Option, ...]
    agenda: tuple[tuple[AgendaItem, tuple[Option, ...]], ...]
    confirmed: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """The agenda alone, to print. `when` is the day of the session or the day it is due; `who` says who comes or,
    while nothing is planned, whom to invite."""

    title: str
    when: str
    who: str
    agenda: tuple[AgendaItem, ...]


def notes(
    product: Product, person: Person, card: Callable[[str], Carded], filters: Filters | None = None
) -> NotesPage:
    """The next session with its questions, who was not heard, and everything kept that fits the filters."""
    texts, research, chosen = product.texts, product.research, filters or Filters()
    ahead = research.next()
    today = day_of(product.clock.now(), product.brief.product.zone)
    days = (ahead.due - today).days
    if ahead.planned:
        about = texts.say(f"notes.kind_{key(ahead.planned.about)}")
        headline = texts.say("notes.planned", about=about, day=texts.near_day(ahead.planned.held))
    elif days > 0:
        headline = texts.say("notes.due", n=days, day=texts.near_day(ahead.due))
    else:
        late = "notes.overdue" if days < 0 else "notes.due_today"
        headline = texts.say(late, day=texts.near_day(ahead.due)) if ahead.last else texts.say("notes.never_held")
    plan = ahead.planned.id if ahead.planned else ""
    kept, themes = research.kept(), research.themes()
    said: dict[str, list[Quote]] = {}
    for found in kept.quotes:
        said.setdefault(found.note, []).append(found)
    shown = [s for s in kept.sessions if _fits(product, s, chosen)]
    anything = texts.say("notes.any")
    return NotesPage(
        headline=headline,
        rhythm=_rhythm(texts, product.brief.rhythm.focus_group_days, ahead.last),
        overdue=not ahead.planned and days <= 0,
        plan=plan,
        agenda=agenda_items(product, plan, card, person),
        heard=_heard(product),
        never=_never(product),
        sessions=tuple(session_line(product, s, said.get(s.id, ())) for s in shown if s.about in SESSIONS),
        others=tuple(session_line(product, s, said.get(s.id, ())) for s in shown if s.about not in SESSIONS),
        themes=tuple(ThemeLine(t.name, theme_path(t.name), in_words(texts, t.quotes)) for t in themes),
        kinds=options([(k, texts.say(f"notes.kind_{key(k)}")) for k in KINDS], chosen.kind, anything),
        roles=options([(h.role, h.role) for h in research.coverage() if h.last], chosen.role, anything),
        by_theme=options([(t.name, t.name) for t in themes], chosen.theme, anything),
        text=chosen.text,
        filtered=chosen != Filters(),
        may_write=may(person),
    )


def form(
    product: Product,
    *,
    planning: bool = False,
    plan: str = "",
    card: Callable[[str], Carded],
    values: Mapping[str, str] | None = None,
    problems: tuple[str, ...] = (),
) -> NoteForm:
    """A session to plan, or one to record; from a plan, with its questions. `values` is what was given before."""
    texts, research, given = product.texts, product.research, values or {}
    began = research.session(plan) if plan else None
    now, zone = product.clock.now(), product.brief.product.zone
    about = given.get("about") or (began.about if began else "focus group" if planning else "interview")
    today = day_of(now, zone)
    first = (
        max(research.next().due, today) if planning else min(day_of(began.held, zone), today) if began else today
    )
    roles, colleagues = counted_roles(
        product, began.attended if began else {}, texts.say("notes.other"), given=given
    )
    asked = agenda_items(product, plan, card) if plan else ()
    first_to_invite = ", ".join(invited(product))
    states = [(a, texts.say(f"notes.answer_{key(a)}")) for a in ANSWERS]
    return NoteForm(
        plan=plan,
        planning=planning,
        kinds=options([(k, texts.say(f"notes.kind_{key(k)}")) for k in (SESSIONS if planning else KINDS)], about),
        day=given.get("day") or first.isoformat(),
        title=given.get("title", began.title if began else ""),
        text=given.get("text", ""),
        themes=given.get("themes", ""),
        known_themes=tuple(t.name for t in research.themes()),
        roles=roles,
        colleagues=colleagues,
        open_to_all=bool(given.get("open")),
        invite=texts.say("notes.invite_first", who=first_to_invite) if planning and first_to_invite else "",
        releases=options(
            [(r.id, f"{r.id} · {r.title}") for r in product.releases()],
            given.get("release", ""),
            texts.say("notes.no_release"),
        ),
        agenda=tuple((a, options(states, given.get(f"answer.{a.key}", "not asked"))) for a in asked),
        confirmed=given.get("confirmed", ""),
        problems=problems,
    )


def agenda(product: Product, plan: str, card: Callable[[str], Carded]) -> AgendaPage:
    """The agenda of a planned session, or of the next one, to print. Raises `Unknown` for a plan nobody made."""
    texts, today = product.texts, day_of(product.clock.now(), product.brief.product.zone)
    found = product.research.session(plan) if plan else None
    about = texts.say(f"notes.kind_{key(found.about if found else 'focus group')}")
    day = texts.near_day(found.held if found else max(product.research.next().due, today))
    came = ", ".join(f"{n} {role}" for role, n in found.attended.items()) if found else ""
    first = ", ".join(invited(product))
    who = (
        texts.say("notes.who_comes", who=came)
        if came
        else texts.say("notes.open_to_all_line")
        if found
        else texts.say("notes.invite_first", who=first)
        if first
        else ""
    )
    return AgendaPage(
        title=(found.title if found else "") or texts.say("notes.agenda"),
        when=texts.say("notes.agenda_when", about=about, day=day),
        who=who,
        agenda=tuple(
            replace(item, because="") if item.key.startswith("own.") else item
            for item in agenda_items(product, plan, card)
        ),
    )


def _rhythm(texts: Texts, days: int, last: Session | None) -> str:
    """every 2 weeks; the last was on 28 May 2026."""
    weeks, odd = divmod(days, 7)
    every = texts.say("notes.every_days", n=days) if odd else texts.say("notes.every_weeks", n=weeks)
    if last is None:
        return texts.say("notes.rhythm", every=every)
    return texts.say("notes.rhythm_last", every=every, day=texts.day(last.held))


def invited(product: Product) -> tuple[str, ...]:
    """Roles to invite first: never heard, then those nobody has talked to for two months."""
    texts, now = product.texts, product.clock.now()
    said = []
    for heard in product.research.coverage():
        if heard.last is None:
            said.append(texts.say("notes.invite_never", role=heard.role))
        elif (now - heard.last).days >= _LONG_DAYS:
            said.append(texts.say("notes.invite_long", role=heard.role, day=texts.day(heard.last)))
    return tuple(said[:_INVITE])


def _fits(product: Product, found: Session, chosen: Filters) -> bool:
    research = product.research
    theme = research.kept().names(chosen.theme) if chosen.theme else ""
    mine = research.quotes(Wanted(note=found.id)) if theme or chosen.text else []
    everything = " ".join([title(product.texts, found), found.text, *(q.text for q in mine)]).casefold()
    return (
        chosen.kind in ("", found.about)
        and (not chosen.role or bool(found.attended.get(chosen.role)))
        and (not theme or theme in found.themes or any(theme in q.themes for q in mine))
        and all(word in everything for word in chosen.text.casefold().split())
    )


def _never(product: Product) -> str:
    never = [h.role for h in product.research.coverage() if h.last is None]
    say = product.texts.say
    return say("notes.nobody_from", roles=", ".join(never)) if never else say("notes.every_role")


def _heard(product: Product) -> tuple[HeardRow, ...]:
    texts = product.texts
    return tuple(
        HeardRow(
            h.role,
            texts.number(h.customers),
            texts.number(h.sessions),
            texts.number(h.people),
            texts.day(h.last) if h.last else texts.say("notes.never"),
            texts.say("notes.and_withdrawn", said=texts.number(h.quotes), n=h.withdrawn)
            if h.withdrawn
            else texts.number(h.quotes),
            h.last is None,
        )
        for h in product.research.coverage()
    )
