"""Whom nobody should be asked to contact again so soon, and how much people can still act on this week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.log.responses import ANSWERS
from payoff.records.suggestions import NOTHING
from payoff.records.time import DAY, week_of
from payoff.use_cases.workspace import Workspace


def rested(ws: Workspace, units: Sequence[str], now: datetime) -> NDArray[np.bool_]:
    """Units nobody was asked to contact within the brief's days of rest."""
    days = ws.brief.policy.contact_every_days
    if not days:
        return np.ones(len(units), bool)
    since = now - timedelta(days=days)
    recent = _asked(ws, since)
    tired = set(recent.filter(pc.greater(recent["at"], since))["unit"].to_pylist())
    return np.array([unit not in tired for unit in units], bool)


def capacity_left(ws: Workspace, now: datetime) -> int | None:
    """Suggestions people can still act on this week; `None` where the brief sets no limit."""
    capacity = ws.brief.policy.capacity_per_week
    if capacity is None:
        return None
    zone, since = ws.brief.product.zone, now - 8 * DAY
    asked = _asked(ws, since)
    recent = asked.filter(pc.greater(asked["at"], since))["at"].to_pylist()
    this_week = week_of(now, zone)
    return max(0, capacity - sum(week_of(at, zone) == this_week for at in recent))


def _asked(ws: Workspace, since: datetime) -> pa.Table:
    """What people were asked to do. What a release left waiting when it was taken back takes nobody's time, the
    team's or the customer's: of it only what somebody answered counts."""
    said = ws.tables.recent("suggestion", since).select(["id", "unit", "at", "action", "mode", "release"])
    asked = said.filter(pc.and_(pc.equal(said["mode"], "answer"), pc.not_equal(said["action"], NOTHING)))
    void = [release.id for release in ws.releases() if release.stage == "rolled back"]
    if not void:
        return asked
    heard = ws.tables.recent("response", since)
    answered = heard.filter(pc.is_in(heard["what"], pa.array(sorted(ANSWERS))))["suggestion"]
    left = pc.is_in(asked["release"], pa.array(void, pa.string()))
    return asked.filter(pc.or_(pc.invert(left), pc.is_in(asked["id"], pc.unique(answered))))
