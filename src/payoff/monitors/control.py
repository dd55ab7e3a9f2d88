"""Counts week by week against what is usual: when is more of something more than chance?

A self-starting cumulative sum (Page 1954; Hawkins 1987). Each week's count is set against the weeks before it by
the chance of as many or more, given what those weeks held (negative binomial, the predictive of a Poisson rate;
wider where weeks scatter more than that), turned into a standard normal z by the mid-p value, and added up:
C = max(0, C + z − 1/2). It alarms above `LIMIT`. By chance that happens about once in 200 weeks (Siegmund 1985),
so that four such sums together cry wolf about once in a year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

SLACK, LIMIT = 0.5, 3.5
USUAL = 6
"""Weeks that must be known before one is judged."""
_MEMORY = 26
"""What is usual is learned from so many weeks."""
_MOST_Z = LIMIT + SLACK + 1.0
"""One week alone counts no further than this: enough to raise the alarm, not enough to keep it up for months."""
STALE = 8
"""After so many weeks of one alarm it is no news: those weeks become what is usual, and the sum starts again."""
_FULL = LIMIT + 2.0
"""The sum grows no further, so that it comes down within weeks when all is well again."""
Floats = NDArray[np.float64]


def since(off: Floats, variance: Floats) -> int:
    """The week from which on figures are most sharply off: the likeliest beginning of a change (Page 1954).

    `off` is how far each week is from what was expected, `variance` how far chance moves it.
    """
    spread = np.sqrt(np.maximum(variance[::-1].cumsum()[::-1], 1e-12))
    return int(np.argmax(np.abs(off[::-1].cumsum()[::-1]) / spread))


@dataclass(frozen=True, slots=True)
class Judged:
    """One week. `usual` is the rate of the weeks before; `limit` the rate that would raise the alarm in one week
    alone. Both are `None` while too few weeks are known. `renewed` marks the week from which on the weeks of an
    old alarm are what is usual."""

    usual: float | None = None
    limit: float | None = None
    sum: float = 0.0
    alarm: bool = False
    renewed: bool = False


def judge(counts: Floats, exposures: Floats) -> tuple[Judged, ...]:
    """Week by week, the oldest first: `counts` among `exposures` chances to be counted.

    Weeks without exposures are not judged. Weeks under an alarm do not become what is usual, unless it goes on
    for `STALE` of them.
    """
    found: list[Judged] = []
    usual: list[int] = []
    alarmed: list[int] = []
    total = 0.0
    for week in range(len(counts)):
        renewed = len(alarmed) >= STALE
        if renewed:
            usual, alarmed, total = alarmed, [], 0.0
        usual = [w for w in usual if w >= week - _MEMORY]
        if exposures[week] <= 0:
            found.append(Judged(sum=total, renewed=renewed))
            continue
        if len(usual) < USUAL:
            usual.append(week)
            total = 0.0
            found.append(Judged())
            continue
        before = _Usual.of(counts[usual], exposures[usual])
        total = min(max(0.0, total + before.z(counts[week], exposures[week]) - SLACK), _FULL)
        limit = before.count_at(LIMIT + SLACK, exposures[week])
        rate = None if limit is None else float(limit / exposures[week])
        found.append(Judged(before.rate, rate, total, total > LIMIT, renewed))
        alarmed = [*alarmed, week] if total > LIMIT else []
        if not alarmed:
            usual.append(week)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What earlier weeks say of the next: counted, among how many, and how many times wider than Poisson."""

    counted: float
    among: float
    dispersion: float
    weeks: int

    @classmethod
    def of(cls, counts: Floats, exposures: Floats) -> _Usual:
        counted, among = float(counts.sum()) + 0.5, float(exposures.sum())
        expected = counted / among * exposures
        spread = float(((counts - expected) ** 2 / expected).sum()) / (len(counts) - 1)
        return cls(counted, among, max(1.0, spread), len(counts))

    @property
    def rate(self) -> float:
        return (self.counted - 0.5) / self.among

    def z(self, count: float, exposure: float) -> float:
        size, share = self.counted / self.dispersion, exposure / (self.among + exposure)

        def at_least(k: float) -> float:
            return 1.0 if k <= 0 else float(special.betainc(k, size, share))

        middle = (at_least(count / self.dispersion) + at_least((count + 1) / self.dispersion)) / 2
        z = -float(special.ndtri(min(max(middle, 1e-12), 1 - 1e-12)))
        if self.dispersion > 1:
            # The width itself is only known from so many weeks: t, not normal.
            z = -float(special.ndtri(max(stats.t.sf(z, self.weeks - 1), 1e-12)))
        return min(z, _MOST_Z)

    def count_at(self, z: float, exposure: float) -> float | None:
        """The count whose z is this; `None` where no count reaches it."""
        if z > _MOST_Z - 1e-9:
            return None
        low, high = -1.0, max(10.0, 4 * self.rate * exposure)
        while self.z(high, exposure) < z:
            high *= 2
            if high > 1e9:
                return None
        if self.z(low, exposure) >= z:
            return 0.0
        return max(0.0, float(optimize.brentq(lambda k: self.z(k, exposure) - z, low, high, xtol=1e-3)))
