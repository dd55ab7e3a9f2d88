from __future__ import annotations

import pytest

from payoff.features.words import readable


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("days_since_login", "days since login"),
        ("MonthlyCharges", "monthly charges"),
        ("StreamingTV", "streaming TV"),
        ("mrr", "MRR"),
        ("customerID", "customer ID"),
        ("NPS score", "NPS score"),
        ("SeniorCitizen", "senior citizen"),
        ("open-tickets.count", "open tickets count"),
    ],
)
def test_names_of_facts_read_as_words(name: str, words: str) -> None:
    assert readable(name) == words
