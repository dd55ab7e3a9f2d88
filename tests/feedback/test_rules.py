"""What feedback teaches, by written rules."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from payoff.feedback.items import FeedbackItem
from payoff.feedback.rules import learn

AT = datetime(2026, 1, 5, tzinfo=UTC)
ACTIONS = {"call": "Set-up call", "mail": "Tips by mail"}


def item(seq: int = 1, **said) -> FeedbackItem:
    base = {
        "id": f"f{seq}", "seq": seq, "by": "ana", "at": AT, "unit": "acct-1", "suggestion": "s1", "action": "call",
        "role": "HR", "release": "r0", "thumb": None, "correction": {}, "problem": "", "idea": "", "comment": "",
    }  # fmt: skip
    return FeedbackItem(**{**base, **said})


def taught(*items: FeedbackItem):
    return learn(items, facts={"seats"}, actions=ACTIONS)


def test_a_corrected_fact_becomes_the_fact():
    lessons = taught(item(correction={"seats": 12}))
    assert lessons.facts == (("acct-1", "f1", {"seats": 12}),)
    assert lessons.fates[0].state == "used"


def test_a_corrected_risk_is_an_experts_label():
    lessons = taught(item(correction={"risk": "seasonal pause"}))
    assert lessons.not_at_risk == {"s1"}


def test_a_correction_of_a_fact_nobody_keeps_is_declined_with_those_we_keep():
    (fate,) = taught(item(correction={"colour": "red"})).fates
    assert fate.state == "declined"
    assert "seats" in str(fate.values["known"])


def test_whoever_says_two_things_is_told_of_both():
    (fate,) = taught(item(correction={"risk": "seasonal pause"}, thumb=1)).fates
    assert (fate.key, fate.also, fate.values["rated"]) == (
        "feedback.used_risk",
        "feedback.also_thumb_up",
        "Set-up call",
    )
    (fate,) = taught(item(correction={"seats": 12}, thumb=-1)).fates
    assert fate.also == "feedback.also_thumb_down"
    (fate,) = taught(item(correction={"colour": "red"}, thumb=-1)).fates
    assert fate.also == "", "what is declined teaches nothing"


def test_a_better_action_speaks_for_that_action():
    assert taught(item(correction={"action": "mail"})).shifts == {("mail", "HR"): 1 / 3}


def test_thumbs_shift_what_is_expected_for_the_role():
    assert taught(item(thumb=-1)).shifts == {("call", "HR"): -1 / 3}
    both = taught(item(1, thumb=-1), item(2, thumb=1, by="ben"))
    assert both.shifts == {}


@given(st.integers(1, 300))
def test_one_author_moves_no_more_than_one_honest_author_does(votes: int):
    flood = taught(*(item(i, thumb=-1, suggestion=f"s{i}") for i in range(1, votes + 1)))
    assert flood.shifts == taught(item(1, thumb=-1)).shifts


def test_many_people_move_an_expectation_only_as_far_as_experts_were_unsure():
    lessons = taught(*(item(i, thumb=-1, by=f"p{i}") for i in range(1, 30)))
    assert lessons.shifts == {("call", "HR"): -1.0}


def test_a_newer_thumb_of_the_same_author_replaces_the_older():
    assert taught(item(1, thumb=-1), item(2, thumb=1)).shifts == {("call", "HR"): 1 / 3}


def test_problems_go_to_people_and_ideas_become_notes():
    problem, idea = taught(item(1, problem="wrong number"), item(2, idea="offer a webinar")).fates
    assert (problem.state, problem.note) == ("declined", "problem")
    assert (idea.state, idea.note) == ("used", "idea")


def test_what_has_a_fate_gets_no_second_one_and_still_counts():
    lessons = taught(item(thumb=-1, state="used"))
    assert lessons.fates == ()
    assert lessons.shifts == {("call", "HR"): -1 / 3}
