"""The story's clock: it stands where the story puts it, and walks on from there once somebody looks around."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from payoff.checks import moment


class StoryClock:
    """A clock for `open_product`. It never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = moment("at", at)
        self._since: float | None = None

    def now(self) -> datetime:
        """The moment the story is at."""
        if self._since is None:
            return self._at
        return self._at + timedelta(seconds=time.monotonic() - self._since)

    def set(self, at: datetime) -> None:
        """Move the story on to a later moment, where the clock stands still again."""
        self._at, self._since = max(moment("at", at), self.now()), None

    def walk(self) -> None:
        """From now on, a second is a second: for looking around after the story."""
        if self._since is None:
            self._since = time.monotonic()
