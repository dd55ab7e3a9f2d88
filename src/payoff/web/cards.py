"""Scorecards for pages, made once per state of the log: a page load reads aggregates, not events."""

from __future__ import annotations

import threading
from datetime import datetime

from payoff.errors import PayoffError, Refused
from payoff.records.releases import STREAM
from payoff.web.product import Card, Product


class Cards:
    """Remembers each release's card until the log grows or an hour passes (outcomes mature with time alone)."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._lock = threading.Lock()
        self._state: tuple[int, int, datetime] | None = None
        self._known: dict[str, Card | PayoffError] = {}

    def __call__(self, release: str) -> Card:
        """The card of a release, or of being in care at all (`STREAM`).

        Raises what `product.scorecard` raises, and remembers that too.
        """
        with self._lock:
            log = self._product.storage.log
            now = self._product.clock.now().replace(minute=0, second=0, microsecond=0)
            state = (log.head(), log.generation(), now)
            if state != self._state:
                self._state, self._known = state, {}
            if release not in self._known:
                try:
                    self._known[release] = self._made(release)
                except PayoffError as error:
                    self._known[release] = error
            found = self._known[release]
        if isinstance(found, PayoffError):
            raise found
        return found

    def _made(self, release: str) -> Card:
        if release != STREAM:
            return self._product.scorecard(release)
        serving = next((r for r in self._product.releases() if r.stage == "full"), None)
        if serving is None:
            raise Refused("nobody is in care yet", mend="Promote a first release.")
        return self._product.scorecard(serving.id, trial=STREAM)
