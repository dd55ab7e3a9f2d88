"""The desk's view of the log: per unit the newest suggestion that still waits for somebody."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.tables import LogTables
from payoff.records.suggestions import NOTHING
from payoff.records.time import to_micros


def open_suggestions(tables: LogTables, now: datetime) -> list[dict[str, Any]]:
    """Suggestions not expired and neither done nor dismissed, one a unit: a row of `suggestion` each.

    Added to its columns: `facts` (the newest ones, JSON text or `None`), `responses` (what people did with it, in
    order), `until_us` (where its last snooze ends, or `None`). Units in the holdout are never on the desk, nor
    those whose newest decision was to leave them alone. Only what has not expired is looked at, so that the
    desk costs what is on it and not what ever was.
    """
    moment = pa.scalar(now)
    said = tables.arrow("suggestion")
    fresh = said.filter(
        pc.and_(
            pc.and_(pc.equal(said["mode"], "answer"), pc.less_equal(said["at"], moment)),
            pc.greater(said["expires_us"], to_micros(now)),
        )
    )
    newest = {row["unit"]: row for row in fresh.to_pylist()}  # later ones replace earlier ones
    told = [row for row in newest.values() if row["action"] != NOTHING and row["arm"] != "holdout"]
    met = _responses(tables, [row["id"] for row in told], moment)
    waiting = [row for row in told if not {"done", "dismissed"} & {what for what, _ in met[row["id"]]}]
    facts = _facts(tables, [row["unit"] for row in waiting], moment)
    return [
        {
            **row,
            "facts": facts.get(row["unit"]),
            "responses": [what for what, _ in met[row["id"]]],
            "until_us": next((until for what, until in reversed(met[row["id"]]) if what == "snoozed"), None),
        }
        for row in waiting
    ]


def _responses(tables: LogTables, ids: list[str], now: pa.Scalar) -> dict[str, list[tuple[str, int | None]]]:
    heard = tables.arrow("response").select(["suggestion", "what", "until_us", "at"])
    mine = heard.filter(
        pc.and_(pc.is_in(heard["suggestion"], pa.array(ids, pa.string())), pc.less_equal(heard["at"], now))
    )
    met: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for row in mine.to_pylist():
        met[row["suggestion"]].append((row["what"], row["until_us"]))
    return met


def _facts(tables: LogTables, units: list[str], now: pa.Scalar) -> dict[str, str]:
    known = tables.arrow("unit.facts").select(["unit", "at", "facts"])
    mine = known.filter(
        pc.and_(pc.is_in(known["unit"], pa.array(units, pa.string())), pc.less_equal(known["at"], now))
    )
    ordered = mine.sort_by("at")  # stable: of one moment the later in the log holds
    return dict(zip(ordered["unit"].to_pylist(), ordered["facts"].to_pylist(), strict=True))
