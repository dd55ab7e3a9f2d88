"""Hostile names and values, and rows nobody looked at: the figures stay those of tame ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import payoff
import payoff.audit.table.source as source_room
from payoff.audit.report import Report
from payoff.errors import PayoffError

# hostile names and values

PARTS = (
    "score", "label", "treated", "unit", "time", "acted_at", "outcome_at", "decision", "seen", "done", "feedback",
    "action", "value", "cost", "propensity", "challenger",
)  # fmt: skip
HOSTILE = [
    "'; drop table coded; --", "{known}", "{picked}", "{0}", "{}", "{", "}}", "%s %d %", "\\", 'a"b', "'", "''",
    "x" * 500, "😀", "a,b", "a\nb", "\t", "label; select 1", "<b>&", "known", "late", "k0", "n", "sum0", "c0",
    "coded", "rows", "select", "[1]", "*", "$1", "?", "v0", "--", "/*", "{known.__class__}", "{outcome}", " lead",
]  # fmt: skip


def full_table(n: int = 1500) -> dict[str, Any]:
    rng = np.random.default_rng(5)
    score = rng.random(n)
    hours = pd.date_range("2026-01-01", periods=n, freq="h")
    return {
        "score": score,
        "label": np.where(rng.random(n) < score, "left it", "stays here"),
        "treated": np.where(rng.random(n) < 0.5, "call", "control"),
        "unit": [f"u{i}" for i in range(n)],
        "time": hours.astype(str).to_list(),
        "acted_at": [str(h + pd.Timedelta("3h")) if i % 3 else None for i, h in enumerate(hours)],
        "outcome_at": (hours + pd.Timedelta("30D")).astype(str).to_list(),
        "decision": score > 0.6,
        "seen": rng.random(n) < 0.8,
        "done": rng.random(n) < 0.4,
        "feedback": [None if i % 2 else ("up" if i % 3 else "down") for i in range(n)],
        "action": rng.choice(["a", "b", "c"], n),
        "value": rng.random(n) * 100,
        "cost": rng.random(n),
        "propensity": np.full(n, 0.5),
        "challenger": np.clip(score + rng.normal(0, 0.2, n), 0, 1),
        "segment": rng.choice(["retail", "care", "bank"], n),
        "sex": rng.choice(["f", "m"], n),
        "other": rng.normal(0, 1, n),
        "letter": rng.choice(list("pqrs"), n),
    }


def audited(
    table: dict[str, Any], names: dict[str, str], *, yes: str = "left it", alone: str = "control"
) -> Report:
    return payoff.audit(
        {names[key]: values for key, values in table.items()},
        **{part: names[part] for part in PARTS},
        segments=[names["segment"]],
        protected=[names["sex"]],
        positive=yes,
        control=alone,
        assigned="random",
    )


def figures(value: Any) -> Any:
    """Every number of a report in its place; texts, which hold names, count as texts alone."""
    if isinstance(value, dict):
        return [figures(item) for item in value.values()]
    if isinstance(value, (list, tuple)):
        return [figures(item) for item in value]
    if isinstance(value, float):
        return None if np.isnan(value) else float(f"{value:.9g}")
    return "text" if isinstance(value, str) else value


def tables_and_findings(report: Report) -> list[Any]:
    found = [(f.section, f.key, f.kind, figures(dict(f.evidence))) for f in report.all_findings]
    return sorted(map(repr, [*found, *((s.name, figures(t.rows)) for s in report.sections for t in s.tables)]))


@pytest.mark.parametrize("turn", range(0, len(HOSTILE), 5))
def test_hostile_names_of_columns_give_the_figures_of_tame_ones(turn: int) -> None:
    table = full_table()
    names = {key: HOSTILE[(i + turn) % len(HOSTILE)] for i, key in enumerate(table)}
    report = audited(table, names)
    assert tables_and_findings(report) == tables_and_findings(audited(table, {key: key for key in table}))
    assert report.as_text() and report.as_markdown() and report.as_summary()


@pytest.mark.parametrize("turn", range(0, len(HOSTILE), 5))
def test_hostile_values_give_the_figures_of_tame_ones(turn: int) -> None:
    tame = full_table()
    names = {key: key for key in tame}
    hostile, fresh = dict(tame), iter(HOSTILE[turn:] + HOSTILE[:turn])
    meant = {}
    for key in ("label", "treated", "segment", "sex", "action", "letter"):
        meant[key] = {value: next(fresh).strip() or "blank" for value in dict.fromkeys(tame[key])}
        hostile[key] = [meant[key][value] for value in tame[key]]
    report = audited(hostile, names, yes=meant["label"]["left it"], alone=meant["treated"]["control"])
    # groups and arms of equal rank are told apart by their names, so only their order may differ
    assert sorted(map(order_free, tables_and_findings(report))) == sorted(
        map(order_free, tables_and_findings(audited(tame, names)))
    )


def order_free(text: str) -> str:
    return "".join(sorted(text))


# rows nobody looked at


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Report | str]]:
    """The same table audited with all rows looked at, and with few: in memory and as a file."""

    def near(tmp_path: Path, table: dict[str, Any], **named: Any) -> list[Report | str]:
        told: list[Report | str] = []
        pq.write_table(pa.table(table), tmp_path / "rows.parquet", row_group_size=2000)
        for look in (10**6, 800):
            monkeypatch.setattr(source_room, "LOOK", look)
            for frame in (pa.table(table), tmp_path / "rows.parquet"):
                try:
                    told.append(payoff.audit(frame, score="score", label="churned", **named))
                except PayoffError as error:
                    told.append(str(error))
        return told

    return near


BEYOND = 777
"""A row that is not among those looked at."""


def long_table() -> dict[str, Any]:
    rng, n = np.random.default_rng(3), 16_000
    score = rng.random(n)
    return {
        "score": score,
        "churned": np.where(rng.random(n) < score, "left", "stayed").astype(object),
        "plan": rng.choice(["a", "b"], n, p=[0.7, 0.3]).astype(object),
        "mailed": rng.choice(["mail", "none"], n, p=[0.6, 0.4]).astype(object),
    }


def changed(column: str, value: object, rows: int = 1) -> dict[str, Any]:
    table = long_table()
    table[column][BEYOND : BEYOND + rows] = value
    return table


@pytest.mark.parametrize(
    ("table", "named"),
    [
        (long_table(), {"treated": "mailed", "protected": ["plan"]}),
        (changed("churned", "moved"), {"positive": "left"}),
        (changed("churned", "LEFT"), {}),
        (changed("churned", None), {}),
        (changed("plan", "rare", 60), {"protected": ["plan"]}),
        (changed("mailed", "call", 90), {"treated": "mailed"}),
        (changed("score", -1.0), {}),
        (changed("score", np.nan, 9), {}),
        (
            {**long_table(), "plan": [None] * BEYOND + ["x", "y"] * 90 + [None] * (16_000 - BEYOND - 180)},
            {"protected": ["plan"]},
        ),
    ],
)
def test_what_stands_only_in_rows_nobody_looked_at_counts_all_the_same(
    near: Callable[..., list[Report]], tmp_path: Path, table: dict[str, Any], named: dict[str, Any]
) -> None:
    first, *others = near(tmp_path, table, **named)
    for other in others:
        assert tables_and_findings(other) == tables_and_findings(first)
        assert other.coerced == first.coerced


def test_a_third_outcome_in_a_row_nobody_looked_at_is_refused(
    near: Callable[..., list[str]], tmp_path: Path
) -> None:
    for told in near(tmp_path, changed("churned", "moved")):
        assert "it has 3 values" in told


def test_a_rare_group_in_rows_nobody_looked_at_is_in_the_table(
    near: Callable[..., list[Report]], tmp_path: Path
) -> None:
    for report in near(tmp_path, changed("plan", "rare", 60), protected=["plan"]):
        rows = {row["group"]: row["n"] for row in report.section("harm").tables[0].rows}
        assert rows["rare"] == 60
