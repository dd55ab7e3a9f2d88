"""Every number the audit shares with another library, walked one by one: equal to 1e-9.

scikit-learn, Fairlearn, statsmodels and SciPy are asked here; Evidently's figures of the same table were written
down by `benchmarks/audit/reference.py`, since it does not run beside pandas 3. `PAYOFF_HARD=1` walks ten million
rows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fairlearn.metrics as fair
import numpy as np
import pytest
from benchmarks.audit.reference import DAYS, ROWS, table
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

import payoff
from payoff.audit.report import Report

EXACT = {"abs": 1e-9, "rel": 0.0}
SIZES = [ROWS, *([10_000_000] if os.environ.get("PAYOFF_HARD") else [])]
GROUPS = ("industry", "sex")
Frame = dict[str, Any]


class Walked:
    """One table with its report, and the audit's numbers by name."""

    def __init__(self, rows: int) -> None:
        self.frame = table(rows)
        self.report: Report = payoff.audit(
            self.frame,
            score="score",
            label="churned",
            decision="flagged",
            time="at",
            segments=["industry", "region"],
            protected=["sex"],
        )
        self.model = self.report.section("accuracy").tables[0].rows[0]

    def groups(self, column: str) -> dict[str, dict[str, Any]]:
        tables = self.report.section("harm").tables
        found = next(t for t in tables if {r["group"] for r in t.rows} == set(np.unique(self.frame[column])))
        return {row["group"]: dict(row) for row in found.rows}

    def moved(self, column: str) -> dict[str, Any]:
        rows = (r for t in self.report.section("drift").tables for r in t.rows if r.get("column") == column)
        return dict(next(rows))


@pytest.fixture(scope="module", params=SIZES)
def walked(request: pytest.FixtureRequest) -> Walked:
    return Walked(request.param)


OF_MODEL: dict[str, Callable[[Frame], float]] = {
    "auc": lambda f: metrics.roc_auc_score(f["churned"], f["score"]),
    "accuracy": lambda f: metrics.accuracy_score(f["churned"], f["score"] >= 0.5),
    "precision": lambda f: metrics.precision_score(f["churned"], f["score"] >= 0.5),
    "recall": lambda f: metrics.recall_score(f["churned"], f["score"] >= 0.5),
    "f1": lambda f: metrics.f1_score(f["churned"], f["score"] >= 0.5),
    "brier": lambda f: metrics.brier_score_loss(f["churned"], f["score"]),
    "log_loss": lambda f: metrics.log_loss(f["churned"], f["score"]),
}


@pytest.mark.parametrize("name", OF_MODEL)
def test_figures_of_the_score_are_those_of_scikit_learn(walked: Walked, name: str) -> None:
    assert walked.model[name] == pytest.approx(OF_MODEL[name](walked.frame), **EXACT)


def test_the_calibration_error_is_that_of_scikit_learn_s_curve(walked: Walked) -> None:
    f = walked.frame
    came, said = calibration_curve(f["churned"], f["score"], n_bins=10)
    # scikit-learn puts a score on an edge into the lower bin, NumPy's histogram into the upper one
    n = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], f["score"]), minlength=10)
    assert walked.model["calibration_error"] == pytest.approx(np.abs(came - said) @ n[n > 0] / n.sum(), **EXACT)


OF_GROUP: dict[str, Callable[..., Any]] = {
    "selected": fair.selection_rate,
    "fpr": fair.false_positive_rate,
    "fnr": fair.false_negative_rate,
    "n": fair.count,
}


@pytest.mark.parametrize("column", GROUPS)
def test_figures_of_groups_are_those_of_fairlearn(walked: Walked, column: str) -> None:
    f = walked.frame
    told = fair.MetricFrame(
        metrics=OF_GROUP, y_true=f["churned"], y_pred=f["flagged"], sensitive_features=f[column]
    ).by_group
    for group, row in walked.groups(column).items():
        for name in OF_GROUP:
            assert row[name] == pytest.approx(told.loc[group, name], **EXACT), (group, name)


@pytest.mark.parametrize("column", GROUPS)
def test_parity_is_that_of_fairlearn(walked: Walked, column: str) -> None:
    f = walked.frame
    named = {"y_true": f["churned"], "y_pred": f["flagged"], "sensitive_features": f[column]}
    expected = {
        "demographic_parity_difference": fair.demographic_parity_difference(**named),
        "demographic_parity_ratio": fair.demographic_parity_ratio(**named),
        "equalized_odds_difference": fair.equalized_odds_difference(**named),
    }
    parity = _parity(walked.report, column)
    for name, value in expected.items():
        assert parity[name] == pytest.approx(value, **EXACT), name


def _parity(report: Report, column: str) -> dict[str, float]:
    return next(dict(t.figures) for t in report.section("harm").tables if t.figures.get("column") == column)


@pytest.mark.parametrize("column", GROUPS)
def test_intervals_of_shares_and_gaps_are_those_of_statsmodels(walked: Walked, column: str) -> None:
    f, rows = walked.frame, walked.groups(column)
    among = {"selected": np.ones(f["score"].size, bool), "fpr": f["churned"] == 0, "fnr": f["churned"] == 1}
    hit = {"selected": f["flagged"] == 1, "fpr": f["flagged"] == 1, "fnr": f["flagged"] == 0}
    largest = max(rows, key=lambda group: rows[group]["n"])
    for rate, here in among.items():
        counts = {
            g: (int((hit[rate] & here & (f[column] == g)).sum()), int((here & (f[column] == g)).sum()))
            for g in rows
        }
        for group, row in rows.items():
            expected = proportion_confint(*counts[group], method="wilson")
            assert (row[f"{rate}_low"], row[f"{rate}_high"]) == pytest.approx(expected, **EXACT), (group, rate)
            if group != largest:
                expected = confint_proportions_2indep(*counts[group], *counts[largest], method="newcomb")
                found = (row[f"{rate}_gap_low"], row[f"{rate}_gap_high"])
                assert found == pytest.approx(expected, **EXACT), (group, rate)


@pytest.mark.parametrize("column", ("industry", "sex", "region"))
def test_distances_of_halves_are_those_of_scipy(walked: Walked, column: str) -> None:
    f, told = walked.frame, walked.moved(column)
    early = f["at"] < f["at"].min() + DAYS // 2 * 86_400
    levels = np.unique(f[column])
    before, after = ([int((f[column][half] == v).sum()) for v in levels] for half in (early, ~early))
    assert told["jensen_shannon"] == pytest.approx(jensenshannon(before, after), **EXACT)
    assert told["p"] == pytest.approx(stats.chi2_contingency([before, after], correction=False).pvalue, **EXACT)


def test_figures_are_those_of_evidently() -> None:
    walked = Walked(ROWS)
    wrote = json.loads((Path(__file__).parent / "evidently.json").read_text("utf-8"))
    assert wrote["rows"] == ROWS
    theirs, model = wrote["figures"], walked.model
    names = {"Accuracy": "accuracy", "Precision": "precision", "Recall": "recall", "F1Score": "f1",
             "RocAuc": "auc", "LogLoss": "log_loss", "TPR": "recall"}  # fmt: skip
    for name, ours in names.items():
        assert model[ours] == pytest.approx(theirs[name], **EXACT), name
    for column in ("industry", "sex", "region"):
        told = walked.moved(column)
        assert told["stability_index"] == pytest.approx(theirs[f"psi:{column}"], **EXACT), column
        assert told["jensen_shannon"] == pytest.approx(theirs[f"jensenshannon:{column}"], **EXACT), column
