"""A small made-up product for the judging half: its log, its declarations, its releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from payoff.adapters.memory import storage
from payoff.brief.declarations import Declarations, MetricDeclaration, TrialPlan
from payoff.log.events import event
from payoff.log.tables import LogTables
from payoff.metrics.kinds import KIND_INFO
from payoff.records.envelope import Event
from payoff.records.releases import Move, Release, Stage

T0 = datetime(2026, 1, 5, tzinfo=UTC)


def day(n: float) -> datetime:
    """So many days after the trial began."""
    return T0 + timedelta(days=n)


def declared(name: str, kind: str = "", **given: Any) -> MetricDeclaration:
    """A declaration with the kind's own level, direction and measure unless given."""
    info = KIND_INFO[kind or name]
    values: dict[str, Any] = {
        "name": name,
        "kind": info.kind,
        "label": name.replace("_", " "),
        "level": info.level,
        "purpose": "watch",
        "direction": info.direction,
        "measure": info.measure,
    }
    return MetricDeclaration(**{**values, **given})


VALUE = declared("first_value", "outcome_rate", purpose="leading goal", outcome="first_value", window_days=14)
RENEWED = declared("renewed", "outcome_rate", purpose="goal", outcome="renewed", window_days=60)
COMPLAINTS = declared(
    "complaints",
    "outcome_rate",
    purpose="guardrail",
    direction="down",
    outcome="complaint",
    window_days=14,
    margin=0.05,
)


def declarations(*metrics: MetricDeclaration, **plan: Any) -> Declarations:
    """A product that declares these metrics."""
    return Declarations(
        product="demo",
        currency="USD",
        zone="UTC",
        language="en",
        tag="simulated",
        unit="account",
        segments=(),
        protected=(),
        metrics=metrics,
        plan=replace(TrialPlan(days=56, alpha=0.05, minimum_units=20, holdout=0.1), **plan),
        capacity_per_week=None,
        open_questions=(),
    )


class Diary:
    """Writes events with ids of its own."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, kind: str, at: datetime, unit: str | None = None, actor: str | None = None, **body: Any) -> str:
        id = f"e{len(self.events)}"
        self.events.append(event(kind, body, id=id, at=at, received_at=at, unit=unit, actor=actor))
        return id

    def enter(self, unit: str, arm: str, at: datetime, trial: str = "r1", stage: str = "ramp") -> None:
        self.add("assignment", at, unit, trial=trial, arm=arm, stage=stage)

    def suggest(self, unit: str, at: datetime, arm: str = "challenger", **more: Any) -> str:
        body = {"release": "r1", "arm": arm, "mode": "answer", "action": "call", "propensity": 1.0, **more}
        return self.add("suggestion", at, unit, **body)

    def outcome(self, unit: str, name: str, at: datetime, amount: float = 1.0) -> None:
        self.add("outcome", at, unit, name=name, amount=amount)

    def tables(self) -> LogTables:
        log = storage().log
        log.append(self.events)
        return LogTables(log)


def release(id: str, title: str, stages: Sequence[tuple[Stage, float]], against: str = "") -> Release:
    """A release that reached each stage on that day."""
    moves = tuple(Move(stage, 1.0, day(at), "ann", "") for stage, at in stages)
    return Release(id, title, moves[-1].stage, 1.0, {}, moves, against=against)


R0 = release("r0", "Most clicked", [("draft", -100), ("full", -90)])
R1 = release("r1", "The right next step", [("draft", -9), ("shadow", -8), ("canary", 0), ("ramp", 14)], "r0")


def played(
    rng: np.random.Generator,
    *,
    units: int = 1200,
    lift: float = 0.15,
    harm: float = 0.0,
    base: float = 0.4,
    share_of_challengers: float = 0.5,
    days: float = 28,
) -> Diary:
    """A trial: all enter within `days`, the challenger adds `lift` to the value and `harm` to complaints."""
    diary = Diary()
    for i in range(units):
        unit, at = f"a{i}", day(float(rng.random() * days))
        held, ours = rng.random() < 0.1, rng.random() < share_of_challengers
        arm = "holdout" if held else "challenger" if ours else "champion"
        diary.enter(unit, arm, at, stage="canary" if at < day(14) else "ramp")
        if rng.random() < base + lift * (arm == "challenger"):
            diary.outcome(unit, "first_value", at + timedelta(days=float(rng.random() * 13)))
        if rng.random() < 0.05 + harm * (arm == "challenger"):
            diary.outcome(unit, "complaint", at + timedelta(days=float(rng.random() * 13)))
    return diary
