"""Bounds that may be looked at every day."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from payoff.checks import BadParameter
from payoff.stats.sequential import Always, Once, Planned, bounds, plan_bounds


def test_daily_looks_at_nothing_raise_the_planned_share_of_false_alarms(rng: np.random.Generator) -> None:
    looks, paths = 42, 40_000
    steps = rng.standard_normal((paths, looks)) / math.sqrt(looks)
    z = steps.cumsum(axis=1) / np.sqrt(np.arange(1, looks + 1) / looks)
    crossed = (z > np.array(plan_bounds(looks, 0.025))).any(axis=1).mean()
    assert crossed == pytest.approx(0.025, abs=0.0025)
    naive = (z > 1.96).any(axis=1).mean()
    assert naive > 0.1


def test_a_single_planned_look_is_a_plain_test() -> None:
    assert bounds((1.0,), 0.025)[0] == pytest.approx(stats.norm.isf(0.025))
    assert Once().critical(0.025, 10) == pytest.approx(stats.norm.isf(0.025))


def test_bounds_fall_as_the_plan_goes_on() -> None:
    found = plan_bounds(56, 0.025)
    assert all(a > b for a, b in itertools.pairwise(found))
    assert found[-1] == pytest.approx(2.267, abs=0.002)


def test_past_the_end_the_last_bound_stays() -> None:
    assert Planned(80, 56).critical(0.05, 100) == Planned(56, 56).critical(0.05, 100)


def test_before_the_first_window_nothing_can_be_said() -> None:
    assert Planned(0, 42).critical(0.05, 100) == math.inf
    assert Planned(5, -4).critical(0.05, 100) == math.inf


def test_looking_for_ever_is_honest_and_wider(rng: np.random.Generator) -> None:
    always = Always(tuned=500)
    n = np.arange(2, 2001)
    z = rng.standard_normal((3000, 2000)).cumsum(axis=1)[:, 1:] / np.sqrt(n)
    edge = np.array([always.critical(0.025, float(k)) for k in n])
    burn = n >= 20
    assert (z[:, burn] > edge[burn]).any(axis=1).mean() <= 0.025
    assert edge.min() > 2.4


def test_times_must_rise() -> None:
    with pytest.raises(BadParameter):
        bounds((0.5, 0.5, 1.0), 0.05)
