"""Texts that say the same come together, others stay apart."""

from __future__ import annotations

from payoff.models.likeness import grouped

SAID = [
    "They pause every summer, this is seasonal",
    "the contact left the company",
    "seasonal pause, they always pause in summer",
    "Their contact has left the company",
    "summer pause again (seasonal)",
    "wrong plan in the CRM",
]


def test_the_same_in_other_words_is_one_group() -> None:
    found = grouped(SAID)
    assert found[0] == found[2] == found[4]
    assert found[1] == found[3]
    assert len({found[0], found[1], found[5]}) == 3


def test_groups_are_counted_by_first_appearance_and_do_not_change_when_asked_again() -> None:
    found = grouped(SAID)
    assert found[0] == 0
    assert found == grouped(SAID)
    assert sorted(set(found)) == list(range(len(set(found))))


def test_nothing_one_text_and_texts_without_letters() -> None:
    assert grouped([]) == []
    assert grouped(["one"]) == [0]
    assert len(set(grouped(["", "!!!", "👍", "they left"]))) >= 2


def test_thousands_of_texts_fit() -> None:
    many = [f"{SAID[i % 6]} {'' if i % 2 else 'please look'}" for i in range(3000)]
    assert len(set(grouped(many))) <= 12
