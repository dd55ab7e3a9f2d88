"""What a policy learns from: one row a unit and moment at which something was (or was not) done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.checks import BadParameter
from payoff.features.batch import Batch

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Training:
    """Rows of the same length, in the same order.

    `batch` holds what was known *then*. `action` is what was done ("nothing" for a unit left alone or in the
    holdout). `propensity` is the whole probability of that, the draw of the arm included (a holdout row: the
    holdout share); 1 or NaN where chance had no part (then nothing causal is said of the row). `goal` is the
    goal's amount inside its window, NaN while it is not known. `responded` is 1 where a person accepted or did
    it, NaN where nobody was told. `risk_label` is 1 where the bad outcome happened, NaN where not known.
    `weight` is how much the row counts. `fit_shift` is what corrections say of an action for a role, from −1
    (not fit) to +1.
    """

    batch: Batch
    action: tuple[str, ...]
    propensity: Floats
    goal: Floats
    responded: Floats
    risk_label: Floats
    weight: Floats
    fit_shift: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "action", tuple(self.action))
        n = len(self.batch)
        for name in ("action", "propensity", "goal", "responded", "risk_label", "weight"):
            if len(getattr(self, name)) != n:
                raise BadParameter(
                    f"{n} units and {len(getattr(self, name))} values of {name}", mend="Give one a row."
                )

    def __len__(self) -> int:
        return len(self.batch)

    @property
    def randomised(self) -> NDArray[np.bool_]:
        """Rows whose action chance decided."""
        return (self.propensity > 0) & (self.propensity < 1)

    def index(self, actions: tuple[str, ...]) -> NDArray[np.intp]:
        """Each row's action as an index; −1 for one the playbook no longer has."""
        places: dict[Any, int] = {action: k for k, action in enumerate(actions)}
        return np.array([places.get(action, -1) for action in self.action], dtype=np.intp)
