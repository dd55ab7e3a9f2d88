"""Floods: how many requests one customer may make, counted in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict

from payoff.errors import PayoffError

_REMEMBERED = 20_000


class TooMany(PayoffError):
    """More requests than one customer makes; `wait` is in seconds."""

    code = "too_many"

    def __init__(self, wait: float) -> None:
        self.wait = max(1, round(wait))
        super().__init__("too many requests for one unit", mend=f"Wait {self.wait} seconds.")


class Flood:
    """Counts requests by name, in memory: each process its own, and what is long ago is forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: OrderedDict[tuple[str, ...], tuple[float, int]] = OrderedDict()

    def passes(self, name: tuple[str, ...], most: int, seconds: float, now: float) -> None:
        """Raises `TooMany` for one more than `most` within the `seconds` since the first of them."""
        with self._lock:
            since, count = self._counts.pop(name, (now, 0))
            if not since <= now < since + seconds:
                since, count = now, 0
            self._counts[name] = (since, min(count + 1, most + 1))
            if len(self._counts) > _REMEMBERED:
                self._counts.popitem(last=False)
        if count >= most:
            raise TooMany(since + seconds - now)
