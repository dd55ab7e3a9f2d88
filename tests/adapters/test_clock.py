from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from payoff.adapters.clock import SetClock, SystemClock
from payoff.checks import BadParameter
from payoff.ports import Clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_system_clock_says_its_zone_and_does_not_run_backwards() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert first.tzinfo is UTC
    assert first <= second


def test_a_set_clock_stands_still_until_it_is_told() -> None:
    clock = SetClock(NOON)
    assert (clock.now(), clock.now()) == (NOON, NOON)
    assert clock.advance(timedelta(days=7)) == clock.now() == NOON + timedelta(days=7)
    clock.set(NOON)
    assert clock.now() == NOON


def test_a_set_clock_gives_utc_whatever_zone_it_was_set_in() -> None:
    clock = SetClock(datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now().isoformat() == "2026-03-01T12:00:00+00:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(BadParameter, match="without a time zone"):
        SetClock(datetime(2026, 3, 1))


def test_both_keep_the_port() -> None:
    assert isinstance(SystemClock(), Clock)
    assert isinstance(SetClock(NOON), Clock)
