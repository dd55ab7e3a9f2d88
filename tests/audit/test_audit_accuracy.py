"""Is it accurate, and against what: real files, the figures of scikit-learn, and what beats the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score

import payoff
from payoff.audit.report import Report
from payoff.audit.sections.accuracy.one_rule import one_column_rule
from payoff.audit.sections.accuracy.section import Accuracy
from payoff.errors import PayoffError


def world(n: int = 4000, seed: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    score = rng.beta(1, 4, n)
    return {"score": score, "churned": rng.random(n) < score}


def audit(given: dict[str, Any], **named: Any) -> Report:
    return payoff.audit(given, catalogue=(Accuracy(),), **named)


def keys(report: Report) -> set[str]:
    return {finding.key for finding in report.all_findings}


@pytest.fixture(scope="module")
def telco(data: Path) -> pa.Table:
    """Telco with a plain logistic score."""
    table = pq.read_table(data / "telco_churn" / "telco.parquet")
    monthly = [contract == "Month-to-month" for contract in table["Contract"].to_pylist()]
    x = np.c_[table["tenure"].to_numpy() / 72, table["MonthlyCharges"].to_numpy() / 100, monthly]
    y = np.array(table["Churn"].to_pylist()) == "Yes"
    score = LogisticRegression().fit(x, y).predict_proba(x)[:, 1]
    return table.append_column("p_churn", pa.array(score))


@pytest.mark.data
def test_telco_figures_equal_those_of_scikit_learn(telco: pa.Table) -> None:
    report = payoff.audit(telco, name="telco.csv")
    y = np.array(telco["Churn"].to_pylist()) == "Yes"
    p = telco["p_churn"].to_numpy()
    model = report.section("accuracy").tables[0].rows[0]
    assert model["auc"] == pytest.approx(roc_auc_score(y, p), abs=1e-9)
    assert model["accuracy"] == pytest.approx(accuracy_score(y, p >= 0.5), abs=1e-9)
    assert model["brier"] == pytest.approx(brier_score_loss(y, p), abs=1e-9)
    assert model["log_loss"] == pytest.approx(log_loss(y, p), abs=1e-9)
    top = np.argsort(-p)[: int(np.ceil(0.1 * p.size))]
    assert model["precision_at_10"] == pytest.approx(y[top].mean(), abs=1e-9)
    seen, said = calibration_curve(y, p, n_bins=10, strategy="uniform")
    weights = np.histogram(p, np.linspace(0, 1, 11))[0]
    error = np.abs(seen - said) @ weights[weights > 0] / p.size
    found = next(f for f in report.all_findings if "calibration_error" in f.evidence)
    assert found.evidence["calibration_error"] == pytest.approx(error, abs=1e-9)


@pytest.mark.data
def test_telco_columns_are_guessed_and_the_guess_is_said(telco: pa.Table) -> None:
    report = payoff.audit(telco)
    assert report.columns["score"] == "p_churn"
    assert report.columns["label"] == "Churn"
    assert report.columns["unit"] == "customerID"
    assert set(report.columns["protected"]) == {"gender", "SeniorCitizen"}
    assert "p_churn" in report.guessed[0]


@pytest.mark.data
def test_score_and_label_alone_are_enough_and_the_rest_is_said_to_be_missing(telco: pa.Table) -> None:
    report = payoff.audit(telco.select(["p_churn", "Churn"]))
    assert {"unit", "treated", "decision", "value", "cost", "segments", "protected", "time"} <= set(report.missing)
    assert report.section("harm").unanswered
    assert len(report.findings) == 5


@pytest.mark.data
def test_a_decile_score_is_used_by_its_order_only(data: Path) -> None:
    report = payoff.audit(data / "compas" / "compas.parquet", label="two_year_recid")
    assert report.columns["score"] == "decile_score"
    assert report.section("accuracy").tables[0].rows[0]["accuracy"] is None
    assert any("not a probability" in note for note in report.coerced)
    leak = next(f for f in report.all_findings if f.key == "trust_leak")
    assert "is_recid" in leak.text


def test_right_as_often_as_always_saying_no_proves_nothing() -> None:
    rng = np.random.default_rng(7)
    score = rng.beta(1, 14, 6000)
    report = audit({"score": score, "churned": rng.random(6000) < score})
    told = next(f for f in report.all_findings if f.key == "accuracy_no_better")
    assert told.kind == "costs"
    assert told.evidence["constant"] == pytest.approx(1 - told.evidence["base_rate"])


def test_below_the_constant_it_is_said_to_do_worse_than_no_model() -> None:
    made = world()
    report = audit(made | {"score": np.clip(made["score"] + 0.35, 0, 1)})
    told = next(f for f in report.all_findings if f.key == "accuracy_worse")
    assert told.evidence["accuracy"] < told.evidence["constant"] - 0.01


def test_a_calibrated_score_of_few_rows_is_not_blamed_for_what_chance_does() -> None:
    blamed = 0
    for seed in range(40):
        blamed += bool({"size_wrong_over", "size_wrong_under", "size_off"} & keys(audit(world(200, seed))))
    assert blamed <= 5


def test_whether_it_ranks_is_left_open_where_rows_are_few() -> None:
    rng = np.random.default_rng(0)
    place = np.arange(60)
    report = audit({"score": place / 60, "churned": (place % 2 == 0) | (place > 54)}, score="score")
    told = next(f for f in report.all_findings if f.key == "ranks_open")
    assert told.kind == "know" and told.evidence["low"] < 0.5 and told.evidence["high"] >= 0.6
    noise = world(20_000)
    report = audit(noise | {"score": rng.random(20_000)})
    assert "ranks_badly" in keys(report)


def test_the_best_of_many_columns_of_noise_is_not_said_to_be_as_good() -> None:
    as_good = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        score = rng.random(300)
        columns = {f"x{k}": rng.normal(size=300) for k in range(60)}
        report = audit({"score": score, "churned": rng.random(300) < 0.4 + 0.2 * score, **columns}, score="score")
        rule = next(f for f in report.all_findings if f.key.startswith("rule_"))
        as_good += rule.evidence["auc"] > 0.56
    assert as_good <= 5


def test_a_rule_with_one_column_that_does_as_well_is_named() -> None:
    rng = np.random.default_rng(5)
    plan = rng.choice(["free", "paid"], 4000)
    rate = np.where(plan == "free", 0.4, 0.1)
    score = np.clip(rate + rng.normal(0, 0.02, 4000), 0, 1)
    report = audit({"score": score, "churned": rng.random(4000) < rate, "plan": plan})
    told = next(f for f in report.all_findings if f.key == "rule_as_good")
    assert told.evidence["column"] == "plan"


def test_a_column_of_numbers_can_be_the_rule() -> None:
    rng = np.random.default_rng(5)
    tenure = rng.exponential(20, 4000)
    churned = rng.random(4000) < np.where(tenure < 8, 0.5, 0.1)
    report = audit({"score": rng.random(4000), "churned": churned, "tenure": tenure})
    told = next(f for f in report.all_findings if f.key == "rule_as_good")
    assert told.evidence["column"] == "tenure" and told.evidence["auc"] > 0.65


def test_a_rule_is_judged_on_rows_it_did_not_learn_from() -> None:
    rng = np.random.default_rng(9)
    cell, label = rng.integers(0, 900, 3000), rng.random(3000) < 0.3
    yes, no = np.bincount(cell, label, 900), np.bincount(cell, ~label, 900)
    rate, hits, misses = one_column_rule(yes, no)
    assert hits.sum() == label.sum() and misses.sum() == (~label).sum()
    value = roc_auc_score(np.repeat([True, False], [hits.sum(), misses.sum()]),
                          np.concatenate([np.repeat(rate, hits), np.repeat(rate, misses)]))  # fmt: skip
    assert abs(value - 0.5) < 0.05


def test_a_score_that_points_the_wrong_way_stops_the_audit() -> None:
    made = world()
    report = audit(made | {"score": 1 - made["score"]})
    assert "ranks_backwards" in keys(report) and report.stops


def test_a_score_that_promises_too_much_says_where() -> None:
    made = world()
    report = audit(made | {"score": np.sqrt(made["score"])})
    assert "size_wrong_over" in keys(report)
    assert "size_right" in keys(audit(made))


def test_another_model_on_the_same_rows_is_set_beside_it() -> None:
    made = world()
    rng = np.random.default_rng(3)
    noisy = np.clip(made["score"] + rng.normal(0, 0.3, 4000), 0, 1)
    better = audit(made | {"old": noisy, "new": made["score"]}, score="old", challenger="new")
    told = next(f for f in better.all_findings if f.key == "challenger_better")
    y = made["churned"]
    assert told.evidence["auc_difference"] == pytest.approx(
        roc_auc_score(y, made["score"]) - roc_auc_score(y, noisy), abs=1e-9
    )
    same = audit(made | {"new": made["score"]}, score="score", challenger="new")
    assert "challenger_same" in keys(same)
    rows = better.section("accuracy").tables[0].rows
    assert [row["what"] for row in rows[:2]] == ["model", "challenger"]
    assert rows[1]["auc"] == pytest.approx(roc_auc_score(y, made["score"]), abs=1e-12)


def test_a_threshold_is_the_caller_s() -> None:
    made = world()
    told = audit(made, threshold=0.2).section("accuracy").tables[0].rows[0]["accuracy"]
    assert told == pytest.approx(accuracy_score(made["churned"], made["score"] >= 0.2), abs=1e-12)


def test_the_score_said_again_is_no_rule_to_beat() -> None:
    made = world()
    logit = np.log((made["score"] + 1e-6) / (1 - made["score"] + 1e-6))
    rng = np.random.default_rng(8)
    report = audit(made | {"raw": logit, "size": rng.normal(size=4000)}, score="score")
    rule = next(f for f in report.all_findings if f.key.startswith("rule_"))
    assert rule.evidence["column"] == "size"


@pytest.mark.parametrize("named", [{"threshold": 7}, {"capacity": 0}, {"capacity": -3}])
def test_a_threshold_or_capacity_that_cannot_be_is_refused(named: dict[str, float]) -> None:
    with pytest.raises(PayoffError):
        audit(world(), **named)
