"""The customers as they are known today: built once for several pages, not for each."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import NamedTuple

from payoff.features.batch import Batch
from payoff.features.build import batch
from payoff.use_cases.workspace import Workspace

_GOOD_SECONDS = 300


class _Made(NamedTuple):
    state: tuple[object, ...]
    at: float
    batch: Batch
    roles: dict[str, int]


class Today:
    """All units with their newest facts. Pages count with them; a count may be five minutes old."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._lock = threading.Lock()
        self._made: _Made | None = None

    def __call__(self) -> Batch:
        """The units. Made anew after five minutes, when somebody was erased, and when the brief changed."""
        return self._now().batch

    def roles(self) -> dict[str, int]:
        """The roles of the contacts, each with its customers, the commonest first."""
        return dict(self._now().roles)

    def _now(self) -> _Made:
        with self._lock:
            known = self._ws.storage.log
            state = (known.generation(), known.head() == 0, self._ws.brief.unit)
            if self._made is None or self._made.state != state or time.monotonic() - self._made.at > _GOOD_SECONDS:
                made = batch(self._ws.tables, self._ws.brief, self._ws.clock.now())
                roles = Counter(role for role in made.role.tolist() if role)
                self._made = _Made(state, time.monotonic(), made, dict(roles.most_common()))
            return self._made
