"""Means, ratios and differences against numpy, statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from statsmodels.stats.proportion import proportion_confint

from payoff.aggregates import Sums
from payoff.stats import compare


def test_a_plain_difference_is_welchs(rng: np.random.Generator) -> None:
    a, b = rng.normal(5, 2, 300), rng.normal(4.8, 3, 270)
    found = compare.difference(Sums.of(a), Sums.of(b))
    oracle = scipy_stats.ttest_ind(a, b, equal_var=False)
    interval = oracle.confidence_interval()
    assert found.value == pytest.approx(a.mean() - b.mean(), rel=1e-9)
    assert found.se == pytest.approx(np.sqrt(a.var(ddof=1) / 300 + b.var(ddof=1) / 270), rel=1e-9)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-9)


def test_a_ratio_of_sums_is_clustered_by_unit(rng: np.random.Generator) -> None:
    unit = rng.integers(0, 400, 3000)
    y = rng.random(3000) + 0.5 * rng.random(400)[unit]
    per_unit = np.bincount(unit, y, 400)
    members = np.bincount(unit, minlength=400).astype(float)
    found = compare.mean(Sums.of(per_unit, members))
    oracle = sm.OLS(y, np.ones(3000)).fit(cov_type="cluster", cov_kwds={"groups": unit, "use_correction": False})
    assert found.value == pytest.approx(oracle.params[0], rel=1e-9)
    assert found.se == pytest.approx(oracle.bse[0] * np.sqrt(400 / 399), rel=1e-9)


def test_repeats_of_a_unit_do_not_make_it_surer(rng: np.random.Generator) -> None:
    y = rng.random(50)
    once, often = Sums.of(y), Sums.of(9 * y, np.full(50, 9.0))
    assert compare.mean(often).se == pytest.approx(compare.mean(once).se)


def test_a_share_keeps_its_interval_inside_nought_and_one() -> None:
    none = compare.mean(Sums.of(np.zeros(30)), share=True)
    low, high = proportion_confint(0, 30, method="wilson")
    assert (none.low, none.high) == pytest.approx((low, high), abs=1e-12)


def test_no_events_in_either_arm_are_not_certainty() -> None:
    found = compare.difference(Sums.of(np.zeros(30)), Sums.of(np.zeros(30)), share=True)
    assert found.value == 0
    assert found.se == pytest.approx(np.sqrt(2 * (1 / 32) * (31 / 32) / 32))


def test_one_unit_says_nothing() -> None:
    found = compare.difference(Sums.of(np.ones(1)), Sums.of(np.ones(9)))
    assert found.value is None


def test_stages_are_compared_within_themselves() -> None:
    """The base rate falls while the challenger's share rises: pooling would invent a loss."""
    early = (Sums.of(np.repeat([1.0, 0.0], [8, 2])), Sums.of(np.repeat([1.0, 0.0], [80, 20])))
    late = (Sums.of(np.repeat([1.0, 0.0], [50, 50])), Sums.of(np.repeat([1.0, 0.0], [5, 5])))
    assert compare.stratified([early, late]).value == pytest.approx(0)
    pooled = compare.difference(early[0] + late[0], early[1] + late[1]).value
    assert pooled is not None
    assert pooled < -0.2


def test_a_stage_with_one_arm_is_left_out() -> None:
    pair = (Sums.of(np.array([0.0, 1, 1])), Sums.of(np.array([0.0, 0, 1])))
    alone = (Sums.of(np.array([1.0, 1, 1])), Sums())
    assert compare.stratified([pair, alone]).value == compare.stratified([pair]).value


def test_the_t_map_goes_there_and_back() -> None:
    assert compare.to_z(compare.to_t(2.3, 19), 19) == pytest.approx(2.3)
    assert compare.to_t(2.3, 19) > 2.3


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=30), st.integers(1, 29))
def test_sums_of_parts_are_sums_of_the_whole(values: list[float], cut: int) -> None:
    y = np.array(values)
    parts = Sums.of(y[:cut]) + Sums.of(y[cut:])
    whole = Sums.of(y)
    assert parts.y == pytest.approx(whole.y, abs=1e-6)
    assert parts.yy == pytest.approx(whole.yy, abs=1e-6)
    assert parts.n == whole.n
