"""Weeks are the team's, and a part of the units may stand for all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.monitors.watched_world import BRIEF, MONDAY, Written, week

from payoff.monitors import look as looks
from payoff.monitors.look import bucket, weeks_until


def test_weeks_begin_on_the_teams_monday_also_across_the_change_of_clocks() -> None:
    # Berlin goes from +1 to +2 on 29 March 2026: that week has an hour less.
    found = weeks_until(
        datetime(2026, 3, 22, 23, 30, tzinfo=UTC), datetime(2026, 4, 6, 0, 0, tzinfo=UTC), "Europe/Berlin"
    )
    assert [w.monday for w in found] == [date(2026, 3, 23), date(2026, 3, 30), date(2026, 4, 6)]
    assert found[0].start == datetime(2026, 3, 22, 23, tzinfo=UTC)
    assert found[0].end == found[1].start == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_only_the_newest_year_is_looked_at() -> None:
    found = weeks_until(datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 4, 6, tzinfo=UTC), "UTC")
    assert len(found) == 52
    assert found[-1].monday == date(2026, 4, 6)


def test_decisions_fall_into_the_teams_weeks() -> None:
    log = Written()
    # Sunday 23:30 in London is Monday in Tokyo
    log.suggest("a", datetime(2026, 1, 11, 23, 30, tzinfo=UTC))
    log.suggest("b", datetime(2026, 1, 9, 12, 0, tzinfo=UTC))
    look = log.look(week(2), text=BRIEF.replace('name = "watched"', 'name = "watched"\nzone = "Asia/Tokyo"'))
    found = look.fetch(look.by_week(look.decisions()).order_by("week"))
    assert found["unit"].to_pylist() == ["b", "a"]
    assert [look.weeks[i].monday for i in found["week"].to_pylist()] == [date(2026, 1, 5), date(2026, 1, 12)]


def test_an_empty_log_has_no_weeks() -> None:
    assert Written().look(MONDAY).weeks == ()


def test_nothing_of_later_is_seen() -> None:
    log = Written()
    log.suggest("a", week(0))
    log.suggest("b", week(3))
    look = log.look(week(2))
    assert look.fetch(look.decisions())["unit"].to_pylist() == ["a"]
    assert len(look.weeks) == 3
    assert look.over == 2


def test_of_too_many_decisions_whole_units_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "ROWS", 60)
    log = Written()
    for n in range(3):
        for u in range(40):
            log.suggest(f"u{u}", week(n))
    look = log.look(week(3))
    units = look.fetch(look.decisions())["unit"].to_pylist()
    assert len(units) == 60
    assert {units.count(u) for u in set(units)} == {3}


def test_a_units_bucket_never_changes() -> None:
    assert bucket(["a", "b", "a"]).tolist() == [7, 1, 7]


def test_shares_read_as_how_many_of_100() -> None:
    look = Written().look(MONDAY)
    assert [look.of_100(v) for v in (0.312, 0.0449, 0.02, 0.0123, 0.0)] == ["31", "4", "2", "1.2", "0"]
