"""Distances of two distributions, beside the libraries that give the same figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import distance as scipy_distance

from payoff.stats import distance, srm

CASES = (
    ([500, 300, 200], [450, 250, 300], 0.05493061443340547, 0.08264388223971367),
    ([600, 400, 0], [500, 300, 200], 1.5664207645870358, 0.2741792529580201),
    ([999990, 5, 5, 0], [900000, 0, 50000, 50000], 1.6225821059004573, 0.1896086494743731),
    ([50, 30, 0, 20], [10, 0, 70, 20], 9.24156523159536, 0.6475719124453012),
)
"""Counts before and after, with the PSI and the Jensen-Shannon distance of Evidently 0.7.23."""


@pytest.mark.parametrize("before, after, index, jensen_shannon", CASES)
def test_index_and_distance_are_those_of_evidently_on_the_same_categories(
    before: list[int], after: list[int], index: float, jensen_shannon: float
) -> None:
    assert distance.stability_index(before, after) == pytest.approx(index, abs=1e-9)
    assert distance.jensen_shannon(before, after) == pytest.approx(jensen_shannon, abs=1e-9)


def test_the_distance_is_that_of_scipy_for_any_counts() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        before, after = rng.integers(0, 50, (2, 8))
        theirs = scipy_distance.jensenshannon(before, after)
        assert distance.jensen_shannon(before, after) == pytest.approx(theirs, abs=1e-9)


def test_chi_square_is_that_of_scipy_and_empty_cells_say_nothing() -> None:
    before, after = [40, 30, 0, 30], [25, 45, 0, 20]
    theirs = stats.chi2_contingency([[40, 30, 30], [25, 45, 20]], correction=False).pvalue
    assert distance.chi_square(before, after) == pytest.approx(theirs, abs=1e-12)
    assert distance.chi_square([5, 0], [9, 0]) == 1.0
    assert distance.chi_square([5, 4], [0, 0]) == 1.0


def test_taking_the_earlier_shares_for_exact_finds_more_than_there_is() -> None:
    before, after = [500, 300, 200], [450, 250, 300]
    evidently = 1.7674266793663002e-14
    assert srm.once(after, before) == pytest.approx(evidently, rel=1e-9)
    assert distance.chi_square(before, after) > 1e7 * evidently


def test_a_missing_side_has_no_distance() -> None:
    for figure in (distance.total_variation, distance.jensen_shannon, distance.kolmogorov):
        assert math.isnan(figure([1, 2], [0, 0]))


def test_total_variation_is_the_share_that_would_have_to_change() -> None:
    assert distance.total_variation([50, 50], [80, 20]) == pytest.approx(0.3)
    assert distance.total_variation([10, 0], [0, 7]) == 1.0


def test_kolmogorov_in_bins_is_no_larger_than_that_of_the_rows() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=500), rng.normal(0.3, size=400)
    exact = stats.ks_2samp(a, b).statistic
    for bins in (3, 10, 100):
        edges = np.linspace(-6, 6, bins + 1)
        found = distance.kolmogorov(np.histogram(a, edges)[0], np.histogram(b, edges)[0])
        assert found <= exact + 1e-12
    values = np.unique(np.concatenate([a, b]))
    each = [np.bincount(np.searchsorted(values, x), minlength=values.size) for x in (a, b)]
    assert distance.kolmogorov(*each) == pytest.approx(exact, abs=1e-9)


def buckets_of(units: np.ndarray, cell: np.ndarray) -> np.ndarray:
    place = np.ravel_multi_index((units % 20, cell), (20, 3))
    return np.bincount(place, minlength=60).reshape(20, 3)


def test_units_that_repeat_themselves_inflate_and_independent_rows_do_not() -> None:
    rng = np.random.default_rng(2)
    cell = rng.choice(3, 4000)
    unit = np.arange(4000)
    alone = distance.inflation(buckets_of(unit, cell), buckets_of(unit[::-1], rng.choice(3, 4000)))
    assert alone < 2
    nine = np.repeat(np.arange(4000), 9)
    repeated = distance.inflation(
        buckets_of(nine, np.repeat(cell, 9)), buckets_of(nine, np.repeat(rng.choice(3, 4000), 9))
    )
    assert 4 < repeated < 18
    assert distance.inflation(np.ones((1, 3)), np.ones((1, 3))) == 1.0


def test_chance_is_called_a_difference_about_as_often_as_promised_where_units_repeat() -> None:
    rng = np.random.default_rng(5)
    called = {"units": 0, "rows": 0}
    for _ in range(300):
        sides = []
        for _ in range(2):
            unit = np.repeat(np.arange(200), 10)
            sides.append(buckets_of(unit, np.repeat(rng.choice(3, 200), 10)))
        before, after = sides
        wider = distance.inflation(before, after)
        sums = before.sum(0), after.sum(0)
        called["rows"] += distance.chi_square(*sums) < 0.05
        called["units"] += distance.chi_square(*sums, inflation=wider, buckets=20) < 0.05
    assert called["rows"] > 150
    assert called["units"] < 30
