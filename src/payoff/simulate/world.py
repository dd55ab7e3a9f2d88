"""A simulated B2B SaaS company, week by week: what it knows about its accounts, and what happens to them.

The product sees `facts`. The world keeps the rest (health, dormancy, pauses) to itself, knows every
counterfactual, and hands out only what really happened, with its true, later date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.checks import BadParameter, moment, number
from payoff.records.suggestions import NOTHING
from payoff.records.time import DAY
from payoff.simulate.company import INDUSTRIES, LANGUAGES, OWNERS, PLANS, ROLES, found
from payoff.simulate.effects import ACTIONS, Effects, indices
from payoff.simulate.luck import Floats, Luck

WEEK = timedelta(days=7)
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
FIRST_VALUE, COMPLAINT, LEFT, RENEWED = "first_value", "complaint", "left", "renewed"
TERM_WEEKS = 13
REVIEW_WEEKS = 4
STEPS = 12
_LATE_WEEKS = 8  # how long a milestone or a complaint is remembered at the next renewal
_HORIZON = 120  # weeks for which newcomers are drawn beforehand
_NEVER = -10_000


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to an account; `amount` is 1 for yes/no outcomes, money in major units else."""

    unit: str
    name: str
    amount: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """The hidden state of some accounts in one week, one entry an account."""

    health: Floats
    dormant: NDArray[np.bool_]
    paused: NDArray[np.bool_]
    late: NDArray[np.int64]
    tickets: NDArray[np.int64]
    steps: NDArray[np.int64]


class World:
    """One company under one seed.

    `accounts` customers at the start; about as many sign up each week as leave. `start` is the Monday of week 0.
    Call `outcomes` for what people did in a week, then `step` to let the week pass.
    """

    def __init__(self, seed: int, accounts: int = 1500, start: datetime = START) -> None:
        number("accounts", accounts, low=10, high=10_000_000)
        self.start = moment("start", start)
        self.luck = Luck(seed)
        self.week = 0
        self.company = found(self.luck, accounts, self._newcomers(accounts))
        self.effects = Effects(self.company, self.luck)
        self._rows = {str(unit): row for row, unit in enumerate(self.company.id)}
        n, every = self.company.n, np.arange(self.company.n)
        tenure = np.maximum(0, -self.company.born)
        self._health = self.company.temper * 0.6 + 0.6 * self.luck.normal("health at first", every)
        self._dormant = (tenure > 8) & (self.luck.uniform("dormant at first", every) < 0.13)
        grown = np.round(tenure / 14 + 2.2 + 1.6 * self.luck.normal("steps at first", every))
        self._steps = np.where(self.company.born >= 0, 0, np.clip(grown, 0, STEPS)).astype(np.int64)
        self._reached = np.full(n, _NEVER)
        self._complained = np.full(n, _NEVER)
        self._left = np.full(n, -_NEVER)

    @property
    def now(self) -> datetime:
        """Monday morning of the current week."""
        return self.start + self.week * WEEK

    def active(self) -> list[str]:
        """The accounts that are customers this week."""
        return [str(u) for u in self.company.id[self._active()]]

    def due(self) -> list[str]:
        """The customers whose turn it is this week; everybody's comes once in four weeks."""
        return [
            str(u) for u in self.company.id[self._active() & (self.company.review == self.week % REVIEW_WEEKS)]
        ]

    def facts(self, units: Sequence[str]) -> dict[str, list[Any]]:
        """What the business would know about these accounts this Monday: one column a fact, plain values."""
        rows, c = self.rows(units), self.company
        state, luck = self.condition(rows), self.luck
        noise = luck.normal("login noise", rows, self.week)
        awake = np.clip(np.round(np.exp(1.1 - 0.6 * state.health + 0.5 * noise)), 0, 20)
        away = 22 + np.round(30 * luck.uniform("days away", rows, self.week // 2))
        quiet = state.dormant | state.paused
        logins = np.round(np.exp(2.6 + 0.45 * state.health + 0.3 * luck.normal("logins", rows, self.week)))
        used = 0.55 + 0.18 * state.health + 0.1 * luck.normal("seats used", rows) - 0.35 * state.dormant
        to_renewal = (c.term[rows] - self.week) % TERM_WEEKS * 7
        columns: dict[str, Any] = {
            "account": np.asarray(units),
            "name": c.name[rows],
            "contact": c.contact[rows],
            "role": np.array(ROLES)[c.role[rows]],
            "language": np.array(LANGUAGES)[c.language[rows]],
            "industry": np.array(INDUSTRIES)[c.industry[rows]],
            "plan": np.array(PLANS)[c.plan[rows]],
            "owner": np.array(OWNERS)[c.owner[rows]],
            "seats": c.seats[rows],
            "seats_used_share": np.round(np.clip(used, 0.02, 1.0), 2),
            "mrr": c.mrr[rows],
            "tenure_days": (self.week - c.born[rows]) * 7,
            "days_to_renewal": to_renewal,
            "days_since_login": np.where(quiet, away, awake).astype(np.int64),
            "logins_30d": np.where(quiet, np.minimum(logins // 8, 2), logins).astype(np.int64),
            "setup_steps_done": state.steps,
            "tickets_30d": state.tickets,
            "invoices_late": state.late,
        }
        return {name: np.asarray(values).tolist() for name, values in columns.items()}

    def true_effect(self, units: Sequence[str], action: str) -> Floats:
        """Probability points the action, if really done this week, adds to first value within 14 days."""
        (index,) = indices([action])
        if index < 0:
            return np.zeros(len(units))
        return self._lifts(self.rows(units))[:, index]

    def oracle(self, units: Sequence[str]) -> tuple[list[str], Floats]:
        """The best action for each account, *nothing* where all of them hurt, and its points."""
        lifts = self._lifts(self.rows(units))
        best = lifts.argmax(axis=1)
        points = lifts[np.arange(len(units)), best]
        return [ACTIONS[b] if p > 0 else NOTHING for b, p in zip(best, points, strict=True)], np.maximum(
            points, 0.0
        )

    def outcomes(
        self,
        units: Sequence[str],
        actions: Sequence[str],
        done: NDArray[np.bool_],
        done_days: Floats | None = None,
    ) -> list[Happening]:
        """What follows from this week for these accounts, within 14 days (complaints within 7).

        `done` says whether the action was really done; `done_days` when, counted from Monday: what an action
        causes comes after it. Ask once a week for an account.
        """
        rows, index = self.rows(units), indices(list(actions))
        acted = np.asarray(done, dtype=bool) & (index >= 0)
        which = np.maximum(index, 0)
        each = np.arange(rows.size)
        base = self._base(rows)
        lift = np.where(acted, self._lifts(rows)[each, which], 0.0)
        chance = self.luck.uniform("first value", rows, self.week)
        reached = chance < base + lift
        days = 0.3 + 13.3 * self.luck.uniform("first value day", rows, self.week)
        begun = np.zeros(rows.size) if done_days is None else np.nan_to_num(done_days)
        caused = reached & acted & (chance >= base)
        days = np.where(caused, np.clip(np.maximum(days, begun + 0.3), 0.3, 13.7), days)
        state = self.condition(rows)
        angry = 0.02 + 0.012 * state.tickets
        angry = angry + np.where(acted, self.effects.complaints(state.dormant)[each, which], 0.0)
        complained = self.luck.uniform("complaint", rows, self.week) < angry
        complaint_days = 1.0 + 5.5 * self.luck.uniform("complaint day", rows, self.week)
        self._reached[rows[reached]] = self.week
        self._complained[rows[complained]] = self.week
        return self._happenings(units, reached, FIRST_VALUE, days) + self._happenings(
            units, complained, COMPLAINT, complaint_days
        )

    def step(self) -> list[Happening]:
        """Let the week pass: contracts end (the account renews or leaves), health drifts, newcomers sign up."""
        c, every = self.company, np.arange(self.company.n)
        ends = np.flatnonzero(self._active() & (c.term == self.week % TERM_WEEKS) & (c.born < self.week - 4))
        leaves = self.luck.uniform("leaving", ends, self.week) < self._leaving(ends)
        days = 0.5 + 6.0 * self.luck.uniform("renewal day", ends, self.week)
        ending = [str(u) for u in c.id[ends]]
        happened = self._happenings(ending, leaves, LEFT, days)
        happened += self._happenings(ending, ~leaves, RENEWED, days, np.round(3 * c.mrr[ends], 2))
        self._left[ends[leaves]] = self.week
        won, hurt = self._reached == self.week, self._complained == self.week
        self._steps = np.minimum(STEPS, self._steps + won)
        drift = 0.30 * self.luck.normal("health", every, self.week)
        self._health = 0.9 * self._health + 0.1 * (0.8 * c.temper) + drift + 0.25 * won - 0.4 * hurt
        turn = self.luck.uniform("dormancy", every, self.week)
        old = (self.week - c.born) > 8
        self._dormant = np.where(self._dormant, turn > 0.02, old & (turn < 0.003))
        self.week += 1
        return happened

    def condition(self, rows: NDArray[np.int64]) -> Condition:
        """The hidden state this week; for the simulation's own people, never for a product."""
        luck = self.luck
        late = luck.uniform("late invoice", rows, self.week // 4) < 0.14
        paused = (luck.uniform("pause", rows, self.week // 8) < 0.05) & ~self._dormant[rows]
        tickets = -np.log(luck.uniform("tickets", rows, self.week // 2)) * np.exp(-0.3 * self._health[rows]) * 0.8
        return Condition(
            health=self._health[rows],
            dormant=self._dormant[rows],
            paused=paused,
            late=late.astype(np.int64) + (late & (luck.uniform("later", rows, self.week // 4) < 0.3)),
            tickets=np.minimum(tickets, 9).astype(np.int64),
            steps=self._steps[rows],
        )

    def rows(self, units: Sequence[str]) -> NDArray[np.int64]:
        """Positions of the accounts. Raises `BadParameter` for one the world does not know."""
        try:
            return np.array([self._rows[unit] for unit in units], dtype=np.int64)
        except KeyError as missing:
            raise BadParameter(
                f"the world has no account {missing}", mend="Ask `active()` who there is."
            ) from None

    def _active(self) -> NDArray[np.bool_]:
        return (self.company.born <= self.week) & (self._left >= self.week)

    def _newcomers(self, accounts: int) -> NDArray[np.int64]:
        weeks = np.arange(_HORIZON)
        mean = 0.0075 * accounts
        count = np.maximum(0, np.round(mean + np.sqrt(mean) * self.luck.normal("newcomers", weeks))).astype(
            np.int64
        )
        return np.repeat(weeks, count)

    def _base(self, rows: NDArray[np.int64]) -> Floats:
        """The chance of first value within 14 days when nobody does anything."""
        state = self.condition(rows)
        logit = -0.38 + 0.45 * state.health - 0.9 * state.dormant - 0.7 * state.paused - 0.1 * (state.steps < 2)
        return 1.0 / (1.0 + np.exp(-logit))

    def _lifts(self, rows: NDArray[np.int64]) -> Floats:
        state, base = self.condition(rows), self._base(rows)[:, None]
        points = self.effects.points(
            rows, early=state.steps < 4, late_invoice=state.late > 0, dormant=state.dormant
        )
        return np.clip(base + points, 0.02, 0.97) - base

    def _leaving(self, rows: NDArray[np.int64]) -> Floats:
        """The chance of leaving when the contract ends: less after first value and with more of it set up, more
        after a complaint."""
        state = self.condition(rows)
        recent = self._reached[rows] > self.week - _LATE_WEEKS
        hurt = self._complained[rows] > self.week - _LATE_WEEKS
        logit = (
            -2.12
            - 0.75 * state.health
            - 0.12 * (state.steps - 7)
            - 0.9 * recent
            + 1.3 * hurt
            + 0.6 * (state.late > 0)
            - 0.2 * state.dormant
        )
        return 1.0 / (1.0 + np.exp(-logit))

    def _happenings(
        self, units: Sequence[str], mask: NDArray[np.bool_], name: str, days: Floats, amount: Floats | None = None
    ) -> list[Happening]:
        return [
            Happening(
                units[int(i)], name, 1.0 if amount is None else float(amount[i]), self.now + float(days[i]) * DAY
            )
            for i in np.flatnonzero(mask)
        ]
