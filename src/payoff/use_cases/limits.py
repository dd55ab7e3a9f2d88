"""Whom nobody should be asked to contact again so soon, and how much people can still act on this week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.records.suggestions import NOTHING
from payoff.records.time import DAY, week_of
from payoff.use_cases.workspace import Workspace


def rested(ws: Workspace, units: Sequence[str], now: datetime) -> NDArray[np.bool_]:
    """Units nobody was asked to contact within the brief's days of rest."""
    days = ws.brief.policy.contact_every_days
    if not days:
        return np.ones(len(units), bool)
    said = ws.tables.recent("suggestion", now - timedelta(days=days)).select(["unit", "at", "action", "mode"])
    recent = said.filter(
        pc.and_(
            pc.and_(pc.equal(said["mode"], "answer"), pc.not_equal(said["action"], NOTHING)),
            pc.greater(said["at"], now - timedelta(days=days)),
        )
    )
    tired = set(recent["unit"].to_pylist())
    return np.array([unit not in tired for unit in units], bool)


def capacity_left(ws: Workspace, now: datetime) -> int | None:
    """Suggestions people can still act on this week; `None` where the brief sets no limit."""
    capacity = ws.brief.policy.capacity_per_week
    if capacity is None:
        return None
    said = ws.tables.recent("suggestion", now - 8 * DAY).select(["at", "action", "mode"])
    acted = said.filter(pc.and_(pc.equal(said["mode"], "answer"), pc.not_equal(said["action"], NOTHING)))
    zone = ws.brief.product.zone
    recent = acted.filter(pc.greater(acted["at"], now - 8 * DAY))["at"].to_pylist()
    this_week = week_of(now, zone)
    return max(0, capacity - sum(week_of(at, zone) == this_week for at in recent))
