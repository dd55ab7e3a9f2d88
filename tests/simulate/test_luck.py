"""Luck belongs to a unit, a purpose and a week."""

from __future__ import annotations

import numpy as np

from payoff.simulate.luck import Luck


def test_the_same_key_gives_the_same_draw_and_another_seed_another_one() -> None:
    units = np.arange(1000)
    assert np.array_equal(Luck(7).uniform("a", units, 3), Luck(7).uniform("a", units, 3))
    assert not np.array_equal(Luck(7).uniform("a", units, 3), Luck(8).uniform("a", units, 3))


def test_a_units_draw_does_not_depend_on_who_else_is_asked_about() -> None:
    luck = Luck(1)
    assert luck.normal("health", np.arange(50), 4)[17] == luck.normal("health", [17], 4)[0]


def test_draws_are_uniform_and_normal() -> None:
    luck, units = Luck(5), np.arange(200_000)
    counts = np.histogram(luck.uniform("u", units, 2), bins=50, range=(0, 1))[0]
    assert ((counts - 4000.0) ** 2 / 4000.0).sum() < 85.4  # chi-squared, 49 degrees of freedom, 0.1%
    normal = luck.normal("n", units, 2)
    assert abs(normal.mean()) < 0.01
    assert abs(normal.std() - 1) < 0.01


def test_purposes_weeks_and_neighbours_are_unrelated() -> None:
    luck, units = Luck(5), np.arange(100_000)
    one = luck.normal("one", units, 1)
    for other in (luck.normal("two", units, 1), luck.normal("one", units, 2), np.roll(one, 1)):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.015


def test_picks_keep_their_shares() -> None:
    picked = Luck(3).pick("role", np.arange(100_000), (0.5, 0.3, 0.2))
    assert np.allclose(np.bincount(picked) / 100_000, (0.5, 0.3, 0.2), atol=0.01)
