"""How far people who labelled the same cases agree, beyond what chance alone would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Agreement:
    """`alpha` is Krippendorff's for unordered labels: 1 all agree, 0 as much as chance, below 0 less than chance.

    `None` when no case has two labels, or when everybody only ever gave one and the same label: then there is
    nothing chance could have got wrong. `cases` are those with two labels or more; `same` of them are unanimous.
    """

    alpha: float | None
    cases: int
    same: int


def agreement(labels: Iterable[Sequence[Hashable]], *, tossed: Collection[Hashable] = ()) -> Agreement:
    """Over cases, each with the labels it was given, in any number and by anybody.

    Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, sections B and C: cases with one label
    say nothing and are left out. `tossed` are labels that mean nothing beyond their case ("the left one", "the
    right one"): chance gives each of them as often, whatever side happened to be the better one.
    """
    paired = [list(case) for case in labels if len(case) > 1]
    totals: Counter[Hashable] = Counter()
    apart = 0.0
    for case in paired:
        counts = Counter(case)
        totals.update(counts)
        m = len(case)
        apart += (m * m - sum(c * c for c in counts.values())) / (m - 1)
    n = sum(totals.values())
    chance: list[float] = [c for label, c in totals.items() if label not in tossed]
    chance += [sum(totals[label] for label in tossed) / len(tossed)] * len(tossed) if tossed else []
    same = sum(len(set(case)) == 1 for case in paired)
    expected = (n * n - sum(c * c for c in chance)) / (n - 1) if n > 1 else 0.0
    return Agreement(1 - apart / expected if expected else None, len(paired), same)


def spread(
    labels: Iterable[Sequence[Hashable]],
    *,
    tossed: Collection[Hashable] = (),
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float] | None:
    """How far alpha may lie by the luck of which cases were asked: percentiles over cases drawn with replacement.

    `None` with fewer than five cases that have two labels, or where alpha itself is `None` for most draws.
    """
    paired = [tuple(case) for case in labels if len(case) > 1]
    if len(paired) < 5:
        return None
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(paired), (draws, len(paired)))
    found = [agreement([paired[i] for i in row], tossed=tossed).alpha for row in picks.tolist()]
    known = [alpha for alpha in found if alpha is not None]
    if len(known) < draws / 2:
        return None
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
