"""What experts expect of each action before any data, and how much cases may differ from one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from payoff.brief.schema import Playbook
from payoff.records.suggestions import NOTHING


@dataclass(frozen=True, slots=True)
class Spread:
    """Prior variances of the blocks in units of the noise variance (research: the simulated worlds' scale).

    With a noise of 0.35 (a yes/no goal near 0.86) one standard deviation is 1.9 points for role and industry,
    and 1.1 points for a cell and for a fact one standard deviation from its mean.
    """

    base: float = 1.0
    role: float = 0.003
    industry: float = 0.003
    cell: float = 0.001
    fact: float = 0.001


@dataclass(frozen=True, slots=True)
class Prior:
    """Expected main effect of each action on the goal, in the goal's measure, with its standard deviation.

    `shift` moves what is expected of an (action, role), in standard deviations of `sd`: what corrections say
    of the fit. It is cut at ±1, so that no flood of corrections outweighs the experts and the data.
    """

    actions: tuple[str, ...]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    shift: Mapping[tuple[str, str], float] = field(default_factory=dict)
    spread: Spread = field(default_factory=Spread)

    @classmethod
    def of(
        cls, playbook: Playbook, shift: Mapping[tuple[str, str], float] | None = None, *, sign: float = 1.0
    ) -> Prior:
        """From `expects` and `unsure`; an action nobody expects anything of starts at no effect.

        Experts and corrections speak of what is better; `sign` is −1 where less of the goal is.
        """
        actions = playbook.actions
        shift = {place: sign * said for place, said in (shift or {}).items()}
        return cls(
            (NOTHING, *(action.id for action in actions)),
            np.array([0.0, *(sign * (action.expects or 0.0) for action in actions)]),
            np.array([0.0, *(action.unsure for action in actions)]),
            shift,
        )

    def shifted(self, action: int, role: str) -> float:
        """What corrections add to the expected effect for one role, in the goal's measure."""
        said = self.shift.get((self.actions[action], role), 0.0)
        return float(np.clip(said, -1.0, 1.0) * self.sd[action])
