"""How good a score is: ranking, probability, and what it finds within a capacity."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from payoff.aggregates import ScoreHistogram
from payoff.stats.scores import CLIP

Floats = NDArray[np.float64]


def auc(score: ArrayLike, happened: ArrayLike) -> float | None:
    """Area under the ROC curve by exact ranks, ties counted half: the chance that a unit with the outcome scores
    above one without. `None` without both kinds (Mann & Whitney 1947)."""
    s, y = np.asarray(score, float), np.asarray(happened, bool)
    positives, negatives = int(y.sum()), int((~y).sum())
    if not positives or not negatives:
        return None
    ranks = stats.rankdata(s)
    return float((ranks[y].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def auc_se(value: float, positives: float, negatives: float) -> float:
    """Standard error of an AUC over independent units (Hanley & McNeil 1982)."""
    q1, q2 = value / (2 - value), 2 * value * value / (1 + value)
    spread = value * (1 - value) + (positives - 1) * (q1 - value**2) + (negatives - 1) * (q2 - value**2)
    return math.sqrt(max(0.0, spread) / (positives * negatives))


def auc_of(histogram: ScoreHistogram) -> tuple[float, float] | None:
    """AUC from bins, with the most it can be off by; `None` without both kinds."""
    p, n = histogram.positives, histogram.negatives
    P, N = float(p.sum()), float(n.sum())
    if not P or not N:
        return None
    below = np.concatenate([[0.0], n.cumsum()[:-1]])
    value = float((p * (below + n / 2)).sum() / (P * N))
    return value, float(0.5 * (p * n).sum() / (P * N))


def logit_edges(bins: int = 1000, span: float = 12.0) -> Floats:
    """Edges evenly spaced on the log-odds scale: skewed scores keep apart. Ends at 0 and 1."""
    inner = 1 / (1 + np.exp(-np.linspace(-span, span, bins - 1)))
    return np.concatenate([[0.0], inner, [1.0]])


def histogram(score: ArrayLike, happened: ArrayLike, edges: Floats | None = None) -> ScoreHistogram:
    """The counts by bin, from rows."""
    s, y = np.asarray(score, float), np.asarray(happened, bool)
    edges = logit_edges() if edges is None else edges
    place = np.clip(np.searchsorted(edges, s, side="right") - 1, 0, edges.size - 2)

    def count(weights: Floats) -> Floats:
        return np.bincount(place, weights, edges.size - 1).astype(np.float64)

    return ScoreHistogram(edges, count(y.astype(float)), count((~y).astype(float)), count(s))


def log_loss(score: ArrayLike, happened: ArrayLike) -> float | None:
    """Mean −log of the probability given to what happened; `None` without rows."""
    losses = log_losses(score, happened)
    return float(losses.mean()) if losses.size else None


def log_losses(score: ArrayLike, happened: ArrayLike) -> Floats:
    """−log of the probability given to what happened, one a row; scores clipped away from 0 and 1."""
    p = np.clip(np.asarray(score, float), CLIP, 1 - CLIP)
    return -np.where(np.asarray(happened, bool), np.log(p), np.log1p(-p))


def calibration_error(score: ArrayLike, happened: ArrayLike, bins: int = 10) -> float | None:
    """How far the scores are from the rates that came true: ten bins of equal size by score, |mean score − rate|
    weighted by rows. `None` without rows."""
    s, y = np.asarray(score, float), np.asarray(happened, float)
    if not s.size:
        return None
    order = np.argsort(s, kind="stable")
    parts = np.array_split(order, min(bins, s.size))
    return float(sum(abs(s[part].mean() - y[part].mean()) * part.size for part in parts) / s.size)


def precision_at(score: ArrayLike, happened: ArrayLike, share: float) -> tuple[float, int] | None:
    """Share with the outcome among the `share` highest scores, and how many those are; ties at the cut are
    taken in proportion, so that the order of rows does not matter. `None` without rows."""
    s, y = np.asarray(score, float), np.asarray(happened, float)
    k = math.ceil(share * s.size - 1e-9)
    if not s.size or k < 1:
        return None
    cut = np.partition(s, s.size - k)[s.size - k]
    above, tied = s > cut, s == cut
    hits = y[above].sum() + (k - above.sum()) * y[tied].mean()
    return float(hits / k), k
