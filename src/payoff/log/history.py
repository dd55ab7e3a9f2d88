"""Decisions with what became known later: the rows that learning learns from.

Labels are `null` until their whole window has passed, because early news is all of one kind.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.log.tables import LogTables
from payoff.records.time import to_micros


def decisions(
    tables: LogTables, now: datetime, *, goal: str, goal_days: float, risk: str = "", risk_days: float = 0.0
) -> pa.Table:
    """One row a decision that was answered (holdout included).

    Columns: id, unit, at, release, arm, action, propensity, role, segment, accepted (0/1), goal and risk (0/1,
    or null while the window is open).
    """
    said = tables.arrow("suggestion")
    said = said.filter(pc.and_(pc.equal(said["mode"], "answer"), pc.less_equal(said["at"], pa.scalar(now))))
    outcome = tables.arrow("outcome")
    responded = tables.arrow("response")
    yes = responded.filter(pc.is_in(responded["what"], pa.array(["accepted", "done"])))
    accepted = pc.is_in(said["id"], yes["suggestion"].combine_chunks())
    return pa.table(
        {
            **{
                c: said[c]
                for c in ("id", "unit", "at", "release", "arm", "action", "propensity", "role", "segment")
            },
            "accepted": pc.cast(accepted, pa.float64()),
            "goal": _happened(said, outcome, goal, goal_days, now),
            "risk": _happened(said, outcome, risk, risk_days, now) if risk else pa.nulls(len(said), pa.float64()),
        }
    )


def snapshot(tables: LogTables, now: datetime, *, outcome: str) -> pa.Table:
    """One row a unit whose outcome came with its facts (an imported table): unit, at, label (0 or 1).

    This is what a team has before its first decision: customers as they are, and who left. `at` is the moment
    of the unit's first known outcome; its facts are those known by then.
    """
    known = tables.arrow("outcome")
    known = known.filter(pc.and_(pc.equal(known["name"], outcome), pc.less_equal(known["at"], pa.scalar(now))))
    units, at = known["unit"].to_numpy(), _micros(known["at"])
    order = np.argsort(at, kind="stable")
    _, first = np.unique(units[order].astype(str), return_index=True)
    rows = order[first]
    label = (known["amount"].to_numpy()[rows] > 0).astype(float)
    chosen = known.take(pa.array(rows))
    return pa.table({"unit": chosen["unit"], "at": chosen["at"], "label": pa.array(label)})


def _micros(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()


def _codes(left: pa.ChunkedArray, right: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The same small integer for the same unit on both sides."""
    both = pa.chunked_array([*left.cast(pa.string()).chunks, *right.cast(pa.string()).chunks], pa.string())
    codes = both.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes[: len(left)], codes[len(left) :]


def _keys(codes: NDArray[np.int64], times: NDArray[np.int64], clock: NDArray[np.int64]) -> NDArray[np.int64]:
    """One sortable integer per (unit, moment): exact, because moments are replaced by their rank."""
    return codes << 32 | np.searchsorted(clock, times)


def _happened(said: pa.Table, outcome: pa.Table, name: str, days: float, now: datetime) -> pa.Array:
    happened = outcome.filter(pc.and_(pc.equal(outcome["name"], name), pc.greater(outcome["amount"], 0.0)))
    window = int(timedelta(days=days) / timedelta(microseconds=1))
    start, when = _micros(said["at"]), _micros(happened["at"])
    clock = np.unique(np.concatenate([start, start + window, when]))
    ours, theirs = _codes(said["unit"], happened["unit"])
    events = np.sort(_keys(theirs, when, clock))
    before = np.searchsorted(events, _keys(ours, start, clock))
    until = np.searchsorted(events, _keys(ours, start + window, clock))
    return pa.array((until > before).astype(float), mask=start + window > to_micros(now))
