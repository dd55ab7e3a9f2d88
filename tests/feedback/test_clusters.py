"""What many say alike comes together, whoever says it how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from payoff.feedback.clusters import carried, clusters, topic
from payoff.feedback.items import FeedbackItem
from payoff.models.likeness import grouped

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FACTS = {f"u{i}": {"industry": "food" if i < 6 else "care", "role": ("payroll", "HR")[i % 2]} for i in range(20)}
USUAL = {("industry", "food"): 0.3, ("industry", "care"): 0.7, ("role", "payroll"): 0.5, ("role", "HR"): 0.5}


def item(n: int, **more) -> FeedbackItem:
    made = FeedbackItem(
        id=f"f{n}", seq=n, by="ana", at=NOW + timedelta(hours=n), unit=f"u{n}", suggestion=f"s{n}", action="call",
        role="payroll", release="r1", thumb=None, correction={}, problem="", idea="", comment="",
    )  # fmt: skip
    return replace(made, **more)


def found(*items):
    return clusters(items, grouped, FACTS, USUAL)


def test_the_same_reason_in_other_words_is_one_group_with_its_people_and_units() -> None:
    said = found(
        item(1, correction={"risk": "seasonal pause"}, by="ana"),
        item(2, correction={"risk": "Seasonal pause in summer"}, by="ben"),
        item(3, correction={"risk": "a seasonal pause"}, by="cleo"),
        item(4, correction={"risk": "they merged with their parent"}, by="ana"),
    )
    assert [(len(c.items), c.authors, c.units) for c in said] == [
        (3, ("cleo", "ben", "ana"), ("u3", "u2", "u1")),
        (1, ("ana",), ("u4",)),
    ]
    assert said[0].words == "seasonal pause"


def test_what_it_is_about_comes_before_its_words() -> None:
    up, down = item(1, thumb=1), item(2, thumb=-1)
    seats, better = item(3, correction={"seats": 14}), item(4, correction={"action": "guide"})
    assert len(found(up, down, seats, better)) == 4
    assert topic(better).about == "guide"
    assert topic(seats).about == "seats"
    assert topic(item(5, correction={"seats": 3, "gone": "closed"})).about == "gone"


def test_a_problem_is_the_same_one_whatever_was_suggested() -> None:
    words = "the number of seats is out of date"
    said = found(item(1, problem=words, by="ana"), item(2, problem=words, by="ben", action="guide"))
    assert [len(c.items) for c in said] == [2]


def test_one_loud_person_is_one_voice_in_the_order() -> None:
    loud = [item(n, thumb=-1, by="ana") for n in range(1, 9)]
    two = [item(10, correction={"seats": 1}, by="ben"), item(11, correction={"seats": 2}, by="cleo")]
    assert [c.topic.kind for c in found(*loud, *two)] == ["correction", "thumb"]


def test_what_waits_for_an_answer_comes_first() -> None:
    done = [item(n, problem="the number is wrong", by=f"p{n}", state="declined") for n in range(1, 4)]
    assert [c.waiting for c in found(*done, item(9, idea="a shorter list", state="looked at"))] == [1, 0]


def test_a_segment_is_named_only_when_it_is_more_than_its_share() -> None:
    food = found(*(item(n, correction={"risk": "seasonal pause"}, by=f"p{n}") for n in range(6)))
    assert [(s.fact, s.value, s.usual) for s in food[0].segments] == [("industry", "food", 0.3)]
    everybody = found(*(item(n, correction={"risk": "seasonal pause"}, by=f"p{n}") for n in range(20)))
    assert everybody[0].segments == ()
    two = found(*(item(n, correction={"risk": "seasonal pause"}) for n in range(2)))
    assert two[0].segments == ()


def test_an_address_outlives_new_items_and_their_fates() -> None:
    first = item(1, correction={"risk": "seasonal pause"})
    before = found(first)[0].id
    after = found(replace(first, state="used"), item(7, correction={"risk": "seasonal pause!"}, by="ben"))
    assert before in [c.id for c in after]
    assert len(after) == 1


@pytest.mark.parametrize("hostile", ["<script>", "", "  ", "{x}", "'; DROP", "\x00", "👎" * 500])
def test_any_words_can_be_said(hostile: str) -> None:
    assert found(item(1, comment=hostile), item(2, comment="plain"))


def test_groups_carried_on_hold_every_item_as_it_stands_now() -> None:
    before = [item(1, comment="paid last week"), item(2, comment="they paid last week"), item(3, thumb=1)]
    grouped_before = found(*before)
    together = next(c for c in grouped_before if len(c.items) == 2)
    answered = item(1, comment="paid last week", state="used", reply="Thank you.")
    same, other, liked = item(4, comment="paid last week"), item(5, comment="call after lunch"), item(6, thumb=1)
    now = carried(grouped_before, [liked, other, same, before[2], before[1], answered])
    assert {c.id: [i.id for i in c.items] for c in now} == {
        together.id: ["f4", "f2", "f1"],
        next(c.id for c in grouped_before if c.topic.kind == "thumb"): ["f6", "f3"],
        next(c.id for c in now if c.items == (other,)): ["f5"],
    }
    assert next(c for c in now if c.id == together.id).waiting == 2


def test_who_was_forgotten_is_in_no_group_carried_on() -> None:
    forgotten, stays = item(1, comment="paid last week"), item(2, thumb=1)
    assert [c.items for c in carried(found(forgotten, stays), [stays])] == [(stays,)]
