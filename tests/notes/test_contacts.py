"""What is taken for an e-mail address or a phone number in a note, and what is not."""

from __future__ import annotations

import pytest

from payoff.notes.contacts import contacts


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Write to ana.m+pay@ledger-line.co.uk.", "an e-mail address", "ana.m+pay@ledger-line.co.uk"),
        ("call +49 30 1234567, she said", "a phone number", "+49 30 1234567"),
        ("(030) 123-45678 after six", "a phone number", "(030) 123-45678"),
        ("01511234567", "a phone number", "01511234567"),
        ("since 2026-01-05: 555-123-4567", "a phone number", "555-123-4567"),
    ],
)
def test_an_address_or_a_number_is_found(text: str, kind: str, found: str) -> None:
    assert contacts(text) == ((kind, found),)


@pytest.mark.parametrize(
    "text",
    [
        "from 2026-01-05 to 12/01/2026, and 5 1 2026",
        "2025-2026, then 2025 – 2026",
        "customer 10004523 paid 1.250.000,00 or 12,500,000.00",
        "P1 @ the desk, 7 of 8 did it, 24/7",
        "at 10:30 on 3 May 2026 4 people came",
    ],
)
def test_dates_and_plain_numbers_are_none(text: str) -> None:
    assert contacts(text) == ()
