"""The envelope every event travels in; what its body may hold is declared in `log.events`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `seq` is given by the store and is 0 before."""

    id: str
    kind: str
    version: int
    unit: str | None
    at: datetime
    received_at: datetime
    body: Mapping[str, Any] = field(default_factory=dict)
    actor: str | None = None
    seq: int = 0
