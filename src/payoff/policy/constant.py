"""The same action for everyone it is fit for: the baseline a cleverer policy has to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.features.batch import Batch
from payoff.policy.base import Proposal
from payoff.policy.setting import Setting
from payoff.policy.training import Training

FEWEST = 20
"""Known rows an action needs before its mean is believed."""


@dataclass(frozen=True, slots=True)
class Constant:
    """`params["action"]`, or the action with the best gain over doing nothing among the units it is fit for:
    self-normalised inverse-propensity means (Hájek 1971; Swaminathan & Joachims 2015), net of cost. Where no worth
    is known the goal alone decides."""

    setting: Setting
    name: str = "constant"

    def learn(self, training: Training) -> dict[str, Any]:
        actions, at = self.setting.actions, training.index(self.setting.actions)
        p = np.where(training.propensity > 0, training.propensity, np.nan)
        w = training.weight / np.where(np.isnan(p), 1.0, p)
        known = ~np.isnan(training.goal)
        fit = self.setting.fit(training.batch)
        gains: dict[str, float] = {}
        errors: dict[str, float] = {}
        for k, action in enumerate(actions[1:], start=1):
            # Both sides among the units the action is fit for: others never had the choice.
            done, left = (known & fit[:, k] & (at == side) for side in (k, 0))
            if min(done.sum(), left.sum()) < FEWEST:
                continue
            (mean, error), (base, spread) = (_hajek(training.goal[rows], w[rows]) for rows in (done, left))
            gains[action], errors[action] = mean - base, float(np.hypot(error, spread))
        return {"action": self._best(gains), "gain": gains, "se": errors, "rows": int(known.sum())}

    def _best(self, gains: dict[str, float]) -> str:
        setting = self.setting
        worth = setting.sign if setting.worth is None else setting.worth
        costs = setting.costs if setting.worth is not None else np.zeros(len(setting.actions))
        net = {setting.actions[0]: 0.0}
        net |= {a: gain * worth - costs[setting.action_index(a)] for a, gain in gains.items()}
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
        gains, errors = learned.get("gain", {}), learned.get("se", {})
        if setting.worth is not None:
            for k, action in enumerate(setting.actions[1:], start=1):
                if action in gains:
                    mean[:, k] = gains[action] * setting.worth - setting.costs[k]
                    sd[:, k] = errors[action] * abs(setting.worth)
        return mean, sd


def _hajek(y: NDArray[np.float64], w: NDArray[np.float64]) -> tuple[float, float]:
    """The self-normalised mean and its standard error."""
    mean = float(np.average(y, weights=w))
    return mean, float(np.sqrt((w**2 * (y - mean) ** 2).sum()) / w.sum())
