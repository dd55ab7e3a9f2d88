"""What the monitors say, for pages: the newest there is, at once, while newer is worked out behind.

Weeks change slowly: findings are asked for again when the log has grown and an hour has passed, or after a day
though nothing came in (outcomes mature with time alone); and at once when another release serves. The page says
from when they are.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from payoff.ports import Clock, Storage
from payoff.records.findings import Health
from payoff.records.releases import Release
from payoff.use_cases.health import NOTICED

FRESH = timedelta(hours=1)
OLD = timedelta(days=1)
PATIENCE = 5.0
"""Seconds a first page waits; longer ones are told to look again."""
_log = logging.getLogger("payoff.web")


class Watched(Protocol):
    """What is asked of a product."""

    @property
    def clock(self) -> Clock: ...
    @property
    def storage(self) -> Storage: ...
    def health(self) -> Health: ...
    def releases(self) -> Sequence[Release]: ...


class Findings:
    """Remembers what was said last. One look at a time; whoever comes meanwhile gets the last one."""

    def __init__(self, product: Watched, *, patience: float = PATIENCE) -> None:
        self._product, self._patience = product, patience
        self._lock = threading.Lock()
        self._known: Health | None = None
        self._state = (-1, -1)
        self._looking: threading.Thread | None = None
        self._failed: Exception | None = None
        self._tried: datetime | None = None

    def __call__(self) -> Health | None:
        """The newest findings; `None` while the first ones are being worked out.

        Raises what went wrong where there are none to fall back on.
        """
        looking = self._begin() if self._due() else self._looking
        if self._known is None and looking is not None:
            looking.join(self._patience)
        if self._known is None and self._failed is not None:
            raise self._failed
        return self._known

    @property
    def known(self) -> Health | None:
        """The newest findings there are, without waiting for any."""
        return self._known

    def settle(self) -> None:
        """Wait until nothing is being worked out."""
        looking = self._looking
        if looking is not None:
            looking.join()

    @property
    def moved(self) -> datetime | None:
        """When what people meet changed since what is known was worked out; `None` where nothing did."""
        known = self._known
        if known is None:
            return None
        moves = [move for release in self._product.releases() for move in release.moves if move.stage in NOTICED]
        return max((move.at for move in moves if move.at > known.made_at), default=None)

    @property
    def renewing(self) -> bool:
        """Whether newer findings are being worked out."""
        looking = self._looking
        return looking is not None and looking.is_alive()

    def _due(self) -> bool:
        known, now = self._known, self._product.clock.now()
        if known is None:
            return True
        moved = self.moved
        if moved is not None and (self._tried is None or self._tried < moved):
            return True
        if self._tried is not None and now - self._tried < FRESH:
            return False  # what went wrong lately is not tried again at every page
        age = now - known.made_at
        log = self._product.storage.log
        return age >= OLD or (age >= FRESH and self._state != (log.head(), log.generation()))

    def _begin(self) -> threading.Thread:
        with self._lock:
            if self._looking is not None and self._looking.is_alive():
                return self._looking
            self._looking = threading.Thread(target=self._look, name="payoff findings", daemon=True)
            self._looking.start()
            return self._looking

    def _look(self) -> None:
        log = self._product.storage.log
        state = (log.head(), log.generation())
        self._tried = self._product.clock.now()
        try:
            self._known, self._state, self._failed = self._product.health(), state, None
        except Exception as error:
            _log.warning("the findings could not be worked out", exc_info=error)
            self._failed = error
