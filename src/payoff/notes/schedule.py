"""When the next focus group is due, and which session is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from payoff.notes.records import Session
from payoff.records.time import day_of

GROUP = "focus group"


@dataclass(frozen=True, slots=True)
class Next:
    """`planned` is the next session somebody planned; `due` the day by which a focus group is due (today or
    earlier: overdue); `last` the last focus group held. A planned focus group is the one that is due."""

    due: date
    planned: Session | None
    last: Session | None


def upcoming(sessions: Iterable[Session], *, every_days: int, today: date, zone: str) -> Next:
    """The brief asks for a focus group every so many days; without one so far it is due today."""
    living = [s for s in sessions if not s.dropped]
    held = [s for s in living if s.about == GROUP and not s.planned and day_of(s.held, zone) <= today]
    last = max(held, key=lambda s: s.held, default=None)
    due = day_of(last.held, zone) + timedelta(days=every_days) if last else today
    planned = min((s for s in living if s.planned), key=lambda s: s.held, default=None)
    return Next(due, planned, last)
