"""The six people in customer success: what they do with a suggestion, and what they say about it.

They take up what appeals to them, which has little to do with what helps. What they say is honest and useful,
and biased: some roles get more complaints about their suggestions than those deserve, and people speak up more
when they are annoyed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.simulate.company import OWNERS, ROLES
from payoff.simulate.effects import ACTIONS, indices
from payoff.simulate.luck import Floats
from payoff.simulate.world import World

_WHY_NOT = (
    "we spoke to them last week",
    "not the right moment",
    "somebody else is on it",
    "they asked us not to write before the audit",
    "I do not believe this helps them",
)
_PROBLEMS = (
    "the contact left the company",
    "the number of seats is out of date",
    "the invoice was paid, it still shows as late",
    "the log-in count misses the mobile app",
)
_IDEAS = (
    "let me put it off until after payroll week",
    "show me the open tickets next to the suggestion",
    "one suggestion for all accounts of a group would save time",
    "tell me when the last person spoke to them",
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was done with each suggestion. Hours count from Monday morning; `nan` where it did not happen."""

    shown: NDArray[np.bool_]
    accepted: NDArray[np.bool_]
    done: NDArray[np.bool_]
    dismissed: NDArray[np.bool_]
    snoozed: NDArray[np.bool_]
    shown_hours: Floats
    answered_hours: Floats
    done_hours: Floats
    minutes: Floats
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of feedback: on suggestion number `index` of those asked about, by whom, when."""

    index: int
    by: str
    hours: float
    thumb: int | None = None
    correction: dict[str, Any] | None = None
    problem: str | None = None
    idea: str | None = None
    comment: str | None = None


def respond(world: World, units: Sequence[str], actions: Sequence[str], *, trust: float | Floats = 0.0) -> Answers:
    """What the workers do with this week's suggestions; nothing at all where the action is *nothing*.

    `trust` (0 to 1, one for all or one each) is how convincing the reasons are; it adds up to five points to the
    chance of being taken up.
    """
    rows, index, luck, week = world.rows(units), indices(list(actions)), world.luck, world.week
    which, state = np.maximum(index, 0), world.condition(rows)
    asked = index >= 0
    shown = asked & (luck.uniform("seen", rows, week) < 0.95)
    appeal = world.effects.column("appeal")[which] + 0.05 * trust - 0.06 * state.dormant - 0.10 * state.paused
    accepted = shown & (luck.uniform("taken up", rows, week) < appeal)
    done = accepted & (luck.uniform("finished", rows, week) < world.effects.column("finished")[which])
    other = luck.uniform("not taken up", rows, week)
    dismissed = shown & ~accepted & (other < 0.5)
    snoozed = shown & ~accepted & (other >= 0.5) & (other < 0.7)
    shown_hours = 0.5 + 30.0 * luck.uniform("seen when", rows, week) ** 2
    answered_hours = shown_hours + 0.05 + 6.0 * luck.uniform("answered when", rows, week) ** 2
    done_hours = answered_hours + 0.2 + 60.0 * luck.uniform("finished when", rows, week) ** 2
    minutes = world.effects.column("minutes")[which] * np.exp(0.25 * luck.normal("minutes", rows, week))
    why = luck.pick("why not", rows, np.ones(len(_WHY_NOT)), week)
    return Answers(
        shown=shown,
        accepted=accepted,
        done=done,
        dismissed=dismissed,
        snoozed=snoozed,
        shown_hours=np.where(shown, shown_hours, np.nan),
        answered_hours=np.where(accepted | dismissed | snoozed, answered_hours, np.nan),
        done_hours=np.where(done, done_hours, np.nan),
        minutes=np.where(done, np.round(minutes, 1), np.nan),
        why=tuple(_WHY_NOT[w] if d else "" for w, d in zip(why, dismissed, strict=True)),
    )


def feedback(world: World, units: Sequence[str], actions: Sequence[str], answers: Answers) -> list[Said]:
    """What people say about this week's suggestions, of those they saw.

    Whoever knows of a seasonal pause corrects the risk; whoever waves a suggestion away sometimes names the
    action that would have been right (seven times in ten it is); thumbs follow the true effect only loosely.
    """
    rows, index, luck, week = world.rows(units), indices(list(actions)), world.luck, world.week
    state = world.condition(rows)
    points = np.column_stack([world.true_effect(units, action) for action in ACTIONS])
    lift = np.where(index >= 0, points[np.arange(rows.size), np.maximum(index, 0)], 0.0)
    role = np.array(ROLES)[world.company.role[rows]]
    liked = 0.35 + 1.6 * lift - 0.25 * (role == "finance lead") + 0.15 * (role == "payroll lead")
    up = luck.uniform("thumb", rows, week) < np.clip(liked, 0.05, 0.95)
    speaks, choice = luck.uniform("speaks", rows, week), luck.uniform("what is said", rows, week)
    says: list[Said] = []
    for i in np.flatnonzero(answers.shown):
        words: dict[str, Any] = {}
        if state.paused[i] and speaks[i] < 0.35:
            words = {"thumb": -1, "correction": {"risk": "seasonal pause"}}
        elif answers.dismissed[i] and speaks[i] < 0.12:
            right = points[i].argmax() if choice[i] < 0.7 else int(choice[i] * 1e4) % len(ACTIONS)
            better = ACTIONS[int(right)]
            words = {"thumb": -1, **({"correction": {"action": better}} if better != actions[int(i)] else {})}
        elif speaks[i] < (0.05 if up[i] else 0.08):
            words = {"thumb": 1 if up[i] else -1}
        elif speaks[i] > 0.997:
            words = {"problem": _PROBLEMS[int(choice[i] * len(_PROBLEMS))]}
        elif speaks[i] > 0.994:
            words = {"idea": _IDEAS[int(choice[i] * len(_IDEAS))]}
        elif state.late[i] and speaks[i] > 0.97:
            words = {"correction": {"invoices_late": 0}, "comment": "paid last week"}
        if words:
            hours = float(answers.shown_hours[i]) + 0.3
            says.append(Said(int(i), OWNERS[world.company.owner[rows[i]]], hours, **words))
    return says


def pulse(world: World, helpful: Sequence[float]) -> list[tuple[str, int | None]]:
    """Every worker's answer, 1 to 5, to "how sure are you that these suggestions help?"; `None`: no answer.

    `helpful` holds, for each of the six, the mean true points of what they did this week.
    """
    people = np.arange(len(OWNERS))
    answers = world.luck.uniform("answers the pulse", people, world.week) < 0.75
    mood = 3.0 + 10.0 * np.asarray(helpful) + 0.6 * world.luck.normal("mood", people, world.week)
    mood = np.clip(np.round(mood + 0.3 * world.luck.normal("character", people)), 1, 5)
    return [(OWNERS[p], int(mood[p]) if answers[p] else None) for p in people]
