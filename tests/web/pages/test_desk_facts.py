"""Facts corrected in place: what was meant, in the type the fact has, or a kind sentence about why not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fake_product import FakeProduct

from payoff.errors import BadInput
from payoff.web.pages.desk import corrected
from payoff.web.pages.desk.facts import choices, few


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
    value = corrected(product(), "s1", {fact: given}, sure={fact: given})
    assert value == {fact: kept}
    assert type(value[fact]) is type(kept)


def test_only_what_was_changed_is_a_correction() -> None:
    sent = {"seats": "40", "plan": "growth", "days_since_login": "2", "seats_used_share": "35", "dormant": "no"}
    assert corrected(product(), "s1", sent) == {"days_since_login": 2}


@pytest.mark.parametrize(
    ("fact", "given", "words"),
    [
        ("seats", "about ten", "Seats is a number; “about ten” cannot be read as one. For example: 40."),
        ("seats", "99", "The most any other customer on the desk has is 75. To keep 99, save once more."),
        ("plan", "grwth", "Did you mean “growth”? To keep yours, save once more."),
        ("plan", "starter", "No other customer on the desk has “starter”. To keep it, save once more."),
        ("seats", "-3", "Seats is never below zero for anybody."),
        ("seats", "7000000", "That is far more than anybody has (at most 75)."),
        ("seats", "inf", "cannot be read as one"),
        ("seats", "12.5", "Seats is a whole number; “12.5” is not."),
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


def test_what_nobody_else_has_is_kept_when_it_is_sent_once_more_and_only_that() -> None:
    assert corrected(product(), "s1", {"seats": "99"}, sure={"seats": "99"}) == {"seats": 99}
    assert corrected(product(), "s1", {"plan": "grwth"}, sure={"plan": "grwth"}) == {"plan": "grwth"}
    with pytest.raises(BadInput):
        corrected(product(), "s1", {"seats": "98"}, sure={"seats": "99"})
    with pytest.raises(BadInput):
        corrected(product(), "s1", {"seats": "-3"}, sure={"seats": "-3"})


def test_a_fact_in_words_has_a_list_only_where_there_are_few_that_many_have() -> None:
    made = product()
    assert choices(made.items, made.brief) == {"plan": ("growth",)}
    assert few(["a", "b", "a", "b", "a"]) == ()
    assert few(["a", "b", "a", "b", "a", "b"]) == ("a", "b")
