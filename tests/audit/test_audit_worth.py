"""What an audit says of worth where little is known, and on real data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from tests.audit.worth_world import answer, found, keys, table, untreated, world, worth

from payoff.audit.sections.worth.alike import kruskal, pearson

# not logged, decisions, missing parts


def test_without_treatment_the_answer_is_never_measured_and_an_experiment_is_sized() -> None:
    report = worth(untreated())
    experiment = found(report, "experiment")
    assert answer(report) == "never measured"
    assert experiment.text.startswith("Whether acting on the score helps was never measured.")
    e = experiment.evidence
    p, d = e["base"], e["base"] - e["target"]
    plain = (stats.norm.isf(0.025) + stats.norm.ppf(0.8)) ** 2 * 2 * p * (1 - p) / d**2
    assert e["units_a_side"] == pytest.approx(plain, abs=1)


def test_a_decision_that_ignores_the_score_is_named() -> None:
    frame = untreated()
    rng = np.random.default_rng(3)
    ignored = worth({**frame, "flagged": rng.random(6000) < 0.2})
    followed = worth({**frame, "flagged": frame["score"] > np.quantile(frame["score"], 0.8)})
    assert "decision_ignores" in keys(ignored)
    assert found(followed, "decision_follows").evidence["top"] == pytest.approx(1.0)


def test_without_an_outcome_only_the_decision_speaks() -> None:
    frame = {k: v for k, v in untreated().items() if k != "churned"}
    report = worth({**frame, "flagged": frame["score"] > 0.1}, label="")
    assert keys(report) == {"decision_follows"}
    assert "nothing can be said of worth" in report.section("worth").said[0]


def test_without_a_score_an_outcome_beside_a_decision_was_never_measured() -> None:
    frame = {k: v for k, v in untreated().items() if k in ("churned", "role")}
    report = worth({**frame, "flagged": np.arange(6000) % 3 == 0}, score="")
    assert answer(report) == "never measured"
    assert not keys(report)


def test_the_checks_for_chance_are_those_of_scipy() -> None:
    rng = np.random.default_rng(1)
    place, arm = rng.integers(0, 30, 4000), rng.integers(0, 3, 4000)
    counts = np.zeros((30, 3))
    np.add.at(counts, (place, arm), 1)
    statistic, _ = kruskal(counts)
    assert statistic == pytest.approx(stats.kruskal(*(place[arm == k] for k in range(3))).statistic, abs=1e-9)
    assert pearson(counts)[0] == pytest.approx(
        stats.chi2_contingency(counts, correction=False).statistic, abs=1e-9
    )


def test_every_chart_has_a_sentence_and_every_finding_a_basis() -> None:
    report = worth(world(-0.5), value=100, cost=1)
    assert len(report.section("worth").charts) == 3
    assert all(chart.says for chart in report.section("worth").charts)
    assert all(f.basis and f.basis.n and f.basis.method for f in report.all_findings)


# real data


@pytest.fixture(scope="module")
def hillstrom(data: Path) -> pd.DataFrame:
    frame = pq.read_table(data / "hillstrom" / "hillstrom.parquet").to_pandas()
    text = frame[["zip_code", "channel"]].astype(str)
    x = pd.get_dummies(frame[["recency", "history", "mens", "womens", "newbie"]].join(text)).astype(float)
    x = (x - x.mean()) / x.std()
    alone = (frame["segment"].astype(str) == "No E-Mail").to_numpy()
    model = LogisticRegression(max_iter=500).fit(x[alone], frame["visit"][alone])
    return frame.assign(score=model.predict_proba(x)[:, 1])


HILLSTROM: dict[str, Any] = {
    "score": "score",
    "label": "visit",
    "treated": "segment",
    "value": "spend",
    "segments": ["zip_code", "channel", "history_segment"],
    "assigned": "random",
}


@pytest.mark.data
def test_hillstroms_mail_has_its_published_effects(hillstrom: pd.DataFrame) -> None:
    report = worth(hillstrom, **HILLSTROM)
    arms = {row["arm"]: row for row in table(report, "What each way")}
    men, women = arms["Mens E-Mail"], arms["Womens E-Mail"]
    assert arms["No E-Mail"]["outcome"] == pytest.approx(0.1062, abs=5e-5)
    assert men["outcome"] == pytest.approx(0.1828, abs=5e-5)
    assert men["low"] < 0.0766 < men["high"] and women["low"] < 0.0452 < women["high"]
    assert men["worth_difference"] == pytest.approx(0.77, abs=0.005)
    assert women["worth_difference"] == pytest.approx(0.42, abs=0.005)
    best = [f.evidence for f in report.all_findings if f.key == "best_constant"]
    assert {b["measure"]: b["best"] for b in best} == {"outcome": "Mens E-Mail", "value": "Mens E-Mail"}
    assert all(b["ahead_low"] > 0 and b["over_low"] > 0 for b in best)


@pytest.mark.data
def test_hillstroms_response_model_adds_little_to_mailing_at_random(hillstrom: pd.DataFrame) -> None:
    report = worth(hillstrom, **HILLSTROM)
    policy = found(report, "policy_value").evidence
    assert policy["arm"] == "Mens E-Mail" and policy["everybody"] == "more"
    assert policy["high"] < 0.01  # under one visit in 100 rows, where mailing everybody brings more than seven
    assert -0.01 < policy["qini_low"] < policy["qini_high"] < 0.01
    women = [r for r in table(report, "Whom treatment helps") if r["arm"] == "Womens E-Mail" and "gain" in r]
    assert all(r["gain_low"] < 0 < r["gain_high"] for r in women)
    spent = [r for r in table(report, "Whom treatment helps") if "money_gain" in r]
    assert all(r["money_gain_low"] < 0 < r["money_gain_high"] for r in spent)


@pytest.mark.data
def test_cookie_cats_later_gate_loses_players(data: Path) -> None:
    named: dict[str, Any] = {"label": "retention_7", "treated": "version", "control": "gate_30", "score": ""}
    report = worth(
        data / "cookie_cats" / "cookie_cats.parquet", **named, bad=False, segments=[], assigned="random"
    )
    harm = found(report, "effect_harm").evidence
    assert harm["effect"] == pytest.approx(-0.0082, abs=5e-5)
    assert harm["high"] < 0
    assert (harm["untreated"], harm["treated"]) == (44_700, 45_489)


@pytest.mark.data
def test_thorntons_incentive_brings_people_to_their_results(data: Path) -> None:
    every = pq.read_table(data / "thornton_hiv" / "thornton_hiv.parquet").to_pandas()
    file = every[every["got"].notna()]
    named: dict[str, Any] = {
        "label": "got",
        "treated": "any",
        "score": "",
        "unit": "",
        "segments": ["hiv2004", "age"],
        "assigned": "random",
    }
    lost = found(worth(every, **named, bad=False), "treated_lost").evidence
    assert lost["alone"] == pytest.approx(623 / 679) and lost["treated"] > 0.99
    untold = found(worth(file, **{**named, "assigned": "unknown"}, bad=False), "not_random")
    assert "“tinc”" in untold.text  # the amount of the incentive
    effect = found(worth(file, **named, bad=False), "effect_some").evidence
    assert effect["low"] < 0.45 < effect["high"]
    named["unit"] = "villnum"
    village = found(worth(file, **named, bad=False), "effect_some").evidence
    assert village["effect"] == pytest.approx(effect["effect"])
    assert village["high"] - village["low"] > effect["high"] - effect["low"]
