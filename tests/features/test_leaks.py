from __future__ import annotations

import numpy as np
import pyarrow as pa

from payoff.features.leaks import auc, leaks
from payoff.features.spec import FactSpec

N = 400
RNG = np.random.default_rng(3)
Y = (RNG.random(N) < 0.3).astype(float)


def where(facts: dict[str, object]) -> list[str]:
    return [fault.where for fault in leaks(pa.table(facts), Y)]


def test_facts_that_hold_the_answer_are_refused_by_name() -> None:
    said = {
        "days_to_end": np.where(Y > 0, RNG.integers(0, 30, N), RNG.integers(60, 90, N)),
        "status": np.where(Y > 0, "closed", RNG.choice(["open", "new"], N)),
        "cancelled": Y > 0,
        "exit_score": pa.array([float(i % 7) if y else None for i, y in enumerate(Y)]),
        "visits": RNG.integers(0, 30, N),
    }
    assert where(said) == ["fact days_to_end", "fact exit_score", "fact cancelled", "fact status"]


def test_a_strong_honest_clue_is_no_leak() -> None:
    assert where({"clue": Y + RNG.normal(0, 0.5, N)}) == []


def test_values_that_occur_once_are_no_leak() -> None:
    towns = pa.table({"town": [f"town {i}" for i in range(N)]})
    assert leaks(towns, Y, FactSpec(categorical=("town",))) == []


def test_a_perfect_split_of_a_handful_says_nothing() -> None:
    assert leaks(pa.table({"x": [0, 0, 0, 1, 1, 1]}), np.array([0.0, 0, 0, 1, 1, 1])) == []


def test_auc_counts_ties_half() -> None:
    y = np.array([False, True, False, True])
    assert auc(np.array([1.0, 1, 1, 1]), y) == 0.5
    assert auc(np.array([1.0, 2, 2, 3]), y) == 0.875
    assert np.isnan(auc(np.array([1.0]), np.array([True])))
