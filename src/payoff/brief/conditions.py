"""For whom an action is fit, in words people can read and write: "seats at least 5", "plan is growth, large"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from payoff.brief.schema import Condition
from payoff.errors import BadInput, Fault

_FORMS = (
    ("at_least", "at least"),
    ("at_most", "at most"),
    ("not_among", "is not"),
    ("among", "is"),
)
_LINE = re.compile(
    r"^\s*(?P<fact>[^\s]+)\s+(?P<form>at least|at most|is not|is)\s+(?P<value>.+?)\s*$", re.IGNORECASE
)


def written(conditions: Iterable[Condition]) -> list[str]:
    """A line each test of each condition."""
    lines = []
    for condition in conditions:
        for name, words in _FORMS:
            value = getattr(condition, name)
            if value is not None:
                shown = ", ".join(map(_shown, value)) if isinstance(value, list) else _shown(value)
                lines.append(f"{condition.fact} {words} {shown}")
    return lines


def understood(text: str) -> list[dict[str, Any]]:
    """Conditions from lines as `written` writes them. Raises `BadInput` with every line nobody can understand."""
    found: list[dict[str, Any]] = []
    faults = []
    names = {words: name for name, words in _FORMS}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        read = _LINE.match(line)
        if read is None:
            mend = "Write the fact, then at least, at most, is or is not, then the value."
            faults.append(Fault(f"line {number}", f"{line.strip()[:60]!r} is no condition", mend))
            continue
        name = names[read["form"].lower()]
        value: Any = read["value"]
        if name in ("at_least", "at_most"):
            try:
                value = float(value.replace(",", ""))
            except ValueError:
                faults.append(
                    Fault(f"line {number}", f"{value[:40]!r} is no number", "Write a number, as in 5 or 0.5.")
                )
                continue
            value = int(value) if value.is_integer() else value
        else:
            value = [_value(part.strip()) for part in value.split(",") if part.strip()]
        found.append({"fact": read["fact"], name: value})
    if faults:
        raise BadInput("for whom it is fit", faults)
    return found


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(text: str) -> Any:
    """A number or a yes or no where it is one; else the words."""
    if text.lower() in ("yes", "no"):
        return text.lower() == "yes"
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
