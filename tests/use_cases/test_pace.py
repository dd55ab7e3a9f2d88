"""What takes long is done seldom; what is quick, always."""

from __future__ import annotations

import pytest

from payoff.use_cases import pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return now


def worked(clock: list[float], seconds: float) -> pace.Pace:
    made = pace.Pace()
    assert made.due
    with made.working():
        clock[0] += seconds
    return made


def test_quick_work_is_due_at_once(clock: list[float]) -> None:
    made = worked(clock, 0.01)
    clock[0] += 0.001
    assert made.due


def test_long_work_takes_a_twentieth_of_the_time(clock: list[float]) -> None:
    made = worked(clock, 2.0)
    clock[0] += 39.0
    assert not made.due
    clock[0] += 1.1
    assert made.due
