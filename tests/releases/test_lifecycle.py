"""A release's way: which moves are legal, and what is folded from the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.small import BRIEF, running, second_trial

from payoff.errors import BadInput, Refused, Unknown
from payoff.releases import lifecycle


def second(product, id="r1"):
    return product.create_release(id, "Second", {"policy": "effect"}, by="ds", why="try effects")


def test_a_release_walks_its_plan_and_the_log_remembers_every_step():
    product = running()
    second(product)
    for stage in ("shadow", "canary", "ramp"):
        product.clock.advance(timedelta(days=7))
        assert product.start("r1", by="pm", why="next").stage == stage
    release = lifecycle.find(product.releases(), "r1")
    assert [m.stage for m in release.moves] == ["draft", "shadow", "canary", "ramp"]
    assert release.against == "r0"
    assert all(m.by and m.at for m in release.moves)


def test_named_units_come_before_the_canary_when_there_are_some():
    product = running()
    second(product)
    product.start("r1", by="pm", why="look first")
    with pytest.raises(Refused, match="7 more days"):
        product.start("r1", by="pm", why="hurry")
    with pytest.raises(Unknown, match="acct-1"):
        product.start("r1", by="pm", why="friends", named=["acct-1x"], early=True)
    moved = product.start("r1", by="pm", why="friends", named=["acct-1", "acct-2"], early=True)
    assert "before its shadow days were over" in moved.moves[-1].why
    assert (moved.stage, moved.named) == ("named", frozenset({"acct-1", "acct-2"}))


@pytest.mark.parametrize("stage", ["shadow", "named", "draft"])
def test_a_trial_does_not_go_back(stage):
    product = running()
    second(product)
    product.move("r1", "canary", by="pm", why="go")
    with pytest.raises(Refused, match="cannot go back"):
        product.move("r1", stage, by="pm", why="hm")


def test_a_ramp_may_grow_and_not_shrink():
    product = running()
    second(product)
    product.move("r1", "ramp", share=0.2, by="pm", why="go")
    assert product.move("r1", "ramp", share=0.6, by="pm", why="more").share == 0.6
    with pytest.raises(Refused):
        product.move("r1", "ramp", share=0.3, by="pm", why="less")


def test_one_trial_at_a_time():
    product = running()
    second(product), second(product, "r2")
    product.move("r1", "canary", by="pm", why="go")
    with pytest.raises(Refused, match="r1 is on trial"):
        product.move("r2", "canary", by="pm", why="go")


def test_only_the_first_release_may_serve_everybody_at_once():
    product = running()
    second(product)
    with pytest.raises(Refused, match="is a decision"):
        product.move("r1", "full", by="pm", why="hurry")
    before = product.storage.log.head()
    with pytest.raises(Refused, match="not been on trial"):
        product.promote("r1", by="pm", why="hurry", unproven=True)
    assert product.storage.log.head() == before  # a refused decision is no decision
    assert not lifecycle.find(product.releases(), "r1").unproven


def test_after_a_rollback_an_untried_release_is_not_the_first():
    product = running()
    product.rollback("r0", by="pm", why="no")
    second(product)
    with pytest.raises(Refused):
        product.promote("r1", by="pm", why="quick")
    with pytest.raises(Refused):
        product.promote("r0", by="pm", why="again", unproven=True)


def test_rolling_back_a_champion_brings_the_one_before_back():
    product = running()
    second(product)
    product.move("r1", "ramp", by="pm", why="go")
    product.promote("r1", by="pm", why="boss says so", unproven=True)
    assert {r.id: r.stage for r in product.releases()} == {"r0": "retired", "r1": "full"}
    assert lifecycle.find(product.releases(), "r1").unproven
    product.rollback("r1", by="pm", why="complaints")
    assert {r.id: r.stage for r in product.releases()} == {"r0": "full", "r1": "rolled back"}


def test_a_release_that_was_taken_back_for_harm_does_not_come_back_by_another_roll_back():
    made = second_trial(40)
    made.rollback("r1", by="pm", why="harm")
    made.clock.advance(timedelta(days=1))
    made.promote("r2", by="pm", why="season", unproven=True)
    assert next(r for r in made.releases() if r.id == "r2").against == "r1"
    made.rollback("r2", by="pm", why="no")
    assert {r.id: r.stage for r in made.releases()} == {"r0": "full", "r1": "rolled back", "r2": "rolled back"}


def test_without_proof_a_release_is_not_promoted():
    product = running()
    second(product)
    product.move("r1", "ramp", by="pm", why="go")
    with pytest.raises(Refused, match="the verdict is"):
        product.promote("r1", by="pm", why="looks good")


def test_every_decision_is_kept_with_its_figures_byte_for_byte():
    product = running()
    second(product)
    product.move("r1", "ramp", by="pm", why="go")
    product.hold("r1", by="pm", why="too early")
    (decision, *_) = product.decisions("r1")
    assert (decision.chosen, decision.by, decision.why) == ("hold", "pm", "too early")
    kept = product.storage.artefacts.get(decision.card).payload
    product.clock.advance(timedelta(days=5))
    product.outcome("acct-3", "first_value")
    assert product.storage.artefacts.get(decision.card).payload == kept


def test_a_release_judged_by_a_metric_without_a_source_is_refused_by_name():
    brief = BRIEF.replace('worth = -900.0\nsource = "api"', 'worth = -900.0\nsource = "crm_exits"')
    product = running(brief=brief)
    with pytest.raises(BadInput, match="crm_exits"):
        second(product)


def test_unknown_policies_and_releases_name_those_that_exist():
    product = running()
    with pytest.raises(Unknown, match="effect"):
        product.create_release("x", "X", {"policy": "efect"}, by="ds", why="")
    with pytest.raises(Unknown, match="r0"):
        product.scorecard("r9")


def test_where_people_are_at_stake_nobody_is_randomised():
    brief = BRIEF.replace("[questions]", "people_at_stake = true\n[questions]").replace(
        "holdout = 0.1", "holdout = 0"
    )
    product = running(brief=brief)
    second(product)
    with pytest.raises(Refused, match="not randomised"):
        product.move("r1", "canary", by="pm", why="go")
    said = product.decide()
    assert all(s.propensity == 1.0 for s in said)
    assert not [s for s in said if s.arm == "holdout"]
    product.move("r1", "named", named=["acct-1"], by="pm", why="look at one")
    product.promote("r1", by="pm", why="the committee decided", unproven=True)
    assert lifecycle.find(product.releases(), "r1").stage == "full"
