"""Events as tests of the log write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from payoff.log.events import event
from payoff.records.envelope import Event

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def outcome(id: str, *, unit: str = "acct-1", at: datetime = NOON, amount: float = 1, **more: Any) -> Event:
    body = {"name": "renewed", "amount": amount, **more}
    return event("outcome", body, id=id, at=at, received_at=NOON, unit=unit, actor="crm")


def facts(id: str, values: dict[str, Any], *, unit: str = "acct-1", at: datetime = NOON) -> Event:
    return event("unit.facts", {"facts": values}, id=id, at=at, received_at=NOON, unit=unit)
