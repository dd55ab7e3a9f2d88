"""Facts corrected in place: what was meant, in the type the fact has, or a kind sentence about why not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fake_product import FakeProduct

from payoff.errors import BadInput
from payoff.web.pages.desk import corrected


def product() -> FakeProduct:
    made = FakeProduct()
    first = made.items[0]
    made.items[0] = replace(first, facts={**first.facts, "seats_used_share": 0.35, "balance": -20.0})
    return made


@pytest.mark.parametrize(
    ("fact", "given", "kept"),
    [
        ("seats", " 1,200 ", 1200),
        ("mrr", "99.5", 99.5),
        ("dormant", "Yes", True),
        ("plan", "starter", "starter"),
        ("seats_used_share", "40", 0.4),
        ("seats_used_share", "40 %", 0.4),
        ("balance", "-35", -35.0),
        ("seats", "", None),
        ("plan", "", ""),
    ],
)
def test_a_corrected_fact_keeps_the_type_the_fact_has(fact: str, given: str, kept: object) -> None:
    value = corrected(product(), "s1", {fact: given})
    assert value == {fact: kept}
    assert type(value[fact]) is type(kept)


def test_only_what_was_changed_is_a_correction() -> None:
    sent = {"seats": "40", "plan": "growth", "days_since_login": "2", "seats_used_share": "35", "dormant": "no"}
    assert corrected(product(), "s1", sent) == {"days_since_login": 2}


@pytest.mark.parametrize(
    ("fact", "given", "words"),
    [
        ("seats", "about ten", "Seats is a number; “about ten” cannot be read as one. For example: 40."),
        ("seats", "-3", "Seats is never below zero for anybody."),
        ("seats", "7000000", "That is far more than anybody has (at most 75)."),
        ("seats", "inf", "cannot be read as one"),
        ("mrr", "40%", "cannot be read as one"),
        ("dormant", "perhaps", "Dormant is yes or no; “perhaps” is neither."),
        ("seats_used_share", "140", "from 0 to 100 per cent"),
    ],
)
def test_what_cannot_be_is_said_kindly_at_its_field(fact: str, given: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        corrected(product(), "s1", {fact: given})
    (fault,) = refused.value.faults
    assert fault.where == fact
    assert words in fault.what


def test_all_faults_are_said_at_once_and_nothing_is_half_kept() -> None:
    with pytest.raises(BadInput) as refused:
        corrected(product(), "s1", {"seats": "x", "mrr": "y", "days_since_login": "2"})
    assert [fault.where for fault in refused.value.faults] == ["seats", "mrr"]


@pytest.mark.parametrize("sent", [{"seats": "40"}, {"gender": ""}, {"shoe_size": "44"}, {}])
def test_nothing_changed_is_said(sent: dict[str, str]) -> None:
    if sent == {"gender": ""}:
        sent = {"gender": "f"}
    with pytest.raises(BadInput) as refused:
        corrected(product(), "s1", sent)
    assert refused.value.faults[0].what == "Nothing was changed."


def test_a_suggestion_that_left_the_desk_meanwhile_is_said() -> None:
    with pytest.raises(BadInput) as refused:
        corrected(product(), "s99", {"seats": "1"})
    assert "not on the desk any more" in refused.value.faults[0].what
