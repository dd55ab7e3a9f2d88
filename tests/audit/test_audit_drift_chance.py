"""Chance is not taken for drift, and units that come several times, or rows without one, are no trap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.audit.drift_world import DAY, Frame, frame

import payoff
from payoff.audit.report import Report, Section
from payoff.audit.sections.drift.section import Drift


def audited(f: Frame, **named: Any) -> Report:
    return payoff.audit(f, catalogue=(Drift(),), **{"time": "predicted_at", **named})


def drift(f: Frame, **named: Any) -> Section:
    return audited(f, **named).section("drift")


def keys(section: Section) -> list[str]:
    return [f.key for f in section.findings]


def test_in_a_small_table_chance_is_not_taken_for_drift() -> None:
    """A stability index over 120 rows and twelve levels is often above 0.1 by chance alone."""
    called = noisy = 0
    for seed in range(12):
        f = frame(120, seed, plan=np.random.default_rng(seed + 100).choice(list("abcdefghijkl"), 120))
        section = drift(f, segments=["plan"])
        noisy += next(r["stability_index"] for r in section.tables[1].rows if r["column"] == "plan") > 0.1
        called += "drift_columns" in keys(section)
    assert noisy >= 8
    assert called == 0


def test_rows_without_unit_moment_or_score_are_counted_where_they_can_be() -> None:
    f = frame(3_000)
    rng = np.random.default_rng(21)
    f["account_id"] = [None if k % 5 == 0 else f"a{k % 400}" for k in range(3_000)]
    f["predicted_at"] = [None if k % 11 == 0 else t for k, t in enumerate(f["predicted_at"].tolist())]
    f["score"] = np.where(rng.random(3_000) < 0.1, np.nan, f["score"])
    section = drift(pa.table(f), unit="account_id", segments=["colour"])
    assert sum(row["rows"] for row in section.tables[0].rows) == sum(t is not None for t in f["predicted_at"])
    assert {"drift_none"} <= set(keys(section))


def test_the_range_of_a_period_knows_of_units_that_come_several_times() -> None:
    f = frame(2_400, called=np.arange(2_400) % 2)
    often = {k: np.repeat(v, 9) for k, v in {**f, "account_id": np.arange(2_400)}.items()}
    widths = []
    for g, unit in (({**f, "account_id": np.arange(2_400)}, ""), (often, "account_id"), (often, "")):
        bare = {k: v for k, v in g.items() if k != "score"}
        section = drift(bare, unit=unit, score="", label="churned", treated="called", segments=["colour"])
        points = section.charts[0].spec["data"]["values"]
        widths.append(np.mean([p["high"] - p["low"] for p in points]))
    assert widths[1] == pytest.approx(widths[0], rel=0.02)
    assert widths[2] < widths[0] / 2.5
    ranks = [drift(g, unit=unit).tables[0].rows[0] for g, unit in ((f, ""), (often, "account_id"))]
    width = [row["auc_high"] - row["auc_low"] for row in ranks]
    assert width[1] > 0.5 * width[0]


def test_all_that_is_looked_at_together_seldom_alarms_where_nothing_moved() -> None:
    calm = {"drift_none", "drift_ranks_same", "drift_ranks_unclear", "drift_ranks_few"}
    alarms = 0
    for seed in range(60):
        rng = np.random.default_rng(1_000 + seed)
        more = {f"c{i}": rng.choice(list("abcdef"), 3_000) for i in range(3)}
        more |= {f"x{i}": rng.normal(size=3_000) for i in range(3)}
        alarms += not set(keys(drift(frame(3_000, 1_000 + seed, **more)))) <= calm
    assert alarms <= 4


def test_units_that_come_every_month_do_not_make_a_difference_out_of_chance() -> None:
    """Two hundred accounts scored six times, each always alike; another two hundred in the later half."""
    called = 0
    account = np.repeat(np.arange(400), 6)
    month = np.concatenate([np.tile(np.arange(6), 200), np.tile(np.arange(6, 12), 200)])
    for seed in range(6):
        rng = np.random.default_rng(seed)
        score = rng.beta(2, 4, 400)
        churned = rng.random(400) < score
        f = {
            "score": score[account],
            "churned": churned[account].astype(int),
            "account_id": account,
            "predicted_at": np.datetime64("2026-01-01") + month * 15 * DAY,
            "plan": rng.choice(["a", "b", "c"], 400)[account],
        }
        section = drift(f, unit="account_id", segments=["plan"])
        called += any(
            k in keys(section) for k in ("drift_columns", "drift_score", "drift_outcome", "drift_ranks_worse")
        )
    assert called <= 1
