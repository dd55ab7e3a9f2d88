"""Treat the riskiest: the accuracy-first policy, kept as a warning (docs/adr/0008).

The units most at risk are not those an action helps; a model of risk says nothing of that however exact it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from payoff.features.batch import Batch
from payoff.features.spec import infer
from payoff.models.risk import RiskModel
from payoff.policy.base import Proposal
from payoff.policy.rules import order
from payoff.policy.setting import Setting
from payoff.policy.training import Training


@dataclass(frozen=True, slots=True)
class Risk:
    """The riskiest `params["share"]` (a fifth) get `params["action"]`, or the first fit action of the playbook..

    Before a risk was learned nobody is treated.
    """

    setting: Setting
    name: str = "risk"

    def learn(self, training: Training) -> dict[str, Any]:
        share = min(1.0, max(0.0, self.setting.parameter("share", 0.2)))
        model = RiskModel.fit(
            training.batch.facts,
            training.risk_label,
            training.weight,
            spec=infer(training.batch.facts, self.setting.brief),
        )
        risk = model.predict(training.batch.facts)
        threshold = float(np.quantile(risk, 1 - share)) if risk.size else 1.0
        return {"risk": model.to_json(), "threshold": threshold, "rows": model.n}

    def propose(self, batch: Batch, learned: dict[str, Any] | None) -> Proposal:
        setting, n = self.setting, len(batch)
        preference = np.full((n, len(setting.actions)), -1.0)
        preference[:, 0] = 0.0
        if learned and learned.get("rows", 0):
            over = RiskModel.from_json(learned["risk"]).predict(batch.facts) - learned["threshold"]
            action = setting.params.get("action")
            # All actions share the unit's risk; a hair's breadth keeps the playbook's order among them.
            preference[:, 1:] = over[:, None] + 1e-9 * order(setting)[1:]
            if action:
                others = np.ones(len(setting.actions), dtype=bool)
                others[[0, setting.action_index(str(action))]] = False
                preference[:, others] = -1.0 - setting.costs[others]
            preference[over <= 0, 1:] = np.minimum(preference[over <= 0, 1:], -1e-12)
        return setting.proposal(batch, preference)
