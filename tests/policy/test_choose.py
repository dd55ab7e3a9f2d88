from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from payoff.checks import BadParameter
from payoff.policy.base import Proposal
from payoff.policy.choose import capacity, choose

ACTIONS = ("nothing", "a", "b", "c")


def proposal(preference: np.ndarray, fit: np.ndarray | None = None) -> Proposal:
    shape = preference.shape
    names = ("nothing", *(f"a{k}" for k in range(1, shape[1])))
    allowed = np.ones(shape, bool) if fit is None else fit
    return Proposal(names, preference, np.ones(shape), allowed, preference)


@st.composite
def proposals(draw: st.DrawFn) -> tuple[Proposal, float, int]:
    n, K, seed = draw(st.integers(0, 40)), draw(st.integers(1, 7)), draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    preference = rng.normal(size=(n, K)).round(1)  # rounded: ties happen
    preference[rng.random((n, K)) < 0.1] = np.nan
    return proposal(preference, rng.random((n, K)) < 0.7), draw(st.sampled_from([0.0, 0.005, 0.1, 0.5])), seed


@given(proposals(), st.integers(0, 30))
@settings(deadline=None, max_examples=150)
def test_probabilities_are_probabilities_and_the_logged_one_is_the_drawn_one(
    made: tuple[Proposal, float, int], limit: int
) -> None:
    of, explore, seed = made
    drawn = choose(of, explore=explore, rng=np.random.default_rng(seed))
    for choice in (drawn, capacity(drawn, of, limit)):
        rows = np.arange(len(of))
        assert np.allclose(choice.probabilities.sum(axis=1), 1.0)
        assert (choice.probabilities >= 0).all()
        assert np.array_equal(choice.propensity, choice.probabilities[rows, choice.action])
        assert (choice.propensity > 0).all()
        unfit = ~of.fit
        unfit[:, 0] = False  # doing nothing is always fit
        assert (choice.probabilities[unfit] == 0).all()
        assert np.array_equal(choice.explored, choice.action != choice.greedy)


def test_drawn_actions_come_as_often_as_logged() -> None:
    n = 100_000
    of = proposal(np.tile([0.0, 3.0, 2.0, 1.0], (n, 1)))
    choice = choose(of, explore=0.05, rng=np.random.default_rng(11))
    counts = np.bincount(choice.action, minlength=4)
    assert chisquare(counts, n * np.array([0.05, 0.85, 0.05, 0.05])).pvalue > 0.001


def test_under_a_capacity_drawn_actions_still_come_as_often_as_logged() -> None:
    n = 100_000
    of = proposal(np.tile([0.0, 3.0, 2.0, 1.0], (n, 1)) * np.linspace(0.5, 1.5, n)[:, None])
    choice = capacity(choose(of, explore=0.02, rng=np.random.default_rng(12)), of, 30_000)
    for greedy in (0, 1):
        rows = choice.greedy == greedy
        expected = choice.probabilities[rows].sum(axis=0)
        counts = np.bincount(choice.action[rows], minlength=4)
        assert chisquare(counts, expected).pvalue > 0.001
    assert abs((choice.action > 0).sum() - 30_000) < 500


def test_inverse_propensities_recover_what_any_action_is_worth() -> None:
    """Why the propensity must be right: the weighted mean of a known reward is that reward."""
    n, rng = 200_000, np.random.default_rng(13)
    gain = rng.normal(size=(n, 3))
    of = proposal(np.column_stack([np.zeros(n), gain[:, 1:]]))
    choice = capacity(choose(of, explore=0.05, rng=rng), of, 60_000)
    reward = gain[np.arange(n), choice.action] + 1.0
    for k in range(3):
        estimate = np.mean((choice.action == k) * reward / choice.propensity)
        assert estimate == pytest.approx(1.0 + gain[:, k].mean(), abs=0.05)


def test_capacity_goes_to_those_who_gain_most() -> None:
    of = proposal(np.column_stack([np.zeros(6), [5.0, 1, 4, 2, 3, -1]]))
    choice = capacity(choose(of, explore=0.0, rng=np.random.default_rng(0)), of, 2)
    assert choice.action.tolist() == [1, 0, 1, 0, 0, 0]
    assert choice.propensity.tolist() == [1.0] * 6


def test_no_capacity_leaves_everybody_alone_and_says_so() -> None:
    of = proposal(np.column_stack([np.zeros(50), np.ones(50)]))
    choice = capacity(choose(of, explore=0.1, rng=np.random.default_rng(0)), of, 0)
    assert (choice.action == 0).all()
    assert (choice.propensity == 1.0).all()


def test_exploring_takes_no_more_than_half_of_a_small_capacity() -> None:
    of = proposal(np.column_stack([np.zeros(10_000), np.ones(10_000), np.ones(10_000)]))
    choice = capacity(choose(of, explore=0.01, rng=np.random.default_rng(3)), of, 40)
    assert (choice.greedy > 0).sum() == 20
    assert 20 <= (choice.action > 0).sum() <= 65


def test_a_capacity_nobody_reaches_changes_nothing() -> None:
    of = proposal(np.column_stack([np.zeros(20), np.linspace(-1, 1, 20)]))
    choice = choose(of, explore=0.01, rng=np.random.default_rng(3))
    assert np.array_equal(capacity(choice, of, 1000).action, choice.action)


def test_who_may_not_be_contacted_is_left_alone_for_sure() -> None:
    of = proposal(np.column_stack([np.zeros(4), np.ones(4), np.ones(4)]))
    for allow in (np.zeros(4, bool), np.zeros((4, 3), bool)):
        choice = choose(of, explore=0.2, rng=np.random.default_rng(0), allow=allow)
        assert (choice.action == 0).all()
        assert (choice.propensity == 1.0).all()


def test_one_action_may_be_barred_while_others_stay() -> None:
    of = proposal(np.tile([0.0, 2.0, 1.0], (5, 1)))
    allow = np.array([[True, False, True]] * 5)
    choice = choose(of, explore=0.0, rng=np.random.default_rng(0), allow=allow)
    assert (choice.action == 2).all()


def test_a_policy_that_prefers_nothing_known_does_nothing() -> None:
    choice = choose(proposal(np.full((3, 3), np.nan)), explore=0.0, rng=np.random.default_rng(0))
    assert (choice.action == 0).all()


def test_the_same_luck_gives_the_same_choice() -> None:
    of = proposal(np.random.default_rng(1).normal(size=(500, 4)))
    one, other = (choose(of, explore=0.1, rng=np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.action, other.action)


def test_a_floor_beyond_a_half_is_refused() -> None:
    with pytest.raises(BadParameter, match="floor"):
        choose(proposal(np.zeros((1, 2))), explore=0.7, rng=np.random.default_rng(0))
