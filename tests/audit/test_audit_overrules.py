"""Where people overrule the score: those who know something are believed, a coin is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable
from tests.audit.acts_world import SCORED, acts, keys, scored, table


def overruled(n: int, right: float) -> dict[str, Any]:
    """People overrule one row in five and are right so often; the model is right on the rest as `scored` says."""
    frame = scored(n)
    rng = np.random.default_rng(7)
    advised = frame["p"] > 0.5
    differ = np.arange(n) // 20 % 5 == 0
    frame["invited"] = np.where(differ, ~advised, advised)
    frame["bought"] = np.where(
        differ, np.where(rng.random(n) < right, frame["invited"], advised), frame["bought"]
    ).astype(bool)
    return frame


def test_who_was_right_is_said_where_it_can_be_told() -> None:
    """Where people turn down what the model would pick, 80 of 100 would have ended in the outcome."""
    for right, key, kind in (
        (0.8, "overrules_people_right", "know"),
        (0.02, "overrules_model_right", "costs"),
    ):
        frame = overruled(4000, right)
        found = keys(acts(frame, **SCORED, decision="invited"))[key]
        advised = frame["p"] > 0.5
        differ = advised != frame["invited"]
        people = (frame["invited"] == frame["bought"])[differ]
        assert found.kind == kind
        assert found.evidence["overruled"] == pytest.approx(0.2)
        assert found.evidence["people_right"] == pytest.approx(people.mean())
        told = found.evidence["at_similar_scores"]["turned_down"]
        kept = frame["bought"][advised & ~differ].mean()
        assert told["difference"] == pytest.approx(frame["bought"][advised & differ].mean() - kept, abs=1e-9)
        assert told["low"] < told["difference"] < told["high"]


def test_a_difference_at_similar_scores_is_mantel_and_haenszel_s() -> None:
    rng = np.random.default_rng(17)
    n = 6000
    score = rng.choice([0.55, 0.7, 0.85, 0.3], n)
    advised = score > 0.5
    kept = advised & (rng.random(n) < np.where(score > 0.8, 0.9, 0.6))
    bought = rng.random(n) < score - 0.1 * kept
    frame = {"p": score, "bought": bought, "invited": kept}
    found = next(
        f for f in acts(frame, **SCORED, decision="invited").findings if "at_similar_scores" in f.evidence
    )
    tables = [
        np.array([[np.sum(bought[here & ~kept] == y), np.sum(bought[here & kept] == y)] for y in (1, 0)]).T
        for here in (score == value for value in (0.55, 0.7, 0.85))
    ]
    told = found.evidence["at_similar_scores"]["turned_down"]
    weights = np.array([t[0].sum() * t[1].sum() / t.sum() for t in tables])
    apart = np.array([t[0, 0] / t[0].sum() - t[1, 0] / t[1].sum() for t in tables])
    assert told["difference"] == pytest.approx(weights @ apart / weights.sum(), abs=1e-9)
    test = StratifiedTable([t.astype(float) for t in tables]).test_null_odds()
    error = (told["high"] - told["difference"]) / stats.norm.isf(0.0125)
    assert (told["difference"] / error) ** 2 == pytest.approx(test.statistic, rel=1e-9)


def coin(seed: int, rare: bool) -> dict[str, Any]:
    """A score that holds; where people overrule it, a coin decides."""
    rng = np.random.default_rng(seed)
    score = rng.beta(1, 30, 3000) if rare else rng.beta(2, 4, 3000)
    advised = score > np.quantile(score, 0.7)
    return {
        "p": score,
        "bought": rng.random(3000) < score,
        "invited": np.where(rng.random(3000) < 0.3, rng.random(3000) < 0.5, advised),
    }


@pytest.mark.parametrize("rare", [True, False])
def test_a_coin_that_overrules_the_score_is_not_called_right(rare: bool) -> None:
    """With a rare outcome most noes agree with it, whoever says them."""
    told = 0
    for seed in range(30):
        frame = coin(seed, rare)
        cut = float(np.quantile(frame["p"], 0.7))
        section = acts(frame, **SCORED, decision="invited", threshold=cut)
        told += "overrules_cannot_tell" in keys(section)
    assert told >= 27


def test_outcomes_known_oftener_where_people_said_yes_tell_nobody_right() -> None:
    frame = overruled(4000, 0.8)
    rng = np.random.default_rng(9)
    known = rng.random(4000) < np.where(frame["invited"], 0.95, 0.5)
    frame["bought"] = np.where(known, frame["bought"], np.nan)
    found = keys(acts(frame, **SCORED, decision="invited"))["overrules_cannot_tell"]
    assert "yes to, outcomes are known for 9" in found.text and "of 100 not picked" in found.text
    assert "know something" not in found.text


def test_both_ways_of_overruling_are_told_apart() -> None:
    frame = scored(1000)
    advised = frame["p"] > 0.5
    frame["invited"] = advised & (np.arange(1000) >= 200)  # people only ever say no
    section = acts(frame, **SCORED, decision="invited")
    down, added = table(section, "overruled")
    assert (down["rows"], down["share"], down["people_right"]) == (100, pytest.approx(0.2), pytest.approx(0.2))
    assert (added["rows"], added["share"], added["people_right"]) == (0, 0.0, None)


def test_without_outcomes_where_people_overruled_nobody_is_called_right() -> None:
    frame = overruled(1000, 0.8)
    differ = (frame["p"] > 0.5) != frame["invited"]
    frame["bought"] = [None if d else float(y) for d, y in zip(differ, frame["bought"], strict=True)]
    assert "overrules_unknown" in keys(acts(frame, **SCORED, decision="invited"))


def test_a_decision_that_never_differs_is_said() -> None:
    frame = scored(400)
    frame["invited"] = frame["p"] > 0.5
    assert "overrules_never" in keys(acts(frame, **SCORED, decision="invited"))


def test_a_group_overruled_more_often_for_sure_is_named_and_a_little_more_is_not() -> None:
    frame = scored(4000)
    frame["team"] = np.where(np.arange(4000) < 2400, "north", "south")
    advised = frame["p"] > 0.5
    for share, named in ((0.4, True), (0.11, False)):
        often = np.where(frame["team"] == "south", share, 0.1)
        frame["invited"] = advised ^ (np.arange(4000) // 2 % 100 < often * 100)
        found = keys(acts(frame, **SCORED, decision="invited", protected=["team"])).get("overrules_group")
        assert (found is not None) == named
        if found:
            assert (found.kind, found.evidence["group"]) == ("costs", "south")
            assert found.evidence["gap"]["value"] == pytest.approx(0.3, abs=0.01)


def test_repeated_units_widen_what_is_said_of_overruling() -> None:
    frame = pd.DataFrame(overruled(400, 0.7))
    frame["person_id"] = np.arange(400)
    many = pd.concat([frame] * 9)
    plain = keys(acts(many, **SCORED, decision="invited"))["overrules_people_right"]
    wide = next(
        f for key, f in keys(acts(many, **SCORED, decision="invited", unit="person_id")).items() if "rules" in key
    )
    assert wide.evidence["people_right"] == plain.evidence["people_right"]
    widths = [f.evidence["high"] - f.evidence["low"] for f in (plain, wide)]
    assert widths[1] > 2.5 * widths[0]
    sides = [f.evidence["at_similar_scores"]["turned_down"] for f in (plain, wide)]
    assert sides[0]["difference"] == sides[1]["difference"]
    widths = [side["high"] - side["low"] for side in sides]
    assert widths[1] > 2 * widths[0]


@pytest.mark.data
def test_compas_judges_as_taken_by_a_second_rule_are_counted_as_pandas_counts_them(data: Path) -> None:
    frame = pd.read_parquet(data / "compas" / "compas.parquet")
    frame["p"], frame["flagged"] = frame["decile_score"] / 10, (frame["priors_count"] > 2).astype(int)
    section = acts(frame, score="p", label="two_year_recid", decision="flagged", protected=["race"])
    advised = (frame["p"] >= 0.5).astype(int)
    differ = advised != frame["flagged"]
    found = next(f for key, f in keys(section).items() if "overruled" in f.evidence)
    assert found.evidence["overruled"] == pytest.approx(differ.mean(), abs=1e-9)
    people = (frame["flagged"] == frame["two_year_recid"])[differ]
    assert found.evidence["people_right"] == pytest.approx(people.mean(), abs=1e-9)
    by_race = differ.groupby(frame["race"]).mean()
    group = keys(section).get("overrules_group")
    assert group is None or group.evidence["rates"] == pytest.approx(
        {name: by_race[name] for name in group.evidence["rates"]}, abs=1e-9
    )
