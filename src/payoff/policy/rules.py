"""The playbook's own order: the first fit action. Needs no labels, so it can serve on the first day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from payoff.features.batch import Batch
from payoff.policy.base import Proposal
from payoff.policy.setting import Setting
from payoff.policy.training import Training

_FAR = 1000.0
"""How many ranks a full "not fit" from corrections is worth: behind every other action."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Small `rank` first, then the playbook's order. Corrections move an action back for the role they name;
    one said to be altogether unfit for a role is not suggested to it."""

    setting: Setting
    name: str = "rules"

    def learn(self, training: Training) -> dict[str, Any]:
        shift = [[a, r, float(np.clip(s, -1, 1))] for (a, r), s in sorted(training.fit_shift.items())]
        return {"shift": shift, "rows": len(training)}

    def propose(self, batch: Batch, learned: dict[str, Any] | None) -> Proposal:
        setting = self.setting
        preference = np.tile(order(setting), (len(batch), 1))
        for action, role, shift in (learned or {}).get("shift", ()):
            if action in setting.actions:
                k = setting.action_index(action)
                # Corrections of praise do not reorder the experts' list; only "not fit" does.
                preference[batch.role == role, k] += _FAR * min(0.0, shift)
        mean, sd = setting.expected(len(batch))
        return setting.proposal(batch, preference, mean, sd)


def order(setting: Setting) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A preference that follows the ranks: 0 for nothing, from 1,000 downwards for the actions."""
    ranks = sorted(range(len(setting.playbook.actions)), key=lambda i: (setting.playbook.actions[i].rank, i))
    out = np.zeros(len(setting.actions))
    for place, i in enumerate(ranks):
        out[i + 1] = _FAR - place
    return out
