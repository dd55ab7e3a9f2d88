"""Whether the arms are alike in something: ordered or unordered cells, over rows or over units that repeat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from payoff.audit.sections.worth.treated import BUCKETS, bucket
from payoff.audit.view import View
from payoff.stats import distance

Floats = NDArray[np.float64]
_FEWEST = 5


def table(view: View, key: str, size: int, where: str) -> Floats:
    """Rows by cell, arm and bucket of units (one bucket where no unit repeats); codes past `size` share the last
    place."""
    clustered = view.rows.clustered
    keys = (key, "treated", *((bucket(),) if clustered else ()))
    found = view.rows.counts(*keys, where=where)
    cell, arm, *buckets = (found[k].astype(int) for k in keys)
    out = np.zeros((size, len(view.arms), BUCKETS if clustered else 1))
    at = buckets[0] if buckets else np.zeros(cell.size, int)
    np.add.at(out, (np.minimum(cell, size - 1), arm, at), found["n"])
    return out


def midranks(rows: Floats) -> Floats:
    """The mean rank of each ordered cell's rows."""
    ranks: Floats = rows.cumsum() - rows / 2 + 0.5
    return ranks


def kruskal(counts: Floats) -> tuple[float, Floats]:
    """The statistic of Kruskal & Wallis (1952), with ties, from ordered cells × arms, and each arm's mean rank.

    With two arms it is the square of Mann & Whitney's (1947) z.
    """
    rows, arms = counts.sum(1), counts.sum(0)
    n, rank = rows.sum(), midranks(rows)
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


def alike(counts: Floats, *, ordered: bool = False) -> float | None:
    """The p-value that cells × arms × buckets are alike in every arm; `None` where there is nothing to compare.

    Where units come several times, the statistic is divided by how much wider figures scatter between buckets of
    units than over rows, and set against F with the degrees of freedom so many buckets leave (Rao & Scott 1981;
    Thomas & Rao 1987). So a treatment dealt unit by unit raises no alarm, and one dealt row by row hides none.
    """
    whole = counts.sum(2)
    if ordered:
        filled = int((whole.sum(0) > 0).sum())
        statistic, dof = kruskal(whole)[0], filled - 1 if (whole.sum(1) > 0).sum() > 1 else 0
    else:
        statistic, dof = pearson(whole)
    if dof < 1:
        return None
    if counts.shape[2] == 1:
        return float(stats.chi2.sf(statistic, dof))
    buckets = int((counts.sum((0, 1)) > 0).sum())
    if buckets < 2:
        return None
    return float(stats.f.sf(statistic / _wider(counts, ordered) / dof, dof, dof * (buckets - 1)))


def _wider(counts: Floats, ordered: bool) -> float:
    """The largest inflation of any arm against all others together."""
    every, ranks = counts.sum(1).T, midranks(counts.sum((1, 2)))
    found = 1.0
    for arm in range(1, counts.shape[1]):
        ours = counts[:, arm].T
        if ours.sum() and (every - ours).sum():
            wider = (
                _rank_inflation(ranks, every - ours, ours) if ordered else distance.inflation(every - ours, ours)
            )
            found = max(found, wider)
    return found


def _rank_inflation(ranks: Floats, rest: Floats, ours: Floats) -> float:
    """`distance.inflation` for the difference of two mean ranks, from counts by (bucket, cell); at least 1."""
    filled = (rest + ours).sum(1) > 0
    rest, ours = rest[filled], ours[filled]
    m, every = len(ours), (rest + ours).sum(0)
    variance = float(every @ (ranks - every @ ranks / every.sum()) ** 2) / every.sum()
    without = [side.sum(0) - side for side in (ours, rest)]
    if variance <= 0 or any((side.sum(1) == 0).any() for side in without):
        return 1.0
    a, b = (side @ ranks / side.sum(1) for side in without)
    spread = (m - 1) / m * float((((a - b) - (a - b).mean()) ** 2).sum())
    return max(1.0, spread / (variance * (1 / ours.sum() + 1 / rest.sum())))
