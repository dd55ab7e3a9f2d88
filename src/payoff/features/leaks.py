"""Facts that already hold the answer: known only because it happened, and never there when it counts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import rankdata

from payoff.errors import Fault
from payoff.features.columns import flat, is_text, numbers, texts
from payoff.features.spec import FactSpec, infer

LIMIT = 0.995
"""Area under the ROC curve from which one fact alone is no clue but the answer."""
FEWEST = 10
"""Cases of each answer below which a perfect split may be chance."""


def leaks(facts: pa.Table, label: NDArray[np.float64], spec: FactSpec | None = None) -> list[Fault]:
    """A fault for every fact that by itself gives the answer.

    `label` is 0, 1 or NaN (not known) for each row. Looked at: the fact's value, and whether it is known at
    all (a reason for leaving is known of those who left). Texts are scored out of sample, so that a rare
    value is no leak by being rare. Nothing is said with fewer than ten cases of either answer.
    """
    known = ~np.isnan(label)
    y = label[known] > 0
    if min(int(y.sum()), int((~y).sum())) < FEWEST:
        return []
    spec = spec or infer(facts)
    found = []
    for name in spec.facts:
        column = flat(facts.column(name))
        known_at_all = np.asarray(column.is_valid().to_numpy(zero_copy_only=False), dtype=np.float64)[known]
        score = (
            _rates(texts(column)[known], y)
            if is_text(column) and name in spec.categorical
            else _spread(numbers(column).values[known])
        )
        sure = max(_apart(score, y), _apart(known_at_all, y))
        if sure >= LIMIT:
            found.append(
                Fault(
                    f"fact {name}",
                    f"it gives the answer away by itself (it alone separates {sure:.1%} of pairs)",
                    "It is probably written after the outcome. Add it to `ignore` under [unit], or date it right.",
                )
            )
    return found


def auc(score: NDArray[np.float64], y: NDArray[np.bool_]) -> float:
    """Share of (yes, no) pairs the score puts in the right order, ties half; NaN without both."""
    positives = int(y.sum())
    negatives = y.size - positives
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[y].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _apart(score: NDArray[np.float64], y: NDArray[np.bool_]) -> float:
    value = auc(score, y)
    return max(value, 1 - value)


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unknown cells in the middle."""
    known = values[~np.isnan(values)]
    return np.where(np.isnan(values), np.median(known) if known.size else 0.0, values)


def _rates(values: NDArray[np.object_], y: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Each row's category rate, learned on the other half of the rows."""
    half = np.arange(y.size) % 2 == 0
    _, codes = np.unique(values.astype(str), return_inverse=True)
    score = np.empty(y.size)
    for learn, use in ((half, ~half), (~half, half)):
        total = np.bincount(codes[learn], minlength=codes.max() + 1)
        yes = np.bincount(codes[learn], weights=y[learn].astype(float), minlength=codes.max() + 1)
        score[use] = ((yes + y.mean()) / (total + 1))[codes[use]]
    return score
