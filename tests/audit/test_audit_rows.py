"""The coded rows: one pass over the table, and every count from them equal to a count over the rows themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import payoff
from payoff.aggregates import Sums
from payoff.audit import preparation, view
from payoff.audit.table import rows, source
from payoff.audit.table.coding import MISSING, as_code, bands_of, place_from_top
from payoff.audit.table.roles import Look, Named, assign
from payoff.audit.table.rows import Rows
from payoff.audit.table.source import opened
from payoff.texts import Texts

N = 3000


def frame(seed: int = 3) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    score = rng.beta(1, 3, N)
    role = rng.choice(["admin", "analyst", "owner"], N).astype(object)
    role[:40] = None
    return {
        "account": [f"a{i // 2}" for i in range(N)],
        "score": score,
        "churned": rng.random(N) < score,
        "called": rng.random(N) < 0.5,
        "role": role,
        "size": rng.exponential(10, N),
    }


Seen = Callable[..., view.View]


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    """The view of a table, its rows open until the test ends."""
    with ExitStack() as stack:

        def look(given: Any, **named: str) -> view.View:
            made = stack.enter_context(opened(given))
            roles = assign(Look(made.look), Named(of=named))
            return preparation.prepare(made, roles, view.Said(), Texts(), tmp_path)[0]

        yield look


def test_counts_by_code_are_those_of_the_rows(seen: Seen) -> None:
    given = frame()
    found = seen(given)
    role = found.groups["role"]
    counted = found.rows.counts(role.code, "label")
    told = {
        (role.names[k] if k < MISSING else None, int(y)): int(n)
        for k, y, n in zip(counted[role.code], counted["label"], counted["n"], strict=True)
    }
    for name in ("admin", "analyst", "owner", None):
        for y in (0, 1):
            assert told[name, y] == sum((given["role"] == name) & (given["churned"] == y))


def test_bands_hold_about_equally_many_rows_and_their_names_say_where_they_end(seen: Seen) -> None:
    given = frame()
    found = seen(given)
    size = found.features["size"]
    counted = found.rows.counts(size.code)
    assert counted["n"].sum() == N
    assert counted["n"].min() > N / 10 - 2
    assert size.names[0].startswith("under ") and size.names[-1].endswith(" and over")


def test_a_number_without_an_end_is_missing_and_not_the_highest_band() -> None:
    made = bands_of("x", "c0", np.arange(100.0), 4)
    assert made is not None
    connection = source.duckdb.connect()
    values = "(values (5.0::double), ('infinity'::double), ('nan'::double), (null)) t(x)"
    found = connection.sql(f"select {made.sql} from {values}").fetchall()
    assert [row[0] for row in found] == [0, MISSING, MISSING, MISSING]


def test_spellings_of_one_value_are_one_level() -> None:
    table = pa.table({"answer": ["yes", " yes", "no ", "no", "", None]})
    made = as_code("answer", "c0", table, bands=4)
    assert made is not None and set(made.names) == {"yes", "no"}
    connection = source.duckdb.connect()
    connection.register("t", table)
    found = [row[0] for row in connection.sql(f"select {made.sql} from t").fetchall()]
    assert found[0] == found[1] and found[2] == found[3] and found[4:] == [MISSING, MISSING]


def test_units_that_come_twice_bring_their_totals(seen: Seen) -> None:
    given = frame()
    found = seen(given, unit="account")
    assert found.rows.clustered
    sums = found.rows.sums("label", "treated")
    churned, called = np.asarray(given["churned"], float), np.asarray(given["called"])
    unit = np.arange(N) // 2
    for arm in (0, 1):
        here = called == bool(arm)
        w = np.bincount(unit[here], minlength=N // 2)
        y = np.bincount(unit[here], churned[here], N // 2)
        assert sums[(arm,)] == Sums.of(y[w > 0], w[w > 0].astype(float))


def test_units_that_come_once_bring_themselves(seen: Seen) -> None:
    given = frame() | {"account": [f"a{i}" for i in range(N)]}
    found = seen(given, unit="account")
    assert not found.rows.clustered
    assert found.rows.sums("label")[()] == Sums.of(np.asarray(given["churned"], float))


def test_rows_too_many_for_memory_go_to_a_file_and_count_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = frame()
    before = payoff.audit(given).as_dict()
    monkeypatch.setattr(rows, "IN_MEMORY", 1)
    assert payoff.audit(given).as_dict() == before


def test_scores_too_many_to_sort_are_counted_in_bins_within_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    given = frame()
    exact = payoff.audit(given).section("accuracy")
    monkeypatch.setattr(view, "EXACT", 10)
    rough = payoff.audit(given).section("accuracy")
    a, b = (s.tables[0].rows[0] for s in (exact, rough))
    off = next(f for f in rough.findings if "auc" in f.evidence).evidence["off_by_at_most"]
    assert 0 < off < 1e-3
    assert b["auc"] == pytest.approx(a["auc"], abs=off)
    assert b["brier"] == pytest.approx(a["brier"], abs=1e-12)
    assert b["log_loss"] == pytest.approx(a["log_loss"], abs=1e-12)
    assert b["accuracy"] == pytest.approx(a["accuracy"], abs=1e-12)
    text = next(f for f in rough.findings if "auc" in f.evidence).basis
    assert text is not None and "off by at most" in text.method


def test_a_skewed_score_that_is_no_probability_is_binned_within_a_small_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = frame()
    given["score"] = np.exp(8 * given["score"]) * 7
    exact = payoff.audit(given, score="score").section("accuracy").tables[0].rows[0]["auc"]
    monkeypatch.setattr(view, "EXACT", 10)
    rough = payoff.audit(given, score="score").section("accuracy")
    found = next(f for f in rough.findings if "auc" in f.evidence)
    assert found.evidence["off_by_at_most"] < 1e-3
    assert found.evidence["auc"] == pytest.approx(exact, abs=found.evidence["off_by_at_most"])


def test_a_value_beyond_the_rows_looked_at_is_noticed(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK", 100)
    given = frame()
    role = given["role"].copy()
    role[-3:] = "guest"
    file = tmp_path / "rows.parquet"
    pq.write_table(pa.table({**given, "role": pa.array(role.tolist())}), file, row_group_size=1000)
    found = seen(file)
    assert "guest" in found.groups["role"].names
    code = found.groups["role"].code
    place = found.groups["role"].names.index("guest")
    assert found.rows.counts(where=f"{code} = {place}")["n"][0] == 3


def test_one_slip_of_the_pen_does_not_swallow_the_time(seen: Seen) -> None:
    at = np.datetime64("2026-01-01") + np.arange(N).astype("timedelta64[h]")
    at[0] = np.datetime64("9999-12-31")
    found = seen(frame() | {"predicted_at": at.astype("datetime64[us]")})
    assert found.periods[-1].year == 2026 and len(found.periods) == 12
    counted = found.rows.counts("period")
    assert counted["n"].min() > N / 40


def test_rows_without_a_unit_are_units_of_their_own(seen: Seen) -> None:
    unit = [f"a{i // 2}" if i < N // 2 else None for i in range(N)]
    found = seen(frame() | {"account": unit}, unit="account")
    assert found.rows.sums("label")[()].n == N // 4 + N // 2


def test_a_column_is_counted_only_through_the_rows(tmp_path: Path) -> None:
    with opened(frame()) as made:
        coded = Rows(made, {"score": ("double", '"score"')}, tmp_path)
        assert coded.one("count(*)") == N
        assert coded.quantiles("score", (0.5,))[()][0] == pytest.approx(np.median(frame()["score"]))


def test_a_place_among_bands_is_the_number_of_cuts_above() -> None:
    cuts = [0.9, 0.5, 0.5001, 0.1]
    values = [0.95, 0.9, 0.7, 0.5001, 0.5, 0.3, 0.1, 0.0]
    given = ", ".join(f"({v})" for v in values)
    sql = f"select {place_from_top('x', cuts)} from (values {given}) t(x)"
    found = [row[0] for row in source.duckdb.connect().sql(sql).fetchall()]
    assert found == [sum(cut > v for cut in cuts) for v in values]
