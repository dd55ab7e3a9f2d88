"""Can you trust these data: what is looked at, what is found, and what is said when nothing is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

import payoff
from payoff.audit.report import Finding, Report
from payoff.audit.sections.trust import Trust
from payoff.errors import BadInput

N = 4000


def frame(**changed: Any) -> dict[str, Any]:
    rng = np.random.default_rng(11)
    score = rng.random(N)
    return {"score": score, "churned": rng.random(N) < score, **changed}


def audit(given: dict[str, Any], **named: Any) -> Report:
    return payoff.audit(given, catalogue=(Trust(),), **named)


def found(report: Report, key: str) -> Finding | None:
    return next((f for f in report.section("trust").findings if f.key == key), None)


def test_nothing_found_says_what_was_looked_at() -> None:
    section = audit(frame()).section("trust")
    assert [f.key for f in section.findings] == ["trust_fine"]
    assert "copied" in section.said[0] and "doubles" not in section.said[0]


def test_a_copy_of_the_outcome_a_constant_and_a_perfect_score_stop_everything() -> None:
    made = frame()
    for score, key in (
        (made["churned"].astype(float), "trust_equal"),
        (np.full(N, 0.3), "trust_constant"),
        (np.where(made["churned"], 0.9, 0.1) + made["score"] / 100, "trust_perfect"),
    ):
        told = found(audit(made | {"score": score}, score="score", label="churned"), key)
        assert told is not None and told.kind == "stop" and told.touches == 1.0


def test_a_column_written_after_the_fact_is_named_with_how_well_it_tells() -> None:
    made = frame()
    rng = np.random.default_rng(2)
    after = np.where(made["churned"], rng.normal(2.5, 1, N), rng.normal(0, 1, N))
    reason = np.where(made["churned"], rng.choice(["price", "moved"], N), "")
    report = audit(made | {"refund": after, "reason": reason, "size": rng.normal(size=N)})
    told = found(report, "trust_leak")
    assert told is not None
    assert set(told.evidence["columns"]) == {"refund", "reason"}
    assert told.evidence["columns"]["refund"] == pytest.approx(roc_auc_score(made["churned"], after), abs=1e-12)
    assert "reason" not in report.columns["segments"]


def test_a_column_that_tells_a_lot_but_not_everything_is_no_leak() -> None:
    made = frame()
    rng = np.random.default_rng(2)
    told = np.where(made["churned"], 2.0, 0.0) + rng.normal(size=N)  # ranks 92 of 100 pairs
    assert found(audit(made | {"usage": told}), "trust_leak") is None


def test_doubles_are_told_apart_from_units_with_several_rows() -> None:
    made = frame()
    unit = np.array([f"a{i // 2}" for i in range(N)])
    several = audit(made | {"account_id": unit}, unit="account_id")
    moment = np.datetime64("2026-01-01") + np.arange(N).astype("timedelta64[m]")
    same = {"score": np.full(N, 0.5), "churned": np.arange(N) % 2, "account_id": unit, "at": moment}
    assert (
        found(
            audit(same | {"churned": np.arange(N) // 2 % 2}, unit="account_id", score="score"), "trust_double_rows"
        )
        is None
    )
    told = found(several, "trust_double_units")
    assert told is not None and told.evidence["n"] == N // 2
    assert found(several, "trust_double_rows") is None
    again = {name: np.concatenate([v, v[:300]]) for name, v in (made | {"account_id": np.arange(N)}).items()}
    told = found(audit(again, unit="account_id"), "trust_double_rows")
    assert told is not None and told.evidence["n"] == 300


def test_how_late_outcomes_come_is_said_and_outcomes_before_the_prediction_are_a_fault() -> None:
    made = frame()
    at = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=i) for i in range(N)]
    later = [t + timedelta(days=10) for t in at]
    report = audit(made | {"predicted_at": at, "churned_at": later}, label="churned")
    told = found(report, "trust_delay")
    assert told is not None and told.evidence["median_days"] == pytest.approx(10)
    early = [
        t - timedelta(days=1) if i % 10 == 0 else late for i, (t, late) in enumerate(zip(at, later, strict=True))
    ]
    told = found(audit(made | {"predicted_at": at, "churned_at": early}, label="churned"), "trust_early")
    assert told is not None and told.kind == "stop" and told.evidence["n"] == N // 10


def test_a_split_that_came_out_wrong_voids_the_effects_and_an_even_one_is_not_mentioned() -> None:
    made = frame()
    rng = np.random.default_rng(4)
    fair = audit(made | {"treated": rng.random(N) < 0.5})
    assert not [f for f in fair.section("trust").findings if f.key.startswith("trust_uneven")]
    tilted = np.arange(N) % 100 < 54
    unsaid = found(audit(made | {"treated": tilted}), "trust_suspicious")
    assert unsaid is not None and unsaid.kind == "know"  # nobody said that it was meant to be even
    assert (
        not audit(made | {"treated": tilted}, assigned="rule")
        .section("trust")
        .findings[0]
        .key.startswith("trust_s")
    )
    told = found(audit(made | {"treated": tilted}, assigned="random"), "trust_uneven")
    assert told is not None and told.kind == "stop"
    assert told.evidence["p"] == pytest.approx(stats.chisquare([tilted.sum(), N - tilted.sum()]).pvalue)


def test_a_planned_split_that_is_uneven_is_held_against_its_plan() -> None:
    made = frame() | {"treated": np.where(np.arange(N) % 10 == 0, "mail", "none")}
    planned = audit(made, treated="treated", split={"mail": 0.1, "none": 0.9})
    assert not [f for f in planned.section("trust").findings if f.key.startswith("trust_uneven")]
    told = found(audit(made, treated="treated", split={"mail": 0.3, "none": 0.7}), "trust_uneven")
    assert told is not None


def test_a_split_by_unit_is_held_against_its_plan_by_unit() -> None:
    rng = np.random.default_rng(6)
    arm = rng.random(200) < 0.55
    unit = np.arange(N) // 20
    given = frame() | {"treated": arm[unit], "account_id": unit}
    assert found(audit(given, assigned="random", unit="account_id"), "trust_uneven") is None


def test_few_outcomes_are_a_reason_to_stop() -> None:
    rng = np.random.default_rng(5)
    churned = np.zeros(N, bool)
    churned[:20] = True
    told = found(audit({"score": rng.random(N), "churned": churned}), "trust_few")
    assert told is not None and told.evidence["n"] == 20


def test_rows_without_outcome_or_score_are_counted() -> None:
    made = frame()
    churned = [None if i < 400 else bool(v) for i, v in enumerate(made["churned"])]
    score = made["score"].copy()
    score[-50:] = np.nan
    report = audit({"score": score, "churned": churned})
    unknown, missing = found(report, "trust_unknown"), found(report, "trust_missing")
    assert unknown is not None and unknown.kind == "costs" and unknown.touches == pytest.approx(0.1)
    assert missing is not None and missing.touches == pytest.approx(50 / N)


def test_a_planned_split_that_does_not_fit_the_arms_is_refused() -> None:
    made = frame() | {"treated": np.where(np.arange(N) % 2 == 0, "mail", "none")}
    for split in ({"A": 0.5}, {"mail": 0.5}, {"mail": 0.3, "none": 0.3}):
        with pytest.raises(BadInput, match="to mend") as refused:
            audit(made, treated="treated", split=split)
        assert {fault.where for fault in refused.value.faults} == {"split"}
