"""Bounds that stay honest under daily looking.

Three designs answer one question, "how many standard errors are needed now?": a single look (an experiment that
is over), a plan with an end (Lan & DeMets 1983, error spent as α·t²; Jennison & Turnbull 2000, ch. 19), and
looking for ever (asymptotic confidence sequence, Waudby-Smith et al. 2024, eq. 134).
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from payoff.checks import number

_LOWEST = -6.5
_INTERVALS = 300
Grid = NDArray[np.float64]


class Looking(Protocol):
    """How often the figures are looked at, and so how far an estimate must be from nothing."""

    def critical(self, alpha: float, n: float) -> float:
        """The one-sided z bound at level `alpha` with `n` known units; `inf` where nothing may be said yet."""
        ...


@dataclass(frozen=True, slots=True)
class Once:
    """One look, at the end."""

    def critical(self, alpha: float, n: float) -> float:  # noqa: ARG002 - the same at every size
        return float(-special.ndtri(number("alpha", alpha)))


@dataclass(frozen=True, slots=True)
class Planned:
    """Looked at every day of a plan of `looks` days; today is the `look`-th.

    After the plan's end the last bound stays: the error is spent, and time must not be rescaled.
    """

    look: int
    looks: int

    def critical(self, alpha: float, n: float) -> float:  # noqa: ARG002
        if self.look < 1 or self.looks < 1:
            return math.inf
        return plan_bounds(self.looks, number("alpha", alpha))[min(self.look, self.looks) - 1]


@dataclass(frozen=True, slots=True)
class Always:
    """Looked at for ever; narrowest near `tuned` known units, which must be fixed beforehand."""

    tuned: float = 1000.0

    def critical(self, alpha: float, n: float) -> float:
        number("alpha", alpha)
        if n < 2:
            return math.inf
        rho2 = tuning(self.tuned, 2 * alpha)
        nr = n * rho2
        return math.sqrt(2 * (nr + 1) / nr * math.log(1 + math.sqrt(nr + 1) / (2 * alpha)))


def tuning(n: float, alpha: float) -> float:
    """ρ² that makes the sequence narrow near `n` units (eq. 161)."""
    log = -2 * math.log(alpha)
    return (log + math.log(log + 1)) / n


@functools.lru_cache(maxsize=256)
def plan_bounds(looks: int, alpha: float) -> tuple[float, ...]:
    """One-sided z bounds of equally spaced looks; see `bounds`."""
    return bounds(tuple((k + 1) / looks for k in range(looks)), alpha)


def bounds(times: tuple[float, ...], alpha: float, *, power: float = 2.0) -> tuple[float, ...]:
    """One-sided z bounds at shares of the plan `times` (rising, the last at most 1), spending α·t^power.

    The other side is not binding. The recursion of Armitage, McPherson & Rowe runs on a fixed Simpson grid of z.
    """
    if not times or any(b <= a for a, b in zip((0.0, *times), times, strict=False)) or times[-1] > 1 + 1e-9:
        number("times", math.nan)
    found = [float(-special.ndtri(alpha * times[0] ** power))]
    grid, weight = _simpson(found[0])
    density = np.exp(-grid * grid / 2) / math.sqrt(2 * math.pi) * weight
    for before, now in itertools.pairwise(times):
        step, root, past = math.sqrt(now - before), math.sqrt(now), grid * math.sqrt(before)
        spend = alpha * (now**power - before**power)

        bound = _solve(density, past, root, step, spend)
        found.append(bound)
        finer, weight = _simpson(bound)
        kernel = (finer[:, None] * root - past[None, :]) / step
        density = (np.exp(-kernel * kernel / 2) @ density) * (root / step / math.sqrt(2 * math.pi)) * weight
        grid = finer
    return tuple(found)


def _solve(density: Grid, past: Grid, root: float, step: float, spend: float) -> float:
    """The z above which the paths that have not crossed yet cross with probability `spend`."""

    def excess(z: float) -> float:
        return float(density @ special.ndtr((past - z * root) / step)) - spend

    return float(optimize.brentq(excess, 0.0, 9.0, xtol=1e-10)) if excess(0.0) > 0 else 0.0


def _simpson(upper: float) -> tuple[Grid, Grid]:
    grid = np.linspace(_LOWEST, upper, _INTERVALS + 1)
    weight = np.full(_INTERVALS + 1, 2.0)
    weight[1::2] = 4.0
    weight[0] = weight[-1] = 1.0
    return grid, weight * (grid[1] - grid[0]) / 3
