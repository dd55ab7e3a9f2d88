"""What every page about notes shows alike: a session in a line, a quote, what something can bear on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote as escaped
from urllib.parse import urlencode

from payoff.notes.records import OWN, Counted, Quote, Session
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.openings import Carded
from payoff.use_cases.targets import Target
from payoff.web.pages.desk import Option
from payoff.web.product import Product

Groups = tuple[tuple[str, tuple[Option, ...]], ...]
"""Choices by kind."""
Role = tuple[str, str]
"""A role and how many of it came, as it stands in the field."""
_COLLEAGUES = ("frontline", "expert", "manager", "scientist", "other")


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
    """`who` is a code with its role, which is somebody only within the session that `where` names. `withdrawn`:
    the words are gone, the filing is left."""

    id: str
    text: str
    who: str
    where: str
    themes: tuple[tuple[str, str], ...]
    bears: tuple[tuple[str, str], ...]
    stance: str
    tone: str
    note: str
    withdrawn: bool


def agenda_items(
    product: Product, plan: str, card: Callable[[str], Carded], person: Person | None = None
) -> tuple[AgendaItem, ...]:
    """The questions of a planned session, or of the next one, with links to what the person may open."""
    say = product.texts.say
    return tuple(
        AgendaItem(
            i.key,
            i.question,
            i.because,
            i.href if person and readable(person, i.href) else "",
            say("notes.partly_before") if i.before else "",
        )
        for i in product.research.agenda(plan, card=card)
    )


def session_line(product: Product, found: Session, quotes: Sequence[Quote]) -> SessionLine:
    texts = product.texts
    came = ", ".join(f"{n} {role}" for role, n in found.attended.items())
    said = texts.say("notes.to_come" if found.planned else "notes.came", who=came) if came else ""
    return SessionLine(
        id=found.id,
        about=texts.say(f"notes.kind_{key(found.about)}"),
        title=title(texts, found),
        when=texts.day(found.held),
        who=said or (texts.say("notes.open_to_all") if found.planned else ""),
        quotes=in_words(texts, quotes) if quotes else "",
        planned=found.planned,
    )


def title(texts: Texts, found: Session) -> str:
    """The title somebody gave, else how the text begins; a plan's text are its questions, so it is its kind and
    day."""
    if found.planned and not found.title:
        return where(texts, found)
    return found.title or (found.text.splitlines()[0][:120] if found.text else texts.say("notes.untitled"))


def where(texts: Texts, found: Session) -> str:
    """interview of 22 Jan 2026."""
    return texts.say(
        "notes.session_of", about=texts.say(f"notes.kind_{key(found.about)}"), day=texts.day(found.held)
    )


def in_words(texts: Texts, quotes: Sequence[Quote]) -> str:
    """9 quotes, and 2 withdrawn."""
    counted, gone = sum(q.counts for q in quotes), sum(q.withdrawn for q in quotes)
    said = texts.say("notes.quotes", n=counted)
    return texts.say("notes.and_withdrawn", said=said, n=gone) if gone else said


def for_and_against(texts: Texts, counted: Counted) -> str:
    """2 for, 1 against: of one thing, for what is said of different things does not add up."""
    said = texts.say(
        "notes.counts_neither" if counted.neither else "notes.counts",
        favour=counted.favour,
        against=counted.against,
        neither=counted.neither,
    )
    return texts.say("notes.and_withdrawn", said=said, n=counted.withdrawn) if counted.withdrawn else said


def speaker(product: Product, q: Quote) -> str:
    """P1, payroll lead; whoever wrote the note, for what they saw themselves."""
    if q.who == OWN:
        author = product.brief.people.get(q.by)
        return product.texts.say("notes.own_of", who=author.name if author else q.by)
    return ", ".join(w for w in (q.who, q.role) if w) or product.texts.say("notes.who_unknown")


def quote_shown(
    product: Product, q: Quote, known: Mapping[str, Target], sessions: Mapping[str, Session]
) -> QuoteShown:
    """`known` are the things that can be borne on, `sessions` those by id in which words were said."""
    texts = product.texts
    return QuoteShown(
        id=q.id,
        text=texts.say("notes.withdrawn") if q.withdrawn else q.text,
        who=speaker(product, q),
        where=where(texts, sessions[q.note]) if q.note in sessions else "",
        themes=tuple((t, theme_path(t)) for t in q.themes),
        bears=tuple((known[on].label, known[on].href) if on in known else (on, "") for on in q.bears),
        stance=texts.say(f"notes.stance_{q.stance}") if q.stance else "",
        tone={"for": "good", "against": "bad"}.get(q.stance, "quiet"),
        note=q.note,
        withdrawn=q.withdrawn,
    )


def themed(product: Product, on: str) -> tuple[tuple[str, str], ...]:
    """The themes somebody tied to a thing, and where they stand."""
    return tuple((name, theme_path(name)) for name in product.research.about(on).themes)


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


def readable(person: Person, href: str) -> bool:
    """Whether the person may open a page of the agenda."""
    path = href.partition("#")[0].partition("?")[0]
    allowed = needed("GET", path) or needed("GET", "/inbox/{feedback}" if path.startswith("/inbox/") else path)
    return person.may(allowed or ())


def counted_roles(
    product: Product, came: Mapping[str, int], *others: str, given: Mapping[str, str] | None = None
) -> tuple[tuple[Role, ...], tuple[Role, ...]]:
    """How many of each role came: of the customers' roles, with those written down and `others`, and of the
    colleagues'. `given` is what was typed into their fields before."""
    say, typed, known = product.texts.say, given or {}, product.research.roles()
    colleagues = [role for role in (say(f"notes.colleague_{who}") for who in _COLLEAGUES) if role not in known]
    customers = [role for role in dict.fromkeys([*came, *known, *others]) if role not in colleagues]

    def counts(roles: Sequence[str]) -> tuple[Role, ...]:
        return tuple((role, typed.get(f"role.{role}", str(came.get(role, "")))) for role in roles)

    return counts(customers), counts(colleagues)


def may(person: Person) -> bool:
    """Whether the person may write."""
    return person.may(needed("POST", "/notes/new") or ())


def key(words: str) -> str:
    return words.replace(" ", "_")
