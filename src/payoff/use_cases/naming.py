"""What people call a unit: the name their own systems give it, else its id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from payoff.use_cases.workspace import Workspace

NAMES = ("name", "account_name", "company", "account", "title")
"""Facts that hold a name, the likeliest first."""


def called(facts: Mapping[str, Any], unit: str) -> str:
    """The name among a unit's facts."""
    return next((str(facts[name]) for name in NAMES if facts.get(name)), unit)


def names_now(ws: Workspace, units: Iterable[str]) -> dict[str, str]:
    """By unit, how some of them are called now; one question for all."""
    wanted = sorted({unit for unit in units if unit})
    if not wanted:
        return {}
    rows = ws.storage.log.latest_many("unit.facts", wanted, until=ws.clock.now())
    known = dict(zip(rows["unit"].to_pylist(), rows["facts"].to_pylist(), strict=True))
    return {unit: called(json.loads(known.get(unit, "{}")), unit) for unit in wanted}
