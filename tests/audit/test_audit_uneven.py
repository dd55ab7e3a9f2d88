"""Outcomes known for some more often than for others: mistakes are not compared, and it is said why."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.audit.harm_world import decided, harm, keys, rows


def test_outcomes_known_only_for_the_picked_allow_no_talk_of_mistakes() -> None:
    frame: dict[str, list[Any]] = decided(a=(600, 2000), b=(300, 1500))
    frame["stayed"] = [(i % 3 == 0) * 1.0 if hired else None for i, hired in enumerate(frame["hired"])]
    section = harm(frame, decision="hired", label="stayed", protected=["team"])
    assert set(keys(section)) == {"harm_selected"}
    assert "fpr" not in rows(section)["b"]
    assert "known for 100 of 100 picked and 0 of 100 not picked" in section.said[0]


def known_unevenly(n: int, picked: float, left: float) -> dict[str, Any]:
    """Two teams alike, one picked like the other; the outcome is known for such shares of picked and not."""
    rng = np.random.default_rng(31)
    hired, stayed = rng.random(n) < 0.4, (rng.random(n) < 0.5).astype(float)
    stayed[rng.random(n) > np.where(hired, picked, left)] = np.nan
    return {"hired": hired.astype(int), "stayed": stayed, "team": rng.choice(["a", "b"], n)}


def test_outcomes_known_oftener_for_the_picked_allow_no_talk_of_mistakes() -> None:
    said = {"decision": "hired", "label": "stayed", "protected": ["team"]}
    section = harm(known_unevenly(6000, 0.9, 0.6), **said)
    assert not {"harm_fpr", "harm_fnr"} & set(keys(section))
    assert "fpr" not in rows(section)["b"]
    assert "known for 91 of 100 picked and 60 of 100 not picked" in section.said[0]
    assert "wrong picks and misses cannot be compared" in section.said[0]
    assert "fpr" in rows(harm(known_unevenly(6000, 0.8, 0.79), **said))["b"]


def test_outcomes_known_unevenly_in_one_group_are_enough_to_compare_no_mistakes() -> None:
    """Over both teams together the shares known are alike."""
    one, other = known_unevenly(8000, 0.95, 0.65), known_unevenly(8000, 0.65, 0.95)
    frame = {key: np.where(one["team"] == "b", one[key], other[key]) for key in one}
    section = harm(frame, decision="hired", label="stayed", protected=["team"])
    assert "fpr" not in rows(section)["b"]
    assert "(“team”)" in section.said[0]
