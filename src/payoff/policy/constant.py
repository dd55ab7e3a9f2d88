"""The same action for everyone it is fit for: the baseline a cleverer policy has to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from payoff.features.batch import Batch
from payoff.policy.base import Proposal
from payoff.policy.setting import Setting
from payoff.policy.training import Training

FEWEST = 20
"""Known rows an action needs before its mean is believed."""


@dataclass(frozen=True, slots=True)
class Constant:
    """`params["action"]`, or the action with the best self-normalised inverse-propensity mean of the goal, net
    of cost (Hájek 1971; Swaminathan & Joachims 2015). Where no worth is known the goal alone decides."""

    setting: Setting
    name: str = "constant"

    def learn(self, training: Training) -> dict[str, Any]:
        actions, at = self.setting.actions, training.index(self.setting.actions)
        p = np.where(training.propensity > 0, training.propensity, np.nan)
        w = training.weight / np.where(np.isnan(p), 1.0, p)
        known = ~np.isnan(training.goal)
        means: dict[str, float] = {}
        errors: dict[str, float] = {}
        for k, action in enumerate(actions):
            rows = known & (at == k)
            if rows.sum() < FEWEST:
                continue
            y, v = training.goal[rows], w[rows]
            mean = float(np.average(y, weights=v))
            means[action] = mean
            errors[action] = float(np.sqrt((v**2 * (y - mean) ** 2).sum()) / v.sum())
        best = self._best(means)
        return {"action": best, "mean": means, "se": errors, "rows": int(known.sum())}

    def _best(self, means: dict[str, float]) -> str:
        setting, nothing = self.setting, self.setting.actions[0]
        if nothing not in means:  # nobody was left alone: no gain can be told from no gain
            return nothing
        worth = setting.sign if setting.worth is None else setting.worth
        costs = setting.costs if setting.worth is not None else np.zeros(len(setting.actions))
        net = {a: m * worth - costs[setting.action_index(a)] for a, m in means.items()}
        return max(net, key=lambda a: net[a])

    def propose(self, batch: Batch, learned: dict[str, Any] | None) -> Proposal:
        setting, n = self.setting, len(batch)
        named = setting.params.get("action")
        if named:
            setting.action_index(str(named))
        fixed = named or (learned or {}).get("action")
        preference = np.full((n, len(setting.actions)), -1.0)
        preference[:, 0] = 0.0
        if fixed and fixed in setting.actions[1:]:
            preference[:, setting.action_index(fixed)] = 1.0
        mean, sd = self._worth(n, learned or {})
        return setting.proposal(batch, preference, mean, sd)

    def _worth(self, n: int, learned: dict[str, Any]) -> tuple[Any, Any]:
        """What was measured where it was, what experts expect elsewhere."""
        setting = self.setting
        mean, sd = setting.expected(n)
        means, errors, nothing = learned.get("mean", {}), learned.get("se", {}), setting.actions[0]
        if nothing in means and setting.worth is not None:
            for k, action in enumerate(setting.actions[1:], start=1):
                if action in means:
                    mean[:, k] = (means[action] - means[nothing]) * setting.worth - setting.costs[k]
                    sd[:, k] = np.hypot(errors[action], errors[nothing]) * abs(setting.worth)
        return mean, sd
