"""What to ask next: drawn from what is open, in words one could say aloud, each with where it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from payoff.notes.records import AnswerState, Session
from payoff.texts import Texts

EACH = 3
"""Questions of one origin: an hour with people is short."""


@dataclass(frozen=True, slots=True)
class Said:
    """Feedback nobody has answered, or that was declined (then with the reply)."""

    id: str
    text: str
    declined: bool


@dataclass(frozen=True, slots=True)
class Unclear:
    """A metric of a release that cannot tell yet, and what it lacks."""

    release: str
    title: str
    metric: str
    label: str
    missing: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """An action people often answer with Wrong, or correct; `roles` are those it is for, none: everybody."""

    action: str
    name: str
    wrong: int
    shown: int
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """Two actions (ids, then names) about which experts who labelled cases differ, for one role; `roles` is that
    role, none: everybody."""

    actions: tuple[str, str]
    names: tuple[str, str]
    role: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Openings:
    """Everything that is open, as plain values; the weightiest of each kind first."""

    brief: Sequence[str] = ()
    said: Sequence[Said] = ()
    unclear: Sequence[Unclear] = ()
    doubted: Sequence[Doubted] = ()
    apart: Sequence[Apart] = ()
    own: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Item:
    """A question, where it comes from in words, the page that shows it, and how far it was answered before.
    `roles` are the only ones who can answer it, none: everybody."""

    key: str
    question: str
    because: str
    href: str = ""
    before: AnswerState | None = None
    roles: tuple[str, ...] = ()


def agenda(
    open_: Openings, sessions: Iterable[Session], texts: Texts, coming: Collection[str] = ()
) -> tuple[Item, ...]:
    """Own questions first, then one kind after the other. What was answered in an earlier session is not asked
    again; what was partly answered is, and says so. With roles that are `coming`, what only others could answer
    is left out."""
    past = _past(sessions)
    items = [*_own(open_.own, texts), *_brief(open_.brief, texts), *_doubted(open_.doubted, texts)]
    items += [*_apart(open_.apart, texts), *_said(open_.said, texts), *_unclear(open_.unclear, texts)]
    kept: dict[str, list[Item]] = {}
    there = {role.casefold() for role in coming}
    for item in items:
        if there and item.roles and there.isdisjoint(role.casefold() for role in item.roles):
            continue
        state = past.get(item.key)
        origin = item.key.partition(".")[0]
        if state == "answered" or (origin != "own" and len(kept.get(origin, ())) >= EACH):
            continue
        before = state if state == "partly" else None
        kept.setdefault(origin, []).append(replace(item, before=before))
    return tuple(item for group in kept.values() for item in group)


def _past(sessions: Iterable[Session]) -> dict[str, AnswerState]:
    """The newest word on every question that was asked."""
    newest: dict[str, tuple[datetime, AnswerState]] = {}
    for session in sessions:
        for answer in session.answers if session.asked else ():
            if answer.state != "not asked" and newest.get(answer.key, (session.held,))[0] <= session.held:
                newest[answer.key] = (session.held, answer.state)
    return {key: state for key, (_, state) in newest.items()}


def _own(questions: Sequence[str], texts: Texts) -> list[Item]:
    return [Item(f"own.{q}", q, texts.say("notes.from_own")) for q in questions]


def _brief(open_: Sequence[str], texts: Texts) -> list[Item]:
    return [
        Item(f"brief.{name}", texts.say(f"notes.ask_{name}"), texts.say("notes.from_brief"), "/brief")
        for name in open_
    ]


def _doubted(actions: Sequence[Doubted], texts: Texts) -> list[Item]:
    return [
        Item(
            f"action.{a.action}",
            texts.say("notes.ask_action", action=a.name),
            texts.say("notes.from_action", action=a.name, wrong=a.wrong, shown=a.shown),
            f"/playbook#a-{a.action}",
            roles=a.roles,
        )
        for a in actions
    ]


def _apart(cases: Sequence[Apart], texts: Texts) -> list[Item]:
    return [
        Item(
            f"label.{'.'.join((*case.actions, case.role))}",
            texts.say("annotate.ask_apart", a=case.names[0], b=case.names[1], role=case.role),
            texts.say("annotate.from_apart"),
            "/annotate",
            roles=case.roles,
        )
        for case in cases
    ]


def _said(said: Sequence[Said], texts: Texts) -> list[Item]:
    return [
        Item(
            f"feedback.{s.id}",
            texts.say("notes.ask_said", words=s.text),
            texts.say("notes.from_declined" if s.declined else "notes.from_unanswered"),
            f"/inbox/{s.id}",
        )
        for s in said
    ]


def _unclear(metrics: Sequence[Unclear], texts: Texts) -> list[Item]:
    return [
        Item(
            f"metric.{m.release}.{m.metric}",
            texts.say("notes.ask_metric", metric=m.label),
            texts.say("notes.from_metric", title=m.title, missing=m.missing or texts.say("common.cannot_tell")),
            f"/board?release={m.release}",
        )
        for m in metrics
    ]
