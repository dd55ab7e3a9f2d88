"""A range lies beyond its line exactly when its rule is content."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.judged_world import COMPLAINTS, RENEWED, VALUE, day, declarations, declared

from payoff.gates.judge import judge
from payoff.gates.rules import Case
from payoff.gates.standing import Standing, decided, standings
from payoff.records.judgement import Estimate, Row
from payoff.scorecard.card import Scorecard, Trust
from payoff.texts import Texts

BOTH = declarations(VALUE, COMPLAINTS)


def row(metric: str, value: float, se: float | None, n: int = 400, **more: object) -> Row:
    d = next(m for m in (VALUE, COMPLAINTS, RENEWED) if m.name == metric)
    arm = Estimate(0.4, 0.02, n=n, known=n, total=n)
    gap = Estimate(value, se, n=2 * n, known=2 * n, total=2 * n)
    made = Row(
        metric, metric, d.level, d.purpose, d.direction, d.measure, {"challenger": arm, "champion": arm}, gap
    )
    return replace(made, against="champion", margin=d.margin, **more)  # type: ignore[arg-type]


def card(*rows: Row, days: int = 40, **more: object) -> Scorecard:
    made = Scorecard(
        "r1", "New", "r1", day(days), day(days), "simulated", "", {"challenger": 400, "champion": 400}, rows,
        Trust(True, ""), days, 56, ours="challenger", theirs="champion",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def stand(made: Scorecard, metric: str) -> Standing:
    return next(s for s in standings(made, BOTH) if s.metric == metric)


@pytest.mark.parametrize("days", [15, 20, 30, 40, 56])
@pytest.mark.parametrize("tenths", range(0, 300, 7))
def test_a_goal_lies_above_the_line_exactly_when_its_rule_says_better(days: int, tenths: int) -> None:
    made = card(row("first_value", tenths / 1000, 0.03), row("complaints", 0.0, 0.001), days=days)
    (goal,) = [s for s in standings(made, BOTH) if s.purpose == "leading goal"]
    assert goal.line == 0
    shown = goal.low is not None and goal.low > goal.line
    assert shown == (judge(made, BOTH).word == "promote")


@pytest.mark.parametrize("tenths", range(-30, 90, 4))
def test_a_guardrail_lies_within_its_margin_exactly_when_its_rule_holds(tenths: int) -> None:
    made = card(row("first_value", 0.5, 0.01), row("complaints", tenths / 1000, 0.01))
    held = stand(made, "complaints")
    assert held.line == COMPLAINTS.margin
    safe = held.high is not None and held.line is not None and held.high < held.line
    case = Case(made, BOTH, Texts())
    assert safe == case.guardrails[0].no_worse(case.margin_alpha)
    assert safe == (judge(made, BOTH).word == "promote")


def test_goals_that_share_the_error_have_wider_ranges() -> None:
    both = declarations(VALUE, replace(RENEWED, window_days=14), COMPLAINTS)
    made = card(row("first_value", 0.1, 0.03), row("renewed", 0.1, 0.03), row("complaints", 0.0, 0.01))
    alone = card(row("first_value", 0.1, 0.03), row("complaints", 0.0, 0.01))
    shared = next(s for s in standings(made, both) if s.metric == "first_value")
    assert shared.low is not None
    first = stand(alone, "first_value").low
    assert first is not None
    assert shared.low < first


def test_before_its_window_has_passed_and_below_the_least_units_there_is_no_range() -> None:
    early = stand(card(row("first_value", 0.2, 0.03), days=10), "first_value")
    few = stand(card(row("first_value", 0.2, 0.03, n=19)), "first_value")
    assert (early.low, early.high, few.low, few.high) == (None, None, None, None)
    assert (early.value, few.known) == (0.2, 38)
    none = Estimate(None, n=0, known=0, total=780)
    nothing = replace(row("first_value", 0.0, 0.0), arms={"challenger": none, "champion": none}, difference=None)
    unknown = stand(card(nothing), "first_value")
    assert (unknown.known, unknown.total) == (0, 1560), "it says how many it waits for"


def test_a_guardrail_with_nothing_to_compare_it_with_is_held_against_its_target_less_the_margin() -> None:
    done = declared("done", "done_rate", purpose="guardrail", target=0.5, margin=0.1)
    arms = {"care": Estimate(0.45, 0.02, 0.41, 0.49, n=300, known=300, total=300)}
    alone = Row("done", "done", "user", "guardrail", "up", "share", arms, target=0.5, margin=0.1)
    made = card(
        row("first_value", 0.1, 0.03), alone, ours="care", theirs="holdout", arms={"care": 300, "holdout": 30}
    )
    level = next(s for s in standings(made, declarations(VALUE, done)) if s.metric == "done")
    assert (level.of, level.value, level.line, level.known) == ("level", 0.45, pytest.approx(0.4), 300)
    assert (level.low, level.high) == (None, None)


def test_a_card_of_several_actions_has_no_one_line() -> None:
    assert standings(card(row("first_value", 0.1, 0.03), ours=""), BOTH) == ()


def test_it_reads_back_from_its_json() -> None:
    one = stand(card(row("first_value", 0.1, 0.03)), "first_value")
    assert Standing.read({**one.as_dict(), "of_a_later_version": 1}) == one


@pytest.mark.parametrize("tenths", range(-250, 300, 9))
def test_what_a_row_is_said_to_show_is_what_the_verdict_rests_on_and_its_range_says_the_same(tenths: int) -> None:
    raw = card(row("first_value", tenths / 1000, 0.03), row("complaints", 0.0, 0.001), days=30)
    told = decided(raw, BOTH)
    verdict, (goal, guard) = judge(told, BOTH), told.rows
    assert verdict.word == judge(raw, BOTH).word, "only what is shown changes"
    assert goal.difference is not None and goal.difference.low is not None and goal.difference.high is not None
    assert (goal.status == "better") == (verdict.word == "promote") == (goal.difference.low > 0)
    assert (goal.status == "worse") == (verdict.word == "roll back")
    assert guard.status == "no worse"
    mine = stand(raw, "first_value")
    assert (goal.difference.low, goal.difference.high) == (mine.low, mine.high)


@pytest.mark.parametrize(("value", "status"), [(0.2, "better"), (0.06, "watch"), (-0.2, "worse")])
def test_what_is_only_watched_is_no_surer_than_a_goal_and_what_is_too_few_keeps_its_own_range(
    value: float, status: str
) -> None:
    watched = row("first_value", value, 0.03, purpose="watch", status="watch")
    goal, few = row("first_value", value, 0.03), row("complaints", 0.1, 0.03, n=2)
    told = decided(card(watched, goal, few), BOTH).rows
    assert (told[0].status, told[0].difference) == (status, told[1].difference)
    assert told[2] == few
