"""What every page about notes shows alike: a session in a line, a quote, what something can bear on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote as escaped
from urllib.parse import urlencode

from payoff.notes.records import Quote, Session
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.openings import Carded
from payoff.use_cases.targets import Target
from payoff.web.pages.desk import Option
from payoff.web.product import Product

Groups = tuple[tuple[str, tuple[Option, ...]], ...]
"""Choices by kind."""


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
class QuoteShown:
    """`withdrawn`: the words are gone, the filing is left."""

    id: str
    text: str
    who: str
    themes: tuple[tuple[str, str], ...]
    bears: tuple[tuple[str, str], ...]
    stance: str
    tone: str
    note: str
    withdrawn: bool


def agenda_items(product: Product, plan: str, card: Callable[[str], Carded]) -> tuple[AgendaItem, ...]:
    """The questions of a planned session, or of the next one."""
    say = product.texts.say
    return tuple(
        AgendaItem(i.key, i.question, i.because, i.href, say("notes.partly_before") if i.before else "")
        for i in product.research.agenda(plan, card=card)
    )


def session_line(product: Product, found: Session, quotes: int) -> SessionLine:
    texts = product.texts
    came = ", ".join(f"{n} {role}" for role, n in found.attended.items())
    return SessionLine(
        id=found.id,
        about=texts.say(f"notes.kind_{key(found.about)}"),
        title=title(texts, found),
        when=texts.day(found.held),
        who=texts.say("notes.to_come" if found.planned else "notes.came", who=came) if came else "",
        quotes=texts.say("notes.quotes", n=quotes) if quotes else "",
        planned=found.planned,
    )


def title(texts: Texts, found: Session) -> str:
    """The title somebody gave, else how the text begins."""
    return found.title or (found.text.splitlines()[0][:120] if found.text else texts.say("notes.untitled"))


def quote_shown(texts: Texts, q: Quote, known: Mapping[str, Target]) -> QuoteShown:
    """`known` are the things that can be borne on."""
    return QuoteShown(
        id=q.id,
        text=texts.say("notes.withdrawn") if q.withdrawn else q.text,
        who=" · ".join(w for w in (q.who, q.role) if w),
        themes=tuple((t, theme_path(t)) for t in q.themes),
        bears=tuple((known[on].label, known[on].href) if on in known else (on, "") for on in q.bears),
        stance=texts.say(f"notes.stance_{q.stance}") if q.stance else "",
        tone={"for": "good", "against": "bad"}.get(q.stance, "quiet"),
        note=q.note,
        withdrawn=q.withdrawn,
    )


def targets(product: Product, chosen: str = "", without: Sequence[str] = ()) -> Groups:
    """Everything a quote or theme can bear on, by kind."""
    groups: dict[str, list[Option]] = {}
    for target in product.research.targets():
        if target.on not in without:
            option = Option(target.on, target.label, target.on == chosen)
            groups.setdefault(target.group, []).append(option)
    return tuple((product.texts.say(f"notes.group_{group}"), tuple(found)) for group, found in groups.items())


def options(values: Sequence[tuple[str, str]], chosen: str, anything: str = "") -> tuple[Option, ...]:
    """Choices from (value, label); with `anything` one that chooses nothing comes first."""
    first = (Option("", anything, not chosen),) if anything else ()
    return (*first, *(Option(v, label, v == chosen) for v, label in values))


def address(path: str, **given: str) -> str:
    """A path with what is given behind the question mark; what is empty is left out."""
    query = urlencode([(name, value) for name, value in given.items() if value])
    return f"{path}?{query}" if query else path


def theme_path(name: str) -> str:
    return f"/notes/themes/{escaped(name, safe='')}"


def may(person: Person) -> bool:
    """Whether the person may write."""
    return person.may(needed("POST", "/notes/new") or ())


def key(words: str) -> str:
    return words.replace(" ", "_")
