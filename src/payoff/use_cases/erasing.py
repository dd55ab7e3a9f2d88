"""Forget a unit: everything known of it, and everything said about it, the copies too."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from payoff.feedback.fates import note_id
from payoff.use_cases.workspace import Workspace


def erase(ws: Workspace, unit: str) -> int:
    """Returns how many events went; 0 for a unit nobody knows. It cannot be undone, and twice is harmless.

    Words about the unit that were copied into a note go with them, and so does what was marked in that note.
    """
    said = ws.tables.arrow("feedback")
    copies = [note_id(id) for id in said.filter(pc.equal(said["unit"], unit))["id"].to_pylist()]
    written = [f"note:{id}" for id in copies] + [f"note:{id}" for id in _with(ws, "note", "of", copies)]
    marked = [f"quote:{id}" for id in _with(ws, "quote", "note", copies)]
    # The copies first: after the unit nobody would find them any more.
    return sum(ws.storage.log.forget(one) for one in (*marked, *written, unit))


def _with(ws: Workspace, kind: str, field: str, values: Sequence[str]) -> list[str]:
    rows = ws.tables.arrow(kind)
    return rows.filter(pc.is_in(rows[field], pa.array(values, pa.string())))["id"].to_pylist()
