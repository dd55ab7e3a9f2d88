"""What people accept most: the engagement-first policy, kept as a warning.

People accept what is pleasant or free; in simulated worlds this policy has the highest acceptance of all and
destroys value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from payoff.features.batch import Batch
from payoff.features.spec import infer
from payoff.models.effect import EffectModel
from payoff.models.prior import Prior, Spread
from payoff.policy.base import Proposal
from payoff.policy.rules import order
from payoff.policy.setting import Setting
from payoff.policy.training import Training

_SPREAD = Spread(role=0.05, industry=0.05, cell=0.01, fact=0.01)


@dataclass(frozen=True, slots=True)
class Clicks:
    """Maximises the predicted probability that the suggestion is accepted; in the playbook's order before any
    answers. Doing nothing is never accepted, so nobody is left alone."""

    setting: Setting
    name: str = "clicks"

    def learn(self, training: Training) -> dict[str, Any]:
        at = training.index(self.setting.actions)
        # Told nothing, accepted nothing: the reference is exactly 0.
        said = np.where(at == 0, 0.0, training.responded)
        K = len(self.setting.actions)
        prior = Prior(self.setting.actions, np.full(K, 0.2) * (np.arange(K) > 0), np.full(K, 0.2), spread=_SPREAD)
        model = EffectModel.fit(
            training.batch,
            at,
            said,
            training.weight,
            prior,
            spec=infer(training.batch.facts, self.setting.brief),
        )
        return {"clicks": model.to_json(), "rows": model.n}

    def propose(self, batch: Batch, learned: dict[str, Any] | None) -> Proposal:
        preference = np.tile(1e-3 * order(self.setting), (len(batch), 1))
        if learned and learned.get("rows", 0):
            model = EffectModel.from_json(learned["clicks"])
            accepted, _ = model.effect(batch)
            for k, action in enumerate(self.setting.actions[1:], start=1):
                if action in model.actions:
                    preference[:, k] = np.clip(accepted[:, model.actions.index(action)], 1e-6, 1.0)
                else:
                    preference[:, k] = 1e-6
        return self.setting.proposal(batch, preference)
