"""Waiting as long as a vendor asks, and no longer than we can."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from payoff.errors import Refused
from payoff.records.deliveries import Undelivered

T = TypeVar("T")
SECONDS = 60.0
"""How long one call may take with all its waiting."""
TIMEOUT = 10.0
"""Seconds to wait for one answer."""


class Limited(Exception):
    """The vendor asks to wait so many seconds; `None`: it does not say how long."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        super().__init__(seconds)


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries again after the time a vendor asks for, while that is within `seconds` of the first try."""

    seconds: float = SECONDS
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic

    def tried(self, where: str, call: Callable[[], T]) -> T:
        """What `call` gives. It raises `Limited` to be called again, `Undelivered` for good."""
        until = self.now() + self.seconds
        again = 1.0
        while True:
            try:
                return call()
            except Limited as limit:
                wait = limit.seconds if limit.seconds is not None else again
                again = min(again * 2, 10.0)
                if self.now() + wait > until:
                    what = f"it takes no more for now (asked to wait {wait:.0f} seconds)"
                    mend = "The next `payoff send` goes on where this one stopped."
                    raise Undelivered(what, where=where, mend=mend, whole=True) from None
                self.sleep(wait)


def retry_after(headers: Mapping[str, Any] | None) -> float | None:
    """The seconds a Retry-After header asks for; `None` without one, or where it is no number."""
    folded = {str(name).lower(): value for name, value in (headers or {}).items()}
    given = folded.get("retry-after", "")
    given = given[0] if isinstance(given, list) and given else given
    try:
        return max(0.0, float(given))
    except (TypeError, ValueError):
        return None


def missing(extra: str) -> Refused:
    """The error for a vendor's library that is not installed."""
    what, mend = f"the library for {extra} is not installed", f"pip install 'payoff[{extra}]'"
    return Refused(what, where=f"channels.{extra}", mend=mend)
