"""Labels: known only when their window has passed, point in time, with feedback taken in."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from tests.small import START, running

from payoff.brief.goals import goal_of, risk_of
from payoff.feedback.rules import Lessons
from payoff.learning.labels import collect
from payoff.log.history import decisions, snapshot

NONE = Lessons((), frozenset(), {}, ())


def played():
    product = running(12)
    said = {s.unit: s for s in product.decide()}
    day = timedelta(days=1)
    product.outcome("acct-0", "first_value", at=START + 3 * day)
    product.outcome("acct-1", "first_value", at=START + 20 * day)  # outside the window
    product.outcome("acct-2", "first_value", 0, at=START + 3 * day)  # known not to have happened
    product.outcome("acct-3", "left", at=START + 10 * day)
    product.outcome("acct-4", "first_value", at=START - 1 * day)  # before the decision
    return product, said


def rows(product, days: float):
    now = START + timedelta(days=days)
    table = decisions(product.workspace.tables, now, goal="first_value", goal_days=14, risk="left", risk_days=60)
    return {r["unit"]: r for r in table.to_pylist()}


def test_nothing_is_known_before_the_whole_window_has_passed():
    product, _ = played()
    assert {r["goal"] for r in rows(product, 13.9).values()} == {None}
    later = rows(product, 14)
    assert later["acct-0"]["goal"] == 1
    assert [later[u]["goal"] for u in ("acct-1", "acct-2", "acct-4", "acct-5")] == [0, 0, 0, 0]
    assert {r["risk"] for r in later.values()} == {None}
    assert rows(product, 60)["acct-3"]["risk"] == 1


def test_facts_are_those_of_the_decision_not_of_today():
    product, _ = played()
    product.facts([{"unit": "acct-5", "seats": 500}], at=START + timedelta(days=5))
    labels = collect(
        product.workspace.tables,
        product.brief,
        START + timedelta(days=70),
        goal="first_value",
        risk="left",
        lessons=NONE,
    )
    i = labels.training.batch.units.index("acct-5")
    assert labels.training.batch.facts["seats"][i].as_py() == 5 + 5 % 7


def test_an_experts_no_risk_counts_until_the_outcome_is_known_and_never_against_it():
    product, said = played()
    lessons = Lessons((), frozenset({said["acct-3"].id, said["acct-5"].id}), {}, ())

    def labels(days):
        made = collect(
            product.workspace.tables,
            product.brief,
            START + timedelta(days=days),
            goal="first_value",
            risk="left",
            lessons=lessons,
        ).training
        return dict(zip(made.batch.units, made.risk_label.tolist(), strict=True))

    early = labels(20)
    assert (early["acct-3"], early["acct-5"]) == (0, 0)
    assert np.isnan(early["acct-6"])
    assert labels(70)["acct-3"] == 1  # it left: what was measured stays measured


def test_the_holdouts_propensity_is_its_share():
    product, said = played()
    labels = collect(
        product.workspace.tables,
        product.brief,
        START + timedelta(days=70),
        goal="first_value",
        risk="left",
        lessons=NONE,
    )
    held = np.array([said[u].arm == "holdout" for u in labels.training.batch.units])
    assert (labels.training.propensity[held] == 0.1).all()
    assert (labels.training.propensity[~held] <= 0.9).all()


def test_a_snapshot_gives_labels_before_the_first_decision():
    product, _ = played()
    shot = snapshot(product.workspace.tables, START + timedelta(days=70), outcome="first_value")
    labels = dict(zip(shot["unit"].to_pylist(), shot["label"].to_pylist(), strict=True))
    assert labels["acct-0"] == 1
    assert labels["acct-2"] == 0


def test_the_goal_is_the_leading_one_and_the_risk_the_bad_one():
    product, _ = played()
    assert (goal_of(product.brief), risk_of(product.brief)) == ("first_value", "left")


def test_overlapping_decisions_of_a_unit_share_one_weight():
    product = running(6)
    for said in product.decide():
        product.record(said.id, "done", by="ana")
    product.clock.advance(timedelta(days=7))
    product.decide()
    product.clock.advance(timedelta(days=60))
    labels = collect(
        product.workspace.tables, product.brief, product.clock.now(), goal="first_value", risk="left", lessons=NONE
    )
    assert set(labels.training.weight.tolist()) == {0.5}


def test_the_goal_of_money_is_its_amount():
    product, _ = played()
    now = START + timedelta(days=70)
    product.outcome("acct-7", "first_value", 30.0, at=START + timedelta(days=2))
    product.outcome("acct-7", "first_value", 12.5, at=START + timedelta(days=3))
    table = decisions(product.workspace.tables, now, goal="first_value", goal_days=14)
    goal = dict(zip(table["unit"].to_pylist(), table["goal"].to_pylist(), strict=True))
    assert goal["acct-7"] == 42.5


def test_acceptance_is_not_known_before_an_answer_or_the_end():
    product, said = played()
    unit = next(u for u, s in said.items() if s.arm != "holdout")
    product.record(said[unit].id, "done", at=START + timedelta(days=5), by="ana")

    def accepted(days):
        table = decisions(product.workspace.tables, START + timedelta(days=days), goal="", goal_days=0)
        return dict(zip(table["unit"].to_pylist(), table["accepted"].to_pylist(), strict=True))

    assert accepted(1)[unit] is None
    assert accepted(6)[unit] == 1
    other = next(u for u in said if u != unit)
    assert accepted(6)[other] is None
    assert accepted(15)[other] == 0


def test_units_placed_by_hand_are_not_randomised():
    product = running(12)
    product.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    product.move("r1", "named", named=["acct-1"], by="pm", why="friends")
    product.decide()
    labels = collect(
        product.workspace.tables,
        product.brief,
        START + timedelta(days=70),
        goal="first_value",
        risk="left",
        lessons=NONE,
    )
    by = dict(zip(labels.training.batch.units, labels.training.propensity.tolist(), strict=True))
    assert np.isnan(by["acct-1"])
    assert np.isfinite(by["acct-2"])
