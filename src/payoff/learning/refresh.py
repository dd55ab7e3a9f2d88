"""One refresh: the same recipes, learned from newer labels, checked before they may serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from payoff.brief.schema import Brief, Playbook
from payoff.errors import BadInput
from payoff.features.leaks import leaks
from payoff.features.spec import infer
from payoff.learning.labels import Labels
from payoff.models.conformance import check_model
from payoff.models.risk import RiskModel, RiskScores, cross_validated
from payoff.policy.catalogue import policy as make
from payoff.records.releases import Release

FEWEST = 50
"""Labels below which no risk model is learned: with fewer, the base rate says as much."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """`learned` maps release ids to what their recipe learned (plain JSON values). `rows` counts decisions whose
    goal is known, or risk labels before there are any. `scores` are out of sample."""

    learned: Mapping[str, dict[str, Any]]
    rows: int
    scores: RiskScores | None
    notes: tuple[str, ...]


def refresh(
    labels: Labels,
    brief: Brief,
    playbook: Playbook,
    policies: Mapping[str, Any],
    releases: Sequence[Release],
    *,
    score: bool = True,
) -> Refreshed:
    """Learn every living recipe anew; `score` adds out-of-sample figures, at five times the cost.

    Facts that give the answer away (leakage) are refused by name, in the notes: a model that has seen the answer
    must not serve anybody, and one bad column must not keep people waiting for their answers.
    """
    risk, scores, notes = _risk(labels, brief, score)
    learned: dict[str, dict[str, Any]] = {}
    for release in releases:
        policy = make(release.recipe, brief, playbook, policies)
        learned[release.id] = {"risk": risk.to_json() if risk else None, "policy": policy.learn(labels.training)}
    rows = int(np.isfinite(labels.training.goal).sum()) or int(np.isfinite(labels.risk).sum())
    return Refreshed(learned, rows, scores, notes)


def _risk(
    labels: Labels, brief: Brief, score: bool
) -> tuple[RiskModel | None, RiskScores | None, tuple[str, ...]]:
    y, facts, weight = labels.risk, labels.risk_batch.facts, labels.risk_weight
    if y.size < FEWEST or not 0 < y.mean() < 1:
        return None, None, ()
    spec = infer(facts, brief)
    leaking = leaks(facts, y, spec)
    spec = spec.without({fault.where.removeprefix("fact "): fault.what for fault in leaking})
    notes = (*spec.notes, *(f"refused, {fault}" for fault in leaking))
    model = RiskModel.fit(facts, y, weight, spec=spec)
    faults = check_model(model, facts.slice(0, 200))
    if faults:
        raise BadInput("the risk model", faults)
    if not score:
        return model, None, notes
    return model, cross_validated(facts, y, spec=spec, units=labels.risk_batch.units, weight=weight), notes
