"""The board as data: the three questions, answered only as far as the figures go."""

from __future__ import annotations

from dataclasses import replace

from tests.fake_product import FakeProduct, Trust, rows, talked

from payoff.people.person import people_of
from payoff.records.judgement import Verdict
from payoff.records.releases import STREAM
from payoff.web.cards import Cards
from payoff.web.pages.board import BoardPage, Judged, board


def page(product: FakeProduct, who: str = "paula", release: str = "") -> BoardPage:
    return board(product, people_of(product.brief.people)[who], release, Cards(product))


def judged(product: FakeProduct) -> Judged:
    found = page(product).judged
    assert found is not None
    return found


def test_the_release_on_trial_is_shown_unless_another_is_chosen() -> None:
    assert page(FakeProduct()).release == "r1"
    assert page(FakeProduct(), release="r0").release == "r0"


def test_being_in_care_can_be_chosen_and_not_decided_on() -> None:
    shown = page(FakeProduct(), release=STREAM)
    assert shown.judged is not None
    assert shown.choices == ()


def test_hold_reads_as_cannot_tell_yet_with_what_is_missing() -> None:
    shown = judged(FakeProduct())
    assert shown.answer == "Cannot tell yet."
    assert shown.missing == ("79 of 120 renewals are still open",)
    assert shown.days_more.startswith("About 12 more days")


def test_void_figures_are_said_to_be_void() -> None:
    sentence = "412 and 205 units where half and half was meant: the split is broken."
    product = FakeProduct(trust=Trust(False, sentence), verdict=Verdict("cannot judge", "trust", sentence))
    assert judged(product).void == sentence
    assert judged(product).answer == "Cannot be judged."
    assert judged(FakeProduct()).void == ""


def test_the_goal_is_put_in_one_sentence_with_its_interval() -> None:
    assert judged(FakeProduct()).amount[1] == (
        "First payroll run within 14 days: +11.1 points, between +5.6 and +16.6 points (better)."
    )


def test_all_three_levels_show_every_arm_side_by_side() -> None:
    levels = {level.name: level for level in judged(FakeProduct()).levels}
    assert list(levels) == ["business", "user", "technical"]
    cells = levels["business"].rows[1].cells
    assert [cell.arm for cell in cells] == ["Challenger", "Champion", "Holdout (as today)"]
    assert cells[0].value == "51%"
    assert cells[0].known == "371 of 412 outcomes known"


def test_the_goal_is_read_again_within_each_segment() -> None:
    (segment,) = judged(FakeProduct()).segments
    assert (segment.name, segment.change, segment.status) == ("industry: health", "+11.1 points", "better")


def test_a_row_without_figures_says_why() -> None:
    row = judged(FakeProduct()).levels[2].rows[1]
    assert (row.change, row.status, row.missing) == ("", "cannot tell yet", "no outcome is known yet")
    assert row.picture is None


def test_many_hours_are_shown_in_days() -> None:
    row = next(r for r in judged(FakeProduct()).levels[1].rows if r.label.startswith("Hours"))
    assert [cell.value for cell in row.cells] == ["1.3 days", "2.2 days", "0.0 days"]


def test_without_a_promoting_verdict_only_shipping_unproven_is_offered() -> None:
    assert [c.chosen for c in page(FakeProduct()).choices] == ["ship unproven", "hold", "roll back"]
    good = FakeProduct(verdict=Verdict("promote", "gain and no harm", "It is better."))
    assert [c.chosen for c in page(good).choices] == ["promote", "hold", "roll back"]


def test_somebody_without_the_permission_reads_and_does_not_decide() -> None:
    shown = page(FakeProduct(), "nia")
    assert shown.judged is not None
    assert (shown.choices, shown.may_decide) == ((), False)


def test_a_release_nobody_has_met_says_so_and_stays_a_page() -> None:
    shown = page(FakeProduct(), release="r3")
    assert shown.judged is None
    assert "nobody has met it yet" in shown.unjudged


def test_no_release_is_an_empty_page() -> None:
    assert page(FakeProduct(found=[])).release == ""


def test_past_decisions_name_their_author() -> None:
    shown = page(talked(FakeProduct()))
    assert [d.line for d in shown.decisions] == ['Paula Stein chose hold when the verdict was "hold"']


def test_past_the_plan_the_deadline_asks_for_a_choice() -> None:
    product = FakeProduct()
    made = product.scorecard("r1")
    over = replace(made.card, days_elapsed=56)
    late = board(
        product,
        people_of(product.brief.people)["paula"],
        "r1",
        lambda _: type(made)(card=over, verdict=made.verdict),
    )
    assert late.judged is not None
    assert late.judged.deadline.startswith("The plan has ended.")


def test_the_picture_shades_what_would_be_worse_than_tolerable() -> None:
    row = judged(FakeProduct()).levels[0].rows[2]
    assert row.label == "Complaints"
    assert row.picture is not None
    assert row.picture.margin is not None
    assert row.picture.shade is not None
    assert row.picture.shade[0] == row.picture.margin, "more complaints are worse: the shade begins at the margin"
    assert {r.metric for r in rows()} >= {"complaints"}
