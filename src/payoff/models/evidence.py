"""What the data say of an action for cases like this one, and whether chance decided who got it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.features.batch import Batch
from payoff.models.blocks import cell

ENOUGH = 20
"""Treated and untreated cases a group needs before it is spoken of."""
_Z = 1.959963984540054
_KEY = "\x1e"


@dataclass(frozen=True, slots=True)
class Tally:
    """One action in one group: units with it and without any, how many of each chance decided, and the
    posterior of its average effect over those who got it."""

    treated: int
    untreated: int
    treated_by_chance: int
    untreated_by_chance: int
    mean: float
    sd: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The average effect of an action in a group of similar cases.

    `n` units had the action; `mean`, `low`, `high` are in the goal's measure (95%). `group` is the smallest
    group with enough cases: cell (same role and industry), role, industry or all. `randomised`: enough cases
    with and without it were drawn by chance, so words of cause are allowed.
    """

    n: int
    mean: float
    low: float
    high: float
    group: str
    randomised: bool

    @classmethod
    def nearest(cls, tallies: Mapping[str, Tally], role: str, industry: str, action: str) -> Evidence | None:
        for group, value in (("cell", cell(role, industry)), ("role", role), ("industry", industry), ("all", "")):
            found = tallies.get(_key(action, group, value)) if value or group == "all" else None
            if found and min(found.treated, found.untreated) >= ENOUGH:
                return cls(
                    found.treated,
                    found.mean,
                    found.mean - _Z * found.sd,
                    found.mean + _Z * found.sd,
                    group,
                    min(found.treated_by_chance, found.untreated_by_chance) >= ENOUGH,
                )
        return None


def tally(
    batch: Batch,
    action: NDArray[np.intp],
    Phi: NDArray[np.float64],
    mean: NDArray[np.float64],
    covariance: NDArray[np.float64],
    actions: tuple[str, ...],
    *,
    chance: NDArray[np.bool_],
) -> dict[str, Tally]:
    """Tallies of every action in all cells, roles, industries and over all, in units."""
    cells = [cell(r, i) for r, i in zip(batch.role.tolist(), batch.industry.tolist(), strict=True)]
    found: dict[str, Tally] = {}
    K = len(actions)
    # A unit decided on every week is one case, not fifty.
    _, unit = np.unique(np.array(batch.units, dtype=str), return_inverse=True)
    _, first = np.unique(unit * K + action, return_index=True)
    for group, values in (("cell", cells), ("role", batch.role), ("industry", batch.industry), ("all", None)):
        names, codes = (
            np.unique(np.asarray(values, dtype=str), return_inverse=True)
            if values is not None
            else (np.array([""]), np.zeros(len(batch), np.intp))
        )
        at = codes * K + action
        size = len(names) * K
        count = np.bincount(at[first], minlength=size).reshape(len(names), K)
        drawn = np.bincount(at[first], weights=chance[first], minlength=size).reshape(len(names), K)
        for g, k in np.argwhere(count >= ENOUGH).tolist():
            if k == 0 or (group != "all" and not names[g]):
                continue
            middle = Phi[at == g * K + k].mean(axis=0)
            found[_key(actions[k], group, str(names[g]))] = Tally(
                int(count[g, k]),
                int(count[g, 0]),
                int(drawn[g, k]),
                int(drawn[g, 0]),
                float(middle @ mean[k]),
                float(np.sqrt(max(middle @ covariance[k] @ middle, 0.0))),
            )
    return found


def _key(action: str, group: str, value: str) -> str:
    return _KEY.join((action, group, value))
