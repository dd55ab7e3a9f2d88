"""Counts against what is usual: by hand, against chance, and against a planted rise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from payoff.monitors.control import STALE, USUAL, judge, since

N = np.full(26, 100.0)


def test_nothing_is_judged_before_enough_weeks_are_known() -> None:
    found = judge(np.full(USUAL + 1, 5.0), N[: USUAL + 1])
    assert [j.usual for j in found] == [None] * USUAL + [0.05]


def test_the_rate_of_the_weeks_before_is_usual_and_the_limit_is_where_one_week_alone_alarms() -> None:
    counts = np.array([4.0, 6, 5, 5, 4, 6, 5])
    judged = judge(counts, N[:7])[-1]
    assert judged.usual == pytest.approx(0.05)
    assert judged.limit is not None
    before = counts[:6]
    for more, alarm in ((0.6, True), (-0.6, False)):
        again = judge(np.append(before, judged.limit * 100 + more), N[:7])[-1]
        assert again.alarm is alarm


def test_the_limit_is_the_count_that_chance_exceeds_once_in_thirty_thousand_weeks() -> None:
    counts = np.array([20.0] * 6 + [20])
    limit = judge(counts, N[:7])[-1].limit
    assert limit is not None
    # z = 4 from the predictive of a Poisson rate seen 120.5 times in 600
    beyond = stats.nbinom.sf(limit * 100 - 0.5, 120.5, 600 / 700)
    assert stats.norm.sf(4) / 2 < beyond < stats.norm.sf(4) * 2


def test_a_week_in_which_nobody_met_anything_is_passed_over() -> None:
    exposures = N[:9].copy()
    exposures[7] = 0
    found = judge(np.array([5.0] * 7 + [0, 5]), exposures)
    assert found[7].usual is None and not found[7].alarm
    assert found[8].usual == pytest.approx(0.05)


def test_an_old_alarm_becomes_what_is_usual() -> None:
    counts = np.array([5.0] * 8 + [30.0] * 14)
    found = judge(counts, N[:22])
    alarms = [i for i, j in enumerate(found) if j.alarm]
    assert alarms == list(range(8, 8 + STALE))
    assert [i for i, j in enumerate(found) if j.renewed] == [8 + STALE]
    assert found[-1].usual == pytest.approx(0.3)


def test_a_rise_that_ends_stops_the_alarm_within_weeks() -> None:
    counts = np.array([5.0] * 8 + [30.0] * 2 + [5.0] * 8)
    alarms = [i for i, j in enumerate(judge(counts, N[:18])) if j.alarm]
    assert alarms[0] == 8
    assert alarms[-1] < 14


def poisson(luck: np.random.Generator, n: np.ndarray) -> np.ndarray:
    return luck.poisson(0.08 * n).astype(float)


def rare(luck: np.random.Generator, n: np.ndarray) -> np.ndarray:
    return luck.poisson(0.005 * n).astype(float)


def wide(luck: np.random.Generator, n: np.ndarray) -> np.ndarray:
    """Weeks that scatter three times as much as independent counts would."""
    return luck.negative_binomial(0.045 * n, 1 / 3).astype(float)


@pytest.mark.parametrize("make", [poisson, rare, wide])
def test_chance_alone_alarms_rarely(make) -> None:
    luck, runs, quarters = np.random.default_rng(1), 0, 0.0
    for _ in range(300):
        n = luck.poisson(100, 26) + 1.0
        alarms = [j.alarm for j in judge(make(luck, n), n)]
        runs += sum(now and not before for before, now in zip([False, *alarms], alarms, strict=False))
        quarters += (26 - USUAL) / 13
    # four kinds together: 0.4 a quarter at the very most, and by the reckoning 0.26
    assert runs / quarters <= 0.1


@pytest.mark.parametrize(("make", "found"), [(poisson, 0.75), (wide, 0.5)])
def test_three_times_as_much_is_found_within_a_month(make, found: float) -> None:
    luck, hits = np.random.default_rng(2), 0
    for _ in range(100):
        n = luck.poisson(100, 22) + 1.0
        counts = make(luck, n)
        counts[18:] = make(luck, 3 * n[18:])
        hits += any(j.alarm for j in judge(counts, n)[18:])
    assert hits / 100 >= found


def test_a_lasting_change_is_dated_to_the_week_it_began() -> None:
    off = np.array([0.5, -0.5, 0.3, -0.2, 4.0, 3.5, 4.2])
    assert since(off, np.ones(7)) == 4
