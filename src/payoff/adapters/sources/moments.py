"""Moments as people write them: ISO days and times, 24.11.2026, 11/24/2026 or 24/11/2026, 2026/11/24."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|UTC|[+-]\d{2}:?\d{2})?)?")
_PARTED = re.compile(
    r"(?:(?P<y1>\d{4})/(?P<m1>\d{1,2})/(?P<d1>\d{1,2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})"
    r"|(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y3>\d{4}))"
    r"(?:,?[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s?(?P<half>[AaPp][Mm])?)?"
)


def read_moments(values: Sequence[str], zone: str = "UTC") -> tuple[dict[str, datetime], list[str]]:
    """What each text means as a moment in UTC (those that are none are left out), and what was assumed.

    Moments without a zone belong to `zone`. Whether 03/04/2026 begins with the day or the month is learned from
    the others; where none tells (no part above 12), nothing is read and the ambiguity is said.
    """
    parted = {value: match for value in values if (match := _PARTED.fullmatch(value))}
    slashed = [match for match in parted.values() if match["a"]]
    day_first = any(int(match["a"]) > 12 for match in slashed)
    month_first = any(int(match["b"]) > 12 for match in slashed)
    if slashed and day_first == month_first:
        return {}, ["nobody can tell days from months here; kept as text"]
    here = ZoneInfo(zone)
    moments: dict[str, datetime] = {}
    naive = 0
    for value in values:
        try:
            if match := parted.get(value):
                moment = _from_parts(match, day_first)
            elif _ISO.fullmatch(value):
                moment = datetime.fromisoformat(value.replace("UTC", "Z").replace(" Z", "Z"))
            else:
                continue
        except ValueError:
            continue  # 31.02.2026
        if moment.tzinfo is None:
            naive += 1
            moment = moment.replace(tzinfo=here)
        moments[value] = moment.astimezone(UTC)
    remarks = [f"moments without a zone, read as {zone}"] if naive else []
    if slashed:
        remarks.append(f"read as {'day/month/year' if day_first else 'month/day/year'}")
    return moments, remarks


def _from_parts(match: re.Match[str], day_first: bool) -> datetime:
    if match["a"]:
        day, month = (match["a"], match["b"]) if day_first else (match["b"], match["a"])
        year = match["y3"]
    else:
        year = match["y1"] or match["y2"]
        month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
    hour, half = int(match["hour"] or 0), (match["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return datetime(int(year), int(month), int(day), hour, int(match["minute"] or 0), int(match["second"] or 0))  # noqa: DTZ001 - its zone is set by the caller
