"""What a plan can show."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower

from payoff.stats import power


def test_units_and_smallest_effect_agree() -> None:
    n = power.units_needed(0.5, 0.05, looks=False)
    assert power.detectable(0.5, n / 2, n / 2, looks=False).detectable == pytest.approx(0.05, rel=1e-3)


def test_one_look_is_the_textbook_power() -> None:
    oracle = NormalIndPower().solve_power(effect_size=0.1, alpha=0.05, power=0.8)
    assert power.units_needed(1.0, 0.1, looks=False) == math.ceil(2 * oracle)


def test_the_planned_power_is_reached(rng: np.random.Generator) -> None:
    plan = power.detectable(1.0, 300, 300, looks=False)
    z = rng.normal(plan.detectable / math.sqrt(2 / 300), 1, 20_000)
    assert (abs(z) > 1.96).mean() == pytest.approx(0.8, abs=0.01)


def test_an_uneven_split_costs_units() -> None:
    assert power.units_needed(0.5, 0.05, share=0.1) > 2.5 * power.units_needed(0.5, 0.05)


def test_an_empty_arm_finds_nothing() -> None:
    assert power.detectable(0.5, 100, 0).detectable == math.inf


def test_days_follow_from_the_square_of_the_error() -> None:
    assert power.days_more(se=0.02, value=0.02, margin=0.0, critical=2.0, elapsed=10) == 30
    assert power.days_more(se=0.02, value=-0.02, margin=0.0, critical=2.0, elapsed=10) is None
    assert power.days_more(se=0.02, value=-0.02, margin=0.06, critical=2.0, elapsed=10) == 1
