"""What is unusual about a fact, as people say it; what went with it stays an association."""

from __future__ import annotations

import pytest

from payoff.policy.words import like_that, much
from payoff.texts import Texts

TEXTS = Texts("en", "UTC")


@pytest.mark.parametrize(
    ("value", "usual", "said"),
    [
        (899, 301, "about three times what is usual"),
        (562, 301, "about twice what is usual"),
        (3010, 301, "about 10 times what is usual"),
        (400, 301, "more than is usual"),
        (200, 301, "less than is usual"),
        (150, 301, "about half of what is usual"),
        (75, 301, "about a quarter of what is usual"),
        (3, 0, "more than is usual"),
        (-3, 2, "less than is usual"),
    ],
)
def test_how_much_that_is(value: float, usual: float, said: str) -> None:
    assert much(value, usual, TEXTS) == said


@pytest.mark.parametrize(
    ("risk", "weight", "said"),
    [
        ("left", 0.4, "Others like that left more often."),
        ("cancelled", -0.4, "Others like that cancelled less often."),
        ("churn", 0.4, "Others like that ran a higher risk."),
        ("not_renewed", 0.4, "Others like that ran a higher risk."),
        ("", -0.4, "Others like that ran a lower risk."),
    ],
)
def test_what_went_with_it(risk: str, weight: float, said: str) -> None:
    assert like_that(TEXTS, risk, weight) == said
