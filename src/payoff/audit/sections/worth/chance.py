"""Whether chance gave the treatment: as told, as tested, or not at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from payoff.audit.coding import Coded
from payoff.audit.sections.worth.treated import HAPPENED, bands, grid, rows_treated, weighted
from payoff.audit.view import View

LEVEL = 0.01
"""The level of all checks together, where nobody told us how treatment was given."""
LEVEL_TOLD = 0.001
"""The same where we were told that chance gave it: only a gross mismatch speaks against what was said."""
_FEWEST = 5
How = Literal["told", "tested", "weighted", "untested", "no"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chance:
    """How treatment was given.

    `told`: by chance, the caller said. `tested`: nobody said, and the arms do not differ in what was looked at.
    `weighted`: with logged probabilities, which fit the counts. `untested`: nobody said, and there is nothing to
    test it by. `no`: a rule, or the arms differ; `why` says so in words. `checks` is how many were made, on which
    `columns`, and `p` the smallest p-value among them.
    """

    how: How
    why: str = ""
    checks: int = 0
    columns: tuple[str, ...] = ()
    p: float = 1.0

    @property
    def by_chance(self) -> bool:
        return self.how in ("told", "tested", "weighted")


def design_effect(view: View, where: str) -> float:
    """By how much units that come several times inflate a chi-square or a variance at most: Σm² / Σm over units of
    m rows (Rao & Scott 1981; Kish 1965); 1 where every unit comes once."""
    if not view.rows.clustered:
        return 1.0
    sums = view.rows.sums("1", where=where).get(())
    return 1.0 if sums is None or sums.w == 0 else max(1.0, sums.ww / sums.w)


def table(view: View, key: str, size: int, where: str) -> Floats:
    """Rows by cell and arm; codes past `size` share the last place."""
    found = view.rows.counts(key, "treated", where=where)
    out = np.zeros((size, len(view.arms)))
    np.add.at(out, (np.minimum(found[key].astype(int), size - 1), found["treated"].astype(int)), found["n"])
    return out


def kruskal(counts: Floats) -> tuple[float, Floats]:
    """The statistic of Kruskal & Wallis (1952), with ties, from ordered cells × arms, and each arm's mean rank.

    With two arms it is the square of Mann & Whitney's (1947) z.
    """
    rows, arms = counts.sum(1), counts.sum(0)
    n = rows.sum()
    rank = rows.cumsum() - rows / 2 + 0.5
    mean = np.divide(rank @ counts, arms, out=np.full(arms.size, (n + 1) / 2), where=arms > 0)
    spread = float(rows @ (rank - (n + 1) / 2) ** 2)
    between = float(arms @ (mean - (n + 1) / 2) ** 2)
    return ((n - 1) * between / spread if spread > 0 else 0.0), mean


def pearson(counts: Floats) -> tuple[float, int]:
    """Pearson's chi-square of cells × arms and its degrees of freedom; cells expected to hold under five are put
    together."""
    counts = counts[:, counts.sum(0) > 0]
    expected = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
    small = expected.min(1) < _FEWEST
    if small.any():
        counts = np.vstack([counts[~small], counts[small].sum(0)])
    counts = counts[counts.sum(1) > 0]
    if counts.shape[0] < 2 or counts.shape[1] < 2:
        return 0.0, 0
    found = stats.chi2_contingency(counts, correction=False)
    return float(found.statistic), int(found.dof)


def given_by_chance(view: View) -> Chance:
    """Look at scores, every group and the time, arm by arm. Passing does not prove chance; failing refutes it."""
    if view.said.assigned == "rule":
        return Chance("no", view.say("not_random_rule"))
    if weighted(view):
        return _probabilities(view)
    told = view.said.assigned == "random"
    found = _differences(view)
    looked = tuple(name for name, _, _ in found)
    worst = min(found, key=lambda f: f[1], default=None)
    if worst is not None and worst[1] < (LEVEL_TOLD if told else LEVEL) / len(found):
        why = view.say("not_random_told", why=worst[2]) if told else worst[2]
        return Chance("no", why, len(found), looked, worst[1])
    p = worst[1] if worst else 1.0
    return Chance("told" if told else "tested" if found else "untested", "", len(found), looked, p)


def _differences(view: View) -> list[tuple[str, float, str]]:
    """Each thing looked at: its name, the p-value that the arms are alike in it, and what to say if not."""
    where, found = rows_treated(view), []
    widen = design_effect(view, where)
    arms = len(view.arms)
    if "score" in view.rows:
        scored = rows_treated(view, scored=True)
        sql, size = bands(view)
        counts = grid(view, HAPPENED.sql, scored, sql, size)[0].sum(2)  # the effect is reckoned on the same
        statistic, rank = kruskal(counts)
        p = float(stats.chi2.sf(statistic / widen, arms - 1))
        higher = view.say("higher" if rank[1] < rank[0] else "lower")
        several = view.say("not_random_scores")
        why = several if arms > 2 else view.say("not_random_score", higher_lower=higher)
        found.append((view.roles["score"], p, why))
    for column, group in view.groups.items():
        found.append((column, *_group(view, group, widen)))
    if len(view.periods) > 1:
        statistic, dof = pearson(table(view, "period", len(view.periods) + 1, where))
        p = float(stats.chi2.sf(statistic / widen, dof)) if dof else 1.0
        found.append((view.roles["time"], p, view.say("not_random_time")))
    return found


def _group(view: View, group: Coded, widen: float) -> tuple[float, str]:
    statistic, dof = pearson(table(view, group.code, len(group.names) + 1, rows_treated(view)))
    p = float(stats.chi2.sf(statistic / widen, dof)) if dof else 1.0
    return p, view.say("not_random_group", column=group.column)


def _probabilities(view: View) -> Chance:
    """Whether logged probabilities fit: over the rows of a group, 1/probability of those who got an arm adds up to
    the rows of the group, with variance Σ(1 − p)/p² (Horvitz & Thompson 1952)."""
    where = rows_treated(view)
    widen = design_effect(view, where)
    places = {"": "0", **{column: group.code for column, group in view.groups.items()}}
    if "score" in view.rows:
        places[view.roles["score"]] = bands(view, 5)[0]
        where = rows_treated(view, scored=True)
    p_values: list[tuple[float, str]] = []
    for column, key in places.items():
        sums = ("1 / propensity", "(1 - propensity) / (propensity * propensity)")
        found = view.rows.counts(key, "treated", where=where, sums=sums)
        for code in np.unique(found[key]):
            here = found[key] == code
            rows = float(found["n"][here].sum())
            for n, total, variance in zip(found["n"][here], found["sum0"][here], found["sum1"][here], strict=True):
                if n >= _FEWEST:
                    off = abs(float(total) - rows)
                    error = math.sqrt(float(variance) * widen)
                    sure = off > 1e-6 * rows
                    p = float(2 * stats.norm.sf(off / error)) if error > 0 else 0.0 if sure else 1.0
                    p_values.append((p, column))
    columns = tuple(column for column in places if column)
    p, column = min(p_values, default=(1.0, ""))
    if p < LEVEL_TOLD / max(1, len(p_values)):
        inside = view.say("not_random_weights_group", column=column) if column else ""
        return Chance("no", view.say("not_random_weights", group=inside), len(p_values), columns, p)
    return Chance("weighted", "", len(p_values), columns, p)
