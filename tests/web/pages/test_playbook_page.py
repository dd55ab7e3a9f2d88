"""The playbook's cards: the verdict on what was expected, and pictures on one scale."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests import small

from payoff.people.person import Person
from payoff.use_cases.actions import Expected, Known, Learned, Retired
from payoff.web.pages import playbook as books

ELENA = Person("elena", "Elena Rossi", frozenset({"expert"}))


class FakeActions:
    def __init__(self, known: dict[str, Known]) -> None:
        self._known = known

    def __call__(self) -> dict[str, Known]:
        return self._known

    def retired(self) -> tuple[Retired, ...]:
        return ()


def known(low: float, mean: float, high: float, action: str = "setup_call") -> Known:
    learned = Learned("r1", "By effect", 100, mean, low, high, randomised=True, moved_on=False)
    return Known(action, 12, 12, 100, 100, 3, learned)


@pytest.mark.parametrize(
    ("expects", "low", "mean", "high", "verdict"),
    [
        (0.05, -0.06, -0.03, 0.001, "doubt"),
        (0.05, -0.01, 0.02, 0.04, "less"),
        (0.05, -0.06, -0.03, -0.01, "harms"),
        (None, -0.06, -0.03, -0.01, "harms"),
        (-0.03, -0.06, -0.03, -0.01, "harms"),
        (0.05, 0.01, 0.04, 0.06, "fits"),
        (0.05, 0.06, 0.08, 0.10, "more"),
        (0.05, -0.01, 0.04, 0.06, "unclear"),
    ],
)
def test_the_verdict(expects: float | None, low: float, mean: float, high: float, verdict: str) -> None:
    said = Expected(expects, 0.05, datetime(2026, 1, 5, tzinfo=UTC))
    assert books._verdict(said, known(low, mean, high))[0] == verdict


def test_all_cards_are_drawn_on_one_scale_and_how_to_read_them_is_said_once() -> None:
    product = small.running(12)
    found = {"setup_call": known(0.1, 0.2, 0.3), "tips_mail": known(-0.1, 0.0, 0.1, "tips_mail")}
    product.actions = FakeActions(found)  # type: ignore[assignment]
    page = books.playbook(product, ELENA)
    call, mail = page.cards
    assert call.zero == mail.zero
    assert call.known_span.low == mail.known_span.high, "0.1 is in the same place on both"
    assert "of 100 who got it, 5 more come to “first value 14d”" in page.reading[0]
    assert any("-10 points to +30 points" in line for line in page.reading)
    assert any("“By effect”" in line for line in page.reading)
    assert (call.how, mail.how) == ("", "")
