"""Whether logged probabilities of the treatment given fit who was treated, and which rows had none to use."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from payoff.audit.sections.worth.treated import (
    ROWS,
    USABLE,
    Check,
    What,
    bands,
    bucket,
    per_cent,
    rows_treated,
    weighted,
)
from payoff.audit.view import View

_FEWEST = 5.0
"""Treated and untreated rows to expect in a cell that is tested."""
_LEFT = 1.0
"""The variance to expect of how many are treated in a cell; with less, nothing was left to chance."""
_SETTLED = 100.0
"""With several ways, how many even rows an arm's weights must be worth before their total is tested."""
_E = "(case when treated > 0 then propensity else 1 - propensity end)"
_SUMS = (f"(treated > 0)::int - {_E}", _E, "propensity * (1 - propensity)")
Floats = NDArray[np.float64]


def fits(view: View) -> list[Check]:
    """A check for all rows, for the bands of the score, and for every column, each at the level of its cells.

    With two arms the logged probability gives that of being treated, e, for every row, and A − e (A: treated)
    adds up to 0 with variance Σe(1 − e), however skewed the probabilities are. With more arms the probability of
    the ways not taken is unknown, and only the totals can be looked at.
    """
    if len(view.arms) > 2:
        return _totals(view)
    places: list[tuple[What, str, str]] = [("total", "", "0")]
    if "score" in view.rows:
        places.append(("score", view.roles["score"], bands(view, 5)[0]))
    places += [("group", column, coded.code) for column, coded in view.groups.items()]
    leaks = view.health.leaks
    places += [("feature", column, f.code) for column, f in view.features.items() if column not in leaks]
    found = []
    for what, column, key in places:
        p = _off(view, key, rows_treated(view, scored=what == "score"))
        if p is not None:
            found.append(Check(what, column, p, _why(view, column)))
    return found


def _why(view: View, column: str) -> str:
    return view.say(
        "not_random_weights", group=view.say("not_random_weights_group", column=column) if column else ""
    )


def _off(view: View, key: str, where: str) -> float | None:
    """The smallest p-value among a column's cells times their number; `None` where none has enough."""
    keys = (key, bucket()) if view.rows.clustered else (key,)
    found = view.rows.counts(*keys, where=where, sums=_SUMS)
    p_values = []
    for code in np.unique(found[key]):
        here = found[key] == code
        n = float(found["n"][here].sum())
        d, e, v = (found[f"sum{i}"][here] for i in range(3))
        if min(e.sum(), n - e.sum()) < _FEWEST or v.sum() < _LEFT:
            continue
        p_values.append(_p(d, float(v.sum())))
    return min(1.0, min(p_values) * len(p_values)) if p_values else None


def _p(d: Floats, variance: float) -> float:
    """Two-sided, of Σd against 0; over buckets of units (`d` has several) with no less than the rows' variance."""
    total, m = float(d.sum()), d.size
    if m > 1:
        variance = max(variance, float(((d - d.mean()) ** 2).sum()) * m / (m - 1))
    z = abs(total) / math.sqrt(variance)
    return float(2 * (stats.t.sf(z, m - 1) if m > 1 else stats.norm.sf(z)))


def _totals(view: View) -> list[Check]:
    """Over all rows, 1/probability of those who got an arm adds up to all of them, with variance Σ(1 − p)/p²
    (Horvitz & Thompson 1952); asked where an arm's weights are even enough for that to hold."""
    sums = ("1 / propensity", "(1 - propensity) / (propensity * propensity)", "1 / (propensity * propensity)")
    keys = ("treated", bucket()) if view.rows.clustered else ("treated",)
    found = view.rows.counts(*keys, where=rows_treated(view), sums=sums)
    rows, p_values = float(found["n"].sum()), []
    for arm in np.unique(found["treated"]):
        here = found["treated"] == arm
        total, variance, squares = (float(found[f"sum{i}"][here].sum()) for i in range(3))
        if total * total / squares < _SETTLED or variance < _LEFT:
            continue
        wider = 1.0
        if view.rows.clustered:
            totals = found["sum0"][here]
            between = float(((totals - totals.mean()) ** 2).sum()) * totals.size / max(1, totals.size - 1)
            wider = max(1.0, between / variance)
        p_values.append(_p(np.array([total - rows]), variance * wider))
    if not p_values:
        return []
    return [Check("total", "", min(1.0, min(p_values) * len(p_values)), _why(view, ""))]


def left_out(view: View) -> tuple[str, ...]:
    """What to say of probabilities that were not used: the whole column, or single rows."""
    if "propensity" not in view.rows:
        return ()
    column = view.roles["propensity"]
    if per_cent(view):
        return (view.say("propensity_per_cent", column=column),)
    if not weighted(view):
        return ()
    n = int(view.rows.one("count(*)", f"{ROWS} and not coalesce({USABLE}, false)"))
    return (view.say("propensity_left_out", n=n, column=column),) if n else ()
