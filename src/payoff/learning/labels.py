"""From the log to rows a model can learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.brief.schema import Brief
from payoff.features.batch import Batch
from payoff.features.build import history
from payoff.feedback.rules import Lessons
from payoff.log.asides import ASIDE
from payoff.log.corrections import GONE
from payoff.log.history import decisions, snapshot
from payoff.log.tables import LogTables
from payoff.policy.training import Training
from payoff.records.suggestions import NOTHING

_NEVER = np.int64(2) ** 61


@dataclass(frozen=True, slots=True)
class Labels:
    """`training` for the policy (one row a decision), and `risk_batch` with `risk` 0/1 labels for the risk model.

    The risk rows are decisions whose window has passed; before the first of them, the imported snapshot.
    """

    training: Training
    risk_batch: Batch
    risk: NDArray[np.float64]
    risk_weight: NDArray[np.float64]


def collect(tables: LogTables, brief: Brief, now: datetime, *, goal: str, risk: str, lessons: Lessons) -> Labels:
    """Everything that is known by `now`, seen from the moment of each decision."""
    window = brief.outcomes[goal].window_days if goal in brief.outcomes else 0.0
    rows = decisions(
        tables,
        now,
        goal=goal,
        goal_days=window,
        risk=risk,
        risk_days=brief.outcomes[risk].window_days if risk in brief.outcomes else 0.0,
    )
    at = rows["at"].cast(pa.int64()).to_numpy()
    batch = history(tables, brief, rows["unit"].to_pylist(), at)
    label = rows["risk"].to_numpy(zero_copy_only=False).astype(float)
    calm = np.array([id in lessons.not_at_risk for id in rows["id"].to_pylist()], bool)
    label = np.where(calm & np.isnan(label), 0.0, label)  # what was measured stays measured
    arms = np.array(rows["arm"].to_pylist(), dtype=str)
    drawn = rows["propensity"].to_numpy(zero_copy_only=False).astype(float) * (1 - brief.release.holdout)
    # Chance had no part where people chose the unit, or where the fallback answered.
    chosen = (arms == "named") | np.isin(np.array(batch.units, dtype=str), brief.unit.excluded or [""])
    chosen |= np.array([bool(f) for f in rows["fallback"].to_pylist()], bool)
    propensity = np.where(arms == "holdout", brief.release.holdout, np.where(chosen, np.nan, drawn))
    # Whom a person asked to leave alone was not left alone by chance: no case of "nothing" to learn from.
    asked = pc.fill_null(pc.is_in(rows["stage"], pa.array([ASIDE, GONE])), False).to_numpy()
    target = np.where(asked, np.nan, rows["goal"].to_numpy(zero_copy_only=False).astype(float))
    action = rows["action"].to_pylist()
    accepted = rows["accepted"].to_numpy(zero_copy_only=False).astype(float)
    training = Training(
        batch=batch,
        action=tuple(action),
        propensity=propensity,
        goal=target,
        responded=np.where([a == NOTHING for a in action], np.nan, accepted),
        risk_label=label,
        weight=_weights(batch.units, np.where(asked, _NEVER, at), window),
        fit_shift=dict(lessons.shifts),
    )
    known = np.flatnonzero(np.isfinite(label))
    span = brief.outcomes[risk].window_days if risk in brief.outcomes else 0.0
    mine = Labels(training, batch.take(known), label[known], _weights(batch.units, at, span)[known])
    shot = snapshot(tables, now, outcome=risk) if risk else None
    if shot is None or not shot.num_rows or (known.size >= 50 and 0 < label[known].mean() < 1):
        return mine
    seen = history(tables, brief, shot["unit"].to_pylist(), shot["at"].cast(pa.int64()).to_numpy())
    return Labels(training, seen, shot["label"].to_numpy(), np.ones(len(seen)))


def _weights(units: Sequence[str], at: NDArray[np.int64], days: float) -> NDArray[np.float64]:
    """One over the decisions of a unit whose windows overlap: the same outcome must not count several times."""
    names = np.asarray(units, dtype=str)
    order = np.lexsort((at, names))
    names, times = names[order], at[order]
    span = int(days * 86_400e6)
    weight = np.ones(times.size)
    edges = np.flatnonzero(np.r_[True, names[1:] != names[:-1], True]) if times.size else np.array([0])
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        mine = times[start:end]
        before = np.searchsorted(mine, mine - span, side="right")
        after = np.searchsorted(mine, mine + span, side="left")
        weight[start:end] = 1.0 / (after - before)
    out = np.empty_like(weight)
    out[order] = weight
    return out
