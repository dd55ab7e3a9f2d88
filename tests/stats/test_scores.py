"""A score beside what happened: the sorted form is exact, the binned one says how far it can be off."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from payoff.stats.ranking import precision_at
from payoff.stats.scores import Binned, Sorted, calibration_error, paired_auc_difference

TOPS = (0.003, 0.1, 0.3, 0.77, 1.0)


def world(n: int, digits: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores with many ties where `digits` is small."""
    rng = np.random.default_rng(seed)
    score = np.round(rng.beta(1, 4, n), digits)
    return score, rng.random(n) < score


def binned(score: np.ndarray, happened: np.ndarray, bins: int) -> Binned:
    place = np.minimum((score * bins).astype(int), bins - 1)
    n, yes = np.bincount(place, minlength=bins), np.bincount(place, happened, bins).astype(int)
    full = n > 0
    mean = np.bincount(place, score, bins)[full] / n[full]
    low = (np.arange(bins) / bins)[full]
    return Binned(low, mean, yes[full], (n - yes)[full])


@pytest.mark.parametrize(("n", "digits"), [(40, 1), (3000, 2), (50_000, 12)])
def test_sorted_scores_give_the_figures_of_scikit_learn(n: int, digits: int) -> None:
    score, happened = world(n, digits)
    ranked = Sorted.of(score, happened)
    found = ranked.auc()
    assert found is not None
    assert found.value == pytest.approx(roc_auc_score(happened, score), abs=1e-12)
    assert ranked.log_loss() == pytest.approx(log_loss(happened, score), abs=1e-9)
    assert ranked.brier() == pytest.approx(brier_score_loss(happened, score), abs=1e-12)
    seen, said = calibration_curve(happened, score, n_bins=10)
    n_bin, mean, came = ranked.calibration(np.linspace(0, 1, 11))
    assert came[n_bin > 0] == pytest.approx(seen, abs=1e-12)
    assert mean[n_bin > 0] == pytest.approx(said, abs=1e-12)


@pytest.mark.parametrize(("n", "digits"), [(40, 1), (3000, 2)])
def test_the_highest_rows_are_those_of_a_sort_with_ties_in_proportion(n: int, digits: int) -> None:
    score, happened = world(n, digits)
    ranked = Sorted.of(score, happened)
    for top in TOPS:
        expected = precision_at(score, happened, top)
        assert expected is not None
        assert ranked.highest(expected[1]).precision == pytest.approx(expected[0], abs=1e-12)


def test_rows_above_a_cut_are_counted_with_the_cut() -> None:
    score, happened = world(500, 2)
    yes, no = Sorted.of(score, happened).above(np.array([0.0, 0.25, 2.0]))
    for i, cut in enumerate((0.0, 0.25, 2.0)):
        assert (yes[i], no[i]) == (int((score >= cut)[happened].sum()), int((score >= cut)[~happened].sum()))


def test_the_error_of_an_auc_is_delong_s() -> None:
    score, happened = world(400, 2)
    yes, no = score[happened], score[~happened]
    wins = (yes[:, None] > no[None, :]) + 0.5 * (yes[:, None] == no[None, :])
    expected = math.sqrt(wins.mean(1).var(ddof=1) / yes.size + wins.mean(0).var(ddof=1) / no.size)
    assert Sorted.of(score, happened).auc_error() == pytest.approx(expected, abs=1e-12)


def test_the_error_of_an_auc_covers_what_chance_does() -> None:
    errors, values = [], []
    for seed in range(200):
        ranked = Sorted.of(*world(400, 6, seed))
        found = ranked.auc()
        assert found is not None
        values.append(found.value)
        errors.append(ranked.auc_error())
    assert np.mean(errors) == pytest.approx(np.std(values, ddof=1), rel=0.15)


@pytest.mark.parametrize("bins", [5, 50, 2000])
def test_bins_are_never_off_by_more_than_they_say(bins: int) -> None:
    for seed in range(20):
        score, happened = world(2000, 6, seed)
        exact, rough = Sorted.of(score, happened), binned(score, happened, bins)
        a, b = exact.auc(), rough.auc()
        assert a is not None and b is not None
        assert abs(a.value - b.value) <= b.off + 1e-12
        for rows in (20, 200, 1500):
            assert abs(exact.highest(rows).hits - rough.highest(rows).hits) <= rough.highest(rows).off + 1e-9


def test_enough_bins_are_as_good_as_the_rows() -> None:
    score, happened = world(20_000, 6)
    exact, fine = Sorted.of(score, happened), binned(score, happened, 1_000_000)
    a, b = exact.auc(), fine.auc()
    assert a is not None and b is not None
    assert b.value == pytest.approx(a.value, abs=1e-9)
    assert fine.auc_error() == pytest.approx(exact.auc_error(), rel=1e-6)


def test_a_score_of_nought_that_was_wrong_costs_what_it_costs_in_scikit_learn() -> None:
    score, happened = np.array([0.0, 1.0, 0.4, 0.0]), np.array([True, False, True, False])
    assert Sorted.of(score, happened).log_loss() == pytest.approx(log_loss(happened, score), abs=1e-9)


def test_one_kind_of_row_has_no_auc() -> None:
    assert Sorted.of(np.array([0.1, 0.2]), np.array([True, True])).auc() is None


def test_calibration_error_is_nil_where_the_score_is_the_share() -> None:
    score = np.repeat([0.25, 0.75], 4)
    happened = np.array([1, 0, 0, 0, 1, 1, 1, 0], bool)
    assert calibration_error(Sorted.of(score, happened)) == pytest.approx(0.0, abs=1e-15)


def test_two_scores_on_the_same_rows_are_compared_pair_by_pair() -> None:
    score, happened = world(400, 6)
    other = np.clip(score + np.random.default_rng(1).normal(0, 0.05, 400), 0, 1)
    found = paired_auc_difference(score, other, happened)
    assert found is not None
    assert found[0] == pytest.approx(roc_auc_score(happened, score) - roc_auc_score(happened, other), abs=1e-12)
    apart = math.hypot(*(Sorted.of(s, happened).auc_error() or 0 for s in (score, other)))
    assert found[1] < apart  # two scores that agree differ less than two that know nothing of each other
    assert paired_auc_difference(score, score, happened) == (0.0, 0.0)
