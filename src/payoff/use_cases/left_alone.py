"""Decisions to leave a unit alone: the holdout, whoever is gone, whom a person set aside until a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from payoff.features.batch import Batch
from payoff.log.asides import ASIDE
from payoff.log.corrections import GONE
from payoff.records.releases import Release
from payoff.records.suggestions import NOTHING, Suggestion
from payoff.records.time import DAY
from payoff.use_cases.workspace import Workspace


def gone(ws: Workspace, unit: str, now: datetime, release: Release | None) -> Suggestion:
    """Somebody said that they are no longer a customer: a person decided it, not a release."""
    return _nothing(ws, unit, "suggest.gone", now, release=release.id if release else "", arm="named", stage=GONE)


def as_today(
    ws: Workspace, release: Release | None, batch: Batch, i: int, now: datetime, arm: str, risk: float
) -> Suggestion:
    """A unit of the holdout: treated as today, and scored all the same."""
    return _nothing(
        ws,
        batch.units[i],
        "suggest.as_today",
        now,
        release=release.id if release else "",
        arm=arm,
        stage=release.stage if release else "",
        risk=risk if np.isfinite(risk) else None,
        contact=str(batch.contact[i]),
        role=str(batch.role[i]),
    )


def set_aside(
    ws: Workspace, release: Release | None, batch: Batch, i: int, now: datetime, until: datetime, risk: float
) -> Suggestion:
    """Nothing before the day a person asked for; it ends with that day, and then the unit is decided for afresh.

    It must not bend the comparison. Only units that were told something can be set aside, so leaving them out here
    would let them enter a new trial or quarter later than the holdout does, or never. They enter like everybody
    else, at this decision and in the arm chance gives them; who is compared, and from when, does not depend on
    any answer, and that people may put somebody off is part of what an arm does in use. The decision itself is a
    person's: it stands in no arm of a release, no floor of exploring applies to it, and nothing is learned from it
    (`learning.labels`), because whom people put off is not chance.
    """
    day = ws.texts.near_day(until)
    made = _nothing(
        ws,
        batch.units[i],
        "suggest.set_aside",
        now,
        day=day,
        release=release.id if release else "",
        arm="named",
        stage=ASIDE,
        risk=risk if np.isfinite(risk) else None,
        contact=str(batch.contact[i]),
        role=str(batch.role[i]),
    )
    return replace(made, expires=until)


def _nothing(ws: Workspace, unit: str, say: str, now: datetime, *, day: str = "", **more: Any) -> Suggestion:
    """A decision to leave a unit alone, for certain: no figures, no reasons, and `say` in words."""
    return Suggestion(
        id=ws.new_id(now),
        unit=unit,
        action=NOTHING,
        say=ws.texts.say(say, day=day),
        value=None,
        low=None,
        high=None,
        evidence="",
        reasons=(),
        propensity=1.0,
        explored=False,
        fallback=False,
        at=now,
        expires=now + ws.brief.policy.expires_days * DAY,
        **{"risk": None, **more},
    )
