"""What a verb works with: one product, its brief, its stores, its clock, its plugins."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from payoff.brief.declarations import Declarations
from payoff.brief.schema import Brief, Playbook, SourceEntry
from payoff.log.events import event
from payoff.log.tables import LogTables
from payoff.ports import Channels, Clock, ProductFiles, Source, Storage
from payoff.records.envelope import Event
from payoff.records.ids import Entropy, uuid7
from payoff.records.releases import Release
from payoff.releases.lifecycle import fold
from payoff.texts import Texts


@dataclass(frozen=True, slots=True)
class Plugins:
    """What can be extended from outside, by name; built-ins came in the same way."""

    metrics: Mapping[str, Any]
    policies: Mapping[str, Any]


@dataclass(slots=True)
class Workspace:
    """One open product. `entropy` and `rng` are the only sources of chance; a replay seeds both.

    `deadline` is how many seconds a single request waits for a model; `None` (a replay) waits for ever, so that
    the machine's load decides nothing. `lock` keeps two threads from deciding for the same unit at once.
    """

    brief: Brief
    playbook: Playbook
    declarations: Declarations
    storage: Storage
    clock: Clock
    texts: Texts
    plugins: Plugins
    open_source: Callable[[SourceEntry, Path], Source]
    folder: Path
    entropy: Entropy = os.urandom
    rng: np.random.Generator = field(default_factory=np.random.default_rng)
    deadline: float | None = 0.15
    files: ProductFiles | None = None
    channels: Channels = field(default_factory=Channels)
    lock: threading.RLock = field(default_factory=threading.RLock)
    tables: LogTables = field(init=False)
    _folded: tuple[tuple[pa.Table, ...], tuple[Release, ...]] = ((), ())

    def __post_init__(self) -> None:
        self.tables = LogTables(self.storage.log)

    @property
    def name(self) -> str:
        return self.brief.product.name

    def releases(self) -> tuple[Release, ...]:
        """All releases as they stand."""
        known = tuple(self.tables.arrow(kind) for kind in ("release", "learned", "decision"))
        if list(map(id, known)) != list(map(id, self._folded[0])):
            self._folded = (known, fold(self.tables))
        return self._folded[1]

    def new_id(self, at: datetime) -> str:
        return uuid7(at, self.entropy)

    def event(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        at: datetime,
        unit: str | None = None,
        actor: str | None = None,
        id: str | None = None,
    ) -> Event:
        """A checked event, received now."""
        now = self.clock.now()
        return event(kind, body, id=id or self.new_id(now), at=at, received_at=now, unit=unit, actor=actor)

    def actions(self) -> dict[str, str]:
        """The playbook's actions by id, with the names people use."""
        return {a.id: a.name or a.id.replace("_", " ") for a in self.playbook.actions}
