"""Days people name: tomorrow, Thursday, next Monday. Weekends are nobody's working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from payoff.records.time import day_of

_SATURDAY = 5
_NOON = time(12)
FAR = timedelta(days=92)
"""A quarter: nothing is put off for longer."""
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day something can be put off to. `kind` says how people call it."""

    day: date
    kind: Literal["tomorrow", "day", "next_week", "two_weeks", "last"]


def working_day(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day


def next_working_day(now: datetime, zone: str) -> date:
    """The first working day after today."""
    return working_day(day_of(now, zone) + timedelta(days=1))


def morning(day: date, zone: str) -> datetime:
    """The beginning of a day in the product's zone, as a moment in UTC."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def midday(day: date, zone: str) -> datetime:
    """Noon of a day in the product's zone, as a moment in UTC."""
    return datetime.combine(day, _NOON, ZoneInfo(zone)).astimezone(UTC)


def good_day(zone: str, ends: datetime) -> date:
    """The last working day that has its morning before the end."""
    day = day_of(ends, zone)
    while day.weekday() >= _SATURDAY or midday(day, zone) > ends:
        day -= timedelta(days=1)
    return day


def good_until(now: datetime, zone: str, ends: datetime) -> date:
    """The day to name as the last one; the very day of the end where no working day is left before it."""
    day = good_day(zone, ends)
    return day if day >= day_of(now, zone) else day_of(ends, zone)


def last_day(now: datetime, zone: str, ends: datetime) -> date | None:
    """The last working day after today that has its morning before the end; `None` where no such day is left."""
    day = good_day(zone, ends)
    return day if day > day_of(now, zone) else None


def farthest(now: datetime, zone: str) -> date:
    """The last working day something can be put off to: a quarter from now."""
    day = day_of(now + FAR, zone) - timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return day


def weekday_from(day: date, name: str) -> date:
    """The first day with that name (`monday`) that is not before another."""
    return day + timedelta(days=(_WEEK.index(name) - day.weekday()) % 7)


def named_days(now: datetime, zone: str, ends: datetime) -> tuple[NamedDay, ...]:
    """What to offer for "not now": the next working day, three days on, next Monday, in two weeks.

    None of them is past the end: what lies beyond is one offer, the last day. Empty where the end is too near.
    """
    last = last_day(now, zone, ends)
    if last is None:
        return ()
    today = day_of(now, zone)
    first = next_working_day(now, zone)
    monday = today + timedelta(days=7 - today.weekday())
    wanted = [
        NamedDay(first, "tomorrow" if first == today + timedelta(days=1) else "day"),
        NamedDay(working_day(today + timedelta(days=3)), "day"),
        NamedDay(monday, "next_week"),
        NamedDay(working_day(today + timedelta(days=14)), "two_weeks"),
    ]
    found: dict[date, NamedDay] = {}
    for one in wanted:
        kept = one if one.day <= last else NamedDay(last, "last")
        found.setdefault(kept.day, kept)
    return tuple(found[day] for day in sorted(found))
