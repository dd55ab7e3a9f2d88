"""A release ready to answer: its policy with what it learned, and its risk model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from payoff.brief.schema import Brief, Playbook
from payoff.models.risk import RiskModel
from payoff.policy.base import Policy
from payoff.policy.catalogue import policy as make
from payoff.ports import ArtefactStore
from payoff.records.releases import Release


@dataclass(frozen=True, slots=True)
class Server:
    """`learned` and `risk` are `None` before the first refresh; the policy then stands on the playbook."""

    release: Release
    policy: Policy
    learned: dict[str, Any] | None
    risk: RiskModel | None


def load(
    release: Release,
    *,
    policies: Mapping[str, Any],
    store: ArtefactStore,
    brief: Brief,
    playbook: Playbook,
) -> Server:
    """Bind a release's recipe to what its newest refresh learned."""
    policy = make(release.recipe, brief, playbook, policies)
    if not release.artefact:
        return Server(release, policy, None, None)
    kept = json.loads(store.get(release.artefact).payload)
    risk = RiskModel.from_json(kept["risk"]) if kept.get("risk") else None
    return Server(release, policy, kept.get("policy"), risk)
