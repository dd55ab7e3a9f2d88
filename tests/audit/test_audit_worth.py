"""What an audit says of worth: accurate and useless, useful, harmful, not by chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import payoff
from payoff.audit.accuracy import one_column_rule
from payoff.audit.report import Report
from payoff.stats.ranking import auc


def world(change: float, *, n: int = 6000, by_score: bool = False, top_only: bool = False) -> dict[str, Any]:
    """Rare churn with an honest score; treatment by a coin changes churn by a share of itself."""
    rng = np.random.default_rng(7)
    risk = rng.beta(1, 12, n)
    treated = risk > np.quantile(risk, 0.5) if by_score else rng.random(n) < 0.5
    here = risk >= np.quantile(risk, 0.7) if top_only else np.ones(n, bool)
    churned = rng.random(n) < risk * np.where(treated & here, 1 + change, 1.0)
    return {"score": risk, "churned": churned, "treated": treated, "role": rng.choice(["admin", "analyst"], n)}


def keys(report: Report) -> set[str]:
    return {finding.key for finding in report.all_findings}


def test_accurate_and_useless_says_in_its_first_line_why_nothing_happened() -> None:
    report = payoff.audit(world(0.0))
    assert "treating people has moved nothing that can be seen" in report.headline
    assert report.headline.startswith("It is right 93 times of 100")
    assert {"effect_none", "accuracy_no_better"} <= {f.key for f in report.findings}


def test_a_useful_one_is_said_to_work_where_it_works() -> None:
    report = payoff.audit(world(-0.8, top_only=True))
    assert "fewer end in “churned” because of it" in report.headline
    assert {"effect_some", "effect_top_more"} <= keys(report)


def test_harm_by_treatment_stops_everything() -> None:
    report = payoff.audit(world(0.8))
    assert report.findings[0].key == "effect_harm"
    assert report.findings[0].kind == "stop"
    assert "Treatment does harm" in report.headline


def test_a_treatment_by_score_gives_no_word_of_cause() -> None:
    report = payoff.audit(world(-0.8, by_score=True))
    assert "not_random" in keys(report)
    assert not keys(report) & {"effect_some", "effect_none", "effect_harm"}
    assert "because" not in report.headline


def test_money_is_a_ceiling_and_a_share_that_must_be_changed() -> None:
    frame = {k: v for k, v in world(0.0).items() if k != "treated"}
    report = payoff.audit(frame, value=1000, cost=50)
    row = report.section("worth").tables[0].rows[1]
    assert row["ceiling"] == pytest.approx(row["hits"] * 1000 - row["rows"] * 50)
    needed = next(f for f in report.all_findings if f.key == "break_even").evidence["needed"]
    assert needed == pytest.approx(50 / (1000 * row["precision"]))


def test_a_cost_above_all_it_could_bring_never_pays() -> None:
    frame = {k: v for k, v in world(0.0).items() if k != "treated"}
    report = payoff.audit(frame, value=10, cost=50)
    assert "never_pays" in keys(report)


def test_a_value_may_be_a_column() -> None:
    frame = world(0.0)
    worth = np.where(np.arange(6000) % 2 == 0, 100.0, 300.0)
    report = payoff.audit({**frame, "revenue": worth}, value="revenue")
    top = np.argsort(-frame["score"], kind="stable")[:300]
    row = report.section("worth").tables[0].rows[0]
    assert row["worth"] == pytest.approx((frame["churned"][top] * worth[top]).sum())


def test_a_decision_that_ignores_the_score_is_named() -> None:
    frame = world(0.0)
    rng = np.random.default_rng(3)
    ignored = payoff.audit({**frame, "flagged": rng.random(6000) < 0.2})
    followed = payoff.audit({**frame, "flagged": frame["score"] > np.quantile(frame["score"], 0.8)})
    assert "decision_ignores" in keys(ignored)
    assert "decision_follows" in keys(followed)


def test_a_rule_with_one_column_that_does_as_well_is_named() -> None:
    rng = np.random.default_rng(5)
    plan = rng.choice(["free", "paid"], 4000)
    rate = np.where(plan == "free", 0.4, 0.1)
    frame = {
        "score": np.clip(rate + rng.normal(0, 0.02, 4000), 0, 1),
        "churned": rng.random(4000) < rate,
        "plan": plan,
    }
    assert "rule_as_good" in keys(payoff.audit(frame))


def test_thirty_treated_are_too_few_to_speak_of_an_effect() -> None:
    frame = world(0.0)
    treated = np.zeros(6000, bool)
    treated[:20] = True
    assert "treated_few" in keys(payoff.audit({**frame, "treated": treated}))


def test_a_rule_is_judged_on_rows_it_did_not_learn_from() -> None:
    rng = np.random.default_rng(9)
    label = rng.random(3000) < 0.3
    names = np.array([f"team {i}" for i in rng.integers(0, 900, 3000)], dtype=object)
    value = auc(one_column_rule(label, names), label)
    assert value is not None and abs(value - 0.5) < 0.05
