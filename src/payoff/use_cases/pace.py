"""How often what follows a growing log is worked out anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

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
