"""Made-up tables of treated and untreated, and the audit's section on worth alone."""

from __future__ import annotations

from typing import Any

import numpy as np

import payoff
from payoff.audit.report import Finding, Report
from payoff.audit.sections.worth.section import Worth

CAUSE = {"effect_some", "effect_none", "effect_harm", "effect_top_more", "effect_top_same", "policy_value"}


def world(change: float, *, n: int = 6000, by_score: bool = False, top_only: bool = False) -> dict[str, Any]:
    """Rare churn with an honest score; treatment by a coin changes churn by a share of itself."""
    rng = np.random.default_rng(7)
    risk = rng.beta(1, 12, n)
    treated = risk > np.quantile(risk, 0.5) if by_score else rng.random(n) < 0.5
    here = risk >= np.quantile(risk, 0.7) if top_only else np.ones(n, bool)
    churned = rng.random(n) < risk * np.where(treated & here, 1 + change, 1.0)
    return {"score": risk, "churned": churned, "treated": treated, "role": rng.choice(["admin", "analyst"], n)}


def untreated() -> dict[str, Any]:
    return {k: v for k, v in world(0.0).items() if k != "treated"}


def worth(frame: Any, **named: Any) -> Report:
    return payoff.audit(frame, catalogue=[Worth()], **named)


def keys(report: Report) -> set[str]:
    return {finding.key for finding in report.all_findings}


def found(report: Report, key: str) -> Finding:
    return next(f for f in report.all_findings if f.key == key)


def answer(report: Report) -> str:
    return report.section("worth").answer


def table(report: Report, title: str) -> list[Any]:
    return list(next(t for t in report.section("worth").tables if t.title.startswith(title)).rows)
