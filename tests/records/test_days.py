"""Days as people name them, in the product's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from payoff.records.days import (
    farthest,
    good_until,
    last_day,
    midday,
    morning,
    named_days,
    next_working_day,
    weekday_from,
    working_day,
)

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
FAR = MONDAY + 60 * DAY


@pytest.mark.parametrize(
    ("day", "works"),
    [(date(2026, 11, 27), date(2026, 11, 27)), (date(2026, 11, 28), date(2026, 11, 30)),
     (date(2026, 11, 29), date(2026, 11, 30))],
)  # fmt: skip
def test_weekends_are_skipped(day: date, works: date) -> None:
    assert working_day(day) == works


def test_tomorrow_is_the_zones_tomorrow() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert next_working_day(late, "UTC") == date(2026, 11, 24)
    assert next_working_day(late, "Europe/Berlin") == date(2026, 11, 25)
    assert morning(date(2026, 11, 24), "Europe/Berlin") == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert midday(date(2026, 7, 1), "Europe/Berlin") == datetime(2026, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (MONDAY, [(24, "tomorrow"), (26, "day"), (30, "next_week"), (37, "two_weeks")]),
        (MONDAY + 2 * DAY, [(26, "tomorrow"), (30, "day"), (39, "two_weeks")]),
        (MONDAY + 4 * DAY, [(30, "day"), (41, "two_weeks")]),
        (MONDAY + 6 * DAY, [(30, "tomorrow"), (32, "day"), (44, "two_weeks")]),
    ],
    ids=["monday", "wednesday", "friday", "sunday"],
)
def test_named_days_are_working_days_each_once_in_order(now: datetime, offered: list[tuple[int, str]]) -> None:
    found = [((one.day - date(2026, 11, 1)).days + 1, one.kind) for one in named_days(now, "UTC", FAR)]
    assert found == offered


def test_nothing_beyond_the_end_is_offered_but_its_last_day() -> None:
    ends = MONDAY + 5 * DAY  # Saturday
    assert last_day(MONDAY, "UTC", ends) == date(2026, 11, 27)
    assert [(one.day.day, one.kind) for one in named_days(MONDAY, "UTC", ends)] == [
        (24, "tomorrow"), (26, "day"), (27, "last"),
    ]  # fmt: skip


def test_a_last_day_has_its_morning_before_the_end() -> None:
    assert last_day(MONDAY, "UTC", datetime(2026, 11, 26, 11, tzinfo=UTC)) == date(2026, 11, 25)
    assert last_day(MONDAY, "UTC", datetime(2026, 11, 26, 12, tzinfo=UTC)) == date(2026, 11, 26)


@pytest.mark.parametrize("hours", [-1, 5, 24])
def test_where_no_day_is_left_nothing_is_offered(hours: int) -> None:
    ends = MONDAY + timedelta(hours=hours)
    assert last_day(MONDAY, "UTC", ends) is None
    assert named_days(MONDAY, "UTC", ends) == ()


@pytest.mark.parametrize(
    ("now", "ends", "named"),
    [
        (MONDAY, MONDAY + 14 * DAY, date(2026, 12, 4)),  # a Monday morning: the Friday before
        (MONDAY, MONDAY + 14 * DAY + timedelta(hours=4), date(2026, 12, 7)),
        (MONDAY, MONDAY + timedelta(hours=1), date(2026, 11, 23)),  # today, though its morning is over
        (MONDAY + 5 * DAY, MONDAY + 7 * DAY, date(2026, 11, 30)),  # no working day is left before it
    ],
)
def test_the_last_good_day_that_is_named_is_never_over(now: datetime, ends: datetime, named: date) -> None:
    assert good_until(now, "UTC", ends) == named


def test_nothing_is_put_off_for_longer_than_a_quarter() -> None:
    assert farthest(MONDAY, "UTC") == date(2027, 2, 22)
    assert farthest(MONDAY - DAY, "UTC") == date(2027, 2, 19), "a working day"


def test_the_weekly_turn_from_a_day_on() -> None:
    assert weekday_from(date(2026, 12, 14), "monday") == date(2026, 12, 14)
    assert weekday_from(date(2026, 12, 15), "monday") == date(2026, 12, 21)
    assert weekday_from(date(2026, 12, 14), "sunday") == date(2026, 12, 20)
