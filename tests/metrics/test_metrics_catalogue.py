"""Every kind is there, keeps the contract, and says something when there is nothing."""

from __future__ import annotations

import pytest
from tests.judged_world import declared

from payoff.aggregates import Sums
from payoff.metrics.base import Context, Found, Metric
from payoff.metrics.catalogue import BUILT_IN, KIND_INFO
from payoff.scorecard.arithmetic import Arithmetic
from payoff.texts import Texts

CONTEXT = Context(Arithmetic(), Texts(), "account", "USD", "challenger", "champion")


def test_every_kind_has_its_metric() -> None:
    assert set(BUILT_IN) == set(KIND_INFO)
    assert len(BUILT_IN) == 19


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_nothing_found_is_no_figure_and_no_error(kind: str) -> None:
    metric = BUILT_IN[kind](declared(kind, outcome="x", window_days=14.0))
    assert isinstance(metric, Metric)
    arms = metric.arms(Found(), CONTEXT)
    assert arms == {}
    difference = metric.difference(Found(), "challenger", "champion", None, CONTEXT)
    assert difference is None or difference.value is None
    assert isinstance(metric.reading(Found(), arms, None, CONTEXT), str)


def test_what_it_earned_is_the_difference_times_worth_times_units() -> None:
    found = Found(
        cells={
            "challenger": {"": Sums(100, 30, 100, 30, 100, 30, 120)},
            "holdout": {"": Sums(50, 10, 50, 10, 50, 10, 60)},
        }
    )
    metric = BUILT_IN["incremental_value"](declared("incremental_value", outcome="x", worth=200.0))
    earned = metric.difference(found, "challenger", "holdout", None, CONTEXT)
    assert earned is not None
    assert earned.value == pytest.approx((0.3 - 0.2) * 200 * 100)
    ours, theirs = (metric.arms(found, CONTEXT)[arm].value for arm in ("challenger", "holdout"))
    assert (ours, theirs) == (pytest.approx(0.3 * 200), pytest.approx(0.2 * 200)), "per unit, whatever the size"
    assert ours is not None and theirs is not None
    assert earned.value == pytest.approx((ours - theirs) * 100), "the difference is theirs, scaled up"
    reading = metric.reading(found, metric.arms(found, CONTEXT), earned, CONTEXT)
    assert "at $200 each" in reading and "the 100 accounts" in reading


def test_a_loss_turns_the_interval_round() -> None:
    found = Found(
        cells={
            "challenger": {"": Sums(100, 30, 100, 30, 100, 30, 100)},
            "holdout": {"": Sums(100, 10, 100, 10, 100, 10, 100)},
        }
    )
    metric = BUILT_IN["incremental_value"](declared("incremental_value", outcome="x", worth=-50.0))
    lost = metric.difference(found, "challenger", "holdout", None, CONTEXT)
    assert lost is not None
    assert lost.low is not None
    assert lost.high is not None
    assert lost.low < -1000 < lost.high
