"""What a brief compiles to: plain data that metrics, gates and monitors resolve by name."""

from __future__ import annotations

from dataclasses import dataclass

from payoff.records.judgement import Direction, Level, Purpose, Tag


@dataclass(frozen=True, slots=True)
class MetricDeclaration:
    """One metric to compute. `kind` names the plugin; `outcome` and `window_days` are empty where not needed.

    `worth` is the money one outcome is worth in major units, `None` when nobody said. `missing_source` is the
    name of the source the metric cannot live without and that does not exist; a release judged by it is
    refused with that name.
    """

    name: str
    kind: str
    label: str
    level: Level
    purpose: Purpose
    direction: Direction
    outcome: str = ""
    window_days: float = 0.0
    worth: float | None = None
    measure: str = "share"
    target: float | None = None
    margin: float | None = None
    missing_source: str = ""


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """How long a trial may run and what error it may spend; the gate plans its bounds over this."""

    days: int
    alpha: float
    minimum_units: int
    holdout: float


@dataclass(frozen=True, slots=True)
class HarmDeclaration:
    """Who could be hurt, how it would show, and the metric that stops a release that does."""

    who: str
    shows: str
    stopped_by: str


@dataclass(frozen=True, slots=True)
class Declarations:
    """Everything the judging half needs to know of a product."""

    product: str
    currency: str
    zone: str
    language: str
    tag: Tag
    unit: str
    segments: tuple[str, ...]
    protected: tuple[str, ...]
    metrics: tuple[MetricDeclaration, ...]
    plan: TrialPlan
    capacity_per_week: int | None
    open_questions: tuple[str, ...]
    harms: tuple[HarmDeclaration, ...] = ()
