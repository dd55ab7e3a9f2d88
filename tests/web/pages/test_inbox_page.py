"""The inbox as data: every item with its fate, and the trail both ways."""

from __future__ import annotations

import pytest
from tests.fake_product import FakeProduct, talked

from payoff.errors import Unknown
from payoff.people.person import people_of
from payoff.web.pages.inbox import Filters, InboxPage, ItemPage, inbox, opened


def page(who: str = "elena", **filters: str) -> InboxPage:
    product = talked(FakeProduct())
    return inbox(product, people_of(product.brief.people)[who], Filters(**filters))  # type: ignore[arg-type]


def item(id: str, who: str = "elena") -> ItemPage:
    product = talked(FakeProduct())
    return opened(product, people_of(product.brief.people)[who], id)


def test_the_newest_comes_first_and_what_waits_is_counted() -> None:
    shown = page()
    assert [line.id for line in shown.lines] == ["f4", "f3", "f2", "f1"]
    assert shown.waiting == "2 are not answered yet"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": "problem"}, ["f3"]),
        ({"state": "used"}, ["f1"]),
        ({"state": "told"}, ["f3", "f1"]),
        ({"author": "me"}, []),
        ({"state": "new", "kind": "idea"}, ["f4"]),
    ],
)
def test_kind_fate_and_author_filter(filters: dict[str, str], found: list[str]) -> None:
    assert [line.id for line in page(**filters).lines] == found


def test_somebody_finds_what_they_said_themselves() -> None:
    assert [line.id for line in page("nia", author="me").lines] == ["f2", "f1"]


def test_the_trail_leads_from_the_suggestion_to_the_release_that_learned() -> None:
    trail = item("f1").trail
    assert [s.label for s in trail] == ["Suggested", "Said", "Used", "Learned", "Release", "Told"]
    assert all(s.reached for s in trail)
    assert trail[4].href == "/releases#r1"
    assert trail[5].text == "Nia Okafor"


def test_the_trail_offers_no_page_its_reader_may_not_open() -> None:
    assert all(not s.href for s in item("f1", "nia").trail)


def test_what_is_not_answered_yet_says_so_and_can_be_answered_by_those_who_may() -> None:
    shown = item("f2")
    assert shown.reply.startswith("Nothing yet.")
    assert shown.open
    assert shown.may_answer
    assert not item("f2", "nia").may_answer
    assert [s.reached for s in shown.trail] == [True, True, False, False, False, False]


def test_a_declined_item_shows_its_reason_and_does_not_claim_to_be_learned() -> None:
    shown = item("f3")
    assert shown.reply == "A model cannot learn this; it was handed to the team."
    assert [s.label for s in shown.trail] == ["Suggested", "Said", "Declined", "Told"]


def test_an_unknown_item_is_unknown() -> None:
    with pytest.raises(Unknown, match="no feedback 'f99'"):
        item("f99")
