"""Figures in words."""

from __future__ import annotations

import math

import pytest

from payoff.records.judgement import Estimate
from payoff.texts import Texts
from payoff.web.figures import Figures

FIGURES = Figures(Texts(), "USD")


@pytest.mark.parametrize(
    ("value", "measure", "said"),
    [
        (0.412, "share", "41%"),
        (0.012, "share", "1.2%"),
        (1234.4, "money", "$1,234"),
        (3.25, "days", "3.2 days"),
        (120.0, "milliseconds", "120 ms"),
        (0.8449, "score", "0.84"),
        (4.25, "number", "4.2"),
        (None, "share", "cannot tell yet"),
        (math.nan, "score", "cannot tell yet"),
    ],
)
def test_a_level_is_said_in_its_measure(value: float | None, measure: str, said: str) -> None:
    assert FIGURES.value(value, measure) == said


@pytest.mark.parametrize(
    ("value", "measure", "said"),
    [
        (0.061, "share", "+6.1 points"),
        (-0.02, "share", "-2.0 points"),
        (12.0, "money", "+$12"),
        (0.0, "days", "0.0 days"),
    ],
)
def test_a_difference_carries_its_sign(value: float, measure: str, said: str) -> None:
    assert FIGURES.change(value, measure) == said


def test_an_interval_is_between_two_values_and_nothing_without_one() -> None:
    assert (
        FIGURES.between(Estimate(0.06, 0.02, 0.02, 0.1), "share", change=True) == "between +2.0 and +10.0 points"
    )
    assert FIGURES.between(Estimate(0.06), "share") == ""


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate(0.5, n=120, known=41, total=120), "41 of 120 outcomes known"),
        (Estimate(0.5, n=120, known=120, total=120), "all 120 outcomes known"),
        (Estimate(0.5, n=1), "1 unit"),
        (Estimate(None), ""),
    ],
)
def test_maturity_is_said_in_counts(estimate: Estimate, said: str) -> None:
    assert FIGURES.known(estimate) == said
