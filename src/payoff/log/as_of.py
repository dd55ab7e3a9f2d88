"""The log as it stood when an event was the newest one: what a learning of then has really seen.

Moments would not do: an outcome that was reported late speaks of an earlier day. The order of the log does.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.tables import LogTables


class AsOf(LogTables):
    """Tables that end with the event `seq`. They share the rows of the tables they are cut from."""

    def __init__(self, tables: LogTables, seq: int) -> None:
        super().__init__(tables.log)
        self._whole, self._until = tables, seq
        self._cut: dict[str, tuple[pa.Table, pa.Table]] = {}

    def arrow(self, kind: str) -> pa.Table:
        """See `LogTables.arrow`."""
        whole = self._whole.arrow(kind)
        known = self._cut.get(kind)
        if known is None or known[0] is not whole:
            end = int(np.searchsorted(whole["seq"].to_numpy(), self._until, side="right"))
            known = self._cut[kind] = (whole, whole.slice(0, end))
        return known[1]

    def recent(self, kind: str, since: datetime) -> pa.Table:
        """See `LogTables.recent`."""
        table = self.arrow(kind)
        return table.filter(pc.greater_equal(table["at"], pa.scalar(since)))
