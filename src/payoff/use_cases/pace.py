"""How often what follows a growing log is worked out anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from payoff.use_cases.workspace import Workspace

T = TypeVar("T")

QUICK, SHARE = 0.05, 20
"""Work of more than so many seconds takes at most one part in so many of the time."""


class Pace:
    """On a short log everything is due at once; on a long one what pages show may be seconds old."""

    def __init__(self) -> None:
        self._from = float("-inf")

    @property
    def due(self) -> bool:
        """Whether the work may be done again."""
        return time.monotonic() > self._from

    @contextmanager
    def working(self) -> Iterator[None]:
        """Around the work."""
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        self._from = began + took + (SHARE * took if took > QUICK else 0.0)


class Followed(Generic[T]):
    """What is counted over a whole log, kept until the log says something else and the pace allows another count.

    An erasure is followed at once.
    """

    def __init__(self, ws: Workspace, count: Callable[[Workspace], T]) -> None:
        self._ws, self._count, self._pace = ws, count, Pace()
        self._known: tuple[tuple[int, int], T] | None = None

    def __call__(self) -> T:
        log = self._ws.storage.log
        state, known = (log.generation(), log.head()), self._known
        if known is None or known[0][0] != state[0] or (known[0] != state and self._pace.due):
            with self._pace.working():
                known = self._known = (state, self._count(self._ws))
        return known[1]
