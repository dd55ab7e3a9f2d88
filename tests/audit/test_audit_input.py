"""What an audit takes, what it mends and says, and what it refuses with the mend."""

from __future__ import annotations

import datetime as dt
import decimal
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.audit.input_world import CHURNED, LOGITS, SCORE, N, Stream, columns, faults, keys, model, said

import payoff
from payoff.errors import BadInput, Unknown

# what it takes


def test_every_kind_of_table_gives_the_same_report(tmp_path: Path) -> None:
    table = pa.table(columns())
    told = payoff.audit(columns(), name="rows.parquet").as_dict()
    pq.write_table(table, tmp_path / "rows.parquet")
    engine = ibis.duckdb.connect().read_parquet(tmp_path / "rows.parquet")
    frames = [table, table.to_batches()[0], pd.DataFrame(columns()), ibis.memtable(table), Stream(table), engine]
    for other in (*frames, tmp_path / "rows.parquet", str(tmp_path / "rows.parquet")):
        assert payoff.audit(other, name="rows.parquet").as_dict() == told
    assert payoff.audit(tmp_path / "rows.parquet").name == "rows.parquet"


def test_a_table_in_sqlite_gives_the_report_of_the_same_table_in_memory(tmp_path: Path) -> None:
    days = [f"2026-01-{i % 28 + 1:02d}" for i in range(N)]
    with sqlite3.connect(tmp_path / "rows.sqlite") as base:
        base.execute("create table rows (score real, churned integer, day text)")
        rows = zip(SCORE.tolist(), CHURNED.astype(int).tolist(), days, strict=True)
        base.executemany("insert into rows values (?, ?, ?)", rows)
    frame = ibis.sqlite.connect(tmp_path / "rows.sqlite").table("rows")
    here = {"score": SCORE, "churned": CHURNED.astype(int), "day": days}
    assert payoff.audit(frame, time="day").as_dict() == payoff.audit(here, time="day").as_dict()


def test_a_pandas_index_is_no_column() -> None:
    frame = pd.DataFrame(columns()).sample(frac=1, random_state=1)
    assert payoff.audit(frame, segments=[]).columns["segments"] == []
    assert payoff.audit(frame).n == N
    with pytest.raises(Unknown):
        payoff.audit(frame, unit="__index_level_0__")


@pytest.mark.parametrize("name", ["a'b", "a[1]", "a*", "a?", "x y", "{known}", "ü", 'q"', "; drop"])
def test_a_parquet_file_may_be_called_anything(tmp_path: Path, name: str) -> None:
    pq.write_table(pa.table({"score": [0.1, 0.9], "churned": [0, 1]}), tmp_path / "a1.parquet")
    pq.write_table(pa.table(columns()), tmp_path / f"{name}.parquet")
    report = payoff.audit(tmp_path / f"{name}.parquet")
    assert report.n == N
    assert model(report) == model(payoff.audit(columns()))


KINDS: dict[str, Any] = {
    "nothing at all": pa.nulls(N),
    "half floats": pa.array(np.arange(N).astype(np.float16)),
    "wide decimals": pa.array([decimal.Decimal(i) for i in range(N)], pa.decimal256(50, 2)),
    "months": pa.array([(1, 2, 3)] * N, pa.month_day_nano_interval()),
    "run ends": pa.RunEndEncodedArray.from_arrays(pa.array([N], pa.int32()), pa.array(["x"])),
    "times of day": pa.array([1] * N, pa.time64("us")),
    "raw bytes": pa.array([b"ab"] * N, pa.binary()),
    "a billionth and a zone": pa.array(range(N), pa.timestamp("ns", "Europe/Berlin")),
    "days": pa.array([dt.date(2026, 1, 1)] * N),
    "maps": pa.array([[("a", 1)]] * N, pa.map_(pa.string(), pa.int64())),
    "lists": pa.array([[1, 2]] * N),
    "coded texts": pa.array(["a", "b"] * (N // 2)).dictionary_encode(),
    "coded nothing": pa.nulls(N, pa.string()).dictionary_encode(),
    "viewed texts": pa.array(["a", "b"] * (N // 2)).cast(pa.string_view()),
    "unique ids": pa.array([uuid.UUID(int=i).bytes for i in range(N)], pa.uuid()),
    "large whole numbers": pa.array([2**63 + i for i in range(N)], pa.uint64()),
    "durations": pa.array([1] * N, pa.duration("s")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_of_any_kind_may_stand_beside(tmp_path: Path, kind: str) -> None:
    table = pa.table(columns(beside=KINDS[kind]))
    told = model(payoff.audit(columns()))
    assert model(payoff.audit(table)) == told
    try:
        pq.write_table(table, tmp_path / "rows.parquet")
    except (pa.ArrowNotImplementedError, OSError):
        return  # Parquet has no such kind
    assert model(payoff.audit(tmp_path / "rows.parquet")) == told


def test_unique_ids_of_a_kind_of_their_own_are_units(tmp_path: Path) -> None:
    ids = pa.array([uuid.UUID(int=i // 2).bytes for i in range(N)], pa.uuid())
    pq.write_table(pa.table(columns(who=ids)), tmp_path / "rows.parquet")
    for frame in (pa.table(columns(who=ids)), tmp_path / "rows.parquet"):
        assert "trust_double_units" in keys(payoff.audit(frame, unit="who"))


def test_the_door_works_before_and_after_the_room_was_imported() -> None:
    import payoff.audit as room

    assert room(columns()).n == payoff.audit(columns()).n == N


# scores


def test_a_hair_outside_is_set_to_the_end_and_said() -> None:
    report = payoff.audit(columns(score=np.where(np.arange(N) == 3, 1.0000001, SCORE)))
    assert said(report, "what lies a hair outside 0 to 1 was set to the end")
    told = payoff.audit(columns(score=np.where(np.arange(N) == 3, 1.0, SCORE)))
    assert model(report) == model(told)


@pytest.mark.parametrize(("n", "mark"), [(3, -1), (30, -1), (120, -99), (3, 7.5)])
def test_marks_of_nothing_known_are_missing_and_never_logits(n: int, mark: float) -> None:
    report = payoff.audit(columns(score=np.where(np.arange(N) < n, mark, SCORE)))
    assert said(report, f"{n} rows have {mark:g}, which marks that nothing is known")
    assert report.section("accuracy").tables[0].rows
    missing = payoff.audit(columns(score=np.where(np.arange(N) < n, np.nan, SCORE)))
    assert model(report) == model(missing)


def test_percent_is_read_as_percent_only_where_it_is_called_so() -> None:
    told = payoff.audit({"score": SCORE, "churned": CHURNED})
    for name in ("score_pct", "churn_probability"):
        report = payoff.audit({name: SCORE * 100, "churned": CHURNED}, score=name)
        assert said(report, "percent")
        assert model(report)["brier"] == pytest.approx(model(told)["brier"])
    assert said(payoff.audit({"score": SCORE * 100, "churned": CHURNED}), "Only its order was used")
    stray = np.where(np.arange(N) % 40 == 0, 1.1 + SCORE, SCORE)  # a probability with mistakes in it
    assert not said(
        payoff.audit({"churn_probability": stray, "churned": CHURNED}, score="churn_probability"), "percent"
    )


def test_logits_become_probabilities_where_that_is_safe() -> None:
    report = payoff.audit(columns(score=LOGITS))
    assert said(report, "these are logits")
    told = payoff.audit(columns(score=np.clip(SCORE, 0.01, 0.99)))
    assert model(report)["auc"] == pytest.approx(model(told)["auc"], abs=1e-12)
    assert model(report)["brier"] == pytest.approx(model(told)["brier"], abs=1e-12)


def test_numbers_that_fit_nothing_are_used_for_their_order_alone() -> None:
    for score in (LOGITS * 3 - 8, SCORE * 10, SCORE * 1000 - 300):
        report = payoff.audit(columns(score=score))
        assert said(report, "Only its order was used")
        assert model(report)["auc"] == pytest.approx(model(payoff.audit(columns()))["auc"], abs=1e-12)


def test_missing_not_a_number_and_infinite_scores_are_left_out_and_counted() -> None:
    gone = np.arange(N) % 9 == 0
    told = payoff.audit(columns(score=np.where(gone, np.nan, SCORE)))
    assert said(told, f"{gone.sum()} rows have no score and were left out")
    nulls = [None if lost else float(s) for lost, s in zip(gone, SCORE, strict=True)]
    for score in (nulls, np.where(gone, np.inf, SCORE), np.where(gone, -np.inf, SCORE)):
        assert model(payoff.audit(columns(score=score))) == model(told)
    assert "no row has a number" in faults(columns(score=np.full(N, np.nan)), score="score")


def test_a_score_written_as_text_is_read_or_refused_whole() -> None:
    texts = [f"{s:.17g}" for s in SCORE]
    report = payoff.audit(columns(score=texts), score="score")
    assert said(report, "written as text")
    assert model(report) == model(payoff.audit(columns()))
    for other in ("n/a", "0,5", "high"):
        assert "not a number" in faults(columns(score=[other, *texts[1:]]), score="score")


def test_a_constant_a_copied_and_a_backward_score_stop_the_audit() -> None:
    constant = payoff.audit(columns(score=np.full(N, 0.3)), score="score")
    assert "trust_constant" in keys(constant)
    copied = payoff.audit(columns(score=CHURNED.astype(float)), score="score", label="churned")
    assert "trust_equal" in keys(copied)
    backward = payoff.audit(columns(score=1 - SCORE))
    assert "ranks_backwards" in keys(backward)
    assert constant.stops and copied.stops and backward.stops


# outcomes


WAYS: dict[str, Callable[[np.ndarray], Any]] = {
    "words": lambda y: np.where(y, "Left", "Stayed"),
    "yes and no in any spelling": lambda y: [
        ("Yes" if i % 2 else " YES ") if v else "no" for i, v in enumerate(y)
    ],
    "floats": lambda y: y.astype(float),
    "one and minus one": lambda y: np.where(y, 1, -1),
    "digits": lambda y: np.where(y, "1", "0"),
    "decimals": lambda y: [decimal.Decimal(int(v)) for v in y],
    "categories": lambda y: pd.Categorical(np.where(y, "yes", "no")),
    "coded": lambda y: pa.array(np.where(y, "true", "false")).dictionary_encode(),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_outcome_may_be_written_in_many_ways(way: str) -> None:
    report = payoff.audit(columns(churned=WAYS[way](CHURNED)), label="churned")
    assert model(report) == model(payoff.audit(columns()))


def test_an_outcome_that_does_not_say_which_is_yes_needs_positive() -> None:
    for yes, no in (("red", "blue"), (2, 1), ("a", "A")):
        frame = columns(churned=np.where(CHURNED, yes, no))
        assert "--positive" in faults(frame, label="churned")
        assert model(payoff.audit(frame, label="churned", positive=yes)) == model(payoff.audit(columns()))


def test_three_values_need_positive_and_the_rest_is_no() -> None:
    three = np.where(CHURNED, "left", np.where(np.arange(N) % 2, "stayed", "grew")).astype(object)
    assert "3 values" in faults(columns(churned=three), label="churned")
    three[np.flatnonzero(CHURNED)[:9]] = "LEFT"  # the same word
    report = payoff.audit(columns(churned=three), label="churned", positive="left")
    assert said(report, "everything else as no")
    assert model(report) == model(payoff.audit(columns()))


def test_one_value_or_none_is_refused() -> None:
    assert "only the value" in faults(columns(churned=np.ones(N)), label="churned")
    assert "no value at all" in faults(columns(churned=[None] * N), label="churned")
    assert "no row has the value 'gone'" in faults(columns(), positive="gone")
    assert "same outcome" in faults(columns(score=np.where(CHURNED, np.nan, SCORE)))


def test_rows_without_an_outcome_are_left_out_and_counted() -> None:
    label = [None if i in (20, 21, 22) else bool(v) for i, v in enumerate(CHURNED)]
    report = payoff.audit(columns(churned=label))
    assert said(report, "3 rows have no known outcome")
    kept = [i for i in range(N) if i not in (20, 21, 22)]
    told = payoff.audit({"score": SCORE[kept], "churned": CHURNED[kept]})
    assert model(report)["auc"] == model(told)["auc"]


# groups and moments


def test_a_group_of_one_reads_cannot_tell_and_a_constant_one_is_no_group() -> None:
    one = payoff.audit(columns(plan=["a"] * (N - 1) + ["b"]), protected=["plan"])
    assert "harm_cannot_tell" in keys(one)
    constant = payoff.audit(columns(plan=["a"] * N), protected=["plan"])
    assert constant.section("harm").unanswered


def test_many_ages_become_four_bands() -> None:
    ages = np.random.default_rng(2).integers(18, 90, N)
    report = payoff.audit(columns(age=ages), protected=["age"])
    assert said(report, "four bands")
    rows = report.section("harm").tables[0].rows
    assert len(rows) == 4
    assert sum(row["n"] for row in rows) == N


DAYS = [dt.datetime(2026, 1 + i % 12, 1 + i % 28, 10) for i in range(N)]
MOMENTS: dict[str, Any] = {
    "typed": DAYS,
    "with a zone": [f"{d:%Y-%m-%dT%H:%M:%S}Z" for d in DAYS],
    "in another zone": [f"{d + dt.timedelta(hours=2):%Y-%m-%d %H:%M:%S}+02:00" for d in DAYS],
    "without a zone": [f"{d:%Y-%m-%d %H:%M}" for d in DAYS],
    "with points": [f"{d:%d.%m.%Y %H:%M}" for d in DAYS],
    "months first": [f"{d:%m/%d/%Y %H:%M}" for d in DAYS],
    "days first": [f"{d:%d/%m/%Y %H:%M}" for d in DAYS],
    "seconds": [int(d.replace(tzinfo=dt.UTC).timestamp()) for d in DAYS],
    "thousandths": [int(d.replace(tzinfo=dt.UTC).timestamp() * 1000) for d in DAYS],
    "billionths in a zone": pa.array(
        [d.replace(tzinfo=dt.UTC) for d in DAYS], pa.timestamp("ns", "Europe/Berlin")
    ),
}


@pytest.mark.parametrize("way", MOMENTS)
def test_moments_may_be_written_in_many_ways(tmp_path: Path, way: str) -> None:
    told = payoff.audit(columns(day=DAYS), time="day").section("drift").as_dict()
    table = pa.table(columns(day=MOMENTS[way]))
    pq.write_table(table, tmp_path / "rows.parquet")
    for frame in (table, tmp_path / "rows.parquet"):
        assert payoff.audit(frame, time="day").section("drift").as_dict() == told


def test_moments_nobody_can_read_are_refused() -> None:
    ambiguous = [f"{1 + i % 12}/{1 + i % 12}/2026" for i in range(N)]
    assert "days from months" in faults(columns(day=ambiguous), time="day")
    assert "days from months" in faults(columns(day=["13/1/2026", "1/13/2026"] * (N // 2)), time="day")
    assert "no moments" in faults(columns(day=np.arange(N)), time="day")
    assert "only 200 of 400 values" in faults(columns(day=["2026-01-02", "soon"] * (N // 2)), time="day")
    report = payoff.audit(
        columns(day=["soon" if i % 40 == 0 else f"2026-01-{i % 28 + 1:02d}" for i in range(N)]), time="day"
    )
    assert said(report, "10 values are no moments")


# what it refuses


def test_what_is_no_table_is_refused() -> None:
    foreign = (
        42,
        None,
        b"x",
        [1, 2],
        [{"score": 0.1}],
        SCORE,
        pd.Series(SCORE),
        object(),
        {"score": 0.5, "churned": 1},
    )
    for frame in foreign:
        assert "table" in faults(frame)
    for frame in ({}, pd.DataFrame(index=range(5))):
        assert "no columns" in faults(frame)
    assert "no rows" in faults({"score": [], "churned": []})
    assert "cannot be read" in faults({"score": [0.1, 0.2], "churned": [1]})
    assert "cannot be read" in faults(pd.DataFrame(columns(mixed=[1, "a"] * (N // 2))))


def test_two_columns_of_one_name_are_refused_and_so_are_names_that_differ_in_capitals(tmp_path: Path) -> None:
    assert "two columns have this name" in faults(
        pd.DataFrame([[0.1, 1, 2]], columns=["score", "churned", "churned"])
    )
    twins = pa.table(columns(Score=SCORE))
    pq.write_table(twins, tmp_path / "rows.parquet")
    for frame in (twins, tmp_path / "rows.parquet"):
        assert "nothing but capitals" in faults(frame)


def test_a_parquet_file_that_is_none_or_cut_off_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table(columns()), tmp_path / "whole.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "whole.parquet").read_bytes()[:-50])
    (tmp_path / "rows.csv").write_text("score,churned\n0.1,1\n")
    assert "no Parquet file" in faults(tmp_path / "cut.parquet")
    assert "`payoff audit` reads CSV" in faults(tmp_path / "rows.csv")
    assert "no such file" in faults(tmp_path / "nothing.parquet")


def test_all_faults_are_told_at_once() -> None:
    bad = {"score": ["high", "low"] * 100, "churned": ["a", "b"] * 100, "called": [1] * 200}
    with pytest.raises(BadInput) as refused:
        payoff.audit(bad, score="score", label="churned", treated="called")
    assert {fault.where for fault in refused.value.faults} == {"score", "churned", "called"}


def test_without_anything_like_a_score_or_outcome_it_asks() -> None:
    told = faults({"colour": ["red", "blue", "green"] * 20, "size": ["s", "m", "l"] * 20})
    assert "score" in told
    assert "label" in told


def test_a_name_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(Unknown, match="churned"):
        payoff.audit(columns(), label="churnd")
