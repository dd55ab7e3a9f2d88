"""What the units at hand can show in the plan's time, said on day 0."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow.compute as pc

from payoff.brief.declarations import MetricDeclaration
from payoff.stats.power import detectable, units_needed
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Promise:
    """One metric's promise. `base` is the share known so far, or 0.5 (the least favourable) when nothing is.

    `release` and `stream` are the smallest true differences that would be found in 80 of 100 trials: one recipe
    against another, and being in care against the holdout. `needed` is how many units it would take to find
    `wanted`: the distance to the target, else the margin, else five points.
    """

    metric: str
    label: str
    base: float
    base_known: bool
    release: float
    stream: float
    wanted: float
    needed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Units known today, the plan's days and holdout, and one promise for every share the gate reads."""

    units: int
    days: int
    holdout: float
    promises: tuple[Promise, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "units": self.units,
            "days": self.days,
            "holdout": self.holdout,
            "promises": [{k: v if v != math.inf else None for k, v in asdict(p).items()} for p in self.promises],
        }


def plan(ws: Workspace, *, units: int | None = None, base: float | None = None) -> Plan:
    """Reckon with all units known today, or with `units`; with the share seen so far, or with `base`."""
    release = ws.brief.release
    known = units if units is not None else len(pc.unique(ws.tables.arrow("unit.facts")["unit"]))
    held = round(known * release.holdout)
    admitted = (known - held) * max((s.share for s in release.steps if s.stage in ("canary", "ramp")), default=0.0)
    judged = [m for m in ws.declarations.metrics if m.purpose != "watch" and m.kind == "outcome_rate"]
    goals = sum(m.purpose in ("goal", "leading goal") for m in judged)
    alpha = release.alpha / max(1, goals)  # the gate shares its error among the goals
    promises = []
    for metric in judged:
        seen = base if base is not None else _base(ws, metric)
        p = 0.5 if seen is None else min(max(seen, 0.001), 0.999)
        sd = math.sqrt(p * (1 - p))
        trial = detectable(sd, admitted / 2, admitted / 2, alpha=alpha)
        stream = detectable(sd, known - held, held, alpha=alpha)
        wanted = abs(metric.target - p) if metric.target is not None else 0.0
        wanted = wanted or metric.margin or 0.05
        promises.append(
            Promise(
                metric.name,
                metric.label,
                p,
                seen is not None,
                trial.detectable,
                stream.detectable,
                wanted,
                units_needed(sd, wanted, alpha=alpha),
            )
        )
    return Plan(known, release.days, release.holdout, tuple(promises))


def _base(ws: Workspace, metric: MetricDeclaration) -> float | None:
    """The share of units with the outcome, as a snapshot that says yes and no has it; else nothing is known."""
    outcome = ws.tables.arrow("outcome")
    mine = outcome.filter(pc.equal(outcome["name"], metric.outcome))
    if not pc.any(pc.equal(mine["amount"], 0.0)).as_py():
        return None
    units = mine.group_by("unit").aggregate([("amount", "max")])
    return float(pc.mean(pc.cast(pc.greater(units["amount_max"], 0.0), "float64")).as_py())
