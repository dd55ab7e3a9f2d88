"""Do nothing: the first baseline, and what every gain is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from payoff.features.batch import Batch
from payoff.policy.base import Proposal
from payoff.policy.setting import Setting
from payoff.policy.training import Training


@dataclass(frozen=True, slots=True)
class Nothing:
    """Leaves every unit alone (save for what exploring draws)."""

    setting: Setting
    name: str = "nothing"

    def learn(self, training: Training) -> dict[str, Any]:
        return {"rows": len(training)}

    def propose(self, batch: Batch, learned: dict[str, Any] | None) -> Proposal:
        del learned  # there is nothing to learn; the rows are counted for the record
        preference = np.full((len(batch), len(self.setting.actions)), -1.0)
        preference[:, 0] = 0.0
        mean, sd = self.setting.expected(len(batch))
        return self.setting.proposal(batch, preference, mean, sd)
