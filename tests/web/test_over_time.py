"""Goals and guardrails over the weeks: the sentence, the range, what is marked, what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.fake_boards import NOW, judgement, standing, standings
from tests.fake_product import FakeProduct
from tests.fake_values import Decision, releases

from payoff.gates.standing import Standing
from payoff.records.judgement import Verdict
from payoff.records.releases import Release
from payoff.texts import Texts
from payoff.use_cases.judging_history import Judgement
from payoff.web.figures import Figures
from payoff.web.over_time import OverTime, often, over_time, planned_end

TEXTS = Texts()
FIGURES = Figures(TEXTS, "USD")
DAY = timedelta(days=1)
R1 = releases()[1]
WEEKS = (judgement(20, None, None), judgement(13, 0.09, 0.12), judgement(6, 0.1, 0.08))


def card(now: tuple[Standing, ...], **more: Any) -> Any:
    made = FakeProduct().scorecard("r1")
    return SimpleNamespace(card=made.card, verdict=made.verdict, standings=now, **more)


def shown(
    *now: Standing, weeks: tuple[Judgement, ...] = WEEKS, release: Release = R1, at: datetime = NOW, **more: Any
) -> tuple[OverTime, ...]:
    given = {"decisions": (), "until": None, **more}
    return over_time(TEXTS, FIGURES, card(now or standings()), at, weeks, release=release, **given)


def test_a_goal_is_told_by_since_when_it_is_shown_and_how_the_range_narrowed() -> None:
    goal = shown()[0]
    assert goal.sentence == "Shown since 17 Nov 2026: all of the range is better than no change."
    assert goal.tone == "good"
    assert goal.narrowed == (
        "Since 10 Nov 2026 the range went from between -3.0 and +21.0 points to between +5.6 and +16.6 points."
    )
    assert not goal.folded


def test_what_was_shown_and_is_no_more_counts_from_the_last_time_only() -> None:
    weeks = (judgement(20, 0.2, 0.1), judgement(13, 0.05, 0.1), judgement(6, 0.2, 0.1))
    assert shown(weeks=weeks)[0].sentence.startswith("Shown since 17 Nov 2026")


def test_a_range_that_holds_no_change_shows_nothing_yet_and_nothing_at_all_once_it_is_over() -> None:
    wide = standing("first_value", 0.05, 0.1)
    assert shown(wide)[0].sentence == "Not shown yet: no change is still within the range."
    over = replace(R1, stage="rolled back")
    assert shown(wide, release=over)[0].sentence == "Not shown: no change was within the range to the end."


def test_better_is_down_turns_everything_round() -> None:
    fewer = standing("first_value", -0.1, 0.05, direction="down")
    (goal,) = shown(fewer, weeks=())
    assert goal.sentence.startswith("Shown since 23 Nov 2026")
    (worse,) = shown(standing("first_value", 0.1, 0.05, direction="down"), weeks=())
    assert (worse.tone, worse.sentence) == ("bad", "Worse: all of the range is worse than no change.")


def test_a_guardrail_is_read_against_its_margin_and_stays_folded_while_it_holds() -> None:
    guard = shown()[1]
    assert guard.sentence == "Holds since 23 Nov 2026: even the worst of the range is tolerable."
    assert guard.folded
    assert [(rule.words, rule.tone) for rule in guard.picture.rules] == [
        ("tolerable: +2.0 points", "bad"),
        ("no change", "quiet"),
    ]


def test_what_takes_a_release_back_is_told_first_and_unfolded() -> None:
    hurt = replace(standings()[1], value=0.1, low=0.01, high=0.19)
    made = card((hurt,))
    made.verdict = Verdict("roll back", "guardrail worse", "worse", rows=("complaints",))
    (guard,) = over_time(TEXTS, FIGURES, made, NOW, (), release=R1)
    assert (guard.tone, guard.folded) == ("bad", False)
    assert guard.sentence == "Worse, and for this it is taken back."


def test_before_anything_may_be_said_there_is_no_line_to_read_into() -> None:
    assert shown(standing("first_value", 0.3, None), weeks=(judgement(6, 0.4, None),)) == ()


def test_the_axis_reaches_from_the_beginning_to_the_planned_end() -> None:
    ends = planned_end(R1, 56, NOW)
    assert ends == NOW + 33 * DAY
    picture = shown(until=ends)[0].picture
    assert [row.when for row in picture.rows] == [
        "26 Dec 2026",
        "23 Nov 2026",
        "17 Nov 2026",
        "10 Nov 2026",
        "3 Nov 2026",
        "31 Oct 2026",
    ]
    assert picture.rows[0].cells == ("the plan ends",)
    assert picture.rows[-1].cells == ("it begins",)
    assert picture.rows[1].cells == (
        "+11.1 points, between +5.6 points and +16.6 points; 371 of 412 outcomes known",
    )
    assert planned_end(replace(R1, stage="full"), 56, NOW) is None
    assert planned_end(R1, 20, NOW) is None


def test_stages_and_holds_are_marked_and_nobody_is_named() -> None:
    held = Decision("r1", "hold", "hold", "wait", "paula", NOW - 6 * DAY)
    marks = [m.words for m in shown(decisions=[held])[0].picture.markers]
    assert marks == [
        "31 Oct 2026: a few accounts, 10% in the trial",
        "9 Nov 2026: wider trial, 100% in the trial",
        "17 Nov 2026: held",
    ]


def test_of_one_day_the_last_figures_stand() -> None:
    morning = judgement(6, 0.5, 0.1, at=NOW - 6 * DAY - timedelta(hours=8), card="morning")
    rows = shown(weeks=(morning, WEEKS[2]))[0].picture.rows
    assert [row.cells[0].partition(",")[0] for row in rows][1] == "+10.0 points"
    assert len(rows) == 3


def test_nothing_judged_later_than_the_card_is_shown() -> None:
    rows = shown(at=NOW - 7 * DAY)[0].picture.rows
    assert [row.when for row in rows] == ["16 Nov 2026", "10 Nov 2026", "3 Nov 2026", "31 Oct 2026"]


def test_a_trial_that_is_over_ends_where_it_ended() -> None:
    made = card(standings())
    made.card = replace(made.card, as_of=NOW - 6 * DAY)
    goal = over_time(TEXTS, FIGURES, made, NOW, WEEKS, release=replace(R1, stage="full"))[0]
    assert goal.picture.rows[0].when == "17 Nov 2026"


def test_an_early_range_as_wide_as_everything_runs_out_of_the_picture() -> None:
    early, late = judgement(13, 0.1, 0.9), judgement(6, 0.1, 0.05)
    picture = shown(weeks=(early, late))[0].picture
    assert max(abs(float(tick.words)) for tick in picture.up) <= 25
    first = picture.lines[0].dots[0].x
    assert [(cut.x, cut.up) for cut in picture.lines[0].cuts] == [(first, True), (first, False)]
    assert picture.cut.startswith("An arrow: there the range goes on")
    assert shown()[0].picture.cut == "", "what fits has no arrows"


def test_no_range_of_a_difference_of_shares_is_beyond_all_of_them() -> None:
    picture = shown(weeks=(judgement(13, -0.5, 0.7), judgement(6, 0.1, 0.05)))[0].picture
    assert picture.rows[2].cells[0].startswith("-50.0 points, between -100.0 points and +20.0 points")


def test_what_is_not_known_yet_is_told_with_how_many_it_waits_for() -> None:
    waiting = standing("first_value", None, None, known=0, total=1567)
    nobody = standing("first_value", None, None, known=0, total=0)
    weeks = (judgement(13, None, None, rows=(nobody,)), judgement(6, None, None, rows=(waiting,)))
    rows = shown(weeks=weeks)[0].picture.rows
    assert [row.cells[0] for row in rows[1:3]] == [
        "Too early to say: 0 of 1,567 outcomes known.",
        "Too early to say: no outcome known.",
    ]


def test_a_level_is_held_against_its_own_line_and_has_no_range() -> None:
    level = standing("seen", 0.41, None, purpose="guardrail", of="level", line=0.4, label="seen")
    (one,) = shown(level, weeks=())
    assert one.sentence == "Holds since 23 Nov 2026: it is where it should be, or better."
    assert one.picture.rules[0].words == "at least 40%"
    (short,) = shown(replace(level, value=0.39), weeks=())
    assert (short.tone, short.sentence) == ("quiet", "Does not hold: it is not where it should be.")
    (free,) = shown(replace(level, line=None), weeks=())
    assert free.sentence == "Nothing to compare it with, and no target: it is shown, and decides nothing."
    assert (free.tone, free.how, free.picture.rules) == ("quiet", "", ())


def test_many_hours_are_told_in_days_line_and_all() -> None:
    slow = standing("t", -60.0, 6.0, measure="hours", direction="down", line=0.0, label="hours to first value")
    (one,) = shown(slow, weeks=())
    assert one.picture.rows[0].cells == ("-2.5 days, between -2.8 days and -2.2 days; 371 of 412 outcomes known",)


def test_looking_often_is_allowed_for_as_far_as_it_is_true() -> None:
    made = card(standings())
    assert "until the plan ends on 26 Dec 2026" in often(TEXTS, made, NOW + 33 * DAY)
    assert "56 days" in often(TEXTS, made, None)
    made.card = replace(made.card, plan_days=0)
    assert often(TEXTS, made, None) == "You may look as often as you like: these ranges allow for it."
