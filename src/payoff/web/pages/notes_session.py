"""One session: what was said, who was there, what became of the questions, its tasks and its quotes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from payoff.errors import Fault
from payoff.notes.records import DID, STANCES, Session, Task
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.listening import Wanted
from payoff.web.pages import notes_words as words
from payoff.web.pages.desk import Option
from payoff.web.pages.notes import Asked, asked
from payoff.web.pages.notes_forms import RoleField
from payoff.web.pages.notes_words import Group, Linked, QuoteShown
from payoff.web.product import Card, Product


@dataclass(frozen=True, slots=True)
class Sticky:
    """What the quote form begins with: the last quote's person and themes, or what was typed and is at fault."""

    words: str = ""
    who: str = ""
    role: str = ""
    themes: str = ""
    on: str = ""
    stance: str = ""


@dataclass(frozen=True, slots=True)
class QuoteForm:
    """The fields of one quote, filled."""

    words: str
    who: tuple[Option, ...]
    role: str
    themes: str
    on: tuple[Group, ...]
    stances: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A quote with its own form to change it."""

    shown: QuoteShown
    form: QuoteForm


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task: `cells` are (person, result, tone) in the order of the people."""

    task: str
    counts: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TaskField:
    """One person of the task form."""

    code: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SessionPage:
    id: str
    title: str
    kind: str
    when: str
    by: str
    planned: bool
    came: tuple[str, ...]
    themes: tuple[Linked, ...]
    theme_names: str
    known_themes: tuple[str, ...]
    release: Linked | None
    text: str
    agenda: tuple[Asked, ...]
    answers: tuple[tuple[str, str], ...]
    tasks: tuple[TaskShown, ...]
    task_fields: tuple[TaskField, ...]
    task: str
    quotes: tuple[Marked, ...]
    quote_form: QuoteForm
    roles: tuple[RoleField, ...]
    people: tuple[Option, ...]
    may_write: bool
    may_withdraw: bool
    faults: tuple[str, ...]
    at_fault: str


def session(
    product: Product,
    person: Person,
    id: str,
    card: Callable[[str], Card],
    sticky: Sticky | None = None,
    faults: Sequence[Fault] = (),
    at_fault: str = "",
    task: str = "",
) -> SessionPage:
    """The page of one note. `at_fault` names the form the faults belong to. Raises `Unknown`."""
    texts, research = product.texts, product.research
    found = research.session(id)
    targets = {t.on: t for t in research.targets()}
    sessions = {found.id: found}
    quotes = research.quotes(Wanted(note=id))[::-1]
    names = {key: p.name for key, p in product.brief.people.items()}
    codes = [(p.code, texts.say("notes.code_role", code=p.code, role=p.role)) for p in found.people]

    def form(given: Sticky) -> QuoteForm:
        return QuoteForm(
            words=given.words,
            who=words.options(codes, given.who, texts.say("notes.quote_nobody")) if codes else (),
            role=given.role,
            themes=given.themes,
            on=words.groups(texts, targets.values(), given.on),
            stances=words.options(
                [(s, texts.say(f"notes.stance_{s or 'neither'}")) for s in STANCES], given.stance
            ),
        )

    return SessionPage(
        id=id,
        title=words.heading(texts, found),
        kind=words.kind(texts, found.about),
        when=texts.near_day(found.held) if found.planned else texts.day(found.held),
        by=texts.say("notes.by", who=names.get(found.by, found.by)) if found.by else "",
        planned=found.planned,
        came=_came(texts, found),
        themes=tuple(words.theme_link(name) for name in found.themes),
        theme_names=", ".join(found.themes),
        known_themes=tuple(t.name for t in research.themes()),
        release=words.target_link(texts, targets, f"release:{found.release}") if found.release else None,
        text=found.text,
        agenda=asked(texts, research.agenda(id, card=card)) if found.planned else (),
        answers=tuple((a.question, texts.say(f"notes.state_{a.state.replace(' ', '_')}")) for a in found.answers),
        tasks=tuple(_task(texts, found, t) for t in found.tasks),
        task_fields=tuple(TaskField(code, label, _results(texts)) for code, label in codes)
        if found.about == "prototype test" and not found.planned
        else (),
        task=task,
        quotes=tuple(
            Marked(
                words.quote_shown(texts, q, sessions, targets),
                form(Sticky(q.text, q.who, q.role, ", ".join(q.themes), next(iter(q.bears), ""), q.stance)),
            )
            for q in quotes
        ),
        quote_form=form(sticky or Sticky()),
        roles=tuple(RoleField(role, str(n)) for role, n in found.attended.items()),
        people=words.options(codes, ""),
        may_write=person.may(needed("POST", "/notes/{note}/quote") or ()),
        may_withdraw=bool(codes)
        and not found.planned
        and person.may(needed("POST", "/notes/{note}/withdraw") or ()),
        faults=tuple(map(str, faults)),
        at_fault=at_fault,
    )


def printed(product: Product, plan: str, card: Callable[[str], Card]) -> SessionPage:
    """The agenda to print: of a planned session, or of the next one nobody has planned yet."""
    nobody = Person("", "", frozenset())
    if plan:
        return session(product, nobody, plan, card)
    due = product.research.next().due
    now = product.clock.now()
    empty = Session("", "focus group", "", "", "", now, now, planned=True)
    texts = product.texts
    page = _empty(texts, empty, asked(texts, product.research.agenda(card=card)))
    return replace(page, when=texts.near_day(due))


def _empty(texts: Texts, found: Session, agenda: tuple[Asked, ...]) -> SessionPage:
    form = QuoteForm("", (), "", "", (), ())
    what = words.kind(texts, found.about)
    return SessionPage(
        "", f"{what[:1].upper()}{what[1:]}", what, "", "", True, (), (), "", (), None, "", agenda, (), (), (), "",
        (), form, (), (), False, False, (), "",
    )  # fmt: skip


def _came(texts: Texts, found: Session) -> tuple[str, ...]:
    """Payroll lead: P1, P2."""
    if found.planned:
        said = words.people(texts, found.attended)
        return (texts.say("notes.to_invite", people=said),) if said else ()
    return tuple(
        texts.say("notes.people_codes", role=role, codes=", ".join(p.code for p in found.people if p.role == role))
        for role, n in found.attended.items()
        if n
    )


def _task(texts: Texts, found: Session, task: Task) -> TaskShown:
    tones = {"did": "good", "help": "warn", "no": "bad"}
    cells = []
    for p in found.people:
        did = task.results.get(p.code)
        cells.append(
            (p.code, texts.say(f"notes.did_{did}" if did else "notes.task_unseen"), tones.get(did or "", ""))
        )
    counts = texts.say(
        "notes.task_counts",
        n=len(task.results),
        **{did: task.count(did) for did in DID},
    )
    return TaskShown(task.task, counts, tuple(cells))


def _results(texts: Texts) -> tuple[Option, ...]:
    return words.options([(did, texts.say(f"notes.did_{did}")) for did in DID], "", texts.say("notes.task_unseen"))
