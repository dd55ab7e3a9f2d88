"""How far people who labelled the same cases agree: counts, what luck alone would give, and where they differ.

Luck means one thing here: people who do not look at a case, say "neither" and "cannot say" as often as they do,
and toss a coin for which of the two actions they name. A label is an action only within its case: counted over the
actions' names, luck would seem to choose among all actions there are, and tossed coins would pass for agreement.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from payoff.feedback.annotations import CANNOT_SAY, NEITHER, Case
from payoff.stats.agreement import agreement, spread

_SIDES = ("one", "the other")
ENOUGH = 50
"""Cases with two labels below which nobody calls the agreement good or bad."""


@dataclass(frozen=True, slots=True)
class Together:
    """Two people on the cases both have labelled: `same` of `n` alike, `luck` is what chance alone would give."""

    people: tuple[str, str]
    n: int
    same: int
    luck: float


@dataclass(frozen=True, slots=True)
class Measure:
    """Agreement over all cases with two labels or more.

    `alpha` is Krippendorff's, 0 being luck; `low` and `high` its bootstrap range over cases; `None` where they
    cannot be told. `enough`: there are `ENOUGH` cases or more, so that it may be called good or bad.
    """

    cases: int
    same: int
    alpha: float | None
    low: float | None
    high: float | None

    @property
    def enough(self) -> bool:
        return self.cases >= ENOUGH


@dataclass(frozen=True, slots=True)
class PerAction:
    """How often two people agreed where this action was one of the two."""

    people: tuple[str, str]
    action: str
    n: int
    same: int


def together(found: Iterable[Case], person: str = "") -> list[Together]:
    """Every pair of people (or those one person is in), the most shared cases first."""
    shared: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in found:
        for pair in combinations(sorted(case.first), 2):
            if person in ("", *pair):
                shared[pair].append(case)
    made = []
    for (one, two), mine in shared.items():
        same = sum(case.first[one].label == case.first[two].label for case in mine)
        pair = (two, one) if two == person else (one, two)
        made.append(Together(pair, len(mine), same, len(mine) * _luck(mine, one, two)))
    return sorted(made, key=lambda t: (-t.n, t.people))


def measure(found: Iterable[Case]) -> Measure:
    """Over everybody's first answers."""
    labels = [[_side(case, answer.label) for answer in case.first.values()] for case in found]
    told, reach = agreement(labels, tossed=_SIDES), spread(labels, tossed=_SIDES)
    low, high = reach if reach else (None, None)
    return Measure(told.cases, told.same, told.alpha, low, high)


def per_action(found: Iterable[Case]) -> list[PerAction]:
    """Pairs of people and actions, the least agreement first; of equal shares the more cases first."""
    counts: dict[tuple[tuple[str, str], str], list[int]] = defaultdict(lambda: [0, 0])
    for case in found:
        for pair in combinations(sorted(case.first), 2):
            alike = case.first[pair[0]].label == case.first[pair[1]].label
            for action in case.actions:
                counts[pair, action][0] += 1
                counts[pair, action][1] += alike
    made = [PerAction(pair, action, n, same) for (pair, action), (n, same) in counts.items()]
    return sorted(made, key=lambda p: (p.same / p.n, -p.n, p.people, p.action))


def _luck(found: Sequence[Case], one: str, two: str) -> float:
    """The chance that two agree on a case although neither looks at it: each says neither, cannot say, or one of
    the two as often as they do, and which of the two is a toss of a coin."""
    habits = []
    for person in (one, two):
        kinds = Counter(_kind(case.first[person].label) for case in found)
        habits.append({kind: kinds[kind] / len(found) for kind in ("one", NEITHER, CANNOT_SAY)})
    a, b = habits
    return a["one"] * b["one"] / 2 + a[NEITHER] * b[NEITHER] + a[CANNOT_SAY] * b[CANNOT_SAY]


def _side(case: Case, label: str) -> str:
    """An answer by which of the case's two actions it names."""
    return _SIDES[case.actions.index(label)] if label in case.actions else label


def _kind(label: str) -> str:
    return label if label in (NEITHER, CANNOT_SAY) else "one"
