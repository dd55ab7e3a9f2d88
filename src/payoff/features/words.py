"""Names of facts as words: `days_since_login` and `MonthlyCharges` as a person would say them."""

from __future__ import annotations

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHORT = re.compile(r"^[A-Z0-9]{2,5}s?$")
_KNOWN = {
    "id": "ID",
    "nps": "NPS",
    "mrr": "MRR",
    "arr": "ARR",
    "csm": "CSM",
    "crm": "CRM",
    "api": "API",
    "tv": "TV",
}


def readable(name: str) -> str:
    """Lower case words; short forms (`MRR`, `NPS`) stay as they are."""
    words = re.split(r"[_\s.\-]+", _HUMP.sub(" ", name).strip())
    return " ".join(_word(word) for word in words if word)


def sentence(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def _word(word: str) -> str:
    if word.lower() in _KNOWN:
        return _KNOWN[word.lower()]
    return word if _SHORT.match(word) else word.lower()
