"""Hard cases: the closer and the less sure the more is at stake, no ten alike, more changed than at random."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources

import numpy as np
import pyarrow as pa

from payoff.brief.read import read_brief, read_playbook
from payoff.features.batch import Batch
from payoff.feedback.rules import Label, learn
from payoff.learning.hard_cases import IN_A_CELL, MOST, Candidate, candidates, hardest
from payoff.policy.base import Proposal
from payoff.policy.catalogue import policy
from payoff.policy.training import Training
from payoff.simulate.world import World

ROLES, INDUSTRIES = ("admin", "finance", "founder", "lead", "sales"), ("care", "food", "retail", "travel")
FOLDER = resources.files("payoff.demo") / "product"
DEMO = read_brief((FOLDER / "payoff.toml").read_text()), read_playbook((FOLDER / "playbook.toml").read_text())


def candidate(
    row: int, gap: float = 10, sd: float = 50, alike: int = 20, role: str = "admin", industry: str = "care"
):
    return Candidate(row, role, industry, ("call", "mail"), gap, sd, alike)


def test_more_is_at_stake_where_the_two_are_closer_less_sure_and_more_look_alike() -> None:
    plain = candidate(0).stake({})
    assert candidate(0, gap=0).stake({}) > plain > candidate(0, gap=60).stake({})
    assert candidate(0, sd=80).stake({}) > plain
    assert candidate(0, alike=40).stake({}) == 2 * plain


def test_what_was_named_for_a_role_already_counts_less() -> None:
    named = {("admin", "call"): 0.5}
    assert candidate(0).stake(named) < candidate(0).stake({}) == candidate(0, role="sales").stake(named)


def test_no_ten_alike() -> None:
    same = [candidate(i, gap=0.1) for i in range(50)]
    spread = [candidate(100 + i, gap=30, role=ROLES[i % 5], industry=INDUSTRIES[i % 4]) for i in range(40)]
    chosen = hardest([*same, *spread])
    assert len(chosen) == MOST
    assert max(Counter((c.role, c.industry) for c in chosen).values()) <= IN_A_CELL
    assert len({c.role for c in chosen}) == len(ROLES)
    assert hardest([*same, *spread]) == chosen


def test_only_fit_actions_of_known_worth_are_offered_and_doing_nothing_is_not() -> None:
    nan = np.nan
    mean = np.array([[0.0, 5, 9, 7], [0, 5, nan, 7], [0, nan, nan, 7]])
    fit = np.array([[True, True, True, False], [True] * 4, [True] * 4])
    sd = np.where(np.isnan(mean), nan, 2.0)
    made = Proposal(("nothing", "a", "b", "c"), mean, sd, fit, mean)
    found = candidates(made, np.array(["x", "x", "y"], object), np.array(["", "", ""], object))
    assert [(c.row, c.actions, c.gap, c.alike) for c in found] == [
        (0, ("b", "a"), 4.0, 2),
        (1, ("c", "a"), 2.0, 2),
    ]


def changed(seed: int, right: float = 0.85) -> tuple[float, float]:
    """In a small simulated company: how far expected payoffs move (money, mean over accounts and actions).

    By twelve chosen cases, and by as many at random. Two experts know the better action with the chance `right`.
    """
    world, rng = World(seed, 160), np.random.default_rng(seed)
    units = world.active()
    facts = world.facts(units)
    role, industry = (np.array(facts[name], object) for name in ("role", "industry"))
    batch = Batch(tuple(units), pa.table(facts), role, industry, role, datetime(2026, 3, 2, tzinfo=UTC))
    effect = policy({"policy": "effect"}, *DEMO)
    names = effect.setting.actions  # type: ignore[attr-defined]
    truth = np.column_stack([world.true_effect(units, name) for name in names])
    fit = effect.setting.fit(batch)  # type: ignore[attr-defined]
    done = np.array([rng.choice(np.flatnonzero(row)) for row in fit])
    goal = (rng.random(len(batch)) < 0.35 + truth[np.arange(len(batch)), done]).astype(float)
    none, one = np.full(len(batch), np.nan), np.ones(len(batch))
    known = Training(batch, tuple(names[k] for k in done), 1 / fit.sum(axis=1), goal, none, none, one)

    def proposal(labels: list[Label]) -> Proposal:
        shifts = learn([], facts=(), actions={name: name for name in names}, labels=labels).shifts
        return effect.propose(batch, effect.learn(replace(known, fit_shift=dict(shifts))))

    before = proposal([])
    found = candidates(before, role, industry)

    def moved(cases: list[Candidate]) -> float:
        labels = []
        for i, case in enumerate(cases):
            first, second = sorted(case.actions, key=lambda a: -truth[case.row, names.index(a)])
            said = {who: first if rng.random() < right else second for who in ("ana", "ben")}
            if said["ana"] == said["ben"]:
                labels += [Label(f"{i}{who}", i, who, f"s{i}", said[who], case.role, 1) for who in said]
        return float(np.abs(proposal(labels).mean - before.mean).mean())

    return moved(hardest(found)), moved([found[i] for i in rng.choice(len(found), MOST, replace=False)])


def test_chosen_cases_change_the_model_more_than_random_ones_do() -> None:
    figures = np.array([changed(seed) for seed in range(1, 13)])
    chosen, random = figures.sum(axis=0)
    assert chosen > 1.1 * random, figures
