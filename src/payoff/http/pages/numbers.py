"""Numbers as people write them into a form, in the field's own unit."""

from __future__ import annotations

import math


def written_number(
    text: str, low: float | None = None, high: float | None = None, *, whole: bool = False
) -> float | None:
    """The number, `None` for an empty field. Raises `ValueError` with what is wrong and what mends it."""
    plain = text.strip().replace("−", "-").replace(",", ".")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if whole and not (math.isfinite(value) and value.is_integer()):
        raise ValueError(f"{text.strip()[:40]!r} is no whole number", "Write one, as in 10.")
    if not math.isfinite(value):
        raise ValueError(f"{text.strip()[:40]!r} is no number", "Write a number, as in 8 or 2.5.")
    if high is not None and value > high:
        raise ValueError(f"{value:g} is more than {high:g}", _mend(low, high))
    if low is not None and value < low:
        raise ValueError(f"{value:g} is less than {low:g}", _mend(low, high))
    return value


def _mend(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"Give a number from {low:g} to {high:g}."
    return f"Give {low:g} or more." if low is not None else f"Give {high:g} or less."
