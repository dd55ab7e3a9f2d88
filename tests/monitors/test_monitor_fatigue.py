"""Contact fatigue: contacts within four weeks by hand, the brief's limit, and what asking again does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.monitors.watched_world import BRIEF, Written, week

from payoff.monitors.kinds import fatigue
from payoff.records.findings import Finding


def written(times: int = 1, *, units: int = 40, weeks: int = 5, done: bool = True) -> Written:
    """Every unit is asked `times` times, a week apart, and does what was suggested."""
    log = Written()
    log.suggest("old", week(0))
    for u in range(units):
        for n in range(times):
            at = week(weeks - times + n)
            id = log.suggest(f"u{u}", at)
            if done:
                log.respond(id, at + timedelta(hours=5), "done")
    return log


def said(log: Written, at: float = 5, text: str = BRIEF) -> Finding:
    (found,) = fatigue.watch(log.look(week(at), text=text))
    return found


def test_contacts_within_four_weeks_are_counted_a_unit() -> None:
    log = written(2)
    found = said(log)
    assert found.severity == "fine"
    assert [w.value for w in found.weeks][3:] == pytest.approx([1.0, 2.0, 2.0])
    assert found.limits[0].value == 2.0  # 28 days over 14 days of rest


def test_more_than_the_brief_allows_is_said_with_how_many() -> None:
    log = written(1, units=38)
    for u in range(2):
        for n in range(3):
            log.suggest(f"u{u}", week(2 + n, 15))
    found = said(log)
    assert found.severity == "act"
    assert found.sentence.startswith(
        "2 of 38 accounts were asked more often than the brief allows: more than 2 times"
    )


def test_a_contact_counts_for_four_weeks_to_the_minute() -> None:
    log = Written()
    log.suggest("a", week(0))
    log.suggest("a", week(0) + timedelta(days=28))
    log.suggest("b", week(0))
    log.suggest("b", week(0) + timedelta(days=27, hours=23))
    rows = fatigue._contacts(log.look(week(9)))
    assert sorted(rows.earlier.tolist()) == [0, 0, 0, 1]


def test_units_do_not_run_into_each_other() -> None:
    log = Written()
    for u in range(30):
        log.suggest(f"u{u}", week(u % 5))
    assert fatigue._contacts(log.look(week(9))).earlier.tolist() == [0] * 30


def test_without_days_of_rest_there_is_no_limit() -> None:
    found = said(written(4), text=BRIEF.replace("contact_every_days = 14", "contact_every_days = 0"))
    assert found.severity == "fine"
    assert found.limits == ()
    assert "the brief sets no days of rest" in found.sentence


def test_asked_again_they_listen_less() -> None:
    log = Written()
    for u in range(60):
        first = log.suggest(f"u{u}", week(1))
        log.respond(first, week(1, 20), "done" if u % 10 else "dismissed")
        second = log.suggest(f"u{u}", week(3))
        log.respond(second, week(3, 20), "done" if u % 2 else "dismissed")
    found = said(log)
    assert found.severity == "act"
    assert found.sentence == (
        "Asked again within four weeks, 50 of 100 suggestions are waved away or left unanswered; "
        "the first time it is 10. Chance alone does not explain it."
    )
    assert found.details[1].startswith("After one within four weeks: 50 of 100 waved away or left unanswered (")


def test_unanswered_counts_only_once_its_time_is_over() -> None:
    log = written(1, done=False)
    open_, over = said(log, 5), said(log, 6.5)
    assert (open_.known, open_.total) == (1, 41)
    assert over.known == 41
    assert over.details[0].startswith("The first within four weeks: 100 of 100")


def test_set_aside_or_a_no_that_blames_nobody_is_not_held_against_it() -> None:
    log = Written()
    log.suggest("old", week(0), "nothing")
    for u in range(40):
        id = log.suggest(f"u{u}", week(3))
        if u % 2:
            log.respond(id, week(3, 12), "snoozed")
        else:
            log.respond(id, week(3, 12), "dismissed", why="already")
    assert said(log, 6).details[0].startswith("The first within four weeks: 0 of 100")


def test_named_people_are_asked_too() -> None:
    log = written(1)
    for n in range(3):
        for u in range(5):
            log.suggest(f"vip{u}", week(2 + n), arm="named")
    assert said(log).sentence.startswith("5 of 45 accounts were asked more often")


def test_young_and_empty_logs() -> None:
    assert said(Written(), 0).sentence == "Cannot tell yet: 4 weeks more."
    assert said(written(1, units=3)).sentence == (
        "Cannot tell: only 3 accounts were asked anything in four weeks; it takes 20."
    )
