"""Words that every page about notes says alike: kinds, days, people, themes, what something bears on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlencode

from payoff.notes.records import Quote, Session
from payoff.notes.schedule import Next
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.use_cases.targets import Target
from payoff.web.pages.desk import Option

GROUPS = ("release", "decision", "action", "brief")


@dataclass(frozen=True, slots=True)
class Group:
    """Choices that belong together in a list."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """Words that lead somewhere; `href` is "" where there is nothing to open."""

    label: str
    href: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class QuoteShown:
    """One quote. `bears` says for or against what; `from_` is the session it was said in."""

    id: str
    words: str
    who: str
    when: str
    from_: Linked
    themes: tuple[Linked, ...]
    bears: tuple[Linked, ...]
    withdrawn: bool
    raw: Quote


def kind(texts: Texts, about: str) -> str:
    return texts.say(f"notes.kind_{about.replace(' ', '_')}")


def when(texts: Texts, day: date, today: date) -> str:
    """today, tomorrow, in 8 days, 3 days ago."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return texts.say(f"notes.when_{near[days]}")
    return texts.say("notes.when_in", n=days) if days > 0 else texts.say("notes.when_ago", n=-days)


def next_line(texts: Texts, found: Next, today: date, zone: str) -> str:
    """The next session, or by when one is due; the sooner of the two."""
    due = found.due
    if found.planned is not None:
        day = day_of(found.planned.held, zone)
        return texts.say(
            "notes.next_planned",
            kind=kind(texts, found.planned.about),
            day=texts.near_day(day),
            when=when(texts, day, today),
        )
    if due == today:
        return texts.say("notes.next_due", when=when(texts, due, today))
    key = "notes.next_due_day" if due > today else "notes.next_overdue"
    return texts.say(key, day=texts.near_day(due), when=when(texts, due, today))


def heading(texts: Texts, session: Session) -> str:
    """The title somebody gave, or what it was and when."""
    what = kind(texts, session.about)
    return session.title or f"{what[:1].upper()}{what[1:]}, {texts.near_day(session.held)}"


def people(texts: Texts, attended: Mapping[str, int]) -> str:
    """3 payroll lead, 1 founder."""
    return ", ".join(texts.say("notes.people", n=n, role=role) for role, n in attended.items() if n)


def theme_link(name: str, count: int | None = None, texts: Texts | None = None) -> Linked:
    label = name if count is None or texts is None else texts.say("notes.theme_count", theme=name, n=count)
    return Linked(label, f"/notes/themes/{quote(name, safe='')}")


def target_link(texts: Texts, targets: Mapping[str, Target], on: str) -> Linked:
    """What something is tied to; what is not there any more still has its name."""
    found = targets.get(on)
    if found is not None:
        return Linked(found.label, found.href)
    group, _, key = on.partition(":")
    return Linked(texts.say("notes.target_gone", kind=group, name=key), "")


def groups(texts: Texts, targets: Iterable[Target], chosen: str) -> tuple[Group, ...]:
    """Everything a quote or theme can bear on, for a list to choose from."""
    found = tuple(targets)
    return tuple(
        Group(
            texts.say(f"notes.group_{group}"),
            tuple(Option(t.on, t.label, t.on == chosen) for t in found if t.group == group),
        )
        for group in GROUPS
        if any(t.group == group for t in found)
    )


def quote_shown(
    texts: Texts, found: Quote, sessions: Mapping[str, Session], targets: Mapping[str, Target]
) -> QuoteShown:
    session = sessions.get(found.note)
    tone = {"for": "good", "against": "bad"}.get(found.stance, "")
    stance = texts.say(f"notes.stance_{found.stance}") if found.stance else ""
    bears = []
    for on in found.bears:
        link = target_link(texts, targets, on)
        key = "notes.quotes_bears" if stance else "notes.quotes_bears_neither"
        bears.append(Linked(texts.say(key, stance=stance, target=link.label), link.href, tone))
    code = texts.say("notes.code_role", code=found.who, role=found.role) if found.who and found.role else ""
    return QuoteShown(
        id=found.id,
        words=found.text or texts.say("notes.quote_withdrawn"),
        who=code or found.role or found.who,
        when=texts.day(session.held if session else found.at),
        from_=Linked(heading(texts, session), f"/notes/{session.id}#q-{found.id}") if session else Linked("", ""),
        themes=tuple(theme_link(name) for name in found.themes),
        bears=tuple(bears),
        withdrawn=found.withdrawn,
        raw=found,
    )


def options(values: Sequence[tuple[str, str]], chosen: str, any_: str = "") -> tuple[Option, ...]:
    """Choices from (value, label); with `any_` one that chooses nothing comes first."""
    first = (Option("", any_, not chosen),) if any_ else ()
    return (*first, *(Option(value, label, value == chosen) for value, label in values))


def address(path: str, **given: str) -> str:
    """A path with what is given behind the question mark; empty values are left out."""
    query = urlencode([(name, value) for name, value in given.items() if value])
    return f"{path}?{query}" if query else path


def iso(value: datetime | date, zone: str) -> str:
    """A day as a date field takes it."""
    return (day_of(value, zone) if isinstance(value, datetime) else value).isoformat()
