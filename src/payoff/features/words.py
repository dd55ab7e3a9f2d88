"""Names of facts as words: `days_since_login` and `MonthlyCharges` as a person would say them."""

from __future__ import annotations

import functools
import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHORT = re.compile(r"^[A-Z0-9]{2,5}s?$")
_PARTS = frozenset(("share", "rate", "ratio", "fraction", "utilisation", "utilization"))
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


@functools.lru_cache(maxsize=4096)
def readable(name: str) -> str:
    """Lower case words; short forms (`MRR`, `NPS`) stay as they are."""
    words = re.split(r"[_\s.\-]+", _HUMP.sub(" ", name).strip())
    return " ".join(_word(word) for word in words if word)


def sentence(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def fraction(name: str, value: object) -> bool:
    """Whether a fact is a part of a whole: `seats_used_share` 0.35 reads 35%, and never as a bare 0.35."""
    parts = set(readable(name).split())
    part = not parts.isdisjoint(_PARTS) and isinstance(value, (int, float)) and not isinstance(value, bool)
    return part and 0 <= float(value) <= 1  # type: ignore[arg-type]


def money(name: str, value: object) -> bool:
    """Whether a fact is money by what its name means: recurring revenue, and nothing that is only guessed."""
    known = not {"MRR", "ARR"}.isdisjoint(readable(name).split())
    return known and isinstance(value, (int, float)) and not isinstance(value, bool)


def _word(word: str) -> str:
    if word.lower() in _KNOWN:
        return _KNOWN[word.lower()]
    return word if _SHORT.match(word) else word.lower()
