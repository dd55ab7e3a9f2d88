"""Decisions with what became known later: the rows that learning learns from.

Labels are `null` until their whole window has passed, because early news is all of one kind.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.log.responses import BLAMELESS, CODES, responses
from payoff.log.tables import LogTables
from payoff.records.time import to_micros

_EXCUSED = f"^({'|'.join(CODES[name] for name in BLAMELESS)})($|: )"
"""A no for such a reason is no word about the suggestion."""


def decisions(
    tables: LogTables, now: datetime, *, goal: str, goal_days: float, risk: str = "", risk_days: float = 0.0
) -> pa.Table:
    """One row a decision that was answered (holdout included).

    Columns: id, unit, at, release, arm, stage, action, propensity, role, segment, fallback, accepted (0/1;
    null until it was answered or expired, where the answer says nothing about the suggestion, and where it was put
    off past its end), goal (the
    amount inside the window: 0/1 for a yes or no) and risk (0/1), both null while their window is open.
    """
    said = tables.arrow("suggestion")
    said = said.filter(pc.and_(pc.equal(said["mode"], "answer"), pc.less_equal(said["at"], pa.scalar(now))))
    outcome = tables.arrow("outcome")
    columns = (
        "id",
        "unit",
        "at",
        "release",
        "arm",
        "stage",
        "action",
        "propensity",
        "role",
        "segment",
        "fallback",
    )
    none = pa.nulls(len(said), pa.float64())
    amount = _amounts(said, outcome, risk, risk_days, now) if risk else none
    return pa.table(
        {
            **{name: said[name] for name in columns},
            "accepted": _accepted(said, responses(tables), now),
            "goal": _amounts(said, outcome, goal, goal_days, now) if goal else none,
            "risk": pc.cast(pc.greater(amount, 0.0), pa.float64()),
        }
    )


def snapshot(tables: LogTables, now: datetime, *, outcome: str) -> pa.Table:
    """One row a unit whose outcome came with its facts (an imported table): unit, at, label (0 or 1).

    This is what a team has before its first decision: customers as they are, and who left. The label is how
    things stand by now; the facts to set against it are those of `at`, when the unit was first seen.
    """
    known = tables.arrow("outcome")
    known = known.filter(pc.and_(pc.equal(known["name"], outcome), pc.less_equal(known["at"], pa.scalar(now))))
    groups = known.group_by("unit").aggregate([("at", "min"), ("amount", "max")])
    label = pc.cast(pc.greater(groups["amount_max"], 0.0), pa.float64())
    return pa.table({"unit": groups["unit"], "at": groups["at_min"], "label": label})


def _accepted(said: pa.Table, responded: pa.Table, now: datetime) -> pa.Array:
    heard = responded.filter(pc.less_equal(responded["at"], pa.scalar(now)))

    def met(*what: str) -> pa.ChunkedArray:
        rows = heard.filter(pc.is_in(heard["what"], pa.array(what)))
        return pc.is_in(said["id"], pc.unique(rows["suggestion"]))

    yes = met("accepted", "done")
    over = pc.or_(met("accepted", "done", "dismissed"), pc.less_equal(said["expires_us"], to_micros(now)))
    excused = pc.and_(pc.equal(heard["what"], "dismissed"), pc.match_substring_regex(heard["why"], _EXCUSED))
    told = pc.and_not(
        pc.fill_null(over, False), pc.is_in(said["id"], pc.unique(heard.filter(excused)["suggestion"]))
    )
    told = pc.and_not(told, pc.and_not(_put_off(said, heard), met("accepted", "done", "dismissed")))
    return pc.if_else(told, pc.cast(yes, pa.float64()), pa.scalar(None, pa.float64()))


def _put_off(said: pa.Table, heard: pa.Table) -> pa.Array:
    """Suggestions that somebody last put off to their end or later: nobody said no to them."""
    rows = heard.filter(pc.equal(heard["what"], "snoozed")).sort_by([("at", "ascending"), ("seq", "ascending")])
    until = dict(zip(rows["suggestion"].to_pylist(), rows["until_us"].to_pylist(), strict=True))
    last = pa.array(list(until.values()), pa.int64())
    mine = pc.take(last, pc.index_in(said["id"], pa.array(list(until), pa.string())))
    return pc.fill_null(pc.greater_equal(mine, said["expires_us"]), False)


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


def _amounts(said: pa.Table, outcome: pa.Table, name: str, days: float, now: datetime) -> pa.Array:
    """The outcome's amounts inside each decision's window, added up; for a yes or no at most 1."""
    mine = outcome.filter(pc.equal(outcome["name"], name))
    window = int(timedelta(days=days) / timedelta(microseconds=1))
    start, when = _micros(said["at"]), _micros(mine["at"])
    clock = np.unique(np.concatenate([start, start + window, when]))
    ours, theirs = _codes(said["unit"], mine["unit"])
    keys = _keys(theirs, when, clock)
    order = np.argsort(keys, kind="stable")
    amounts = mine["amount"].to_numpy()[order]
    total = np.concatenate([[0.0], np.cumsum(amounts)])
    before = np.searchsorted(keys[order], _keys(ours, start, clock))
    until = np.searchsorted(keys[order], _keys(ours, start + window, clock))
    found = total[until] - total[before]
    if amounts.size and np.isin(amounts, (0.0, 1.0)).all():
        found = np.minimum(found, 1.0)
    return pa.array(found, mask=start + window > to_micros(now))
