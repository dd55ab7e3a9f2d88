"""One Monday of the simulated company: what it tells the product, what people do, what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from payoff.demo.mailbag import Mailbag
from payoff.records.suggestions import NOTHING, Suggestion
from payoff.records.time import DAY
from payoff.simulate.company import OWNERS
from payoff.simulate.effects import ACTIONS
from payoff.simulate.workers import feedback, pulse, respond
from payoff.simulate.world import LEFT, WEEK, World
from payoff.use_cases.product import Product

HISTORY_WEEKS = 9
"""Weeks before the story of which the product is told who left: enough for a first risk model."""


class Weeks:
    """Plays the company against a product, week by week, and remembers the truth for the end of the story.

    `lifts` holds, for every (account, Monday) with a decision, the probability points on the leading goal that
    what was really done added.
    """

    def __init__(self, world: World, product: Product, mail: Mailbag) -> None:
        self.world, self.product, self.mail = world, product, mail
        self.lifts: dict[tuple[str, datetime], float] = {}
        self.told: list[Suggestion] = []

    def history(self) -> None:
        """The weeks before: accounts as they were, then who had left 60 days on. Nobody suggested anything."""
        world = self.world
        began, accounts = world.now, world.active()
        self._facts(accounts, "history")
        left: dict[str, datetime] = {}
        for _ in range(HISTORY_WEEKS):
            due = world.due()
            world.outcomes(due, [NOTHING] * len(due), np.zeros(len(due), bool))
            left |= {h.unit: h.at for h in world.step() if h.name == LEFT}
        closed = began + 60 * DAY
        self.product.outcomes(
            (unit, LEFT, float(left[unit] < closed), min(left[unit], closed))
            if unit in left
            else (unit, LEFT, 0.0, closed)
            for unit in accounts
        )
        self._facts(world.active(), "crm")

    def monday(self) -> list[str]:
        """The accounts whose turn it is, with what is known about them today."""
        due = self.world.due()
        self._facts(due, "crm")
        return due

    def suggest(self, due: Sequence[str]) -> list[Suggestion]:
        """Decide for the accounts that are due; people then answer, and life goes on until next Monday."""
        now = self.world.now
        suggestions = self.product.decide(due, now)
        units = [s.unit for s in suggestions]
        actions = [s.action for s in suggestions]
        trust = np.array([min(1.0, len(s.reasons) / 2) for s in suggestions])
        answers = respond(self.world, units, actions, trust=trust)
        points = np.column_stack([self.world.true_effect(units, action) for action in ACTIONS])
        which = np.array([ACTIONS.index(a) if a != NOTHING else -1 for a in actions], dtype=np.int64)
        lift = np.where(answers.done, points[np.arange(len(units)), np.maximum(which, 0)], 0.0)
        self.lifts |= {(unit, now): float(value) for unit, value in zip(units, lift, strict=True)}
        self.told += suggestions
        owner = [OWNERS[o] for o in self.world.company.owner[self.world.rows(units)]]
        for i, s in enumerate(suggestions):
            if not answers.shown[i]:
                continue
            by = {"by": owner[i]}
            answered = now + timedelta(hours=float(np.nan_to_num(answers.answered_hours[i])))
            self.mail.response(s.id, "shown", now + timedelta(hours=float(answers.shown_hours[i])), by)
            if answers.accepted[i]:
                self.mail.response(s.id, "accepted", answered, by)
            if answers.dismissed[i]:
                self.mail.response(s.id, "dismissed", answered, {**by, "why": answers.why[i]})
            if answers.snoozed[i]:
                self.mail.response(s.id, "snoozed", answered, {**by, "until": now + WEEK})
            if answers.done[i]:
                done = now + timedelta(hours=float(answers.done_hours[i]))
                self.mail.response(s.id, "done", done, {**by, "minutes": float(answers.minutes[i])})
        for said in feedback(self.world, units, actions, answers):
            words = {
                "thumb": said.thumb,
                "correction": said.correction,
                "problem": said.problem,
                "idea": said.idea,
                "comment": said.comment,
                "by": said.by,
            }
            self.mail.feedback(suggestions[said.index].id, now + timedelta(hours=said.hours), words)
        for happening in self.world.outcomes(units, actions, answers.done, answers.done_hours / 24):
            self.mail.outcome(happening)
        self._pulse(lift, owner, now)
        for happening in self.world.step():
            self.mail.outcome(happening)
        return suggestions

    def truth(self, trial: str, arm: str, against: str, now: datetime, days: float) -> float | None:
        """The true difference between two arms of a trial, over the entries whose window has passed by `now`.

        Probability points on the leading goal; only a simulation can know it. `None` while an arm is empty.
        """
        table = self.product.workspace.tables.arrow("assignment").select(["trial", "unit", "arm", "at"])
        found: dict[str, list[float]] = {arm: [], against: []}
        for row in table.to_pylist():
            if row["trial"] == trial and row["arm"] in found and row["at"] + days * DAY <= now:
                found[row["arm"]].append(self.lifts.get((row["unit"], row["at"]), 0.0))
        if not found[arm] or not found[against]:
            return None
        return float(np.mean(found[arm]) - np.mean(found[against]))

    def _pulse(self, lift: np.ndarray, owner: Sequence[str], now: datetime) -> None:
        helpful = [
            float(np.mean([v for v, o in zip(lift, owner, strict=True) if o == person] or [0.0]))
            for person in OWNERS
        ]
        for person, score in pulse(self.world, helpful):
            self.mail.pulse(person, score, now + 4 * DAY + timedelta(hours=7))

    def _facts(self, units: Sequence[str], source: str) -> None:
        columns = self.world.facts(units)
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        self.product.facts(rows, unit="account", at=self.world.now, source=source)
