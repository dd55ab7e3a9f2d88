"""Maximise the expected worth of the effect: the policy the product is for.

Greedy on the posterior mean of the effect times what the goal is worth, minus the cost; whoever no action is
expected to help is left alone. Before any data it is the playbook's expectations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from payoff.features.batch import Batch
from payoff.features.spec import infer
from payoff.models.effect import EffectModel
from payoff.models.prior import Prior
from payoff.policy.base import Proposal
from payoff.policy.setting import Setting
from payoff.policy.training import Training


@dataclass(frozen=True, slots=True)
class Effect:
    """Without a known worth the effect itself is preferred and the worth stays unknown."""

    setting: Setting
    name: str = "effect"

    def learn(self, training: Training) -> dict[str, Any]:
        model = EffectModel.fit(
            training.batch,
            training.index(self.setting.actions),
            training.goal,
            training.weight,
            Prior.of(self.setting.playbook, training.fit_shift, sign=self.setting.sign),
            randomised=training.randomised,
            spec=infer(training.batch.facts, self.setting.brief),
        )
        return {"effect": model.to_json(), "rows": model.n}

    def model(self, learned: dict[str, Any] | None) -> EffectModel:
        """What was learned; before that, what the playbook expects."""
        if learned and learned.get("effect"):
            return EffectModel.from_json(learned["effect"])
        return EffectModel.before(Prior.of(self.setting.playbook, sign=self.setting.sign))

    def propose(self, batch: Batch, learned: dict[str, Any] | None) -> Proposal:
        setting, model = self.setting, self.model(learned)
        effect, sd = _aligned(model, Effect.model(self, None), setting.actions, batch)
        mean, spread = setting.money(effect, sd)
        preference = mean.copy() if setting.worth is not None else effect * setting.sign
        # An action that is not better than nothing is worse: it takes time and patience.
        preference[:, 1:] = np.where(
            preference[:, 1:] > 0, preference[:, 1:], np.minimum(preference[:, 1:], -1e-12)
        )
        if not model.n:  # a worth that rests on nobody's word is not known
            unsaid = [k for k, action in enumerate(setting.playbook.actions, start=1) if action.expects is None]
            mean[:, unsaid] = spread[:, unsaid] = np.nan
        return setting.proposal(batch, preference, mean, spread)


def _aligned(model: EffectModel, before: EffectModel, actions: tuple[str, ...], batch: Batch) -> tuple[Any, Any]:
    """Effects in the order of today's playbook; an action that came after the learning keeps its prior."""
    effect, sd = model.effect(batch)
    if model.actions == actions:
        return effect, sd
    prior_effect, prior_sd = before.effect(batch)
    places = {action: k for k, action in enumerate(model.actions)}
    columns = [places.get(action) for action in actions]
    return (
        np.column_stack([prior_effect[:, k] if c is None else effect[:, c] for k, c in enumerate(columns)]),
        np.column_stack([prior_sd[:, k] if c is None else sd[:, c] for k, c in enumerate(columns)]),
    )
