"""Time, ids and money: laws."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payoff.checks import BadParameter
from payoff.records.ids import uuid7
from payoff.records.money import Money
from payoff.records.time import day_of, from_micros, to_micros, week_of

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_survives_storage_to_the_microsecond(at: datetime):
    assert from_micros(to_micros(at)) == at


def test_the_same_moment_in_another_zone_is_the_same_number():
    at = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert to_micros(at) == to_micros(at.astimezone(timezone(timedelta(hours=9))))


def test_days_and_weeks_are_the_teams():
    sunday_night = datetime(2026, 1, 4, 23, 30, tzinfo=UTC)
    assert str(day_of(sunday_night, "UTC")) == "2026-01-04"
    assert str(day_of(sunday_night, "Asia/Tokyo")) == "2026-01-05"
    assert str(week_of(sunday_night, "UTC")) == "2025-12-29"
    assert str(week_of(sunday_night, "Asia/Tokyo")) == "2026-01-05"


@given(st.lists(MOMENTS, min_size=2, max_size=20, unique=True))
def test_ids_sort_by_time_and_say_version_seven(moments: list[datetime]):
    moments = sorted({m.replace(microsecond=m.microsecond // 1000 * 1000) for m in moments})
    ids = [uuid7(m) for m in moments]
    assert ids == sorted(ids)
    assert {uuid.UUID(i).version for i in ids} == {7}
    assert {uuid.UUID(i).variant for i in ids} == {uuid.RFC_4122}


def test_ids_repeat_under_the_same_luck_and_differ_under_another():
    at = datetime(2026, 1, 5, tzinfo=UTC)
    one, same = (uuid7(at, np.random.default_rng(1).bytes) for _ in range(2))
    assert one == same
    assert one != uuid7(at, np.random.default_rng(2).bytes)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [(12.34, "USD", 1234), ("0.105", "EUR", 10), (1200, "JPY", 1200), (1.2345, "KWD", 1234), (-3.5, "USD", -350)],
)
def test_money_is_whole_minor_units(amount, currency, minor):
    assert Money.of(amount, currency).minor == minor


@given(st.lists(st.integers(-(10**9), 10**9), max_size=50))
def test_money_adds_up_exactly(cents: list[int]):
    total = Money(0, "USD")
    for c in cents:
        total += Money(c, "USD")
    assert total.minor == sum(cents)


def test_two_currencies_do_not_add_up():
    with pytest.raises(BadParameter, match="do not add up"):
        Money(1, "USD") + Money(1, "EUR")
