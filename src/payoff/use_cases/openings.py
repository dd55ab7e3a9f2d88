"""What is open in a product, gathered for the agenda of the next session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from payoff.brief.schema import OPEN, Brief
from payoff.errors import PayoffError
from payoff.feedback.items import FeedbackItem, items
from payoff.notes.agenda import Apart, Doubted, Openings, Said, Unclear
from payoff.records.judgement import Row
from payoff.records.releases import STREAM
from payoff.releases import lifecycle
from payoff.use_cases.actions import Known
from payoff.use_cases.annotating import Annotating
from payoff.use_cases.workspace import Workspace

_QUESTIONS = ("users", "problem", "workflow", "success")
_JUDGED = ("goal", "leading goal", "guardrail")
_SHOWN_LEAST, _WRONG_LEAST = 10, 0.1
_WORDS = 240
_RECENT = 400


class Judged(Protocol):
    """What is read of a scorecard."""

    @property
    def title(self) -> str: ...
    @property
    def rows(self) -> Sequence[Row]: ...


class Carded(Protocol):
    @property
    def card(self) -> Judged: ...


def openings(
    ws: Workspace, actions: Iterable[Known], card: Callable[[str], Carded], own: Sequence[str] = ()
) -> Openings:
    """`card` gives the scorecard of a release (or of `STREAM`); what it refuses is left out."""
    return Openings(
        brief=_open(ws.brief),
        said=_said(items(ws.tables)[:_RECENT]),
        unclear=_unclear(ws, card),
        doubted=_doubted(ws, actions),
        apart=_apart(ws),
        own=own,
    )


def _open(brief: Brief) -> list[str]:
    left = [name for name in _QUESTIONS if getattr(brief.questions, name).strip() in ("", OPEN)]
    return left if brief.harms else [*left, "harms"]


def _said(found: Sequence[FeedbackItem]) -> list[Said]:
    """Words only; problems before ideas before the rest, unanswered before declined."""
    worded = [item for item in found if item.text and item.state in ("new", "looked at", "declined")]
    order = {"problem": 0, "idea": 1}
    worded.sort(key=lambda i: (i.state == "declined", order.get(i.kind, 2)))
    seen: set[str] = set()
    kept = []
    for item in worded:
        said = " ".join(item.text.split())
        if said.casefold() not in seen:
            seen.add(said.casefold())
            short = said if len(said) <= _WORDS else said[: _WORDS - 1].rsplit(" ", 1)[0] + " …"
            kept.append(Said(item.id, short, item.state == "declined"))
    return kept


def _unclear(ws: Workspace, card: Callable[[str], Carded]) -> list[Unclear]:
    releases = ws.releases()
    trial, champion = lifecycle.on_trial(releases), lifecycle.champion(releases)
    wanted = [trial.id] if trial else []
    if champion:
        wanted.append(STREAM)
    found: dict[str, Unclear] = {}
    for id in wanted:
        try:
            judged = card(id).card
        except PayoffError:
            continue
        for row in judged.rows:
            if row.purpose in _JUDGED and row.status == "cannot tell":
                shown = champion.id if champion and id == STREAM else id
                found.setdefault(row.metric, Unclear(shown, judged.title, row.metric, row.label, row.missing))
    return list(found.values())


def _doubted(ws: Workspace, actions: Iterable[Known]) -> list[Doubted]:
    names, roles = ws.actions(), {a.id: tuple(a.roles) for a in ws.playbook.actions}
    often = [a for a in actions if a.shown >= _SHOWN_LEAST and a.wrong >= _WRONG_LEAST * a.shown]
    often.sort(key=lambda a: -a.wrong / a.shown)
    return [Doubted(a.action, names[a.action], a.wrong, a.shown, roles.get(a.action, ())) for a in often]


def _apart(ws: Workspace) -> list[Apart]:
    """What experts who labelled cases differ on, once for each pair of actions and role, newest first."""
    names = ws.actions()
    found: dict[tuple[str, str, str], Apart] = {}
    for case in Annotating(ws).disagreements():
        a, b = (names.get(action, action) for action in case.actions)
        role = case.role or ws.texts.say("feedback.everybody")
        only = (case.role,) if case.role else ()
        found.setdefault((*case.actions, role), Apart(case.actions, (a, b), role, only))
    return list(found.values())
