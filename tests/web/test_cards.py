"""Scorecards are made once per state of the log."""

from __future__ import annotations

import pytest
from tests.fake_product import FakeProduct

from payoff.errors import Refused
from payoff.web.cards import Cards


def test_the_same_log_is_judged_once_and_a_longer_one_again() -> None:
    product = FakeProduct()
    cards = Cards(product)
    first = cards("r1")
    assert cards("r1") is first
    assert product.judged == 1
    product.record("s1", "done", by="nia")
    assert cards("r1") is not first


def test_a_refusal_is_remembered_too() -> None:
    product = FakeProduct()
    cards = Cards(product)
    for _ in range(3):
        with pytest.raises(Refused):
            cards("r3")
    assert product.judged == 1


def test_being_in_care_is_judged_on_the_stream_of_the_release_that_serves() -> None:
    assert Cards(FakeProduct())("stream").card.trial == "stream"


def test_before_anybody_is_in_care_there_is_no_stream() -> None:
    with pytest.raises(Refused):
        Cards(FakeProduct(found=[]))("stream")
