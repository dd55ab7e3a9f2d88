"""Uplift: against plain formulas, against resampling, and in a world whose effects are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from payoff.stats import uplift
from payoff.stats.uplift import Cells

BANDS = 20


def cells_of(
    band: np.ndarray,
    treated: np.ndarray,
    y: np.ndarray,
    w: np.ndarray | None = None,
    unit: np.ndarray | None = None,
) -> Cells:
    """Rows as cells, the plain way."""
    w = np.ones(y.size) if w is None else w
    bucket = np.zeros(y.size, int) if unit is None else unit
    shape = (int(band.max()) + 1, 2, int(bucket.max()) + 1)
    sums = []
    for x in (np.ones(y.size), w, w * y, w * w, w * w * y, w * w * y * y):
        into = np.zeros(shape)
        np.add.at(into, (band, treated.astype(int), bucket), x)
        sums.append(into)
    return Cells(*sums)


def world(rng: np.random.Generator, n: int = 8000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Treatment by a coin; the effect grows from 0 at the bottom to 0.3 at the top."""
    score = rng.random(n)
    treated = rng.random(n) < 0.4
    y = (rng.random(n) < 0.2 + 0.1 * score + 0.3 * score * treated).astype(float)
    band = np.minimum(((1 - score) * BANDS).astype(int), BANDS - 1)
    return band, treated, y


def test_the_effect_on_all_is_the_difference_of_means_with_welchs_standard_error(rng: np.random.Generator) -> None:
    band, treated, y = world(rng)
    found = uplift.figure(cells_of(band, treated, y), uplift.effect())
    assert found is not None
    a, b = y[treated], y[~treated]
    assert found.value == pytest.approx(a.mean() - b.mean(), abs=1e-12)
    assert found.error == pytest.approx(np.sqrt(a.var() / a.size + b.var() / b.size), rel=1e-12)
    welch = stats.ttest_ind(a, b, equal_var=False)
    assert found.value / found.error == pytest.approx(welch.statistic, rel=1e-3)


def test_the_qini_curve_is_radcliffes(rng: np.random.Generator) -> None:
    band, treated, y = world(rng)
    made = cells_of(band, treated, y)
    share, g = uplift.curve(made.w.sum(2), made.y.sum(2))
    area = 0.0
    for k in range(BANDS + 1):
        in_top = band < k
        t, c = in_top & treated, in_top & ~treated
        plain = (y[t].sum() - (y[c].sum() * t.sum() / c.sum() if k else 0.0)) / treated.sum()
        assert g[k] == pytest.approx(plain, abs=1e-12)
        assert share[k] == pytest.approx(in_top.mean(), abs=1e-12)
    area = float(np.trapezoid(g - share * g[-1], share))
    found = uplift.figure(made, uplift.qini)
    assert found is not None and found.value == pytest.approx(area, abs=1e-12)


@pytest.mark.parametrize("statistic", [uplift.qini, uplift.gain(0.3), uplift.top_against_rest(0.25)])
def test_the_standard_error_is_that_of_resampling(rng: np.random.Generator, statistic: uplift.Statistic) -> None:
    band, treated, y = world(rng, 3000)
    found = uplift.figure(cells_of(band, treated, y), statistic)
    assert found is not None
    drawn = []
    for _ in range(600):
        at = rng.integers(0, y.size, y.size)
        made = cells_of(band[at], treated[at], y[at])
        drawn.append(float(statistic(made.w.sum(2), made.y.sum(2))))
    assert found.error == pytest.approx(np.std(drawn), rel=0.1)


@pytest.mark.parametrize("statistic", [uplift.qini, uplift.gain(0.3), uplift.top_against_rest(0.25)])
def test_rows_without_repetition_and_buckets_of_them_agree(
    rng: np.random.Generator, statistic: uplift.Statistic
) -> None:
    band, treated, y = world(rng, 20_000)
    by_row = uplift.figure(cells_of(band, treated, y), statistic)
    by_bucket = uplift.figure(cells_of(band, treated, y, unit=rng.integers(0, 400, y.size)), statistic)
    assert by_row is not None and by_bucket is not None
    assert by_bucket.value == pytest.approx(by_row.value, abs=1e-12)
    assert by_bucket.error == pytest.approx(by_row.error, rel=0.15)


def test_units_that_come_ten_times_widen_the_interval(rng: np.random.Generator) -> None:
    band, treated, y = (np.repeat(x, 10) for x in world(rng, 4000))
    unit = np.repeat(rng.integers(0, 200, 4000), 10)
    once = uplift.figure(cells_of(band, treated, y), uplift.effect())
    told = uplift.figure(cells_of(band, treated, y, unit=unit), uplift.effect())
    assert once is not None and told is not None
    assert told.error == pytest.approx(once.error * np.sqrt(10), rel=0.2)


def test_intervals_cover_the_truth_as_often_as_they_say(rng: np.random.Generator) -> None:
    """The curve is g(φ) = 0.3·(φ − φ²/2), so the area is 0.025 and the gain at 0.3 is 0.3·(0.255 − 0.15)."""
    truths = ((uplift.qini, 0.025), (uplift.gain(0.3), 0.3 * 0.105), (uplift.top_against_rest(0.3), 0.255 - 0.105))
    inside = np.zeros(len(truths))
    for _ in range(300):
        made = cells_of(*world(rng, 2000))
        for i, (statistic, truth) in enumerate(truths):
            found = uplift.figure(made, statistic)
            assert found is not None
            low, high = found.interval()
            inside[i] += low <= truth <= high
    assert (inside >= 0.91 * 300).all(), inside


def test_weights_undo_a_treatment_given_more_often_to_some(rng: np.random.Generator) -> None:
    n = 60_000
    group = rng.random(n) < 0.5
    p = np.where(group, 0.8, 0.2)
    treated = rng.random(n) < p
    y = (rng.random(n) < 0.1 + 0.4 * group + 0.05 * treated).astype(float)
    w = 1 / np.where(treated, p, 1 - p)
    band = np.zeros(n, int)
    plain = uplift.figure(cells_of(band, treated, y), uplift.effect())
    weighted = uplift.figure(cells_of(band, treated, y, w), uplift.effect())
    assert plain is not None and weighted is not None
    assert plain.value > 0.2
    low, high = weighted.interval()
    assert low < 0.05 < high and high - low < 0.04
    means = [np.average(y[treated == k], weights=w[treated == k]) for k in (True, False)]
    assert weighted.value == pytest.approx(means[0] - means[1], abs=1e-12)


def test_the_effective_number_of_rows_is_that_of_kish(rng: np.random.Generator) -> None:
    treated, w = rng.random(500) < 0.5, rng.random(500) + 0.1
    made = cells_of(np.zeros(500, int), treated, np.zeros(500), w)
    assert made.effective() == pytest.approx(min(w[k].sum() ** 2 / (w[k] ** 2).sum() for k in (treated, ~treated)))


def test_a_band_on_the_edge_is_taken_in_part() -> None:
    w = np.array([[10.0, 10.0], [30.0, 30.0], [10.0, 10.0]])
    assert uplift.taken(w, 0.5).tolist() == [1.0, 0.5, 0.0]


def test_an_empty_arm_has_no_effect() -> None:
    made = cells_of(np.zeros(40, int), np.ones(40, bool), np.ones(40))
    assert uplift.figure(made, uplift.effect()) is None


def test_an_outcome_to_prevent_turns_the_sign(rng: np.random.Generator) -> None:
    made = cells_of(*world(rng))
    ours, theirs = (uplift.figure(c, uplift.qini) for c in (made, made.scaled(-1.0)))
    assert ours is not None and theirs is not None
    assert ours.value == -theirs.value and ours.error == pytest.approx(theirs.error)
