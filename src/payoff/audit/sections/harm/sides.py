"""Treated rows of one group beside those left alone: plain, or weighed by the logged probability of treatment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from scipy import stats

from payoff.aggregates import Sums
from payoff.audit import measures
from payoff.audit.measures import Effect
from payoff.audit.view import FEW
from payoff.stats import uplift
from payoff.stats.uplift import Cells


class Sides(Protocol):
    """Both sides of one group."""

    @property
    def told(self) -> bool:
        """Whether either side is large enough to say anything."""
        ...

    @property
    def rows(self) -> int: ...
    def effect(self, alpha: float) -> Effect:
        """Mean of the treated minus mean of the others with its interval. Ask only where it can be told."""
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """Every row counts the same; the interval is Welch's, over units where they come several times."""

    treated: Sums
    untreated: Sums

    @property
    def told(self) -> bool:
        return min(self.treated.n, self.untreated.n) >= FEW

    @property
    def rows(self) -> int:
        return int(self.treated.w + self.untreated.w)

    def effect(self, alpha: float) -> Effect:
        found = measures.effect(self.treated, self.untreated, alpha=alpha)
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Weighed:
    """Rows weigh 1/probability of the treatment they got, each mean divided by its own weights (Hájek 1971).

    The standard error is the jackknife's, and no less than that of as many shares of rows of equal weight, with
    one success and one failure added (Kish 1965; Agresti & Caffo 2000): where hardly anything happened, or in a
    small group, the sums alone know too little of chance.
    """

    cells: Cells

    def _sizes(self) -> list[float]:
        """The effective number of rows, left alone first."""
        sums = zip(self.cells.w.sum((0, 2)), self.cells.ww.sum((0, 2)), strict=True)
        return [float(w * w / ww) if ww > 0 else 0.0 for w, ww in sums]

    @property
    def told(self) -> bool:
        return min(self._sizes()) >= FEW and uplift.figure(self.cells, uplift.effect()) is not None

    @property
    def rows(self) -> int:
        return int(self.cells.n.sum())

    def effect(self, alpha: float) -> Effect:
        found = uplift.figure(self.cells, uplift.effect())
        assert found is not None
        sizes, buckets = self._sizes(), self.cells.w.shape[2]
        means = self.cells.y.sum((0, 2)) / self.cells.w.sum((0, 2))
        careful = [(n * p + 1) / (n + 2) for n, p in zip(sizes, means, strict=True)]
        least = sum(p * (1 - p) / (n + 2) for n, p in zip(sizes, careful, strict=True))
        freedom = min(sizes) - 1 if buckets == 1 else min(buckets, *sizes) - 1
        half = float(stats.t.isf(alpha / 2, freedom)) * max(found.error, math.sqrt(max(0.0, least)))
        untreated, treated = (int(n) for n in self.cells.n.sum((0, 2)))
        return Effect(found.value, found.value - half, found.value + half, treated, untreated)
