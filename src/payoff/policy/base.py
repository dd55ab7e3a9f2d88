"""What a policy is: from what is known of units to what each action is expected to be worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from payoff.features.batch import Batch
from payoff.policy.training import Training


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a policy thinks of every action for every unit; arrays are (units, actions).

    `actions[0]` is "nothing". `mean` is the expected worth against doing nothing, in major money units, net of
    the action's cost, with standard deviation `sd`; both NaN where it is not known. `fit` says which actions
    the playbook allows; nothing always is. `preference` is what greedy maximises (NaN: never chosen); its
    measure is the policy's own.
    """

    actions: tuple[str, ...]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    fit: NDArray[np.bool_]
    preference: NDArray[np.float64]

    def __len__(self) -> int:
        return self.fit.shape[0]


@runtime_checkable
class Policy(Protocol):
    """One way to decide. It keeps nothing: what it learned is plain JSON data, handed back to it."""

    @property
    def name(self) -> str: ...

    def learn(self, training: Training) -> dict[str, Any]:
        """What the data teach it, as plain JSON values."""
        ...

    def propose(self, batch: Batch, learned: dict[str, Any] | None) -> Proposal:
        """What it thinks of every action for every unit; `learned` is None before the first refresh."""
        ...
