"""What so many units can show in so many days, said before the first day.

Normal approximation for the difference of two means; planned daily looking costs about a tenth more units than
a single look (group sequential α·t²), which `PLANNED_COST` counts in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

from payoff.checks import number

PLANNED_COST = 1.10
"""Units needed under daily looking over those for a single look, same power."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Arms of `ours` and `theirs` units find a true difference of `detectable` with the given power."""

    ours: int
    theirs: int
    detectable: float
    alpha: float
    power: float


def detectable(
    sd: float, ours: float, theirs: float, *, alpha: float = 0.05, power: float = 0.8, looks: bool = True
) -> Plan:
    """The smallest true difference that is found with probability `power` (two-sided `alpha`).

    `sd` is the standard deviation over units: √(p(1 − p)) for a share. Infinite with an empty arm.
    """
    z = _z(alpha, power)
    if ours < 2 or theirs < 2:
        return Plan(int(ours), int(theirs), math.inf, alpha, power)
    effect = z * sd * math.sqrt((1 / ours + 1 / theirs) * (PLANNED_COST if looks else 1.0))
    return Plan(int(ours), int(theirs), effect, alpha, power)


def units_needed(
    sd: float,
    effect: float,
    *,
    share: float = 0.5,
    alpha: float = 0.05,
    power: float = 0.8,
    looks: bool = True,
) -> int:
    """Units over both arms to find `effect`, of which `share` are ours."""
    if effect == 0:
        raise ValueError("no number of units finds an effect of nothing")
    share = number("share", share, low=1e-6, high=1 - 1e-6)
    n = (_z(alpha, power) * sd / effect) ** 2 / (share * (1 - share))
    return math.ceil(n * (PLANNED_COST if looks else 1.0))


def days_more(
    se: float, value: float, margin: float, critical: float, elapsed: float, *, power: float = 0.5
) -> int | None:
    """About how many days more until value + margin is `critical` standard errors above 0, if all goes on so.

    Information is taken to grow evenly with days. `None` when the present figures lead nowhere: the estimate
    lies on the wrong side, or it would take more than ten years.
    """
    distance = value + margin
    if distance <= 0 or se <= 0 or elapsed <= 0:
        return None
    extra = critical + float(stats.norm.ppf(power))
    needed = elapsed * (extra * se / distance) ** 2
    return None if needed > 3650 else max(1, math.ceil(needed - elapsed))


def _z(alpha: float, power: float) -> float:
    return float(stats.norm.isf(number("alpha", alpha) / 2) + stats.norm.ppf(number("power", power)))
