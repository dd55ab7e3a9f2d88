"""Labels by rule: what two agree on teaches, once a person and place, and no further than anybody's word."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.feedback.test_rules import ACTIONS, item

from payoff.feedback.annotations import CANNOT_SAY, NEITHER, Answer, Case
from payoff.feedback.rules import Label, learn

AT = datetime(2026, 1, 5, tzinfo=UTC)


def case(settled: dict[str, str] | None = None, instead: str = "", **first: str) -> Case:
    def answers(given: dict[str, str], start: int) -> dict[str, Answer]:
        return {
            by: Answer(f"a{start + i}", start + i, AT, by, label, instead if label == NEITHER else "")
            for i, (by, label) in enumerate(given.items())
        }

    first_ones = answers(first, 10)
    return Case("s9", "u9", date(2026, 1, 5), 1, ("call", "mail"), "HR", 3, first_ones, answers(settled or {}, 50))


def taught(*labels: Label, items=()):
    return learn(items, facts=(), actions=ACTIONS, labels=labels)


def test_what_two_agree_on_is_a_better_action_of_both() -> None:
    lessons = taught(*case(ana="mail", ben="mail").lessons())
    assert lessons.shifts == {("mail", "HR"): pytest.approx(2 / 3)}
    assert lessons.fates == ()


@pytest.mark.parametrize(
    "first", [{"ana": "mail"}, {"ana": "mail", "ben": "call"}, {"ana": CANNOT_SAY, "ben": CANNOT_SAY}]
)
def test_one_voice_a_difference_and_not_knowing_teach_nothing(first: dict[str, str]) -> None:
    assert case(**first).lessons() == []


def test_neither_speaks_against_both_and_for_what_both_name_instead() -> None:
    lessons = taught(*case(ana=NEITHER, ben=NEITHER).lessons())
    assert lessons.shifts == {("call", "HR"): pytest.approx(-2 / 3), ("mail", "HR"): pytest.approx(-2 / 3)}
    named = case(ana=NEITHER, ben=NEITHER, instead="visit").lessons()
    assert sorted((one.by, one.says) for one in named if one.action == "visit") == [("ana", 1), ("ben", 1)]


def test_what_they_settle_on_teaches_and_the_first_answers_stay() -> None:
    made = case(ana="mail", ben="call", settled={"ben": "mail"})
    assert [a.label for a in made.first.values()] == ["mail", "call"]
    assert {one.by: one.action for one in made.lessons()} == {"ana": "mail", "ben": "mail"}


def test_a_majority_of_three_teaches_and_the_third_has_no_voice_in_it() -> None:
    assert {one.by for one in case(ana="mail", ben="mail", cem="call").lessons()} == {"ana", "ben"}
    assert case(ana="mail", ben="mail", cem="call", dan="call").lessons() == []


def test_a_hundred_labels_of_two_people_weigh_as_much_as_two_words() -> None:
    many = [Label(f"a{i}", i, ("ana", "ben")[i % 2], f"s{i}", "mail", "HR", 1) for i in range(1, 200)]
    assert taught(*many).shifts == {("mail", "HR"): pytest.approx(2 / 3)}


def test_somebody_speaks_with_one_voice_over_thumbs_and_labels_the_newest_counts() -> None:
    label = Label("a5", 5, "ana", "s5", "call", "HR", 1)
    assert taught(label, items=[item(3, thumb=-1)]).shifts == {("call", "HR"): pytest.approx(1 / 3)}
    assert taught(label, items=[item(7, thumb=-1)]).shifts == {("call", "HR"): pytest.approx(-1 / 3)}
    undecided = [label, Label("a6", 6, "ana", "s6", "call", "HR", -1)]
    assert taught(*undecided, items=[item(3, thumb=-1)]).shifts == {("call", "HR"): pytest.approx(-1 / 3)}


def test_a_voice_says_where_it_was_given() -> None:
    voices = taught(*case(ana="mail", ben="mail").lessons()).voices["mail", "HR"]
    assert {by: v.places for by, v in voices.items()} == {"ana": (("a10", "s9"),), "ben": (("a11", "s9"),)}
