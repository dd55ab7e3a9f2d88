"""Parameter checks by name: `share` means the same, and fails the same, everywhere."""

from __future__ import annotations

import math
from datetime import datetime

from payoff.errors import PayoffError

_RANGES: dict[str, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "alpha": (1e-6, 0.5),
    "power": (0.5, 0.999),
    "propensity": (0.0, 1.0),
    "holdout": (0.0, 0.5),
    "window_days": (0.0, 3660.0),
    "floor": (0.0, 0.5),
}


class BadParameter(PayoffError):
    """A parameter outside its meaning."""

    code = "parameter"


def number(name: str, value: float, *, low: float | None = None, high: float | None = None) -> float:
    """A finite number inside its range; ranges of well-known names are filled in."""
    known_low, known_high = _RANGES.get(name, (-math.inf, math.inf))
    low = known_low if low is None else low
    high = known_high if high is None else high
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise BadParameter(f"{name} is {value!r}, not a number", mend=f"Give a number from {low:g} to {high:g}.")
    if not low <= value <= high:
        raise BadParameter(f"{name} is {value:g}", mend=f"Give a number from {low:g} to {high:g}.")
    return float(value)


def moment(name: str, value: datetime) -> datetime:
    """A moment that says its zone: a naive one could mean any of 38 hours."""
    if value.tzinfo is None:
        raise BadParameter(
            f"{name} is {value.isoformat()}, without a time zone",
            mend="Give a datetime with tzinfo, for example datetime.now(timezone.utc).",
        )
    return value
