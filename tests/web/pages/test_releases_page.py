"""The rail as data: where a release is, what it waits for, who may move it."""

from __future__ import annotations

from dataclasses import replace

from tests.fake_product import FakeProduct, talked

from payoff.people.person import people_of
from payoff.web.cards import Cards
from payoff.web.pages.releases import Rail, ReleasesPage, releases


def page(product: FakeProduct, who: str = "paula") -> ReleasesPage:
    return releases(product, people_of(product.brief.people)[who], Cards(product))


def rail(product: FakeProduct, id: str, who: str = "paula") -> Rail:
    shown = page(product, who)
    return next(r for r in (*shown.rails, *shown.older) if r.id == id)


def test_the_one_on_trial_stands_first_and_ended_ones_last() -> None:
    shown = page(FakeProduct())
    assert [r.id for r in shown.rails] == ["r1", "r0", "r3"]
    assert [r.id for r in shown.older] == ["r2"]


def test_the_rail_marks_past_present_and_future_with_their_days() -> None:
    steps = rail(FakeProduct(), "r1").steps
    assert [s.state for s in steps] == ["past", "past", "past", "now", "next"]
    assert steps[3].when == "since 9 Nov 2026"
    assert steps[2].share == "10% in the trial"


def test_the_next_step_says_what_it_waits_for_and_until_when() -> None:
    shown = rail(FakeProduct(), "r1")
    assert shown.next_step == "Next: everyone"
    assert shown.waits[:2] == ("its least time here, until 7 Dec 2026", "79 of 120 renewals are still open")
    assert shown.choose_by == "By 26 Dec 2026 a person must choose."


def test_a_release_that_skipped_steps_shows_them_as_not_taken() -> None:
    assert [s.state for s in rail(FakeProduct(), "r2").steps] == ["next", "next", "past", "next", "next"]


def test_the_policy_is_told_in_plain_words_with_its_goal() -> None:
    what = rail(FakeProduct(), "r1").what
    assert what[0].startswith("It suggests the action expected to be worth most")
    assert what[1:] == (
        "It is meant to move: first payroll run within 14 days.",
        "It is compared with Most clicked.",
    )


def test_refreshes_name_the_feedback_they_used() -> None:
    refresh = rail(FakeProduct(), "r1").refreshes[0]
    assert refresh.rows == "learned from 1,240 rows"
    assert "acct-88: seasonal pause (Nia Okafor)" in refresh.changed


def test_a_refresh_says_only_what_the_one_before_had_not_said() -> None:
    product = FakeProduct()
    older, newer = ("a: 1", "b: 2"), ("a: 1", "c: 3")
    product.learned = [replace(r, changed=c) for r, c in zip(product.learned, (newer, older), strict=True)]
    first, second = rail(product, "r1").refreshes
    assert (first.changed, first.same) == (("c: 3",), "1 line as the time before")
    assert (second.changed, second.same) == (older, "")


def test_only_who_decides_may_revert_and_only_what_serves() -> None:
    assert rail(FakeProduct(), "r1").may_revert
    assert not rail(FakeProduct(), "r1", "dev").may_revert
    assert not rail(FakeProduct(), "r3").may_revert
    assert rail(FakeProduct(), "r3").may_start


def test_a_rolled_back_release_keeps_who_did_it_and_why() -> None:
    shown = rail(talked(FakeProduct()), "r2")
    assert shown.over
    assert shown.decisions[0].why == "Complaints went up."
