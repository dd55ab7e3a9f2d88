"""Agreement between annotators, against the published worked example and against Cohen's kappa's own ends."""

from __future__ import annotations

import numpy as np
import pytest

from payoff.stats.agreement import agreement, spread

# Krippendorff (2011), section C: four observers, twelve units, missing labels as ".".
_TABLE = [
    [1, 1, None, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [None, 5, 5, 5],
    [None, None, 1, 1],
    [None, None, 3, None],
]
"""A row a unit, a column an observer."""


def cases(table):
    return [[v for v in row if v is not None] for row in table]


def test_the_published_example() -> None:
    found = agreement(cases(_TABLE))
    assert found.alpha == pytest.approx(0.743, abs=5e-4)  # the figure the paper prints
    assert found.cases == 11  # the unit with one label says nothing
    assert found.same == 8


def test_two_observers_and_two_labels_by_hand() -> None:
    # The counts of Krippendorff (2011), section A: 4 of 10 pairs apart, 6 ones among 20 labels; alpha 0.095.
    a, b = "0100000000", "1110010010"
    found = agreement(list(zip(a, b, strict=True)))
    assert found.alpha == pytest.approx(0.095, abs=5e-4)
    assert found.same == 6


def test_all_the_same_and_nothing_to_compare() -> None:
    assert agreement([("x", "x"), ("y", "y")]).alpha == 1
    assert agreement([("x", "x"), ("x", "x")]).alpha is None
    assert agreement([("x",), ()]).alpha is None
    assert agreement([]).cases == 0


def test_labels_given_at_random_agree_no_more_than_chance() -> None:
    rng = np.random.default_rng(3)
    drawn = [agreement(rng.integers(0, 3, (400, 2)).tolist()).alpha for _ in range(30)]
    assert abs(float(np.mean(drawn))) < 0.02


def test_sides_that_mean_nothing_beyond_their_case_agree_by_chance_in_half_of_the_cases() -> None:
    rng = np.random.default_rng(4)
    sides = ("left", "right")
    drawn = [agreement(rng.choice(sides, (400, 2)).tolist(), tossed=sides).alpha for _ in range(30)]
    assert abs(float(np.mean(drawn))) < 0.02
    left = [("left", "left")] * 30  # the better one stood left each time: that is agreement, not a habit
    assert agreement(left).alpha is None
    assert agreement(left, tossed=sides).alpha == 1
    half = [("left", "left"), ("left", "right")] * 30
    assert agreement(half, tossed=sides).alpha == pytest.approx(0, abs=0.02)
    low, high = spread(half, tossed=sides) or (1.0, 1.0)
    assert low < 0 < high
    mixed = [("neither", "neither"), ("left", "right"), ("right", "neither")] * 4
    swapped = [("neither", "neither"), ("right", "left"), ("left", "neither")] * 4
    assert agreement(mixed, tossed=sides).alpha == agreement(swapped, tossed=sides).alpha


def test_it_does_not_matter_who_said_what_first() -> None:
    turned = [row[::-1] for row in cases(_TABLE)][::-1]
    assert agreement(turned).alpha == pytest.approx(agreement(cases(_TABLE)).alpha)


def test_the_range_holds_alpha_narrows_with_cases_and_is_the_same_each_time() -> None:
    rng = np.random.default_rng(5)
    few = [(a, a if rng.random() < 0.7 else b) for a, b in rng.integers(0, 3, (12, 2)).tolist()]
    low, high = spread(few) or (0.0, 0.0)
    assert low <= (agreement(few).alpha or 0) <= high
    assert spread(few) == (low, high)
    more_low, more_high = spread(few * 20) or (0.0, 0.0)
    assert more_high - more_low < (high - low) / 2
    assert spread(few[:4]) is None
    assert spread([("x", "x")] * 20) is None
