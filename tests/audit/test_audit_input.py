"""What an audit takes, what it mends and says, and what it refuses with the mend."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from payoff.audit.frame import read

import payoff
from payoff.errors import BadInput, Unknown

N = 200


def columns(**changed: Any) -> dict[str, Any]:
    rng = np.random.default_rng(11)
    score = rng.random(N)
    return {"score": score, "churned": rng.random(N) < score, **changed}


class Stream:
    """Anything that speaks the Arrow stream interface, as Polars does."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def said(report: Any, part: str) -> bool:
    return any(part in note for note in report.coerced)


def faults(frame: Any, **named: Any) -> str:
    with pytest.raises(BadInput) as refused:
        payoff.audit(frame, **named)
    assert all(fault.mend for fault in refused.value.faults)
    return str(refused.value)


def test_every_kind_of_table_gives_the_same_report() -> None:
    made = columns()
    table = pa.table(made)
    told = payoff.audit(made).as_dict()
    for other in (table, table.to_batches()[0], pd.DataFrame(made), ibis.memtable(table), Stream(table)):
        assert payoff.audit(other).as_dict() == told


def test_a_pandas_index_is_no_column() -> None:
    frame = pd.DataFrame(columns()).sample(frac=1, random_state=1)
    assert read(frame).column_names == ["score", "churned"]
    assert payoff.audit(frame).n == N


def test_logits_are_turned_into_probabilities_and_reported() -> None:
    made = columns()
    p = np.clip(made["score"], 0.01, 0.99)
    plain = payoff.audit({**made, "score": p})
    logits = payoff.audit({**made, "score": np.log(p / (1 - p))})
    assert said(logits, "logits")
    assert any(f.key == "trust_logits" for f in logits.all_findings)
    right = [r.section("accuracy").tables[0].rows[0]["accuracy"] for r in (plain, logits)]
    assert right[0] == pytest.approx(right[1])


def test_percent_is_read_as_percent() -> None:
    made = columns()
    assert said(payoff.audit({**made, "score": made["score"] * 100}), "percent")


def test_labels_in_words_are_read_and_said() -> None:
    made = columns()
    words = np.where(made["churned"], "Yes", "No")
    report = payoff.audit({**made, "churned": words})
    assert said(report, "Yes was read as yes")
    assert report.section("accuracy").tables == payoff.audit(made).section("accuracy").tables


def test_words_that_do_not_say_which_is_yes_need_positive() -> None:
    made = columns()
    colours = {**made, "churned": np.where(made["churned"], "red", "blue")}
    assert "positive=" in faults(colours, label="churned")
    told = payoff.audit(colours, label="churned", positive="red")
    assert told.section("accuracy").tables[0].rows == payoff.audit(made).section("accuracy").tables[0].rows


def test_three_classes_need_positive_and_the_rest_is_no() -> None:
    made = columns()
    three = np.where(made["churned"], "left", np.where(np.arange(N) % 2 == 0, "stayed", "grew"))
    assert "3 values" in faults({**made, "churned": three}, label="churned")
    assert said(
        payoff.audit({**made, "churned": three}, label="churned", positive="left"), "everything else as no"
    )


def test_one_class_is_refused() -> None:
    assert "only the value" in faults(columns(churned=np.ones(N)), label="churned")
    gone = columns()
    score = np.where(gone["churned"], np.nan, gone["score"])
    assert "same outcome" in faults({**gone, "score": score})


def test_rows_without_score_or_outcome_are_left_out_and_counted() -> None:
    made = columns()
    score = made["score"].copy()
    score[:7] = np.nan
    label = [None if i in (20, 21, 22) else bool(v) for i, v in enumerate(made["churned"])]
    report = payoff.audit({"score": score, "churned": label})
    assert report.n == N - 10
    assert said(report, "3 rows have no known outcome")
    assert said(report, "7 rows have no score")


def test_empty_doubled_uneven_and_foreign_tables_are_refused() -> None:
    assert "no rows" in faults({"score": [], "churned": []})
    assert "two columns have this name" in faults(
        pd.DataFrame([[0.1, 1, 2]], columns=["score", "churned", "churned"])
    )
    assert "cannot be read" in faults({"score": [0.1, 0.2], "churned": [1]})
    assert "not a table" in faults(42)


def test_all_faults_are_told_at_once() -> None:
    bad = {"score": ["high", "low"] * 100, "churned": ["a", "b"] * 100, "called": [1] * N}
    with pytest.raises(BadInput) as refused:
        payoff.audit(bad, score="score", label="churned", treated="called")
    assert {fault.where for fault in refused.value.faults} == {"score", "churned", "called"}


def test_without_anything_like_a_score_or_outcome_it_asks() -> None:
    told = faults({"colour": ["red", "blue", "green"] * 20, "size": ["s", "m", "l"] * 20})
    assert "score" in told and "label" in told


def test_a_name_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(Unknown, match="churned"):
        payoff.audit(columns(), label="churnd")


def test_a_constant_a_copied_and_a_backward_score_stop_the_audit() -> None:
    made = columns()
    assert payoff.audit({**made, "score": np.full(N, 0.3)}, score="score").findings[0].key == "trust_constant"
    copied = payoff.audit({**made, "score": made["churned"].astype(float)}, score="score", label="churned")
    assert copied.findings[0].key == "trust_equal"
    assert copied.headline.startswith("Do not lean on these figures")
    backward = payoff.audit({**made, "score": 1 - made["score"]})
    assert "ranks_backwards" in {f.key for f in backward.findings}


def test_units_that_come_twice_are_counted() -> None:
    report = payoff.audit(columns(account_id=[f"a{i // 2 if i < 40 else i}" for i in range(N)]))
    found = next(f for f in report.all_findings if f.key == "trust_double_units")
    assert found.evidence["n"] == 20


def test_many_ages_become_four_bands() -> None:
    ages = np.random.default_rng(2).integers(18, 90, N)
    report = payoff.audit(columns(age=ages), protected=["age"])
    assert said(report, "four bands")
    assert sum(row["n"] for row in report.section("harm").tables[0].rows) == N
    assert len(report.section("harm").tables[0].rows) == 4


def test_the_door_works_before_and_after_the_room_was_imported() -> None:
    import payoff.audit as room

    assert room(columns()).n == payoff.audit(columns()).n == N
