"""The rows an effect is reckoned on, and their sums by band of the score and arm: asked once, read by many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from payoff.audit.table.coding import UNSEEN, place_from_top
from payoff.audit.view import View

BANDS = 50
BUCKETS = 50
"""Units that come several times are dealt to so many buckets by their hash, and buckets are compared."""
TREATED = f"treated < {UNSEEN}"
ROWS = f"label < 2 and {TREATED}"
USABLE = "(propensity > 0 and propensity <= 1)"
Floats = NDArray[np.float64]
What = Literal["total", "score", "group", "time", "feature"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is counted of a row: `sql` over the coded columns, and whether it is a `share` (0 to 1)."""

    sql: str
    share: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the arms were compared in: the p-value that they are alike, and what to say if they are not."""

    what: What
    column: str
    p: float
    why: str


HAPPENED = Outcome("label::double", True)
"""Whether the outcome came."""
KNOWN = Outcome("(label < 2)::int::double", True)
"""Whether it is known what came."""


def per_cent(view: View) -> bool:
    """Whether logged probabilities run above 1, so that they are something else."""
    return "propensity" in view.rows and view.rows.one("count(*)", "isfinite(propensity) and propensity > 1") > 0


def weighted(view: View) -> bool:
    """Whether the probability of the treatment given was logged, in a form that can be used."""
    return "propensity" in view.rows and not per_cent(view)


def rows_treated(view: View, *, scored: bool = False, known: bool = True) -> str:
    """SQL for the rows an effect is reckoned on: outcome and treatment known, and the probability where used.

    What holds for every row is not asked: a condition costs as much as the counting.
    """
    unclear = view.rows.counts(where="treated > 250")["n"][0] > 0
    parts = [
        *(["label < 2"] if known and view.health.unknown_outcomes else []),
        *([TREATED] if unclear else []),
        *([USABLE] if weighted(view) else []),
        *(["score is not null"] if scored and view.health.missing_scores else []),
    ]
    return " and ".join(parts) or "true"


def bucket() -> str:
    """SQL for the bucket of a row's unit; a row without a unit is one of its own."""
    return f"coalesce(unit, hash(rowid)) % {BUCKETS}"


def bands(view: View, n: int = BANDS) -> tuple[str, int]:
    """SQL for the place of a row's score among equally large bands, the highest first, and how many there are.

    Rows of one score are never parted, so there may be fewer.
    """
    if "score" not in view.rows:
        return "0", 1
    places = [math.ceil(view.known * k / n) for k in range(1, n)]
    cuts = sorted({view.ranked.highest(max(1, place)).cut for place in places}, reverse=True)
    if not cuts:
        return "0", 1
    return place_from_top("score", cuts), len(cuts) + 1


def grid(view: View, y: str, where: str, band: str = "0", size: int = 1) -> Floats:
    """Rows, weights, weighted outcomes and their squares: 6 × bands × arms × buckets."""
    w = "(1 / propensity)" if weighted(view) else "1"
    sums = (w, f"{w} * ({y})", f"{w} * {w}", f"{w} * {w} * ({y})", f"{w} * {w} * ({y}) * ({y})")
    clustered = view.rows.clustered
    keys = (band, "treated", bucket()) if clustered else (band, "treated")
    found = view.rows.counts(*keys, where=where, sums=sums)
    out = np.zeros((6, size, len(view.arms), BUCKETS if clustered else 1))
    bands, arms, *buckets = (found[key].astype(int) for key in keys)
    at = buckets[0] if buckets else np.zeros(bands.size, int)
    for i, name in enumerate(("n", *(f"sum{k}" for k in range(5)))):
        out[i, bands, arms, at] = found[name]
    return out
