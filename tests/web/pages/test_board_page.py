"""The board as data: the three questions, answered only as far as the figures go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fake_boards import judgement, looked_back
from tests.fake_product import FakeProduct, talked, undone, won
from tests.fake_values import NOW, Decision, Trust, rows

from payoff.errors import Unknown
from payoff.notes.records import Counted
from payoff.people.person import people_of
from payoff.records.judgement import Verdict
from payoff.records.releases import SERVED, STREAM
from payoff.use_cases.targets import Target
from payoff.web.cards import Cards, NotYet, Shown
from payoff.web.pages.board import BoardPage, as_of, board
from payoff.web.pages.decisions import LATELY
from payoff.web.pages.judged import Alarms, Judged

DAY = timedelta(days=1)


def page(product: FakeProduct, who: str = "paula", release: str = "", **more: object) -> BoardPage:
    return board(product, people_of(product.brief.people)[who], release, Cards(product), **more)  # type: ignore[arg-type]


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
    slow = FakeProduct(verdict=Verdict("hold", "no gain yet", "wait", (), 1113))
    assert judged(slow).days_more == "About 3 more years until it can be said, at this pace."


def test_void_figures_are_said_to_be_void() -> None:
    sentence = "412 and 205 units where half and half was meant: the split is broken."
    product = FakeProduct(trust=Trust(False, sentence), verdict=Verdict("cannot judge", "trust", sentence))
    assert judged(product).void == sentence
    assert judged(product).answer == "Cannot be judged."
    assert judged(FakeProduct()).void == ""


def test_the_goal_is_put_in_one_sentence_with_its_interval() -> None:
    assert judged(FakeProduct()).amount[1] == (
        "First payroll run within 14 days, against “Most clicked” in its trial: +11.1 points, between +5.6 and "
        "+16.6 points (better)."
    )


def test_all_three_levels_show_every_arm_side_by_side() -> None:
    levels = {level.name: level for level in judged(FakeProduct()).levels}
    assert list(levels) == ["business", "user", "technical"]
    cells = levels["business"].rows[1].cells
    assert [cell.arm for cell in cells] == ["The right next step", "Most clicked", "Left alone"]
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
    assert shown.unjudged == "Nobody has met it yet. Start it."


def test_no_release_is_an_empty_page() -> None:
    assert page(FakeProduct(found=[])).release == ""


def test_past_decisions_name_their_author() -> None:
    shown = page(talked(FakeProduct()))
    assert [d.line for d in shown.decisions] == ['Paula Stein chose hold when the verdict was "hold"']


def test_past_the_plan_the_deadline_asks_for_a_choice() -> None:
    product = FakeProduct()
    made = product.scorecard("r1")
    over = replace(made.card, days_elapsed=56)

    class Late:
        def shown(self, _: str) -> Shown:
            return Shown(type(made)(card=over, verdict=made.verdict, standings=made.standings), NOW, "", False)

    late = board(product, people_of(product.brief.people)["paula"], "r1", Late())
    assert late.judged is not None
    assert late.judged.deadline.startswith("The plan has ended.")
    assert "It cannot be made longer" in late.judged.deadline
    assert [line.waits for line in late.lines] == [True, False]


def test_the_picture_shades_what_would_be_worse_than_tolerable() -> None:
    row = judged(FakeProduct()).levels[0].rows[2]
    assert row.label == "Complaints"
    assert row.picture is not None
    assert row.picture.margin is not None
    assert row.picture.shade is not None
    assert row.picture.shade[0] == row.picture.margin, "more complaints are worse: the shade begins at the margin"
    assert {r.metric for r in rows()} >= {"complaints"}


def test_several_living_releases_are_one_line_each_and_the_one_that_waits_stands_first() -> None:
    lines = page(FakeProduct()).lines
    assert [(line.title, line.here) for line in lines] == [
        ("The right next step", True),
        ("In care at all (every release together)", False),
    ]
    assert lines[0].days == "Day 23 of 56"
    assert not any(line.waits for line in lines)
    won = FakeProduct(verdict=Verdict("promote", "gain and no harm", "It is better.", rows=("first_value",)))
    assert [line.waits for line in page(won).lines] == [True, False]
    assert (
        page(won)
        .lines[0]
        .amount.startswith("First payroll run within 14 days, against “Most clicked” in its trial: +11.1 points")
    )
    assert (
        page(won)
        .lines[1]
        .amount.startswith("First payroll run within 14 days, against accounts left alone: +11.1 points")
    )


def test_trust_stands_in_one_line_under_the_answer() -> None:
    shown = page(FakeProduct(), alarms=Alarms(1, 2)).judged
    assert shown is not None
    assert [(t.tone, t.words) for t in shown.ticks] == [
        ("good", "Split as planned"),
        ("good", "Data of 23 Nov 2026, 06:30"),
        ("warn", "Simulated"),
        ("quiet", "737 of 817 outcomes known"),
        ("bad", "Alarms: 1 to act on, 2 to look at"),
    ]
    assert judged(FakeProduct()).ticks[-1].words == "Alarms: see Health"
    void = FakeProduct(trust=Trust(False, "broken"))
    assert judged(void).ticks[0].tone == "bad"
    unplanned = FakeProduct(trust=Trust(True, "No split was planned that could be checked.", srm_p=None))
    assert (judged(unplanned).ticks[0].tone, judged(unplanned).ticks[0].words) == ("quiet", "No split to check")


def test_data_of_more_than_a_week_ago_are_no_good_sign() -> None:
    product = FakeProduct()
    product.as_of = lambda: NOW - 8 * DAY  # type: ignore[method-assign]
    assert judged(product).ticks[1].tone == "warn"


def test_figures_say_from_when_they_are_and_that_newer_ones_come() -> None:
    assert page(FakeProduct()).worked_out == "Figures worked out on 23 Nov 2026, 09:30."
    assert page(FakeProduct()).renewing == ""
    old = page(looked_back(FakeProduct()))
    assert old.worked_out == "Figures worked out on 17 Nov 2026, 09:30."
    assert old.renewing.startswith("Newer ones are being worked out")


def test_first_figures_that_take_long_leave_a_page_that_works_on_reload() -> None:
    class Slow:
        def shown(self, _: str) -> Shown:
            raise NotYet("the first figures are being worked out", mend="Look again in a moment.")

    product = FakeProduct()
    shown = board(product, people_of(product.brief.people)["paula"], "r1", Slow())
    assert shown.unjudged == "The first figures are being worked out. Look again in a moment."
    assert shown.renewing == "Look again"
    assert [line.amount for line in shown.lines] == ["The first figures are being worked out."] * 2


def test_choices_are_named_by_what_happens_and_say_what_goes_against_the_rule() -> None:
    won = FakeProduct(verdict=Verdict("promote", "gain and no harm", "It is better."))
    shown = page(won)
    assert shown.rule == "The rule says: promote"
    assert shown.deciders == "Paula Stein · Ada Lind"
    against = {c.chosen: "Against the rule" in c.then for c in shown.choices}
    assert against == {"promote": False, "hold": True, "roll back": True}
    harm = FakeProduct(verdict=Verdict("roll back", "guardrail worse", "It is worse."))
    against = {c.chosen: "Against the rule" in c.then for c in page(harm).choices}
    assert against == {"ship unproven": True, "hold": True, "roll back": False}


@pytest.mark.parametrize(
    ("chosen", "word", "against"),
    [
        ("hold", "roll back", True),
        ("hold", "promote", True),
        ("hold", "hold", False),
        ("roll back", "promote", True),
        ("roll back", "hold", False),
        ("promote", "promote", False),
        ("ship unproven", "hold", True),
    ],
)
def test_the_record_says_what_went_against_the_rule(chosen: str, word: str, against: bool) -> None:
    product = FakeProduct()
    product.decided.append(Decision("r1", chosen, word, "because", "paula", NOW))
    assert ("against the rule" in page(product).decisions[0].line) == against


def test_holding_the_one_that_serves_goes_against_nothing() -> None:
    product = FakeProduct()
    product.decided.append(Decision("r0", "hold", "promote", "it helps", "paula", NOW))
    assert "against" not in page(product, release="r0").decisions[0].line


def test_a_past_decision_leads_to_the_figures_it_rested_on() -> None:
    product = looked_back(FakeProduct())
    product.decided.append(Decision("r1", "hold", "hold", "wait", "paula", NOW - 6 * DAY, "card-6"))
    product.decided.append(Decision("r1", "hold", "hold", "of before cards were kept", "paula", NOW - 40 * DAY))
    without, with_card = page(product).decisions
    assert (with_card.href, with_card.figures) == (
        "/board/r1/as-of/card-6",
        "The figures as they stood, 17 Nov 2026, 09:30",
    )
    assert (without.href, without.figures) == ("", "")


def test_the_board_as_it_stood_holds_nothing_that_came_later() -> None:
    product = looked_back(FakeProduct())
    product.decided.append(Decision("r1", "hold", "hold", "wait", "paula", NOW - 13 * DAY, "card-13"))
    product.decided.append(Decision("r1", "roll back", "hold", "too slow", "paula", NOW - 2 * DAY, "x"))
    who = people_of(product.brief.people)["paula"]
    then = as_of(product, who, "r1", "card-13")
    assert then.then == (
        "This is the board as it stood on 10 Nov 2026, 09:30. Nothing that came later is in it.",
        'Paula Stein chose hold when the verdict was "hold": “wait”',
    )
    assert then.choices == ()
    assert [d.why for d in then.decisions] == ["wait"]
    assert then.stage == "Stage then: wider trial, 100% in the trial"
    assert then.judged is not None
    (goal,) = [o for o in then.judged.over_time if o.purpose == "leading goal"]
    assert [row.when for row in goal.picture.rows if row.cells != ("",)][:2] == ["26 Dec 2026", "10 Nov 2026"]
    with pytest.raises(Unknown):
        as_of(product, who, "r1", "nothing")
    with pytest.raises(Unknown):
        as_of(product, who, "r9", "card-13")


def test_what_was_taken_back_stands_on_everybodys_board_for_two_weeks_and_says_by_whom() -> None:
    product = FakeProduct()
    why = "Taken back without waiting for a person, because complaints is worse: +10.9 points (+2.2 to +19.6)."
    product.decided.append(Decision("r2", "roll back", "roll back", why, "payoff", NOW - DAY, "card"))
    product.decided.append(Decision("r2", "roll back", "hold", "Support is flooded.", "paula", NOW - DAY))
    for who in ("paula", "nia"):
        theirs, banner = page(product, who).taken_back
        assert theirs.line == (
            "“Win-back blitz” was taken back by Paula Stein on 22 Nov 2026, 09:30: “Support is flooded”."
        )
        assert (theirs.then, theirs.href) == ("“Most clicked” serves everybody.", "")
        assert banner.line.startswith(
            "“Win-back blitz” was taken back by itself on 22 Nov 2026, 09:30. Taken back"
        )
        assert "+10.9 points" in banner.line
        assert "“Most clicked” serves everybody since" in banner.then
        assert banner.href == "/board/r2/as-of/card"
    product.decided = [replace(d, at=NOW - LATELY) for d in product.decided]
    assert page(product).taken_back == ()


def test_a_brief_that_was_changed_during_the_trial_is_said_so_and_by_whom() -> None:
    product = FakeProduct()
    product.boards.edits = [(NOW - 90 * DAY, "ada"), (NOW - 3 * DAY, "paula"), (NOW - 2 * DAY, "file")]
    assert [line.partition(",")[0] for line in judged(product).brief_changed] == [
        "Paula Stein changed on 20 Nov 2026",
        "Somebody (in the file) changed on 21 Nov 2026",
    ]


def test_a_verdict_of_a_brief_that_was_changed_since_is_not_said_any_more() -> None:
    product = FakeProduct(verdict=Verdict("promote", "gain and no harm", "It is better."))
    cards = Cards(product, patience=None)
    paula = people_of(product.brief.people)["paula"]
    before = board(product, paula, "r1", cards).judged
    assert before is not None
    assert before.answer == "Yes."
    product.boards.edits = [(NOW + timedelta(seconds=1), "paula")]
    shown = board(product, paula, "r1", cards)
    assert shown.judged is not None
    assert (shown.judged.answer, shown.judged.word, shown.judged.tone) == ("Judged anew.", "", "quiet")
    assert shown.judged.brief_changed[0].startswith("Paula Stein changed on ")
    assert [c.chosen for c in shown.choices] == ["promote", "hold", "roll back"], "whoever must may decide at once"
    assert {line.amount for line in shown.lines} <= {"The brief was changed: it is being judged anew."}


def test_only_a_trial_that_ran_when_the_brief_was_changed_says_so_and_says_it_for_good() -> None:
    product = FakeProduct()
    won(product)
    product.boards.edits = [(NOW - 8 * DAY, "paula"), (NOW - 2 * DAY, "paula")]
    shown = page(product, release="r1").judged
    since = page(product, release=SERVED).judged
    assert shown is not None and since is not None
    assert [line[:33] for line in shown.brief_changed] == ["Paula Stein changed on 15 Nov 202"]
    assert [line[:33] for line in since.brief_changed] == ["Paula Stein changed on 21 Nov 202"]


def test_one_that_serves_since_its_trial_has_a_board_of_each_and_is_decided_on_by_what_it_does_since() -> None:
    product = FakeProduct(verdict=Verdict("promote", "gain and no harm", "It is better."))
    won(product)
    now = page(product)
    assert (now.release, now.title, now.figures) == (SERVED, "“The right next step” since it serves everybody", "")
    assert now.judged is not None
    assert now.judged.compared.startswith("“The right next step” while it serves everybody, against accounts left")
    assert [line.title for line in now.lines] == [now.title, "In care at all (every release together)"]
    assert now.won == ("It won its trial on 18 Nov 2026: see the figures it was decided on", "/board?release=r1")
    trial = page(product, release="r1")
    assert trial.won == ("", "")
    assert trial.judged is not None
    assert trial.judged.fate.startswith("It won its trial on 18 Nov 2026: these are the figures it was decided on")
    assert trial.judged.compared.startswith("“The right next step” against “Most clicked”, in its trial")
    assert (trial.decides, trial.figures) == ("r1", "/board?release=served")
    assert [t.words for t in trial.judged.ticks if "Alarms" in t.words] == [], (
        "of the past nothing of today is told"
    )
    assert [o.value for o in trial.options][:2] == [SERVED, "r3"]


def test_what_won_and_was_taken_back_is_no_green_yes() -> None:
    product = FakeProduct(verdict=Verdict("promote", "gain and no harm", "It is better."))
    won(product)
    undone(product)
    shown = page(product, release="r1").judged
    assert shown is not None
    assert (shown.answer, shown.tone, shown.then) == ("Taken back.", "quiet", True)
    assert shown.fate.startswith(
        "It won its trial on 18 Nov 2026, and was taken back by Paula Stein on 22 Nov 2026."
    )
    assert page(product, release="r1").choices == ()


def test_one_that_serves_again_begins_anew_and_leads_to_its_last_figures_of_before() -> None:
    product = FakeProduct(trust=Trust(False, "Nobody has entered yet.", srm_p=None))
    product.verdict = Verdict("cannot judge", "no units", "Nobody has entered the comparison.")
    won(product)
    assert page(product, release="r0").earlier == ("", "")
    product.boards.kept = [judgement(days, 0.1, 0.08, release="r0", trial=SERVED) for days in (20, 13, 1)]
    product.boards.kept[-1] = replace(product.boards.kept[-1], at=NOW)
    undone(product)
    made = product.scorecard("r0")
    empty = type(made)(card=replace(made.card, arms={}), verdict=made.verdict, standings=())
    product.scorecard = lambda id, /, *, trial=None: empty  # type: ignore[method-assign]  # noqa: A006
    product.boards.newest = lambda release, /, *, trial=None: None  # type: ignore[method-assign]
    again = page(product, release="r0")
    assert again.earlier == (
        "It served everybody before, until 10 Nov 2026: the figures of then",
        "/board/r0/as-of/card-13",
    )
    assert again.judged is not None
    assert (again.judged.void, again.judged.answer, again.judged.tone) == ("", "Cannot tell yet.", "quiet")
    assert again.judged.ticks[0].words == "No split to check"


def test_taking_back_names_what_follows_and_asks_once_more() -> None:
    product = FakeProduct()
    won(product)
    (hold, back) = page(product).choices
    assert (hold.sure, back.sure) == ("", "Take back “The right next step” now")
    assert back.then.startswith("“Most clicked” serves everybody from the next moment on.")
    undone(product)
    (_, back) = page(product, release="r0").choices
    assert back.then.startswith("Nothing served before it"), "the same as the releases say"


def test_a_slow_goal_known_after_the_decision_is_told_apart_from_it() -> None:
    product = FakeProduct()
    won(product)
    goal, *others = rows()
    gone = replace(goal, arms={}, difference=None, missing="None of 817 outcomes is known yet; on 24 Apr.")
    made = product.scorecard("r1")
    card = replace(made.card, rows=(gone, *others))
    product.boards.rested = {"r1": judgement(5, 0.1, 0.08)}
    product.boards.cards["card-5"] = type(made)(card=card, verdict=made.verdict, standings=made.standings)
    product.boards.later = (replace(goal, difference=replace(goal.difference, known=817)),)  # type: ignore[type-var]
    shown = page(product, release="r1")
    assert shown.worked_out == "Figures of 18 Nov 2026, 09:30, as it was decided on them."
    assert shown.judged is not None
    row = shown.judged.levels[0].rows[0]
    assert row.missing == "It was not known when the trial was decided."
    assert row.late.startswith(
        "Known since, after the decision: +0.5 points (The right next step 88%, Most clicked 88%), between"
    )
    assert "all 817 outcomes known" in row.late
    assert "Since 18 Nov 2026 all of them are served alike" in row.late
    assert shown.judged.amount[-1].startswith("Renewed within 60 days: known since, after the decision: +0.5")
    first = shown.judged.levels[0].rows[1]
    assert (first.late, row.bare) == ("", False), "what was known then stands as it was"


def test_rows_without_any_figure_stand_apart() -> None:
    technical = judged(FakeProduct()).levels[2]
    assert [row.label for row in technical.bare] == ["Accuracy of risk"]
    assert len(technical.told) == 1


def test_links_in_force_are_for_those_who_may_end_them() -> None:
    product = FakeProduct()
    share = product.boards.share(product.scorecard("r1"), by="paula")
    ended = product.boards.share(product.scorecard("r1"), by="paula", reasons=True)
    product.boards.withdraw(ended.id, by="ada")
    shown = page(product, base="https://payoff.example")
    assert shown.may_share
    (link,) = shown.shares
    assert link.id == share.id
    assert link.label == "Link to: The right next step"
    care = product.boards.share(product.scorecard("r0", trial=STREAM), by="paula")
    label = next(s.label for s in page(product, base="https://payoff.example").shares if s.id == care.id)
    assert label == "Link to: In care at all (every release together)", "not by the release that serves"
    assert link.line == "Paula Stein made it on 23 Nov 2026, 09:30. Good until 23 Dec 2026."
    assert link.address.startswith("https://payoff.example/shared/")
    reader = page(product, "nia", base="https://payoff.example")
    assert (reader.may_share, reader.shares) == (False, ())


def test_what_people_said_of_a_decision_stands_beside_it() -> None:
    product = FakeProduct()
    product.decided += [Decision("r1", "hold", "hold", "wait", "paula", NOW - days * DAY) for days in (5, 3)]
    target = Target("decision:d5", "decision", "hold", "/board?release=r1", NOW - 5 * DAY)
    product.research.targets = lambda: (target, Target("release:r1", "release", "r1", "/releases#r1"))
    product.research.about = lambda on: Counted(1, 2) if on == "decision:d5" else Counted()
    newer, older = page(product).decisions
    assert newer.quotes == ""
    assert (older.quotes, older.quotes_href) == (
        "3 quotes bear on it: 1 for, 2 against",
        "/notes/quotes?on=decision%3Ad5",
    )
