"""What stands where: the `delivery` events of one product, folded.

A delivery is tried before it is sent, so that of two processes one sends: the nth try of a suggestion in a channel
to a person has an id of its own that everybody can work out, and the log keeps the first. A try without an end is
believed to go on for `LEASE`; after that nobody knows whether it got through, and the next one looks first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from payoff.log.tables import LogTables
from payoff.records.deliveries import State

TRYING, FAILED, SENT, SHOWS, LEFT = "trying", "failed", "sent", "shows", "left"
"""A try began · nothing arrived · it stands there · what it shows by now · it is no longer looked after."""
LEASE = timedelta(minutes=10)
_SPACE = uuid.UUID("0c7a4a2e-6df0-5b0c-8f6a-3d8c3f1f7b52")

Key = tuple[str, str, str]
"""Suggestion, channel, person."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a place shows: how the suggestion stood, by which answer ("" for none), and the day it is due there."""

    state: State = "open"
    answer: str = ""
    day: date | None = None

    def __str__(self) -> str:
        return " ".join((SHOWS, self.state, self.answer or "-", self.day.isoformat() if self.day else "-"))

    @classmethod
    def read(cls, text: str) -> Shown:
        _, state, answer, day = text.split(" ")
        return cls(state, "" if answer == "-" else answer, None if day == "-" else date.fromisoformat(day))  # type: ignore[arg-type]


@dataclass(slots=True)
class Spot:
    """One place a suggestion stands in; a message sent once more is another spot."""

    ref: str
    at: datetime
    shows: Shown = field(default_factory=Shown)
    left: bool = False


@dataclass(slots=True)
class Way:
    """Everything about one suggestion, channel and person."""

    unit: str
    tries: int = 0
    trying: datetime | None = None
    """Since when the last try goes on; `None` once its end is known."""
    spots: list[Spot] = field(default_factory=list)

    @property
    def sent(self) -> datetime | None:
        """When it last arrived."""
        return self.spots[-1].at if self.spots else None

    def free(self, now: datetime) -> bool:
        """Whether nobody is sending it at this moment."""
        return self.trying is None or now - self.trying >= LEASE


def ways(tables: LogTables, since: datetime) -> dict[Key, Way]:
    """All deliveries whose first try was not before `since`."""
    rows = tables.recent("delivery", since)
    names = ("suggestion", "channel", "to", "unit", "at", "state", "ref")
    columns = (rows[name].to_pylist() for name in names)
    return fold(dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def fold(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Way]:
    """Rows in the order of the log."""
    found: dict[Key, Way] = {}
    for row in rows:
        key = (row["suggestion"], row["channel"], row["to"] or "")
        way = found.setdefault(key, Way(row["unit"] or ""))
        state, ref = row["state"] or "", row["ref"] or ""
        if state == TRYING:
            way.tries += 1
            way.trying = row["at"]
        elif state == FAILED:
            way.trying = None
        elif state == SENT:
            way.trying = None
            if all(spot.ref != ref for spot in way.spots):
                way.spots.append(Spot(ref, row["at"]))
        else:
            for spot in way.spots:
                if spot.ref == ref and state == LEFT:
                    spot.left = True
                elif spot.ref == ref and state.startswith(f"{SHOWS} "):
                    spot.shows = Shown.read(state)
    return found


def try_id(product: str, key: Key, n: int) -> str:
    """The id of the nth try."""
    return _id(product, *key, TRYING, str(n))


def end_id(product: str, key: Key, n: int, end: str) -> str:
    """The id of how the nth try ended."""
    return _id(product, *key, end, str(n))


def own_id(product: str, suggestion: str, channel: str, to: str) -> str:
    """What a suggestion is called in a channel that keeps an id of ours."""
    return _id(product, suggestion, channel, to)


def parcel_key(product: str, channel: str, to: str, suggestions: Iterable[str]) -> str:
    """The same for the same suggestions to the same person."""
    return _id(product, channel, to, *sorted(suggestions))


def once(product: str, *parts: str) -> str:
    """The id of what counts once, however often it is heard."""
    return _id(product, "once", *parts)


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, "|".join(parts)))
