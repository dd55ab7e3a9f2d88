"""Which decisions to ask experts about: where a label would change most, and no ten alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.policy.base import Proposal

MOST = 12
"""Cases on one list: ten minutes' work."""
IN_A_CELL = 2
"""Cases of one role and industry on a list."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A decision that could be asked about: its two best actions, how far they lie apart (`gap`) and how sure that
    is (`sd`, standard deviation of the difference), both in the measure of the expected payoff. `alike` counts the
    decisions of the same role and industry."""

    row: int
    role: str
    industry: str
    actions: tuple[str, str]
    gap: float
    sd: float
    alike: int

    @property
    def chances(self) -> tuple[float, float]:
        """How likely each of the two is the better one, by what the model knows."""
        behind = _beyond(self.gap / self.sd)
        return 1 - behind, behind

    @property
    def loss(self) -> float:
        """What choosing by the means may be expected to cost, over all that look alike, because the truth may be
        the other way round."""
        u = self.gap / self.sd
        return self.alike * self.sd * (math.exp(-u * u / 2) / math.sqrt(2 * math.pi) - u * _beyond(u))

    def stake(self, asked: Mapping[tuple[str, str], float]) -> float:
        """The loss, as far as a label can still change something: `asked` is how likely an action was named for a
        role by the cases chosen before, and somebody has one voice there."""
        fresh = [1 - asked.get((self.role, action), 0.0) for action in self.actions]
        return self.loss * sum(chance * new for chance, new in zip(self.chances, fresh, strict=True))


def candidates(proposal: Proposal, roles: NDArray[np.object_], industries: NDArray[np.object_]) -> list[Candidate]:
    """One for every row with two fit actions whose payoff is known; doing nothing is not offered."""
    known = proposal.fit & np.isfinite(proposal.mean) & np.isfinite(proposal.sd)
    known[:, 0] = False
    mean = np.where(known, proposal.mean, -np.inf)
    order = np.argsort(-mean, axis=1, kind="stable")
    alike = Counter(zip(roles.tolist(), industries.tolist(), strict=True))
    found = []
    for i in np.flatnonzero(known.sum(axis=1) >= 2).tolist():
        a, b = (int(k) for k in order[i, :2])
        sd = float(np.hypot(proposal.sd[i, a], proposal.sd[i, b]))
        if sd > 0:
            role, industry = str(roles[i]), str(industries[i])
            gap = float(mean[i, a] - mean[i, b])
            names = (proposal.actions[a], proposal.actions[b])
            found.append(Candidate(i, role, industry, names, gap, sd, alike[role, industry]))
    return found


def hardest(found: Sequence[Candidate], most: int = MOST) -> list[Candidate]:
    """The cases a label would change most, one after the other. A role and industry come twice at most."""
    left = sorted(found, key=lambda c: (-c.loss, c.row))
    asked: dict[tuple[str, str], float] = {}
    cells: Counter[tuple[str, str]] = Counter()
    chosen: list[Candidate] = []
    while len(chosen) < most:
        left = [c for c in left if cells[c.role, c.industry] < IN_A_CELL]
        if not left:
            break
        best = max(left, key=lambda c: c.stake(asked))
        left.remove(best)
        chosen.append(best)
        cells[best.role, best.industry] += 1
        for action, chance in zip(best.actions, best.chances, strict=True):
            place = (best.role, action)
            asked[place] = 1 - (1 - asked.get(place, 0.0)) * (1 - chance)
    return chosen


def _beyond(u: float) -> float:
    """The chance that a standard normal number is larger."""
    return math.erfc(u / math.sqrt(2)) / 2
