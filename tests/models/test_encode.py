from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from tests import made_up

from payoff.features.spec import infer
from payoff.models.encode import Encoder

FACTS = made_up.batch(500).facts
ENCODER = Encoder.fit(FACTS, infer(FACTS))


@pytest.mark.parametrize(
    "facts",
    [
        FACTS.slice(0, 0),
        FACTS.select(["plan"]),
        pa.table({"seats": [None, "many", "inf", "1e999"], "autopay": pa.nulls(4), "plan": [1, 2, 3, 4]}),
        pa.table({"days_since_login": [float("nan"), float("inf"), -1e300]}),
        pa.table({"plan": pa.array(["team", "never met"]).dictionary_encode()}),
    ],
    ids=["no rows", "one column", "wrong types", "wild numbers", "dictionary"],
)
def test_whatever_the_table_holds_the_matrix_is_finite(facts: pa.Table) -> None:
    matrix = ENCODER.matrix(facts)
    assert matrix.shape == (facts.num_rows, ENCODER.width)
    assert np.isfinite(matrix).all()


def test_numbers_are_centred_and_scaled() -> None:
    seats = ENCODER.matrix(FACTS)[:, ENCODER.starts[ENCODER.facts.index("seats")]]
    assert abs(seats.mean()) < 1e-9
    assert abs(seats.std() - 1) < 1e-9


def test_wild_numbers_count_as_the_edge_of_what_was_seen() -> None:
    high, higher = ENCODER.matrix(pa.table({"days_since_login": [1e3, 1e9]}))
    assert np.array_equal(high, higher)


def test_an_unknown_number_is_flagged_and_otherwise_average() -> None:
    row = ENCODER.matrix(pa.table({"days_since_login": pa.array([None], pa.float64())}))[0]
    start = ENCODER.starts[ENCODER.facts.index("days_since_login")]
    column = ENCODER.columns[ENCODER.facts.index("days_since_login")]
    assert row[start] == pytest.approx(0)
    assert row[start + column.width - 1] == 1


def test_a_category_never_met_counts_as_the_average_one() -> None:
    start = ENCODER.starts[ENCODER.facts.index("plan")]
    column = ENCODER.columns[ENCODER.facts.index("plan")]
    row = ENCODER.matrix(pa.table({"plan": ["never met"]}))[0]
    assert row[start : start + column.width].sum() == pytest.approx(1)
    assert row[start : start + column.width].max() < 1


def test_usual_is_the_median_and_the_most_common() -> None:
    usual = {column.name: column.usual for column in ENCODER.columns}
    assert usual["plan"] == "team"
    assert usual["autopay"] is True
    assert usual["seats"] == np.median([int(s) for s in FACTS["seats"].to_pylist()])


def test_the_way_through_json_changes_nothing() -> None:
    again = Encoder.from_json(json.loads(json.dumps(ENCODER.to_json())))
    assert again == ENCODER
    assert np.array_equal(again.matrix(FACTS), ENCODER.matrix(FACTS))
