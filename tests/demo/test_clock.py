"""The story's clock stands still, and walks on when somebody looks around."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from payoff.checks import BadParameter
from payoff.demo.clock import StoryClock

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_it_stands_where_it_was_put_and_never_goes_back() -> None:
    clock = StoryClock(MONDAY)
    assert clock.now() == clock.now() == MONDAY
    clock.set(MONDAY + timedelta(days=7))
    clock.set(MONDAY)
    assert clock.now() == MONDAY + timedelta(days=7)


def test_it_walks_once_the_story_is_over() -> None:
    clock = StoryClock(MONDAY)
    clock.walk()
    first = clock.now()
    assert MONDAY <= first <= clock.now() < MONDAY + timedelta(hours=1)
    assert any(clock.now() > first for _ in range(1_000_000))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(BadParameter, match="without a time zone"):
        StoryClock(datetime(2026, 1, 5))
