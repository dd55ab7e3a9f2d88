"""Audits of real files: the figures are scikit-learn's, the sentences are the ones the file allows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, roc_auc_score

import payoff
from payoff.audit.report import Report

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def telco(data: Path) -> pa.Table:
    """Telco with a plain logistic score."""
    table = pq.read_table(data / "telco_churn" / "telco.parquet")
    monthly = [contract == "Month-to-month" for contract in table["Contract"].to_pylist()]
    x = np.c_[table["tenure"].to_numpy() / 72, table["MonthlyCharges"].to_numpy() / 100, monthly]
    y = np.array(table["Churn"].to_pylist()) == "Yes"
    score = LogisticRegression().fit(x, y).predict_proba(x)[:, 1]
    return table.append_column("p_churn", pa.array(score))


@pytest.fixture(scope="module")
def compas(data: Path) -> pa.Table:
    table = pq.read_table(data / "compas" / "compas.parquet")
    return table.append_column("score", pa.array(table["decile_score"].to_numpy() / 10))


@pytest.fixture(scope="module")
def audited(telco: pa.Table) -> Report:
    return payoff.audit(telco, name="telco.csv")


def test_telco_figures_equal_those_of_scikit_learn(telco: pa.Table, audited: Report) -> None:
    y = np.array(telco["Churn"].to_pylist()) == "Yes"
    p = telco["p_churn"].to_numpy()
    model = audited.section("accuracy").tables[0].rows[0]
    assert model["auc"] == pytest.approx(roc_auc_score(y, p), abs=1e-9)
    assert model["accuracy"] == pytest.approx(accuracy_score(y, p >= 0.5), abs=1e-9)
    top = np.argsort(-p)[: int(np.ceil(0.1 * p.size))]
    assert model["precision_at_10"] == pytest.approx(y[top].mean(), abs=1e-9)
    seen, said = calibration_curve(y, p, n_bins=10, strategy="uniform")
    weights = np.histogram(p, np.linspace(0, 1, 11))[0]
    error = np.abs(seen - said) @ weights[weights > 0] / p.size
    found = next(f for f in audited.all_findings if "calibration_error" in f.evidence)
    assert found.evidence["calibration_error"] == pytest.approx(error, abs=1e-9)


def test_telco_columns_are_guessed_and_the_guess_is_said(audited: Report) -> None:
    assert audited.columns["score"] == "p_churn"
    assert audited.columns["label"] == "Churn"
    assert audited.columns["unit"] == "customerID"
    assert set(audited.columns["protected"]) == {"gender", "SeniorCitizen"}
    assert "p_churn" in audited.guessed[0]


def test_without_a_treatment_nothing_is_said_to_work(audited: Report) -> None:
    assert "Nothing in this file shows that acting on it changes anything" in audited.headline
    assert "treated" in audited.missing
    experiment = next(f for f in audited.all_findings if f.key == "experiment")
    assert experiment.evidence["have_a_side"] > experiment.evidence["units_a_side"] > 100
    assert not [f for f in audited.all_findings if f.key.startswith("effect")]


def test_five_findings_of_at_least_three_sections_most_serious_first(audited: Report) -> None:
    assert len(audited.findings) == 5
    assert len({f.section for f in audited.findings}) >= 3
    assert [f.rank for f in audited.findings] == sorted(f.rank for f in audited.findings)


def test_score_and_label_alone_are_enough_and_the_rest_is_said_to_be_missing(telco: pa.Table) -> None:
    report = payoff.audit(telco.select(["p_churn", "Churn"]))
    assert set(report.missing) == {"unit", "treated", "decision", "value", "cost", "segments", "protected"}
    assert report.section("harm").unanswered
    assert len(report.findings) == 5


def test_the_known_false_positive_gap_of_compas_is_found(compas: pa.Table) -> None:
    report = payoff.audit(compas, score="score", label="two_year_recid", protected=["race"])
    found = next(f for f in report.findings if f.key == "harm_fpr")
    assert found.kind == "stop"
    assert found.evidence["worst_off"] == "African-American"
    y, p = compas["two_year_recid"].to_numpy(), compas["score"].to_numpy() >= 0.5
    race = np.array(compas["race"].to_pylist())
    for group in ("African-American", "Caucasian"):
        tn, fp, _, _ = confusion_matrix(y[race == group], p[race == group]).ravel()
        assert found.evidence["rates"][group] == pytest.approx(fp / (fp + tn), abs=1e-9)
    gap = found.evidence["gaps"]["Caucasian"]
    assert gap["value"] == pytest.approx(0.2345 - 0.4485, abs=1e-3)  # as published by ProPublica
    assert gap["low"] < gap["value"] < gap["high"] < 0


def test_small_groups_of_compas_read_cannot_tell(compas: pa.Table) -> None:
    report = payoff.audit(compas, score="score", label="two_year_recid", protected=["race"])
    rows = {row["group"]: row for row in report.section("harm").tables[0].rows}
    assert rows["Native American"]["n"] == 18
    assert rows["Native American"]["fpr"] is None
    cells = {row[0]: row for row in report.section("harm").tables[0].cells}
    assert cells["Native American"][2:] == ("cannot tell",) * 4


def test_a_column_that_gives_the_outcome_away_is_named_and_kept_out(compas: pa.Table) -> None:
    report = payoff.audit(compas, score="score", label="two_year_recid")
    leak = next(f for f in report.all_findings if f.key == "trust_leak")
    assert "is_recid" in leak.text
    assert "is_recid" not in report.columns["segments"]


def test_a_decile_score_is_used_by_its_order_only(compas: pa.Table) -> None:
    report = payoff.audit(compas.drop_columns(["score"]), label="two_year_recid")
    assert report.columns["score"] == "decile_score"
    assert report.section("accuracy").tables[0].rows[0]["accuracy"] is None
    assert any("not a probability" in note for note in report.coerced)


def test_an_email_that_worked_is_said_to_have_worked(data: Path) -> None:
    table = pq.read_table(data / "hillstrom" / "hillstrom.parquet")
    arm = np.array(table["segment"].to_pylist())
    keep = arm != "Womens E-Mail"
    frame = {
        "score": 1 / (table["recency"].to_numpy()[keep] + 1),
        "visit": table["visit"].to_numpy()[keep],
        "emailed": arm[keep] == "Mens E-Mail",
        "channel": np.array(table["channel"].to_pylist())[keep],
    }
    report = payoff.audit(frame, treated="emailed")
    y, t = frame["visit"], frame["emailed"]
    effect = next(f for f in report.all_findings if f.key == "effect_some")
    assert effect.evidence["effect"] == pytest.approx(y[t].mean() - y[~t].mean(), abs=1e-9)
    assert report.headline.startswith("Treatment works")
    assert "more end in “visit” because of it" in report.headline
    assert not report.columns["bad"]


def test_the_report_is_plain_json_and_reads_as_text(audited: Report) -> None:
    told = json.loads(json.dumps(audited.as_dict(), allow_nan=False))
    assert told["findings"][0]["text"] == audited.findings[0].text
    text = audited.as_text(width=90)
    assert audited.section("worth").title in text
    assert "$ payoff plan" in text
