"""Calibration: what was said beside what came, only where it is known, only on those left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.monitors.watched_world import BRIEF, Written, week

from payoff.monitors.kinds import calibration
from payoff.records.findings import Finding
from payoff.stats.compare import wilson


def written(left: int, *, units: int = 60, weeks: int = 4, risk: float = 0.2, arm: str = "holdout") -> Written:
    """Every week `units` new units with the same risk, of whom `left` leave two weeks later."""
    log = Written()
    for w in range(weeks):
        for u in range(units):
            unit = f"u{w}-{u}"
            log.suggest(unit, week(w), "nothing" if arm == "holdout" else "call", arm=arm, risk=risk)
            if u < left:
                log.outcome(unit, week(w) + timedelta(days=14))
    return log


def said(log: Written, at: float = 9, text: str = BRIEF) -> Finding:
    (found,) = calibration.watch(log.look(week(at), text=text))
    return found


def test_as_many_as_said_is_fine() -> None:
    found = said(written(12))
    assert found.severity == "fine"
    low, high = wilson(0.2, 239)
    assert found.sentence == (
        f"The risk means what it says: of 100 accounts left alone, decided on in the weeks of 5 Jan 2026 to "
        f"2 Feb 2026, it said 20 would come to “left”, and 20 did "
        f"({100 * low:.0f} to {100 * high:.0f})."
    )
    assert (found.n, found.known, found.total) == (240, 240, 240)


def test_each_week_is_the_share_that_came_with_its_interval_beside_what_was_said() -> None:
    log = written(12)
    log.outcome("u1-30", week(1) + timedelta(days=20))
    found = said(log)
    one = found.weeks[1]
    assert one.value == pytest.approx(13 / 60)
    assert (one.low, one.high) == pytest.approx(wilson(13 / 60, 59))
    assert [w.value for w in found.groups[0].weeks[:4]] == pytest.approx([0.2] * 4)
    assert found.weeks[4].value is None and found.weeks[4].open


@pytest.mark.parametrize(("left", "word"), [(24, "little"), (4, "much")])
def test_twice_as_many_or_a_third_as_many_is_something_to_act_on(left: int, word: str) -> None:
    found = said(written(left))
    assert found.severity == "act"
    assert f"The risk says too {word}: of 100 accounts left alone, decided on in the weeks of" in found.sentence
    assert "It is off since the week of 5 Jan 2026" in found.details[0]


def test_it_says_since_when() -> None:
    log = written(12, weeks=6)
    for w in (4, 5):
        for u in range(12, 30):
            log.outcome(f"u{w}-{u}", week(w) + timedelta(days=10))
    found = said(log, 11)
    assert "It is off since the week of 2 Feb 2026" in found.details[0]


def test_only_outcomes_whose_time_is_over_count() -> None:
    early = said(written(24), 5.5)
    # 28 days: of the weeks 0 to 3 the first is over at 4.1, the second at 5.1
    assert (early.known, early.total) == (120, 240)


def test_an_outcome_after_its_window_is_none() -> None:
    log = written(0)
    for w in range(4):
        for u in range(48):
            log.outcome(f"u{w}-{u}", week(w) + timedelta(days=29))
    found = said(log)
    assert "and 0 did" in found.sentence
    assert found.todo.startswith("First see whether outcomes still come in.")


def test_without_enough_left_alone_it_asks_everybody_says_so_and_raises_no_alarm() -> None:
    found = said(written(40, arm="challenger"))
    assert found.severity == "look"
    assert found.sentence.endswith("Too few accounts are left alone to ask them only, so these were helped, too.")
    assert "Helping changes what happens" in found.means


def test_those_left_alone_are_asked_though_others_are_more() -> None:
    log = written(12)
    for w in range(4):
        for u in range(300):
            log.suggest(f"x{w}-{u}", week(w), "call", arm="challenger", risk=0.9)
    found = said(log)
    assert found.severity == "fine"
    assert found.n == 240


def test_who_comes_again_and_again_is_one() -> None:
    log = Written()
    for w in range(4):
        for u in range(60):
            log.suggest(f"u{u}", week(w), "nothing", arm="holdout", risk=0.2)
            if u < 18:
                log.outcome(f"u{u}", week(w) + timedelta(days=1))
    # 72 of 240 where 48 were said: independent rows would alarm, 60 units do not
    assert said(log).severity == "fine"
    assert said(written(18)).severity == "look"


def test_roles_are_told_apart_the_widest_gap_first_and_small_ones_cannot_tell() -> None:
    log = Written()
    for u in range(100):
        role = "lead" if u < 45 else "admin" if u < 90 else "guest"
        log.suggest(f"u{u}", week(0), "nothing", arm="holdout", risk=0.2, role=role)
        if u < 9 or 45 <= u < 60:
            log.outcome(f"u{u}", week(1))
    lines = said(log).details
    assert lines[-3].startswith("admin: said 20 of 100, came 33 (")
    assert lines[-2].startswith("lead: said 20 of 100, came 20 (")
    assert lines[-1] == "Cannot tell for guest: fewer than 20 accounts."


def test_a_brief_without_a_bad_outcome_has_no_risk() -> None:
    found = said(written(12), text=BRIEF.replace("good = false", "good = true"))
    assert found.severity == "cannot tell"
    assert found.sentence == "Cannot tell: the brief names no bad outcome, so no risk is predicted."
    assert found.targets[0].page == "brief"


@pytest.mark.parametrize(("at", "more"), [(0.5, 5), (2.5, 3), (4.9, 1)])
def test_until_the_first_window_is_over_it_says_how_many_weeks_more(at: float, more: int) -> None:
    found = said(written(12), at)
    assert found.severity == "cannot tell"
    assert found.weeks_more == more


def test_an_empty_log_waits_for_the_window_and_a_week() -> None:
    found = said(Written(), 0)
    assert found.sentence == "Cannot tell yet: 5 weeks more."


def test_too_few_of_either_end_cannot_tell() -> None:
    found = said(written(0, units=15, weeks=4, risk=0.01))
    assert found.severity == "cannot tell"
    assert found.sentence == (
        "Cannot tell: the outcome's time has passed for only 60 accounts. It takes 50, with 5 of either end."
    )


def test_a_gap_that_so_many_figures_make_now_and_then_is_told_as_such() -> None:
    """13 of 240 where 24 were said: the interval ends below 10, yet chance does that once in eighty looks."""
    log = written(4, risk=0.1)
    del log.rows["outcome"][-3:]
    found = said(log)
    assert found.severity == "fine"
    assert found.sentence.startswith(
        "The risk is not known to be off: of 100 accounts left alone, decided on in the weeks of"
    )
    assert found.sentence.endswith("it is watched, and not yet sure.")


def test_a_third_outside_its_range_is_named_where_the_whole_is_fine() -> None:
    """Of 80 a band that said 10, none came: the whole is as said, and so the risk is not simply what it says."""
    log = Written()
    for w in range(4):
        for u in range(60):
            unit, band = f"u{w}-{u}", u // 20
            log.suggest(unit, week(w), "nothing", arm="holdout", risk=(0.08, 0.2, 0.32)[band])
            if u % 20 < ((0 if w else 1), 5, 6)[band]:
                log.outcome(unit, week(w) + timedelta(days=14))
    found = said(log)
    assert found.severity == "fine"
    assert "The risk means what it says" not in found.sentence
    assert "The third with the lowest risk: said 8 of 100, came 1.2 (" in found.sentence
    assert "With 4 figures looked at" in found.sentence
    assert found.means == "If it is off, the next weeks will show it."
