"""Who sees it and acts: planted losses, waits, overrulings and thumbs come back as they were planted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint
from tests.audit.acts_world import SCORED, acts, keys, scored, table


def test_the_step_that_loses_most_is_named_with_its_range() -> None:
    frame = scored(4000)
    turn = np.arange(4000) // 2 % 100
    frame["viewed"], frame["acted"] = turn < 90, turn < 18
    section = acts(frame, **SCORED, seen="viewed", done="acted")
    assert [(r["step"], r["rows"]) for r in table(section, "From score")][:4] == [
        ("scored", 4000),
        ("advised", 2000),
        ("seen", 1800),
        ("done", 360),
    ]
    found = keys(section)["funnel_lost"]
    assert (found.kind, found.evidence["step"], found.evidence["lost"]) == ("costs", "done", 1440)
    assert found.basis is not None and found.basis.n == 1800
    assert found.basis.interval == pytest.approx(proportion_confint(360, 1800, method="wilson"), abs=1e-9)
    assert found.touches == pytest.approx(1440 / 4000)
    assert section.answer == "hardly: 18 of 100 acted on"
    assert "360 rows" in section.said[0]  # acted on though the model had not picked them out


def test_where_no_step_loses_half_that_is_said() -> None:
    frame = scored(2000)
    frame["viewed"] = np.arange(2000) // 2 % 10 < 9
    found = keys(acts(frame, **SCORED, seen="viewed"))
    assert found["funnel_kept"].evidence["seen"]["share"] == pytest.approx(0.9)
    assert "90 are seen" in found["funnel_kept"].text


def test_few_rows_cannot_tell_where_predictions_are_lost() -> None:
    frame = scored(40)
    frame["viewed"] = np.arange(40) % 4 == 0
    section = acts(frame, **SCORED, seen="viewed")
    assert "funnel_few" in keys(section)
    assert section.answer == "cannot tell"
    assert table(section, "From score")[2]["share"] is None


def test_a_row_of_which_nobody_knows_whether_it_was_seen_counts_neither_way() -> None:
    frame = scored(2000)
    turn = np.arange(2000) // 2 % 10
    frame["viewed"] = [None if t < 5 else int(t < 9) for t in turn]
    step = table(acts(frame, **SCORED, seen="viewed"), "From score")[2]
    assert (step["rows"], step["share"]) == (400, pytest.approx(0.8))


def test_shares_by_group_stand_beside_each_other_and_small_groups_cannot_tell() -> None:
    frame = scored(2000)
    frame["team"] = np.where(np.arange(2000) < 1000, "north", np.where(np.arange(2000) < 1958, "south", "tiny"))
    frame["acted"] = (frame["team"] == "north") & (np.arange(2000) // 2 % 10 < 7)
    found = {r["group"]: r for r in table(acts(frame, **SCORED, done="acted", segments=["team"]), "by group")}
    assert (found["north"]["done"], found["south"]["done"]) == (pytest.approx(0.7), 0.0)
    assert (found["tiny"]["done"], found["tiny"]["done_n"]) == (None, 21)


def waiting(hours: list[float]) -> dict[str, Any]:
    n = len(hours)
    start = pd.Timestamp("2026-03-02") + pd.to_timedelta(np.arange(n), unit="h")
    return {**scored(n), "at": start, "called_at": start + pd.to_timedelta(hours, unit="h")}


TIMES = {"time": "at", "acted_at": "called_at"}


def test_the_wait_is_told_by_its_middle_and_its_long_end() -> None:
    hours = [float(i) for i in range(1, 201)]
    found = keys(acts(waiting(hours), **SCORED, **TIMES))["waits"]
    assert found.evidence["median_hours"] == pytest.approx(np.quantile(hours, 0.5))
    assert found.evidence["hours_90"] == pytest.approx(np.quantile(hours, 0.9))
    assert found.evidence["over_a_week"] == pytest.approx(32 / 200)
    assert found.kind == "costs"
    assert keys(acts(waiting([2.0] * 100), **SCORED, **TIMES))["waits"].kind == "know"


def test_the_wait_is_told_by_segment_and_a_small_one_cannot_tell() -> None:
    frame = waiting([5.0, 50.0] * 100)
    frame["team"] = ["north", "south"] * 90 + ["tiny"] * 20
    found = {r["group"]: r for r in table(acts(frame, **SCORED, **TIMES, segments=["team"]), "wait")}
    assert (found["north"]["median_hours"], found["south"]["median_hours"]) == (5.0, 50.0)
    assert found["tiny"]["median_hours"] is None


def test_an_action_before_its_prediction_is_a_fault_and_no_wait() -> None:
    found = keys(acts(waiting([-3.0] * 10 + [4.0] * 95 + [6.0] * 95), **SCORED, **TIMES))
    assert (found["waits_negative"].kind, found["waits_negative"].evidence["n"]) == ("costs", 10)
    assert found["waits"].evidence["median_hours"] == 5.0
    grave = keys(acts(waiting([-3.0] * 50 + [4.0] * 150), **SCORED, **TIMES))
    assert grave["waits_negative"].kind == "stop"


def test_thumbs_are_counted_and_set_beside_the_score_being_right() -> None:
    frame = scored(4000)
    right = (frame["p"] > 0.5) == frame["bought"]
    given = np.arange(4000) // 20 % 4 == 0
    frame["thumb"] = [float(r) if g else None for r, g in zip(right, given, strict=True)]
    section = acts(frame, **SCORED, feedback="thumb")
    up = keys(section)["thumbs_up"]
    assert (up.evidence["given"], up.evidence["up"]) == (1000, pytest.approx(0.85))
    told = keys(section)["thumbs_right_less"]
    assert (told.evidence["right_down"], told.evidence["right_up"]) == (0.0, 1.0)
    assert section.answer == "85 of 100 thumbs are up"
    found = {r["group"]: r for r in table(section, "Thumbs")}
    assert found["where the score was wrong"]["up"] == 0.0


def test_most_thumbs_down_costs_and_few_thumbs_cannot_tell() -> None:
    frame = scored(400)
    frame["thumb"] = (np.arange(400) // 2 % 10 < 3).astype(float)
    assert keys(acts(frame, **SCORED, feedback="thumb"))["thumbs_down"].kind == "costs"
    frame["thumb"] = [float(i % 4 == 0) if i < 20 else None for i in range(400)]
    assert "thumbs_few" in keys(acts(frame, **SCORED, feedback="thumb"))


def test_without_any_trace_of_acting_the_section_says_what_is_missing() -> None:
    section = acts(scored(200), **SCORED)
    assert "who acted" in section.unanswered
    assert not section.findings and not section.tables


def test_a_decision_without_a_score_is_counted_and_nothing_more_is_claimed() -> None:
    frame = {"hired": [1, 0, 0, 0] * 100, "team": ["a", "b"] * 200}
    section = acts(frame, decision="hired", segments=["team"])
    assert section.answer == "25 of 100 decided for"
    assert not section.findings
