"""Scores against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from payoff.stats import ranking


@pytest.fixture
def scored(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    p = rng.beta(1, 6, 3000)
    return np.round(p, 3), (rng.random(3000) < p).astype(float)


def test_auc_is_that_of_scikit_learn_with_ties(scored: tuple[np.ndarray, np.ndarray]) -> None:
    s, y = scored
    assert ranking.auc(s, y) == pytest.approx(metrics.roc_auc_score(y, s), abs=1e-12)


def test_auc_from_bins_keeps_its_bound(scored: tuple[np.ndarray, np.ndarray]) -> None:
    s, y = scored
    found = ranking.auc_of(ranking.histogram(s**4, y, ranking.logit_edges(200)))
    assert found is not None
    value, bound = found
    assert abs(value - metrics.roc_auc_score(y, s)) <= bound
    assert bound < 0.02


def test_the_error_of_an_auc_is_right(rng: np.random.Generator) -> None:
    draws = []
    for _ in range(300):
        y = np.repeat([1.0, 0.0], [60, 240])
        draws.append(ranking.auc(rng.normal(y, 1), y))
    assert np.std(draws) == pytest.approx(ranking.auc_se(float(np.mean(draws)), 60, 240), rel=0.15)


def test_log_loss_is_that_of_scikit_learn(scored: tuple[np.ndarray, np.ndarray]) -> None:
    s, y = scored
    assert ranking.log_loss(s, y) == pytest.approx(metrics.log_loss(y, np.clip(s, 1e-15, 1 - 1e-15)), rel=1e-9)


def test_a_shifted_score_is_off_by_its_shift(rng: np.random.Generator) -> None:
    p = rng.uniform(0.2, 0.6, 200_000)
    y = rng.random(200_000) < p
    assert ranking.calibration_error(p, y) == pytest.approx(0, abs=0.006)
    assert ranking.calibration_error(p + 0.1, y) == pytest.approx(0.1, abs=0.006)


def test_ties_at_the_cut_are_shared() -> None:
    s, y = np.array([0.9, 0.5, 0.5, 0.5, 0.1]), np.array([1.0, 1, 0, 0, 0])
    found = ranking.precision_at(s, y, 0.4)
    assert found == (pytest.approx((1 + 1 / 3) / 2), 2)


def test_one_kind_only_has_no_auc() -> None:
    assert ranking.auc(np.array([0.1, 0.2]), np.array([1.0, 1.0])) is None
    assert ranking.log_loss(np.array([]), np.array([])) is None
