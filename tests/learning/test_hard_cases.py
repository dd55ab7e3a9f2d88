"""Hard cases: the closer and the less sure the more is at stake, no ten alike, better than drawn by chance."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources

import numpy as np
import pyarrow as pa
import pytest

from payoff.brief.read import read_brief, read_playbook
from payoff.features.batch import Batch
from payoff.feedback.rules import Label, learn
from payoff.learning.hard_cases import IN_A_CELL, MOST, Candidate, Kind, candidates, hardest, kinds
from payoff.policy.base import Proposal
from payoff.policy.catalogue import policy
from payoff.policy.training import Training
from payoff.simulate.world import World

ROLES, INDUSTRIES = ("admin", "finance", "founder", "lead", "sales"), ("care", "food", "retail", "travel")
FOLDER = resources.files("payoff.demo") / "product"
DEMO = read_brief((FOLDER / "payoff.toml").read_text()), read_playbook((FOLDER / "playbook.toml").read_text())


def candidate(row: int, gap: float = 10, sd: float = 50, role: str = "admin", industry: str = "care", **more):
    return Candidate(row, role, industry, more.get("actions", ("call", "mail")), gap, sd)


def stake(*cases: Candidate, asked=None) -> float:
    return Kind.of(cases).stake(asked or {})


def test_more_is_at_stake_where_the_two_are_closer_less_sure_and_more_units_hang_on_it() -> None:
    plain = stake(candidate(0))
    assert stake(candidate(0, gap=0)) > plain > stake(candidate(0, gap=60))
    assert stake(candidate(0, sd=80)) > plain
    assert stake(candidate(0), candidate(1)) == pytest.approx(2 * plain)


def test_what_was_named_for_a_role_already_counts_less() -> None:
    named = {("admin", "call"): 0.5}
    assert stake(candidate(0), asked=named) < stake(candidate(0))
    assert stake(candidate(0, role="sales"), asked=named) == stake(candidate(0))


def test_a_kind_is_a_role_and_two_actions_in_no_order() -> None:
    a, b = candidate(0), candidate(1, gap=90, actions=("mail", "call"))
    found = kinds([b, a, candidate(2, role="sales"), candidate(3, actions=("call", "visit"))])
    assert [[c.row for c in kind.cases] for kind in found] == [[0, 1], [3], [2]]


def test_the_case_in_the_middle_speaks_for_its_kind() -> None:
    kind = [candidate(i, gap=10 * i, industry=INDUSTRIES[i % 4]) for i in range(7)]
    assert hardest(kind, 1) == [kind[3]]


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
    assert [(c.row, c.actions, c.gap) for c in found] == [
        (0, ("b", "a"), 4.0),
        (1, ("c", "a"), 2.0),
    ]


def gained(seed: int, right: float = 0.85, draws: int = 4) -> tuple[float, float]:
    """In a small simulated company: what new decisions are worth more than the old, by the truth (money a unit).

    By twelve chosen cases, and by as many at random. Two experts know the better action with the chance `right`.
    """
    world, rng = World(seed, 160), np.random.default_rng(seed)
    units = world.active()
    facts = world.facts(units)
    role, industry = (np.array(facts[name], object) for name in ("role", "industry"))
    batch = Batch(tuple(units), pa.table(facts), role, industry, role, datetime(2026, 3, 2, tzinfo=UTC))
    effect = policy({"policy": "effect"}, *DEMO)
    setting = effect.setting  # type: ignore[attr-defined]
    names, fit = setting.actions, setting.fit(batch)
    truth = np.column_stack([world.true_effect(units, name) for name in names])
    worth = truth * setting.worth - setting.costs
    done = np.array([rng.choice(np.flatnonzero(row)) for row in fit])
    goal = (rng.random(len(batch)) < 0.35 + truth[np.arange(len(batch)), done]).astype(float)
    none, one = np.full(len(batch), np.nan), np.ones(len(batch))
    known = Training(batch, tuple(names[k] for k in done), 1 / fit.sum(axis=1), goal, none, none, one)

    def proposal(labels: list[Label]) -> Proposal:
        shifts = learn([], facts=(), actions={name: name for name in names}, labels=labels).shifts
        return effect.propose(batch, effect.learn(replace(known, fit_shift=dict(shifts))))

    def decided(made: Proposal) -> np.ndarray:
        return worth[np.arange(len(batch)), np.where(fit, made.preference, -np.inf).argmax(axis=1)]

    before = proposal([])
    found = candidates(before, role, industry)

    def gain(cases: list[Candidate]) -> float:
        labels = []
        for i, case in enumerate(cases):
            first, second = sorted(case.actions, key=lambda a: -worth[case.row, names.index(a)])
            said = {who: first if rng.random() < right else second for who in ("ana", "ben")}
            if said["ana"] == said["ben"]:
                labels += [Label(f"{i}{who}", i, who, f"s{i}", said[who], case.role, 1) for who in said]
        return float((decided(proposal(labels)) - decided(before)).mean())

    chosen = [gain(hardest(found)) for _ in range(draws)]
    drawn = [gain([found[i] for i in rng.choice(len(found), MOST, replace=False)]) for _ in range(draws)]
    return float(np.mean(chosen)), float(np.mean(drawn))


def test_chosen_cases_help_more_than_random_ones_do() -> None:
    figures = np.array([gained(seed) for seed in range(101, 113)])
    chosen, drawn = figures.sum(axis=0)
    assert chosen > 1.1 * drawn > 0, figures
