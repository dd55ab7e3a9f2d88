"""What the acting half says to a person: a suggestion, its reasons, its worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from payoff.records.money import Money

NOTHING = "nothing"
"""The action of leaving a unit alone: always there, costs nothing, is the reference of every effect."""

Arm = Literal["challenger", "champion", "holdout", "named"]
"""challenger: served by the release on trial · champion: by the one before · holdout: treated as today,
without suggestions · named: chosen people, outside every estimate."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this unit, in one sentence a person can check.

    `feature` and `weight` allow the sentence to be tested: take the feature away (set it to what is usual)
    and the score must move against the sign of `weight`. `kind` says what backs the sentence: a model's
    association, a rule of the playbook, or the effect measured in an experiment.
    """

    text: str
    feature: str
    weight: float
    kind: Literal["association", "rule", "effect", "correction"] = "association"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion for one unit, already in the log when the caller sees it.

    `value` is the expected worth in money net of cost, `low` and `high` its 95% interval; all three are
    `None` where nothing is known, and `evidence` says in words what the figure rests on. `propensity` is the
    probability with which this action was drawn. `action` is `nothing` for the holdout and for units best
    left alone.
    """

    id: str
    unit: str
    action: str
    say: str
    value: Money | None
    low: Money | None
    high: Money | None
    evidence: str
    reasons: tuple[Reason, ...]
    propensity: float
    release: str
    arm: Arm
    stage: str
    explored: bool
    fallback: bool
    risk: float | None
    at: datetime
    expires: datetime
    contact: str = ""
    role: str = ""
    candidates: dict[str, float] = field(default_factory=dict)

    @property
    def told(self) -> bool:
        """Whether somebody is told of it: the holdout and whoever is best left alone never are."""
        return self.arm != "holdout" and self.action != NOTHING

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, for the command line, HTTP and exports."""

        def money(m: Money | None) -> dict[str, Any] | None:
            return None if m is None else {"minor": m.minor, "currency": m.currency}

        return {
            "id": self.id,
            "unit": self.unit,
            "action": self.action,
            "say": self.say,
            "value": money(self.value),
            "low": money(self.low),
            "high": money(self.high),
            "evidence": self.evidence,
            "reasons": [
                {"text": r.text, "feature": r.feature, "weight": r.weight, "kind": r.kind} for r in self.reasons
            ],
            "propensity": self.propensity,
            "release": self.release,
            "arm": self.arm,
            "stage": self.stage,
            "explored": self.explored,
            "fallback": self.fallback,
            "risk": self.risk,
            "contact": self.contact,
            "role": self.role,
            "at": self.at.isoformat(),
            "expires": self.expires.isoformat(),
        }
