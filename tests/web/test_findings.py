"""The memory of what the monitors said: at once what is known, anew when it is due, never twice at once."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from payoff.errors import Unavailable
from payoff.records.findings import Health
from payoff.web.findings import FRESH, OLD, Findings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class Watched:
    """Counts how often it is asked; `hold` keeps it busy, `broken` makes it fail."""

    now: datetime = NOON
    head: int = 1
    asked: int = 0
    hold: threading.Event = field(default_factory=threading.Event)
    broken: bool = False
    moves: tuple[Any, ...] = ()

    def releases(self) -> list[Any]:
        return [SimpleNamespace(moves=self.moves)]

    def __post_init__(self) -> None:
        self.hold.set()
        self.clock = SimpleNamespace(now=lambda: self.now)
        self.storage = SimpleNamespace(log=SimpleNamespace(head=lambda: self.head, generation=lambda: 0))

    def health(self) -> Health:
        self.asked += 1
        self.hold.wait(10)
        if self.broken:
            raise Unavailable("the store is away")
        return Health((), (), None, self.now)


def test_it_is_asked_once_while_nothing_changes() -> None:
    watched = Watched()
    findings = Findings(watched)
    first = findings()
    assert first is not None
    assert findings() is first
    watched.now += FRESH
    assert findings() is first
    findings.settle()
    assert watched.asked == 1


def test_news_alone_is_not_enough_within_the_hour() -> None:
    watched = Watched()
    findings = Findings(watched)
    first = findings()
    watched.head += 1
    watched.now += FRESH - timedelta(minutes=1)
    assert findings() is first
    findings.settle()
    assert watched.asked == 1


def test_after_an_hour_with_news_the_old_is_served_while_the_new_is_worked_out() -> None:
    watched = Watched()
    findings = Findings(watched)
    first = findings()
    watched.head += 1
    watched.now += FRESH
    watched.hold.clear()
    assert findings() is first
    assert findings.renewing
    assert findings() is first
    watched.hold.set()
    findings.settle()
    assert watched.asked == 2
    again = findings()
    assert again is not None
    assert again.made_at == watched.now
    assert not findings.renewing


def test_after_a_day_it_is_asked_though_nothing_came_in() -> None:
    watched = Watched()
    findings = Findings(watched)
    findings()
    watched.now += OLD
    findings()
    findings.settle()
    assert watched.asked == 2


def test_while_the_first_takes_long_nobody_waits_for_ever() -> None:
    watched = Watched()
    watched.hold.clear()
    findings = Findings(watched, patience=0.01)
    assert findings() is None
    assert findings() is None
    watched.hold.set()
    findings.settle()
    assert findings() is not None
    assert watched.asked == 1


def test_a_first_failure_is_told_and_a_later_one_leaves_what_was_known() -> None:
    watched = Watched(broken=True)
    findings = Findings(watched)
    with pytest.raises(Unavailable):
        findings()
    watched.broken = False
    first = findings()
    assert first is not None
    watched.broken = True
    watched.head += 1
    watched.now += FRESH
    assert findings() is first
    findings.settle()
    assert findings() is first
    findings.settle()
    assert watched.asked == 3


def test_a_change_people_meet_is_asked_about_at_once_and_once() -> None:
    watched = Watched()
    findings = Findings(watched)
    findings()
    watched.now += timedelta(minutes=3)
    watched.moves = (SimpleNamespace(stage="shadow", at=watched.now),)
    findings()
    findings.settle()
    assert (findings.moved, watched.asked) == (None, 1), "a shadow meets nobody"
    watched.moves = (SimpleNamespace(stage="rolled back", at=watched.now),)
    watched.broken = True
    watched.now += timedelta(minutes=1)
    assert findings.moved == watched.moves[0].at
    for _ in range(2):
        findings()
        findings.settle()
    assert watched.asked == 2, "what went wrong lately is not tried again at every page"
    watched.broken, watched.now = False, watched.now + FRESH
    watched.head += 1
    findings()
    findings.settle()
    assert findings.moved is None
