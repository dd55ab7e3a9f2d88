"""A real experiment: 64,000 customers, two e-mails and none (Hillstrom 2008)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import stats
from tests.judged_world import T0, declarations, declared

from payoff.adapters.memory import storage
from payoff.gates.judge import judge, judge_each
from payoff.log.events import event
from payoff.log.tables import LogTables
from payoff.scorecard.build import build_trial_rows
from payoff.scorecard.card import Scorecard

pytestmark = pytest.mark.data
CONTROL = "No E-Mail"
DECLARED = declarations(
    declared("visit", "outcome_rate", purpose="leading goal", outcome="visit", window_days=14.0),
    declared(
        "conversion", "outcome_rate", purpose="guardrail", outcome="conversion", window_days=14.0, margin=0.002
    ),
    declared("spend", "outcome_sum", purpose="goal", outcome="spend", window_days=14.0, measure="money"),
)


@cache
def _frame(file: Path) -> dict[str, np.ndarray]:
    table = pq.read_table(file, columns=["segment", "visit", "conversion", "spend"])
    return {name: np.array(table[name].to_pylist()) for name in table.column_names}


@cache
def _card(file: Path) -> Scorecard:
    frame = _frame(file)
    rows = zip(frame["segment"], frame["visit"], frame["conversion"], frame["spend"], strict=True)
    log = storage().log
    log.append(
        [
            event(
                "trial.row",
                {
                    "trial": "mail",
                    "action": str(action),
                    "propensity": 1 / 3,
                    "outcomes": {"visit": int(visit), "conversion": int(bought), "spend": float(spend)},
                },
                id=f"h{i}",
                at=T0,
                received_at=T0,
                unit=f"c{i}",
            )
            for i, (action, visit, bought, spend) in enumerate(rows)
        ]
    )
    return build_trial_rows(LogTables(log), DECLARED, "mail", CONTROL, T0)


@pytest.fixture
def file(data: Path) -> Path:
    found = data / "hillstrom" / "hillstrom.parquet"
    if not found.exists():
        pytest.skip(f"no Hillstrom data at {found}")
    return found


@pytest.mark.parametrize("outcome", ["visit", "conversion", "spend"])
@pytest.mark.parametrize("arm", ["Mens E-Mail", "Womens E-Mail"])
def test_the_effect_is_the_plain_difference_of_means(file: Path, arm: str, outcome: str) -> None:
    frame = _frame(file)
    ours = frame[outcome][frame["segment"] == arm].astype(float)
    theirs = frame[outcome][frame["segment"] == CONTROL].astype(float)
    row = _card(file).pair(arm).row(outcome)
    found, oracle = row.difference, stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval()
    assert found is not None
    assert found.value == pytest.approx(ours.mean() - theirs.mean(), rel=1e-9)
    se = np.sqrt(ours.var(ddof=1) / ours.size + theirs.var(ddof=1) / theirs.size)
    assert found.se == pytest.approx(se, rel=1e-9)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), rel=1e-7)
    assert row.arms[arm].value == pytest.approx(ours.mean(), rel=1e-9)
    assert row.arms[arm].n == ours.size
    assert row.status == "better"


def test_both_mails_are_shown_to_pay(file: Path) -> None:
    verdicts = judge_each(_card(file), DECLARED)
    assert {arm: verdict.word for arm, verdict in verdicts.items()} == {
        "Mens E-Mail": "promote",
        "Womens E-Mail": "promote",
    }
    assert judge(_card(file), DECLARED).word == "promote"


def test_the_same_mail_against_itself_would_not_be(file: Path) -> None:
    """Half of those without mail against the other half: nothing is to be found, and nothing is."""
    frame = _frame(file)
    spend = frame["spend"][frame["segment"] == CONTROL].astype(float)
    log = storage().log
    log.append(
        [
            event(
                "trial.row",
                {"trial": "none", "action": "ab"[i % 2], "propensity": 0.5, "outcomes": {"spend": float(amount)}},
                id=f"n{i}",
                at=T0,
                received_at=T0,
                unit=f"c{i}",
            )
            for i, amount in enumerate(spend)
        ]
    )
    only = declarations(DECLARED.metrics[2])
    card = build_trial_rows(LogTables(log), only, "none", "b", T0)
    assert judge(card, only).word == "hold"
