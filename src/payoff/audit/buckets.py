"""Rows dealt to twenty buckets by unit, so that intervals know of units that come several times.

A figure is reckoned again without each bucket; how far those figures scatter is how far chance moves it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from payoff.audit.view import View

BUCKETS = 20
_FEWEST = 5
"""With fewer filled buckets (a handful of units) nothing is said of chance."""


def bucket(view: View) -> str:
    """SQL for a row's bucket: by its unit, else (also where the unit is missing) by the row itself."""
    by = "coalesce(unit, hash(rowid))" if "unit" in view.rows else "hash(rowid)"
    return f"({by} % {BUCKETS}::ubigint)::utinyint"


def repeated(view: View) -> tuple[str, ...]:
    """The bucket as a further key where units come several times, else nothing."""
    return (bucket(view),) if view.rows.clustered else ()


def jackknife(whole: float, without: Sequence[float], alpha: float = 0.05) -> tuple[float, float] | None:
    """The interval (95% unless told) around `whole` from the figures `without` each filled bucket.

    (Quenouille 1956, Tukey 1958; t with one degree of freedom less than buckets.) `None` with too few buckets, or
    where a figure is missing.
    """
    values = np.asarray(without, float)
    m = values.size
    if m < _FEWEST or not np.isfinite(values).all() or not math.isfinite(whole):
        return None
    spread = (m - 1) / m * float(((values - values.mean()) ** 2).sum())
    half = float(stats.t.isf(alpha / 2, m - 1)) * math.sqrt(spread)
    return whole - half, whole + half
