"""A split that is not the planned one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from payoff.stats import srm


def test_the_planned_split_raises_no_alarm_however_often_one_looks(rng: np.random.Generator) -> None:
    alarms = 0
    for _ in range(300):
        arrivals = rng.multinomial(60, [0.9, 0.1], 40)
        found, _ = srm.sequential(arrivals, [0.9, 0.1])
        alarms += found.alarm
    assert alarms <= 6


def test_a_tenth_too_many_is_found(rng: np.random.Generator) -> None:
    found, by_day = srm.sequential(rng.multinomial(200, [0.6, 0.4], 20), [0.5, 0.5])
    assert found.alarm
    assert (np.diff(by_day) <= 0).all()


def test_an_alarm_stays_though_later_days_look_fine() -> None:
    bad, good = [[300, 100]], [[500, 500]] * 50
    assert srm.sequential(bad + good, [0.5, 0.5])[0].alarm


def test_nobody_is_no_mismatch() -> None:
    assert not srm.sequential(np.zeros((0, 2)), [0.5, 0.5])[0].alarm


def test_one_look_is_the_chi_square() -> None:
    assert srm.once([4400, 4600], [1, 1]) == pytest.approx(stats.chisquare([4400, 4600]).pvalue)


def test_an_arm_without_a_share_is_refused() -> None:
    with pytest.raises(ValueError, match="planned share"):
        srm.sequential([[1, 2]], [1.0, 0.0])
