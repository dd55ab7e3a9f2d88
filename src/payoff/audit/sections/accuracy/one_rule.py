"""The best rule with one column: what a model must beat to be worth its trouble."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from payoff.audit.table.coding import Coded
from payoff.audit.table.leaks import counts_by, ranks
from payoff.audit.view import View

_FOLDS = 5
_CURSE = 50_000
_AGAIN = 0.9
TOP = 0.10
"""The share of rows flagged where precision is compared."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The best rule with one column, judged on rows it did not learn from."""

    column: str
    auc: float
    accuracy: float
    precision: float
    tried: int


def folds(yes: np.ndarray, no: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Counts by cell and fold of rows dealt to five folds by chance.

    Rows of one cell and outcome are alike, so dealing their count is the same as dealing the rows.
    """
    rng = np.random.default_rng(seed)
    even = np.full(_FOLDS, 1 / _FOLDS)
    dealt = [rng.multinomial(counts.astype(np.int64), even) for counts in (yes, no)]
    return dealt[0], dealt[1]


def one_column_rule(yes: np.ndarray, no: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per cell and fold: the share of outcomes learned from the other folds, and the rows it is judged on."""
    hits, misses = folds(yes, no)
    others = hits.sum(1, keepdims=True) - hits
    others_n = others + misses.sum(1, keepdims=True) - misses
    base = others.sum(0) / np.maximum(others_n.sum(0), 1)
    rate = np.where(others_n > 0, others / np.maximum(others_n, 1), base)
    return rate.ravel(), hits.ravel(), misses.ravel()


def _auc_of_cells(rate: np.ndarray, hits: np.ndarray, misses: np.ndarray) -> float:
    order = np.argsort(rate, kind="stable")
    levels, at = np.unique(rate[order], return_inverse=True)
    yes = np.bincount(at, hits[order], levels.size)
    no = np.bincount(at, misses[order], levels.size)
    return float((yes * (no.cumsum() - no / 2)).sum() / (yes.sum() * no.sum()))


def restates(view: View, code: Coded) -> bool:
    """Whether a column only says the score again (its logit, its decile): the column all but tells the third of
    the score a row lies in."""
    cuts = sorted({view.ranked.highest(math.ceil(view.known * k / 3)).cut for k in (1, 2)})
    third = " + ".join(f"(score >= {cut!r})::int" for cut in cuts)
    found = view.rows.counts(code.code, third, where="{known}")
    cells: dict[int, list[int]] = {}
    for value, n in zip(found[code.code].tolist(), found["n"].tolist(), strict=True):
        cells.setdefault(value, []).append(n)
    told = sum(max(counts) for counts in cells.values()) / sum(sum(counts) for counts in cells.values())
    return len(cuts) > 1 and told >= _AGAIN


def best_rule(view: View) -> Rule | None:
    """The column whose shares rank best, chosen on other rows than it is judged on where there are few; `None`
    without columns to try. Suspects of giving the outcome away are not tried."""
    halves = view.known <= _CURSE  # with few rows the best of many columns is partly luck: choose and judge apart
    choose, judge = (
        ("{known} and rowid % 2 = 0", "{known} and rowid % 2 = 1") if halves else ("{known}", "{known}")
    )
    tried = {c: code for c, code in {**view.groups, **view.features}.items() if c not in view.health.leaks}
    ranked = []
    for column, code in tried.items():
        yes, no = counts_by(view.rows, code, choose)
        if ((yes + no) > 0).sum() > 1:
            ranked.append((ranks(yes, no), column))
    ranked.sort(key=lambda pair: -pair[0])
    best = next((pair for pair in ranked if not restates(view, tried[pair[1]])), None)
    if best is None:
        return None
    yes, no = counts_by(view.rows, tried[best[1]], judge)
    if not yes.sum() or not no.sum():
        return None
    rate, hits, misses = one_column_rule(yes, no)
    right = float(np.where(rate >= 0.5, hits, misses).sum() / (yes.sum() + no.sum()))
    return Rule(best[1], _auc_of_cells(rate, hits, misses), right, _precision(rate, hits, misses), len(tried))


def _precision(rate: np.ndarray, hits: np.ndarray, misses: np.ndarray) -> float:
    """Among the tenth with the highest rate, cells tied at the cut in proportion."""
    order = np.argsort(-rate, kind="stable")
    n = (hits + misses)[order]
    k = math.ceil(TOP * n.sum() - 1e-9)
    taken = np.clip(k - (n.cumsum() - n), 0, n)
    share = np.divide(hits[order], n, out=np.zeros(n.size), where=n > 0)
    return float((taken * share).sum() / k)
