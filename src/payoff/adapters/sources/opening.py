"""An entry of the brief's `[sources]` to the source it names."""

from __future__ import annotations

from pathlib import Path

from payoff.adapters.clock import SystemClock
from payoff.adapters.sources.files import FileSource
from payoff.adapters.sources.selection import Selection
from payoff.adapters.sources.sql import SqlSource
from payoff.brief.schema import SourceEntry
from payoff.errors import BadInput, Fault
from payoff.ports import Clock, Source


def open_source(entry: SourceEntry, folder: Path, *, zone: str = "UTC", clock: Clock | None = None) -> Source:
    """The source an entry names; nothing is read yet. Relative paths start at `folder`.

    Moments without a zone belong to `zone`. Raises `BadInput` for an entry that names neither a file nor a query.
    """
    selection = Selection(entry)
    if entry.sql:
        if not entry.database:
            mend = 'Add database = "postgresql://…" or the path of a SQLite or DuckDB file.'
            raise BadInput("source", [Fault("source", "it has a query and no database", mend)])
        return SqlSource(entry.database, entry.sql, folder, selection, clock or SystemClock(), zone)
    if not entry.file:
        mend = 'Add file = "accounts.csv", or database and sql.'
        raise BadInput("source", [Fault("source", "it names neither a file nor a query", mend)])
    return FileSource(entry.file, folder, selection, zone, newest_only=entry.as_ == "units")
