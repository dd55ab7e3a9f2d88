"""Which group is shown what: how varied it is, and how far from what everybody is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.audit.sections.bubble.showings import ITEM, Showings
from payoff.audit.table.coding import Coded
from payoff.audit.view import FEW, View
from payoff.stats import concentration

_SAMPLED = 1_000_000
SURE = 3.3
"""Standard deviations beyond what chance makes, from which on a group is said to be shown something else."""
FAR = 0.1
"""And so many of 100 rows at least, beyond what chance makes."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group's showings. `varied` is its effective number of items (`None` where no item came twice), `first`
    the place of its most shown item and `most` that item's share; `apart` is the share of its rows that would
    have to change for it to look like everybody, `chance` what a group of its size differs by anyway, give or
    take `deviation`. A small group has a size and nothing else to tell."""

    column: str
    name: str
    rows: int
    varied: float | None
    first: int
    most: float
    apart: float
    chance: float
    deviation: float

    @property
    def few(self) -> bool:
        return self.rows < FEW

    @property
    def beyond(self) -> float:
        """How much farther it is than chance would make it."""
        return self.apart - self.chance

    @property
    def far(self) -> bool:
        return not self.few and self.beyond >= FAR and self.beyond > SURE * self.deviation


def groups(view: View, shown: Showings) -> list[Group]:
    """Every group of every segment and protected column, in the order of the table."""
    return [group for column, coded in view.groups.items() for group in _of(view, shown, column, coded)]


def _of(view: View, shown: Showings, column: str, coded: Coded) -> list[Group]:
    found = view.rows.counts(ITEM, coded.code, where="action is not null")
    at = np.searchsorted(shown.items, found[ITEM].astype(np.uint64))
    alike = _alike(view, coded.code)
    made = []
    for code, name in enumerate(coded.names):
        here = found[coded.code] == code
        counts = np.asarray(np.bincount(at[here], found["n"][here], shown.items.size), float)
        if counts.any():
            made.append(_group(column, name, counts, shown, alike.get(code, 1.0)))
    return made


def _alike(view: View, code: str) -> dict[int, float]:
    """How many rows count as one in each group, if a unit's rows were all alike (Kish 1965); 1 where no unit
    repeats."""
    if not view.rows.clustered:
        return {}
    part = -(-view.n // _SAMPLED)
    here = f"action is not null and coalesce(unit, hash(rowid)) % {part}::ubigint = 0"
    found = view.rows.sums("1", code, where=here)
    return {key[0]: s.yy / s.y for key, s in found.items() if s.y}


def _group(column: str, name: str, counts: NDArray[np.float64], shown: Showings, alike: float) -> Group:
    n, p = counts.sum(), shown.counts / shown.rows
    independent = max(1, round(n / alike))
    left = math.sqrt(max(0.0, 1 - n / shown.rows))  # the group is a part of everybody
    varied = min(concentration.effective_number(counts, unbiased=True), float(p.size))
    spread = float((p * (1 - p)).sum()) * (1 - 2 / math.pi) / independent
    return Group(
        column=column,
        name=name,
        rows=int(n),
        varied=varied if (counts > 1).any() else None,
        first=int(counts.argmax()),
        most=float(counts.max() / n),
        apart=float(np.abs(counts / n - p).sum() / 2),
        chance=concentration.chance_distance(p, independent) * left,
        deviation=math.sqrt(spread) / 2 * left,
    )
