"""Which decisions to ask experts about: where a label would change most, each typical of its kind.

What experts agree on teaches something of an action for a role, so a list is spread over *kinds* of decision: one
role, and the two actions that are best there. Each kind is worth asking by how many units the runner-up may be the
better one for, less what the cases chosen before already teach. Within a kind the case in the middle is asked: the
closest calls of all are the odd ones, and what is true of them is taught to everybody of their role. Asking only
where a model is least sure is known to mislead that way (sampling bias: Dasgupta, 2011; density: Settles, 2012).
"""

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
    is (`sd`, standard deviation of the difference), both in the measure of the expected payoff."""

    row: int
    role: str
    industry: str
    actions: tuple[str, str]
    gap: float
    sd: float

    @property
    def chances(self) -> tuple[float, float]:
        """How likely each of the two is the better one, by what the model knows."""
        behind = math.erfc(self.gap / self.sd / math.sqrt(2)) / 2
        return 1 - behind, behind

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        """The role, and the two actions in no order."""
        return self.role, tuple(sorted(self.actions))


@dataclass(frozen=True, slots=True)
class Kind:
    """Decisions of one role between the same two actions. `doubtful` counts the units for which the runner-up may
    be better: each by how likely it is. `named` says how likely an expert names which action, on average."""

    role: str
    cases: tuple[Candidate, ...]
    doubtful: float
    named: Mapping[str, float]

    @classmethod
    def of(cls, cases: Sequence[Candidate]) -> Kind:
        """In the order of how close the calls are."""
        ordered = tuple(sorted(cases, key=lambda c: (c.gap / c.sd, c.row)))
        named: dict[str, float] = {}
        for case in ordered:
            for action, chance in zip(case.actions, case.chances, strict=True):
                named[action] = named.get(action, 0.0) + chance / len(ordered)
        return cls(ordered[0].role, ordered, sum(case.chances[1] for case in ordered), named)

    def stake(self, asked: Mapping[tuple[str, str], float]) -> float:
        """What one more label can change: `asked` is how likely an action was named for a role by the cases chosen
        before, and somebody has one voice there."""
        fresh = sum(chance * (1 - asked.get((self.role, a), 0.0)) for a, chance in self.named.items())
        return self.doubtful * fresh


def candidates(proposal: Proposal, roles: NDArray[np.object_], industries: NDArray[np.object_]) -> list[Candidate]:
    """One for every row with two fit actions whose payoff is known; doing nothing is not offered."""
    known = proposal.fit & np.isfinite(proposal.mean) & np.isfinite(proposal.sd)
    known[:, 0] = False
    mean = np.where(known, proposal.mean, -np.inf)
    order = np.argsort(-mean, axis=1, kind="stable")
    found = []
    for i in np.flatnonzero(known.sum(axis=1) >= 2).tolist():
        a, b = (int(k) for k in order[i, :2])
        sd = float(np.hypot(proposal.sd[i, a], proposal.sd[i, b]))
        if sd > 0:
            names = (proposal.actions[a], proposal.actions[b])
            found.append(
                Candidate(i, str(roles[i]), str(industries[i]), names, float(mean[i, a] - mean[i, b]), sd)
            )
    return found


def kinds(found: Sequence[Candidate]) -> list[Kind]:
    """The kinds of decision there are, in the order of their names."""
    grouped: dict[tuple[str, tuple[str, ...]], list[Candidate]] = {}
    for case in found:
        grouped.setdefault(case.kind, []).append(case)
    return [Kind.of(grouped[name]) for name in sorted(grouped)]


def hardest(found: Sequence[Candidate], most: int = MOST) -> list[Candidate]:
    """The cases a label would change most, one after the other. A role and industry come twice at most."""
    every = kinds(found)
    left = [list(kind.cases) for kind in every]
    asked: dict[tuple[str, str], float] = {}
    cells: Counter[tuple[str, str]] = Counter()
    chosen: list[Candidate] = []
    while len(chosen) < most:
        left = [[c for c in cases if cells[c.role, c.industry] < IN_A_CELL] for cases in left]
        open_ = [k for k, cases in enumerate(left) if cases]
        if not open_:
            break
        place = max(open_, key=lambda k: every[k].stake(asked))
        case = left[place].pop(len(left[place]) // 2)
        chosen.append(case)
        cells[case.role, case.industry] += 1
        for action, chance in zip(case.actions, case.chances, strict=True):
            known = asked.get((case.role, action), 0.0)
            asked[case.role, action] = 1 - (1 - known) * (1 - chance)
    return chosen
