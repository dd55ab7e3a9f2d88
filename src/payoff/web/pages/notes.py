"""Notes: what people told us, who was not heard yet, and what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote as escaped

from payoff.notes.records import ANSWERS, DID, KINDS, SESSIONS, STANCES, Quote, Session
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.time import day_of
from payoff.use_cases.listening import Wanted
from payoff.use_cases.openings import Carded
from payoff.web.pages.desk import Option
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A question as one would ask it aloud, where it comes from, and where that can be seen."""

    key: str
    question: str
    because: str
    href: str
    before: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    id: str
    about: str
    title: str
    when: str
    who: str
    quotes: str
    planned: bool


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
    """`plan` is the id of the next planned session, "" without one."""

    headline: str
    overdue: bool
    plan: str
    agenda: tuple[AgendaItem, ...]
    heard: tuple[HeardRow, ...]
    sessions: tuple[SessionLine, ...]
    others: tuple[SessionLine, ...]
    themes: tuple[ThemeLine, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A session to record or to plan. `agenda` are questions to answer; `values` what was given before."""

    plan: str
    planning: bool
    kinds: tuple[Option, ...]
    day: str
    title: str
    text: str
    themes: str
    roles: tuple[tuple[str, str], ...]
    releases: tuple[Option, ...]
    agenda: tuple[AgendaItem, ...]
    answers: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuoteShown:
    id: str
    text: str
    who: str
    themes: tuple[tuple[str, str], ...]
    bears: tuple[tuple[str, str], ...]
    stance: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True)
class TaskShown:
    task: str
    counts: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SessionPage:
    line: SessionLine
    text: str
    people: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    quotes: tuple[QuoteShown, ...]
    tasks: tuple[TaskShown, ...]
    is_test: bool
    did: tuple[tuple[str, str], ...]
    targets: tuple[tuple[str, tuple[Option, ...]], ...]
    stances: tuple[Option, ...]
    last_themes: str
    roles: tuple[str, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class QuotesPage:
    headline: str
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
    label: str
    href: str
    why: str
    when: str
    late: str


@dataclass(frozen=True, slots=True)
class ThemePage:
    name: str
    headline: str
    quotes: tuple[QuoteShown, ...]
    ties: tuple[TieShown, ...]
    targets: tuple[tuple[str, tuple[Option, ...]], ...]
    may_write: bool


def notes(product: Product, person: Person, card: Callable[[str], Carded]) -> NotesPage:
    """The next session with its questions, who was not heard, and everything kept."""
    texts, research = product.texts, product.research
    ahead = research.next()
    today = day_of(product.clock.now(), product.brief.product.zone)
    days = (ahead.due - today).days
    if ahead.planned:
        about = texts.say(f"notes.kind_{_key(ahead.planned.about)}")
        headline = texts.say("notes.planned", about=about, day=texts.day(ahead.planned.held))
    elif days > 0:
        headline = texts.say("notes.due", n=days, day=texts.day(ahead.due))
    else:
        headline = texts.say("notes.overdue") if ahead.last else texts.say("notes.never_held")
    plan = ahead.planned.id if ahead.planned else ""
    kept = research.kept()
    counts = {s.id: 0 for s in kept.sessions}
    for found in kept.quotes:
        counts[found.note] = counts.get(found.note, 0) + 1
    living = [s for s in sorted(kept.sessions, key=lambda s: s.held, reverse=True) if not s.dropped]
    return NotesPage(
        headline=headline,
        overdue=not ahead.planned and days <= 0,
        plan=plan,
        agenda=_agenda(product, plan, card),
        heard=_heard(product),
        sessions=tuple(_line(product, s, counts.get(s.id, 0)) for s in living if s.about in SESSIONS),
        others=tuple(_line(product, s, counts.get(s.id, 0)) for s in living if s.about not in SESSIONS),
        themes=tuple(
            ThemeLine(t.name, f"/notes/themes/{escaped(t.name)}", texts.say("notes.quotes", n=len(t.quotes)))
            for t in research.themes()
        ),
        may_write=_may(person),
    )


def form(
    product: Product,
    *,
    planning: bool = False,
    plan: str = "",
    card: Callable[[str], Carded],
    values: dict[str, str] | None = None,
    problems: tuple[str, ...] = (),
) -> NoteForm:
    """A session to plan, or one to record; from a plan, with its questions."""
    texts, given = product.texts, values or {}
    began = product.research.session(plan) if plan else None
    now = product.clock.now()
    about = given.get("about") or (began.about if began else "focus group" if planning else "interview")
    day = given.get("day") or day_of(began.held if began else now, product.brief.product.zone).isoformat()
    roles = dict.fromkeys(
        [*product.research.roles(), *(began.attended if began else ()), texts.say("notes.other")]
    )
    return NoteForm(
        plan=plan,
        planning=planning,
        kinds=tuple(
            Option(k, texts.say(f"notes.kind_{_key(k)}"), k == about) for k in (SESSIONS if planning else KINDS)
        ),
        day=day,
        title=given.get("title", began.title if began else ""),
        text=given.get("text", ""),
        themes=given.get("themes", ""),
        roles=tuple(
            (role, given.get(f"role.{role}", str(began.attended.get(role, "")) if began else "")) for role in roles
        ),
        releases=(
            Option("", texts.say("notes.no_release"), not given.get("release")),
            *(Option(r.id, f"{r.id} · {r.title}", given.get("release") == r.id) for r in product.releases()),
        ),
        agenda=_agenda(product, plan, card) if plan else (),
        answers=tuple((a, texts.say(f"notes.answer_{_key(a)}")) for a in ANSWERS),
        problems=problems,
    )


def session(product: Product, person: Person, id: str) -> SessionPage:
    """One note with its quotes and tasks. Raises `Unknown` for an id nobody has."""
    texts, research = product.texts, product.research
    found = research.session(id)
    mine = research.quotes(Wanted(note=id))
    newest = max(mine, key=lambda q: q.at, default=None)
    return SessionPage(
        line=_line(product, found, len(mine)),
        text=found.text,
        people=tuple((p.code, p.role) for p in found.people),
        answers=tuple((a.question, texts.say(f"notes.answer_{_key(a.state)}")) for a in found.answers),
        quotes=tuple(_quote(product, q) for q in mine),
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
        targets=_targets(product),
        stances=tuple(Option(s, texts.say(f"notes.stance_{s or 'neither'}"), not s) for s in STANCES),
        last_themes=", ".join(newest.themes) if newest else "",
        roles=tuple(dict.fromkeys([*found.attended, *research.roles()])),
        may_write=_may(person) and not found.planned,
    )


def quotes(product: Product, wanted: Wanted, query: str) -> QuotesPage:
    """The quotes that fit the filters; `query` is the address's own, for the file."""
    texts, research = product.texts, product.research
    found = research.quotes(wanted)
    anything = texts.say("notes.any")

    def options(values: Sequence[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
        return (Option("", anything, not chosen), *(Option(v, label, v == chosen) for v, label in values))

    return QuotesPage(
        headline=texts.say("notes.quotes", n=len(found)),
        quotes=tuple(_quote(product, q) for q in found),
        themes=options([(t.name, t.name) for t in research.themes()], wanted.theme),
        roles=options([(r, r) for r in research.roles()], wanted.role),
        on=options([(t.on, t.label) for t in research.targets()], wanted.on),
        stances=options(
            [(s or "neither", texts.say(f"notes.stance_{s or 'neither'}")) for s in STANCES], wanted.stance
        ),
        text=wanted.text,
        filtered=wanted != Wanted(),
        csv=f"/notes/quotes.csv?{query}" if query else "/notes/quotes.csv",
    )


def theme(product: Product, person: Person, name: str) -> ThemePage:
    """One theme: its quotes, and what it bears on. Raises `Unknown`."""
    texts, found = product.texts, product.research.theme(name)
    known = {t.on: t for t in product.research.targets()}
    ties = []
    for tie in found.ties:
        target = known.get(tie.on)
        late = target is not None and target.at is not None and tie.at > target.at
        ties.append(
            TieShown(
                target.label if target else tie.on,
                target.href if target else "",
                tie.why,
                texts.day(tie.at),
                texts.say("notes.tied_after") if late else "",
            )
        )
    return ThemePage(
        name=found.name,
        headline=texts.say("notes.theme_headline", theme=found.name, n=len(found.quotes)),
        quotes=tuple(_quote(product, q) for q in found.quotes),
        ties=tuple(ties),
        targets=_targets(product),
        may_write=_may(person),
    )


def rows(product: Product, wanted: Wanted) -> list[tuple[str, ...]]:
    """The quotes that fit, as a table with its head."""
    head = ("quote", "who", "role", "themes", "bears on", "stance", "note", "day")
    found = product.research.quotes(wanted)
    return [
        head,
        *(
            (
                q.text,
                q.who,
                q.role,
                "; ".join(q.themes),
                "; ".join(q.bears),
                q.stance,
                q.note,
                q.at.date().isoformat(),
            )
            for q in found
        ),
    ]


def agenda(product: Product, plan: str, card: Callable[[str], Carded]) -> tuple[AgendaItem, ...]:
    """The questions of a session, or of the next one."""
    return _agenda(product, plan, card)


def _agenda(product: Product, plan: str, card: Callable[[str], Carded]) -> tuple[AgendaItem, ...]:
    say = product.texts.say
    return tuple(
        AgendaItem(i.key, i.question, i.because, i.href, say("notes.partly_before") if i.before else "")
        for i in product.research.agenda(plan, card=card)
    )


def _heard(product: Product) -> tuple[HeardRow, ...]:
    texts = product.texts
    return tuple(
        HeardRow(
            h.role,
            texts.number(h.customers),
            texts.number(h.sessions),
            texts.number(h.people),
            texts.day(h.last) if h.last else texts.say("notes.never"),
            texts.number(h.quotes),
            h.last is None,
        )
        for h in product.research.coverage()
    )


def _line(product: Product, found: Session, quotes: int) -> SessionLine:
    texts = product.texts
    came = ", ".join(f"{n} {role}" for role, n in found.attended.items())
    return SessionLine(
        id=found.id,
        about=texts.say(f"notes.kind_{_key(found.about)}"),
        title=found.title or (found.text.splitlines()[0][:120] if found.text else texts.say("notes.untitled")),
        when=texts.day(found.held),
        who=texts.say("notes.to_come" if found.planned else "notes.came", who=came) if came else "",
        quotes=texts.say("notes.quotes", n=quotes) if quotes else "",
        planned=found.planned,
    )


def _quote(product: Product, q: Quote) -> QuoteShown:
    texts = product.texts
    known = {t.on: t for t in product.research.targets()}
    return QuoteShown(
        id=q.id,
        text=texts.say("notes.withdrawn") if q.withdrawn else q.text,
        who=" · ".join(w for w in (q.who, q.role) if w),
        themes=tuple((t, f"/notes/themes/{escaped(t)}") for t in q.themes),
        bears=tuple((known[on].label, known[on].href) if on in known else (on, "") for on in q.bears),
        stance=texts.say(f"notes.stance_{q.stance}") if q.stance else "",
        tone={"for": "good", "against": "bad"}.get(q.stance, "quiet"),
        note=q.note,
    )


def _targets(product: Product) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Everything a quote or theme can bear on, by kind."""
    groups: dict[str, list[Option]] = {}
    for target in product.research.targets():
        groups.setdefault(target.group, []).append(Option(target.on, target.label, False))
    return tuple((product.texts.say(f"notes.group_{group}"), tuple(found)) for group, found in groups.items())


def _may(person: Person) -> bool:
    return person.may(needed("POST", "/notes/new") or ())


def _key(words: str) -> str:
    return words.replace(" ", "_")
