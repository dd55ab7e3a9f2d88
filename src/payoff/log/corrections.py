"""What people corrected and nobody has decided on yet, and who they say is no longer a customer.

A corrected fact counts at once where people look, on top of what the sources say; from the next learning on it is
a fact like others. *Gone* stops everything about a unit at once, until whoever runs this declines it, its author
takes it back, somebody says that they are still there, or something good happens to the unit later.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

GONE = "gone"
"""The name under which a correction says that somebody is no longer a customer, and why; `False`: they are."""
NO_FACTS = frozenset((GONE, "risk", "action", "widget"))
"""Names in a correction that are no facts of a unit."""
FINAL = frozenset(("used", "declined"))


@dataclass(frozen=True, slots=True)
class Corrected:
    """A fact as somebody corrected it, until the next learning takes it in."""

    value: Any
    by: str
    at: datetime
    feedback: str


@dataclass(frozen=True, slots=True)
class _Said:
    id: str
    seq: int
    at: datetime
    by: str
    what: Mapping[str, Any]


class Corrections:
    """Follows `feedback` and `fate`; told of new rows by whoever holds it."""

    def __init__(self) -> None:
        self._said: dict[str, list[_Said]] = defaultdict(list)  # by unit
        self._fate: dict[str, str] = {}  # the final one, by feedback
        self._unit: dict[str, str] = {}  # of feedback
        self._good: dict[str, datetime] = {}  # the newest good news of a unit

    def take(self, feedback: pa.Table, fates: pa.Table) -> set[str]:
        """New rows of both; returns the units they are about."""
        touched: set[str] = set()
        held = feedback.select(["id", "seq", "at", "actor", "unit", "correction"])
        held = held.filter(held["correction"].is_valid())
        for row in held.to_pylist():
            if row["unit"]:
                what = json.loads(row["correction"])
                self._said[row["unit"]].append(_Said(row["id"], row["seq"], row["at"], row["actor"] or "", what))
                self._unit[row["id"]] = row["unit"]
                touched.add(row["unit"])
        for id, state in zip(fates["feedback"].to_pylist(), fates["state"].to_pylist(), strict=True):
            if state in FINAL and id not in self._fate:  # the first final answer stands
                self._fate[id] = state
                touched |= {self._unit[id]} if id in self._unit else set()
        return touched

    def heard(self, units: Iterable[str], moments: Iterable[datetime]) -> None:
        """Good news of units: whoever they came of is there."""
        for unit, at in zip(units, moments, strict=True):
            self._good[unit] = max(at, self._good.get(unit, at))

    def of(self, unit: str) -> dict[str, Corrected]:
        """Corrected facts of a unit that are not yet facts."""
        found: dict[str, Any] = {}
        for said in self._said.get(unit, ()):
            if said.id not in self._fate:
                found |= {
                    name: Corrected(value, said.by, said.at, said.id)
                    for name, value in said.what.items()
                    if name not in NO_FACTS
                }
        return found

    def gone(self) -> dict[str, datetime]:
        """Units that are no longer customers, with the moment of the word that says so."""
        found: dict[str, datetime] = {}
        for unit, said in self._said.items():
            words = [one for one in said if GONE in one.what and self._fate.get(one.id) != "declined"]
            last = max(words, key=lambda one: (one.at, one.seq), default=None)
            if last is None or last.what[GONE] in (False, None, ""):
                continue
            if self._good.get(unit, last.at) <= last.at:
                found[unit] = last.at
        return found

    def named_gone(self) -> list[str]:
        """Units of whom it was ever said."""
        return [unit for unit, said in self._said.items() if any(GONE in one.what for one in said)]
