"""One session: what was said, who was there, what became of the questions, its tasks and its quotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from payoff.notes.records import DID, OWN, STANCES, Quote, Session, Task
from payoff.notes.standing import parts
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.listening import Wanted
from payoff.use_cases.openings import Carded
from payoff.web.pages.desk import Option
from payoff.web.pages.notes_words import (
    AgendaItem,
    Groups,
    QuoteShown,
    Role,
    SessionLine,
    agenda_items,
    counted_roles,
    in_words,
    key,
    may,
    options,
    quote_shown,
    session_line,
    targets,
    theme_path,
)
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class TaskShown:
    """`people` are all of the session, those who did not try it as well."""

    task: str
    counts: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a quote's form is filled with."""

    text: str = ""
    who: str = ""
    themes: str = ""
    on: str = ""
    stance: str = ""
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class QuoteForm:
    """The fields of one quote. `who` starts at nobody; then come the people of the session and one's own
    observation. `confirmed` marks the addresses and numbers it asked about."""

    text: str
    who: tuple[Option, ...]
    themes: str
    targets: Groups
    stances: tuple[Option, ...]
    confirmed: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A quote with the form that changes it (`None` for one that was withdrawn), and whether this person may take
    it out."""

    shown: QuoteShown
    form: QuoteForm | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The form by which the note is said anew. `base` is the version it began with, `confirmed` marks the
    addresses and numbers it asked about."""

    base: str
    title: str
    text: str
    themes: str
    attended: tuple[Role, ...]
    colleagues: tuple[Role, ...]
    confirmed: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """The form by which somebody takes their words back; `refused`: it was sent and stands open. `parts` is then
    the text that was sent, with the words that still stand in it marked; empty where none do."""

    who: tuple[Option, ...]
    title: str
    text: str
    parts: tuple[tuple[str, bool], ...]
    refused: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What was sent by that form and refused; `title` is `None` where it was not sent."""

    who: str
    text: str
    title: str | None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """`problems` are what is wrong with the form that was `sent`: change, leaving, quote, the id of a quote, or ""
    for another; `done` says what became of words taken back. `filed` are the note's own themes, `release` the one
    it is about.
    `removed` are quotes marked by mistake: the words, and by whom and when they were taken out."""

    line: SessionLine
    text: str
    filed: tuple[tuple[str, str], ...]
    release: tuple[str, str] | None
    people: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    agenda: tuple[AgendaItem, ...]
    quotes: tuple[Marked, ...]
    quoted: str
    removed: tuple[tuple[str, str], ...]
    change: Change
    leaving: Leaving
    form: QuoteForm
    tasks: tuple[TaskShown, ...]
    is_test: bool
    did: tuple[tuple[str, str], ...]
    known_themes: tuple[str, ...]
    may_write: bool
    problems: tuple[str, ...]
    sent: str
    done: str


def session(
    product: Product,
    person: Person,
    id: str,
    card: Callable[[str], Carded],
    *,
    typed: Typed | None = None,
    anew: str = "",
    changed: Mapping[str, str] | None = None,
    taken: Taken | None = None,
    gone: str = "",
    problems: tuple[str, ...] = (),
) -> SessionPage:
    """One note with its quotes and tasks; the quote's form keeps who spoke last and under which themes, and begins
    with the themes and the release of the note.

    What was sent and not kept stands in its form: `typed` in that of a new quote or of the one with the id
    `anew`, `changed` in that of the note, `taken` in that of somebody's words. `gone` is the code of somebody who
    has just taken their words back. Raises `Unknown` for an id nobody has.
    """
    texts, research = product.texts, product.research
    found = research.session(id)
    mine = research.quotes(Wanted(note=id))
    newest = max((q for q in mine if not q.withdrawn), key=lambda q: q.at, default=None)
    known = {t.on: t for t in research.targets()}
    about = known.get(f"release:{found.release}") if found.release else None
    sticky = Typed(
        who=newest.who if newest and newest.who != OWN else "",
        themes=", ".join(newest.themes if newest else found.themes),
        on=about.on if about else "",
    )
    writes = may(person)
    new = "quote" if typed and not found.planned else ""
    codes = tuple(p.code for p in found.people)
    out = tuple(q for q in research.kept().removed if q.note == id)
    return SessionPage(
        line=session_line(product, found, mine),
        text=found.text,
        filed=tuple((name, theme_path(name)) for name in found.themes),
        release=(about.label, about.href) if about else None,
        people=tuple((p.code, p.role) for p in found.people),
        answers=tuple((a.question, texts.say(f"notes.answer_{key(a.state)}")) for a in found.answers),
        agenda=agenda_items(product, id, card, person) if found.planned else (),
        quotes=tuple(
            Marked(
                quote_shown(product, q, known, {}),
                _form(product, found, (typed if q.id == anew else None) or _filed(q))
                if writes and q.counts
                else None,
                writes and q.by == person.id,
            )
            for q in mine
        ),
        quoted=in_words(texts, mine) if mine else "",
        removed=tuple((q.text, _taken_out(product, q)) for q in out),
        change=_change(product, found, changed or {}),
        leaving=_leaving(product, found, mine, taken),
        form=_form(product, found, sticky if anew or not typed else typed),
        tasks=tuple(
            TaskShown(
                t.task,
                _task_counts(texts, t, codes),
                tuple((code, texts.say(f"notes.did_{t.results.get(code, 'not')}")) for code in codes),
            )
            for t in found.tasks
        ),
        is_test=found.about == "prototype test" and not found.planned,
        did=tuple((d, texts.say(f"notes.did_{d}")) for d in DID),
        known_themes=tuple(t.name for t in research.themes()),
        may_write=writes,
        problems=problems,
        sent="leaving" if taken else "change" if changed else anew or new,
        done=_gone(texts, found, mine, gone) if gone else "",
    )


def _filed(q: Quote) -> Typed:
    return Typed(q.text, q.who, ", ".join(q.themes), next(iter(q.bears), ""), q.stance)


def _taken_out(product: Product, q: Quote) -> str:
    """Who took a quote out, and when."""
    author = product.brief.people.get(q.by)
    when = product.texts.day(q.filed or q.at)
    return product.texts.say("notes.removed_line", who=author.name if author else q.by, day=when)


def _task_counts(texts: Texts, task: Task, codes: tuple[str, ...]) -> str:
    """How many did it, of those who tried; and who did not try."""
    said = texts.say("notes.task_counts", did=task.count("did"), help=task.count("help"), of=len(task.results))
    missing = task.untried(codes)
    return texts.say("notes.task_untried", said=said, who=", ".join(missing)) if missing else said


def _gone(texts: Texts, found: Session, mine: Sequence[Quote], who: str) -> str:
    """What became of the words of somebody who took them back."""
    if not found.role_of(who):
        return ""
    lost = sum(q.withdrawn and q.who == who for q in mine)
    return texts.say("notes.gone", n=lost, who=who) if lost else texts.say("notes.gone_none", who=who)


def _change(product: Product, found: Session, given: Mapping[str, str]) -> Change:
    attended, colleagues = counted_roles(product, found.attended, given=given)
    return Change(
        base=given.get("base") or product.research.version(found.id),
        title=given.get("title", found.title),
        text=given.get("text", found.text),
        themes=given.get("themes", ", ".join(found.themes)),
        attended=attended,
        colleagues=colleagues,
        confirmed=given.get("confirmed", ""),
    )


def _leaving(product: Product, found: Session, mine: Sequence[Quote], taken: Taken | None) -> Leaving:
    texts, refused = product.texts, taken or Taken("", found.text, found.title)
    marked = parts(product.research.words_of(found.id, taken.who), taken.text) if taken else ()
    labels = []
    for person in found.people:
        theirs = [q for q in mine if q.who == person.code]
        labels.append((person.code, f"{person.code}, {person.role}: {in_words(texts, theirs)}"))
    return Leaving(
        who=options(labels, refused.who, texts.say("notes.choose")),
        title=found.title if refused.title is None else refused.title,
        text=refused.text,
        parts=marked if any(theirs for _, theirs in marked) else (),
        refused=taken is not None,
    )


def _form(product: Product, found: Session, typed: Typed) -> QuoteForm:
    texts = product.texts
    who = [*((p.code, f"{p.code}, {p.role}") for p in found.people), (OWN, texts.say("notes.own"))]
    return QuoteForm(
        text=typed.text,
        who=options(who, typed.who, texts.say("notes.choose")),
        themes=typed.themes,
        targets=targets(product, typed.on),
        stances=options([(s, texts.say(f"notes.stance_{s or 'neither'}")) for s in STANCES], typed.stance),
        confirmed=typed.confirmed,
    )
