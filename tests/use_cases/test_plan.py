"""The plan: what these units can show, before the first day."""

from __future__ import annotations

import math

import pytest
from statsmodels.stats.power import NormalIndPower
from tests.small import running


def test_the_promise_agrees_with_the_textbook_at_the_cost_of_looking():
    made = running(40)
    plan = made.plan(units=10_000, base=0.4)
    first = next(p for p in plan.promises if p.metric == "first_value_14d")
    arm = 10_000 * 0.9 / 2
    looks = NormalIndPower().solve_power(None, nobs1=arm, alpha=0.05, power=0.8) * math.sqrt(0.24)
    assert first.release == pytest.approx(looks * math.sqrt(1.10), rel=0.001)
    assert first.stream > first.release


def test_a_base_that_is_not_known_is_the_least_favourable_one():
    plan = running(40).plan()
    assert plan.units == 40
    assert {(p.base, p.base_known) for p in plan.promises} == {(0.5, False)}
    assert all(p.release > 0.3 for p in plan.promises)  # forty units show next to nothing


def test_a_base_is_the_share_of_units_however_often_each_was_read():
    made = running(40)
    for i in range(40):
        for _ in range(3):
            made.outcome(f"acct-{i}", "left", 1.0 if i < 10 else 0.0)
    left = next(p for p in made.plan().promises if p.metric == "left_60d")
    assert (left.base, left.base_known) == (0.25, True)
