"""How evenly showings are spread, against definitions written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from payoff.stats import concentration


def test_gini_is_half_the_mean_difference_over_the_mean() -> None:
    rng = np.random.default_rng(0)
    x = rng.pareto(1.2, 300)
    written_out = np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())
    assert concentration.gini(x) == pytest.approx(written_out, abs=1e-9)


def test_gini_runs_from_even_to_one_takes_all() -> None:
    assert concentration.gini([7, 7, 7]) == pytest.approx(0.0)
    assert concentration.gini([0, 0, 0, 12]) == pytest.approx(0.75)
    assert math.isnan(concentration.gini([0, 0]))


def test_the_top_tenth_is_whole_items_and_at_least_one() -> None:
    assert concentration.top_share([5, 3, 2]) == pytest.approx(0.5)
    assert concentration.top_size(20) == 2
    assert concentration.top_size(21) == 3
    assert concentration.top_share(np.ones(50)) == pytest.approx(0.1)


def test_effective_numbers_are_the_number_of_equally_shown_items() -> None:
    assert concentration.effective_number([4, 4, 4, 0]) == pytest.approx(3.0)
    assert concentration.entropy_number([4, 4, 4, 0]) == pytest.approx(3.0)
    p = np.array([0.5, 0.3, 0.2])
    assert concentration.effective_number(p * 10) == pytest.approx(1 / (p**2).sum())
    assert concentration.entropy_number(p) == pytest.approx(math.exp(-(p * np.log(p)).sum()))


def test_a_small_sample_looks_as_varied_as_the_whole_only_unbiased() -> None:
    rng = np.random.default_rng(1)
    draws = [rng.multinomial(40, np.full(100, 0.01)) for _ in range(4000)]
    plain = np.mean([1 / concentration.effective_number(d) for d in draws])
    unbiased = np.mean([1 / concentration.effective_number(d, unbiased=True) for d in draws])
    assert plain > 0.03
    assert unbiased == pytest.approx(0.01, abs=0.001)
    assert concentration.effective_number([1, 1, 1], unbiased=True) == math.inf


def test_the_curve_rises_from_nothing_to_everything() -> None:
    found = concentration.curve([1, 1, 8, 0], [0, 0.25, 0.5, 1])
    assert found.tolist() == pytest.approx([0, 0.8, 0.9, 1.0])


def test_the_distance_by_chance_is_what_drawing_gives() -> None:
    rng = np.random.default_rng(2)
    p = rng.dirichlet(np.ones(30))
    for n in (1, 10, 400):
        drawn = [np.abs(rng.multinomial(n, p) / n - p).sum() / 2 for _ in range(4000)]
        assert concentration.chance_distance(p, n) == pytest.approx(np.mean(drawn), rel=0.02)
    assert math.isnan(concentration.chance_distance(p, 0))
