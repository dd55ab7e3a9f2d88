"""Whether outcomes are known alike for those picked out and those not; where not, mistakes have no measure.

An outcome that comes to be known only (or more often) where somebody acted is a selective label (Lakkaraju et al.
2017): the mistakes seen are those among the rows somebody chose to look at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scipy import stats

from payoff.aggregates import Sums
from payoff.audit import measures
from payoff.audit.gaps import SIDES, Split
from payoff.audit.measures import Share
from payoff.audit.view import FEW

_CHANCE = 0.001
_APART = 0.05


@dataclass(frozen=True, slots=True)
class Lopsided:
    """The shares with a known outcome among those picked and those left, in one group ("" for everybody)."""

    column: str
    group: str
    picked: Share
    left: Share

    @property
    def apart(self) -> float:
        return abs(self.picked.value - self.left.value)


def lopsided(column: str, group: str, picked: Sums, left: Sums) -> Lopsided | None:
    """`None` where both shares are within 5 of 100, or chance alone may have parted them (Pearson's chi-square,
    p ≥ 0.001, on as many rows as they are worth), or where either side is too small to tell."""
    ours, theirs = measures.share_of(picked), measures.share_of(left)
    if ours is None or theirs is None or min(picked.n, left.n) < FEW:
        return None
    found = Lopsided(column, group, ours, theirs)
    n, m = measures.effective(picked), measures.effective(left)
    both = (ours.value * n + theirs.value * m) / (n + m)
    spread = both * (1 - both) * (1 / n + 1 / m)
    if found.apart <= _APART or spread <= 0:
        return None
    return found if stats.chi2.sf(found.apart**2 / spread, 1) < _CHANCE else None


def among(splits: Iterable[Split]) -> Lopsided | None:
    """Over everybody, else in the group where both shares are farthest apart; `None` where they are alike."""
    splits = list(splits)
    picked, left = (sum((g.cells[side] for g in splits[0].groups if side in g.cells), Sums()) for side in SIDES)
    if every := lopsided("", "", picked, left):
        return every
    groups = [
        lopsided(split.column, group.name, *(group.cells.get(side, Sums()) for side in SIDES))
        for split in splits
        for group in split.groups
    ]
    return max((g for g in groups if g), key=lambda g: g.apart, default=None)
