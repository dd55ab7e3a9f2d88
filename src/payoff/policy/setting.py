"""What every policy of a product is made of: its brief, its playbook, its recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.brief.goals import goal_of
from payoff.brief.schema import Brief, Outcome, Playbook, PlaybookAction
from payoff.checks import BadParameter
from payoff.errors import Unknown
from payoff.features.batch import Batch
from payoff.policy.base import Proposal
from payoff.policy.fitness import fit
from payoff.records.suggestions import NOTHING


@dataclass(frozen=True, slots=True)
class Setting:
    """`recipe` is a release's plain data: the policy's name and its parameters."""

    brief: Brief
    playbook: Playbook
    recipe: Mapping[str, Any] = field(default_factory=dict)

    @property
    def actions(self) -> tuple[str, ...]:
        return (NOTHING, *(action.id for action in self.playbook.actions))

    @property
    def costs(self) -> NDArray[np.float64]:
        """Money one of each action costs, in major units."""
        return np.array([0.0, *(action.cost for action in self.playbook.actions)])

    @property
    def params(self) -> Mapping[str, Any]:
        """The recipe's parameters, whether they lie flat in it or under `params`."""
        return {**self.recipe, **(self.recipe.get("params") or {})}

    @property
    def goal(self) -> str:
        """The outcome learned for: the brief's leading goal, else its goal; "" if none."""
        return goal_of(self.brief)

    @property
    def outcome(self) -> Outcome | None:
        return self.brief.outcomes.get(self.goal)

    @property
    def worth(self) -> float | None:
        """Money one more of the goal is worth; None where nobody said. Money is worth itself."""
        outcome = self.outcome
        if outcome is None:
            return None
        if outcome.worth is None and outcome.measure == "money":
            return self.sign
        return outcome.worth

    @property
    def sign(self) -> float:
        """+1 where more of the goal is better."""
        return -1.0 if self.outcome is not None and not self.outcome.good else 1.0

    def action_index(self, action: str) -> int:
        """Raises `Unknown` for an action the playbook does not have."""
        if action not in self.actions:
            raise Unknown.among("action", action, self.actions)
        return self.actions.index(action)

    def fit(self, batch: Batch) -> NDArray[np.bool_]:
        return fit(batch, self.playbook)

    def parameter(self, name: str, default: float) -> float:
        """A number of the recipe. Raises `BadParameter` for anything else."""
        value = self.params.get(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadParameter(f"{name} of the recipe is {value!r}", mend="Give a number.")
        return float(value)

    def money(
        self, effect: NDArray[np.float64], sd: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(units, actions) effects on the goal as worth net of cost; NaN where a worth is not known.

        Doing nothing is worth 0 and costs nothing, whatever is known.
        """
        worth = self.worth
        if worth is None:
            unknown = np.full_like(effect, np.nan)
            unknown[:, 0] = 0.0
            return unknown, unknown.copy()
        mean, spread = effect * worth - self.costs, sd * abs(worth)
        mean[:, 0] = spread[:, 0] = 0.0
        return mean, spread

    def expected(self, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(n, actions) worth by the playbook's word alone; NaN for an action nobody expects anything of."""
        said = [action.expects for action in self.playbook.actions]
        effect = np.array([0.0, *(np.nan if e is None else self.sign * e for e in said)])
        sd = np.array([0.0, *(action.unsure for action in self.playbook.actions)])
        sd[np.isnan(effect)] = np.nan
        return self.money(np.tile(effect, (n, 1)), np.tile(sd, (n, 1)))

    def proposal(
        self,
        batch: Batch,
        preference: NDArray[np.float64],
        mean: NDArray[np.float64] | None = None,
        sd: NDArray[np.float64] | None = None,
    ) -> Proposal:
        """A proposal over the playbook's fit actions; without `mean` the worth is not known."""
        n, K = len(batch), len(self.actions)
        if mean is None or sd is None:
            mean, sd = np.full((n, K), np.nan), np.full((n, K), np.nan)
            mean[:, 0] = sd[:, 0] = 0.0
        return Proposal(self.actions, mean, sd, self.fit(batch), preference)


def playbook_action(playbook: Playbook, action: str) -> PlaybookAction | None:
    """The playbook's entry; None for doing nothing (and for what it no longer has)."""
    return next((entry for entry in playbook.actions if entry.id == action), None)
