"""Moments: stored as int64 microseconds UTC, shown in the product's own zone.

Event time (`at`) says when a thing happened, received time when we heard of it; both are kept. Days and
weeks belong to the product's zone, so that "Monday" means the team's Monday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from payoff.checks import BadParameter, moment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 UTC, exact (no float on the way). Raises `BadParameter` outside 1900 to 2200."""
    try:
        utc = moment("at", at).astimezone(UTC)
    except OverflowError:
        utc = EPOCH.replace(year=9999)
    if not 1900 <= utc.year <= 2200:
        raise BadParameter(f"at is in the year {at.year}", mend="Give a moment between 1900 and 2200.")
    return (utc - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment, in UTC."""
    return EPOCH + timedelta(microseconds=int(micros))


def day_of(at: datetime, zone: str) -> date:
    """The calendar day in the product's zone."""
    return moment("at", at).astimezone(ZoneInfo(zone)).date()


def week_of(at: datetime, zone: str) -> date:
    """The Monday that begins the week in the product's zone."""
    day = day_of(at, zone)
    return day - timedelta(days=day.weekday())
