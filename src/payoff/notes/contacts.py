"""E-mail addresses and phone numbers in what somebody wrote down: a note keeps words, not whom to call."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_DATE = re.compile(
    r"\b\d{4}([-/])\d{1,2}\1\d{1,2}\b|\b\d{1,2}([-/ ])\d{1,2}\2\d{4}\b|\b(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d\b"
)
_PHONE = re.compile(r"(?<![\w.,+])(?:\+ ?)?\(?\d+(?:[ \u00a0()/-]{1,3}\d+)*(?![\w@]|[.,]\d)")
_FEWEST_DIGITS = 8


def contacts(text: str) -> tuple[tuple[str, str], ...]:
    """Each once: what it is, and how it stands there. Dates and plain long numbers are no phone numbers."""
    phones = (found.group() for found in _PHONE.finditer(_DATE.sub("·", _EMAIL.sub("·", text))))
    found = [
        *(("an e-mail address", address) for address in _EMAIL.findall(text)),
        *(("a phone number", number) for number in phones if _dialled(number)),
    ]
    return tuple(dict.fromkeys(found))


def _dialled(number: str) -> bool:
    """Enough digits, and written like one: in groups, or with the zero or the plus of a phone."""
    grouped = number.startswith(("+", "0")) or not number.isdigit()
    return grouped and sum(c.isdigit() for c in number) >= _FEWEST_DIGITS
