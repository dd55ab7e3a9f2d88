from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from payoff.features.leaks import leaks
from payoff.features.spec import infer
from payoff.models.conformance import check_model
from payoff.models.risk import RiskModel, cross_validated

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def telco(data: Path) -> tuple[pa.Table, np.ndarray]:
    table = pq.read_table(data / "telco_churn" / "telco.parquet")
    left = np.array([answer == "Yes" for answer in table["Churn"].to_pylist()], dtype=float)
    return table, left


def test_telco_churn_is_told_as_well_as_the_best_published(telco: tuple[pa.Table, np.ndarray]) -> None:
    table, left = telco
    facts = table.drop_columns(["Churn"])
    found = cross_validated(facts, left, folds=5, seed=0, spec=infer(facts))
    assert found.n == 7043
    assert found.auc >= 0.845
    assert found.calibration_error <= 0.02


def test_telco_says_what_it_read_differently_and_what_it_left_out(telco: tuple[pa.Table, np.ndarray]) -> None:
    spec = infer(telco[0])
    assert "TotalCharges: 7032 numbers written as text are read as numbers, 11 blanks as not known" in spec.notes
    assert "customerID" in spec.dropped


def test_the_answer_among_the_facts_is_found(telco: tuple[pa.Table, np.ndarray]) -> None:
    assert [fault.where for fault in leaks(*telco)] == ["fact Churn"]


def test_the_telco_model_keeps_the_contract(telco: tuple[pa.Table, np.ndarray]) -> None:
    table, left = telco
    facts = table.drop_columns(["Churn"])
    model = RiskModel.fit(facts, left, spec=infer(facts))
    assert check_model(model, facts.slice(0, 150)) == []
