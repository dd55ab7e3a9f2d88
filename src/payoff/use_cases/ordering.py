"""Whom to help first. One order for the desk, for Slack, for the e-mail and for the table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, TypeVar

from payoff.records.days import good_day
from payoff.records.suggestions import Suggestion

Place = Literal["mine", "urgent", "rest", "others"]
PLACES: tuple[Place, ...] = ("mine", "urgent", "rest", "others")
"""Mine (taken by me, or my customer and taken by nobody else) · taken by nobody and ending soon · the rest ·
taken by somebody else."""
SOON = timedelta(days=2)
RENEWAL, NEAR = "days_to_renewal", 7
"""The fact that says in how many days a contract is up, and from how many on it counts in the order."""
_NEVER = date.max


class Item(Protocol):
    """What the order needs of a suggestion that waits."""

    @property
    def suggestion(self) -> Suggestion: ...
    @property
    def unit(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def owner(self) -> str: ...
    @property
    def due(self) -> datetime | None: ...
    @property
    def taken_by(self) -> str: ...


I = TypeVar("I", bound=Item)  # noqa: E741 - the item's own type comes back


def renewal(facts: Mapping[str, Any]) -> int | None:
    """In how many days their contract is up, by what was read last; `None` where that is not within a week."""
    left = facts.get(RENEWAL)
    known = isinstance(left, (int, float)) and not isinstance(left, bool) and 0 <= left <= NEAR
    return int(left) if known else None  # type: ignore[arg-type]


def place(item: Item, me: Collection[str], now: datetime) -> Place:
    """Which part of the desk it belongs to; `me` are the names a person goes by (id and full name)."""
    if item.taken_by:
        return "mine" if item.taken_by in me else "others"
    if item.owner and item.owner in me:
        return "mine"
    return "urgent" if item.due is not None and item.due - now < SOON else "rest"


def in_order(items: Iterable[I], me: Collection[str], now: datetime, zone: str) -> list[tuple[Place, I]]:
    """Mine, then unclaimed and urgent, then oldest due, then what others have taken. Of those with one last
    good day what the person has taken comes first, then whose contract is up within a week, then the worthiest."""
    days: dict[datetime, date] = {}

    def day(at: datetime | None) -> date:
        if at is None:
            return _NEVER
        if at not in days:
            days[at] = good_day(zone, at)
        return days[at]

    placed = [(place(item, me, now), item) for item in items]
    rank = {name: i for i, name in enumerate(PLACES)}
    placed.sort(
        key=lambda pair: (
            rank[pair[0]],
            day(pair[1].due),
            not pair[1].taken_by,
            NEAR + 1 if (left := renewal(pair[1].facts)) is None else left,
            -(pair[1].suggestion.value.minor if pair[1].suggestion.value else 0),
            pair[1].unit,
        )
    )
    return placed
