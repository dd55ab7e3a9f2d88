"""The system's clock, and one that a replay sets itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from payoff.checks import moment


class SystemClock:
    """This machine's own time, in UTC."""

    def now(self) -> datetime:
        """This moment."""
        return datetime.now(UTC)


class SetClock:
    """Stands still until told: a replay, a demo or a test decides what moment it is."""

    def __init__(self, at: datetime) -> None:
        self._now = moment("at", at).astimezone(UTC)

    def now(self) -> datetime:
        """The moment that was set last."""
        return self._now

    def set(self, at: datetime) -> None:
        """Make it this moment, later or earlier; a naive one raises `BadParameter`."""
        self._now = moment("at", at).astimezone(UTC)

    def advance(self, by: timedelta) -> datetime:
        """Let this much time pass, and say what moment it is then."""
        self._now += by
        return self._now
