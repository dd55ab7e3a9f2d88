"""What waits for people, and about whom nobody is told anything any more."""

from __future__ import annotations

from datetime import datetime

from payoff.log.asides import asides_of
from payoff.log.desk import Desk, Waiting, desk_of
from payoff.use_cases.workspace import Workspace


def desk(ws: Workspace) -> Desk:
    """The desk over the product's log."""
    good = [name for name, outcome in ws.brief.outcomes.items() if outcome.good]
    return desk_of(ws.tables, ws.brief.policy.expires_days, good)


def waiting(ws: Workspace, now: datetime) -> list[Waiting]:
    """Suggestions that wait for somebody, one a unit."""
    return desk(ws).look(now)


def gone(ws: Workspace, now: datetime) -> frozenset[str]:
    """Units somebody says are no longer customers."""
    return desk(ws).gone(now)


def aside(ws: Workspace, now: datetime) -> dict[str, datetime]:
    """Units somebody asked to leave alone, each with the moment until when."""
    return asides_of(ws.tables).look(now)
