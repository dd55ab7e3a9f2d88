"""All monitors on worlds made by chance: quiet ones raise hardly an alarm, planted breaks are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from tests.monitors.watched_world import World, Written, week

from payoff.monitors.catalogue import monitors, watched
from payoff.records.findings import WORST_FIRST

EVERY = ("calibration", "drift", "fairness", "fatigue", "feedback", "variety")


def test_every_monitor_is_found_by_itself_with_its_source() -> None:
    assert tuple(monitors()) == EVERY
    assert all(monitor.SOURCE for monitor in monitors().values())


def test_quiet_worlds_raise_hardly_an_alarm() -> None:
    """72 readings. Measured over 60 quiet quarters read every week: 38 alarms in 5,040 readings, so 0.5 here."""
    words: Counter[str] = Counter()
    for seed in range(6):
        log = World(seed).written()
        for at in (20, 26):
            words.update(f.severity for f in watched(log.look(week(at, 8))))
    assert sum(words.values()) == 72
    assert words["act"] + words["look"] <= 3


def _women_less(seed: int) -> World:
    gender = np.random.default_rng(seed).choice(["f", "m"], 400)  # as the world draws it
    return World(seed, told=lambda luck, u, w: 0.6 - (0.2 if gender[u] == "f" else 0.0))


def _pick(luck: np.random.Generator, u: int, w: int) -> str:
    return str(luck.choice(["call", "mail", "visit"], p=[0.85, 0.1, 0.05] if w >= 22 else [0.5, 0.3, 0.2]))


def _seats(luck: np.random.Generator, u: int, w: int) -> float:
    return (5 + u % 90) * (1.5 if w >= 22 else 1.0)


def _down(luck: np.random.Generator, u: int, w: int) -> float:
    return 0.2 if w >= 22 else 0.05


def _rarer(risk: float, w: int) -> float:
    """Four draws within one window come to the risk that was said."""
    return float(1 - (1 - risk) ** 0.25)


BREAKS: dict[str, tuple[str, Callable[[int], World]]] = {
    "seats half as many again": ("drift", lambda s: World(s, seats=_seats)),
    "twice as many leave": ("calibration", lambda s: World(s, left=lambda risk, w: min(1.0, 2 * risk))),
    "women are told less": ("fairness", _women_less),
    "four times the thumbs down": ("feedback", lambda s: World(s, down=_down)),
    "one action for nearly all": ("variety", lambda s: World(s, action=_pick)),
    "asked every week": ("fatigue", lambda s: World(s, units=120, every=1, left=_rarer)),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_planted_break_is_found_and_nothing_else_is_accused(name: str) -> None:
    monitor, world = BREAKS[name]
    others = 0
    for seed in (2000, 2001):
        found = watched(world(seed).written().look(week(26, 8)))
        alarms = {f.monitor for f in found if f.severity in ("act", "look")}
        assert monitor in alarms
        others += len(alarms - {monitor})
        assert [f.rank for f in found] == sorted(f.rank for f in found)
    assert others <= 1


def test_every_finding_is_whole() -> None:
    """Whatever it says: a sentence, what it means, what to do, how it was reckoned, and plain JSON."""
    for log in (World(3, weeks=6).written(), Written()):
        for found in watched(log.look(week(6, 8))):
            assert found.severity in WORST_FIRST
            assert all((found.title, found.sentence, found.means, found.todo, found.method, found.source))
            assert found.as_dict()["severity"] == found.severity


def test_an_empty_log_says_of_everything_that_it_cannot_tell_and_when() -> None:
    found = watched(Written().look(week(0)))
    assert {f.monitor: f.weeks_more for f in found} == {
        "drift": 4, "calibration": 5, "fairness": 4, "variety": 4, "fatigue": 4, "feedback": 7,
    }  # fmt: skip
    assert {f.severity for f in found} == {"cannot tell"}


def test_of_equally_bad_findings_what_matters_most_stands_first() -> None:
    found = watched(Written().look(week(0)))
    assert [f.monitor for f in found] == ["fairness", "calibration", "drift", "variety", "fatigue", "feedback"]
