"""What an audit counts beyond `stats`: shares with their range, gaps between groups, plain effects."""

from __future__ import annotations

import math
from dataclasses import dataclass

from payoff.aggregates import Sums
from payoff.stats import compare


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n` rows with the Wilson (1927) interval, which holds for small groups and near 0 and 1."""

    hits: int
    n: int
    value: float
    low: float
    high: float


def share(hits: int, n: int, alpha: float = 0.05) -> Share | None:
    """A share with its interval; `None` for nobody."""
    return None if n == 0 else _share(hits, n, float(n), alpha)


def share_of(sums: Sums, alpha: float = 0.05) -> Share | None:
    """A share from per-unit sums; `None` for nobody.

    Where every unit brings one row this is `share`. Where units repeat, Wilson's interval stands on the effective
    number of rows: as many independent ones as would give the variance seen between units (Deng et al. 2018).
    """
    return None if sums.w <= 0 else _share(round(sums.y), round(sums.w), effective(sums), alpha)


def _share(hits: int, n: int, known: float, alpha: float) -> Share:
    p = hits / n
    low, high = compare.wilson(p, known, alpha)
    return Share(hits, n, p, min(p, low), max(p, high))


def effective(sums: Sums) -> float:
    """How many independent rows the rows of one cell are worth: all of them where no unit repeats, never more."""
    if sums.ww == sums.n:
        return sums.w
    found = compare.moments(sums)
    if found is None or found.variance <= 0:  # one unit, or all rows alike: no more than the units are known
        return max(1.0, sums.n)
    return min(sums.w, max(1.0, found.value * (1 - found.value) / found.variance))


def gap(a: Share, b: Share) -> tuple[float, float, float]:
    """Difference a − b of two independent shares with Newcombe's (1998, method 10) hybrid score interval."""
    d = a.value - b.value
    return d, d - math.hypot(a.value - a.low, b.high - b.value), d + math.hypot(a.high - a.value, b.value - b.low)


@dataclass(frozen=True, slots=True)
class Effect:
    """Difference of two means, treated minus untreated, with its 95% interval, in the outcome's measure."""

    value: float
    low: float
    high: float
    treated: int
    untreated: int


def effect(ours: Sums, theirs: Sums, *, share: bool = True, alpha: float = 0.05) -> Effect | None:
    """The plain difference of two means, ours minus theirs, with Welch's interval.

    `None` with fewer than two units a side. `share` says that each unit brings shares, 0 to 1.
    """
    found = compare.difference(ours, theirs, alpha, share=share)
    if found.value is None or found.low is None or found.high is None:
        return None
    return Effect(found.value, found.low, found.high, int(ours.w), int(theirs.w))
