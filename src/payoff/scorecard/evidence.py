"""What a row's difference shows, at which error, under which way of looking."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from payoff.records.judgement import Row
from payoff.stats import compare
from payoff.stats.sequential import Always, Looking, Once, Planned

Design = Literal["once", "planned", "always"]
"""once: an experiment that is over · planned: a trial with a deadline · always: the stream, without an end."""


def looking(design: Design, days_elapsed: float, plan_days: int, window_days: float) -> Looking:
    """How a metric is looked at. Its own clock starts when the first window has passed: before, there is
    nothing to look at, and no error is spent on nothing."""
    if design == "once":
        return Once()
    if design == "always":
        return Always()
    return Planned(math.floor(days_elapsed - window_days), math.floor(plan_days - window_days))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row, read with its sign turned so that up is better.

    `minimum` units must be known in both arms before anything is said. Figures without a standard error
    (answer times) are taken as they are.
    """

    row: Row
    ours: str
    looking: Looking
    minimum: int

    @property
    def known(self) -> int:
        """Known units of the smaller arm."""
        arms = (self.row.arms.get(self.ours), self.row.arms.get(self.row.against))
        return min((arm.known if arm else 0) for arm in arms)

    @property
    def enough(self) -> bool:
        return self.row.difference is not None and self.known >= self.minimum

    @property
    def value(self) -> float:
        """The difference, up is better; 0 where there is none."""
        d = self.row.difference
        if d is None or d.value is None:
            return 0.0
        return d.value if self.row.direction == "up" else -d.value

    @property
    def se(self) -> float | None:
        return self.row.difference.se if self.row.difference else None

    def critical(self, alpha: float) -> float:
        """The standard errors needed, one-sided; infinite where nothing may be said yet."""
        d = self.row.difference
        if d is None:
            return math.inf
        return compare.to_t(self.looking.critical(alpha, float(d.known)), self.known - 1)

    def better(self, alpha: float) -> bool:
        """Shown to be better than no difference."""
        return self._beyond(self.value, alpha)

    def worse(self, alpha: float) -> bool:
        """Shown to be worse than no difference; without a standard error, worse than the margin."""
        if self.se is None:
            return self.enough and self.row.margin is not None and self.value < -self.row.margin
        return self._beyond(-self.value, alpha)

    def no_worse(self, alpha: float) -> bool:
        """Shown to be no worse than the margin (non-inferiority); without a margin, than nothing."""
        if self.se is None:
            return self.enough and self.value >= -(self.row.margin or 0.0)
        return self._beyond(self.value + (self.row.margin or 0.0), alpha)

    def _beyond(self, distance: float, alpha: float) -> bool:
        if not self.enough or self.se is None:
            return False
        if self.se == 0:
            return distance > 0 and math.isfinite(self.critical(alpha))
        return distance / self.se > self.critical(alpha)


def status(evidence: Evidence, alpha: float) -> str:
    """One word for the reader; a watched metric that shows nothing reads "watch"."""
    open_word = "watch" if evidence.row.purpose == "watch" else "cannot tell"
    if not evidence.enough:
        return open_word
    if evidence.better(alpha / 2):
        return "better"
    if evidence.row.margin is not None and evidence.no_worse(alpha):
        return "no worse"
    if evidence.worse(alpha / 2):
        return "worse"
    return open_word
