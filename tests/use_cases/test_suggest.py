"""A suggestion: complete, in the log before it is said, and the holdout is left as today."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.small import BRIEF, START, accounts, product, running

from payoff.errors import Refused, Unknown
from payoff.records.suggestions import NOTHING


def test_a_suggestion_carries_everything_a_person_or_a_judge_needs():
    made = running()
    said = next(s for s in made.decide() if s.arm != "holdout")
    assert said.id and said.unit and said.action == "setup_call"
    assert said.say.startswith("Call Person")
    assert said.value.minor == round((0.15 * 200 - 10) * 100)
    assert said.low < said.value < said.high
    assert said.reasons
    assert 0 < said.propensity <= 1
    assert (said.release, said.stage, said.arm) == ("r0", "full", "challenger")
    assert said.expires == START + timedelta(days=14)
    assert said.explored in (True, False)


def test_it_is_in_the_log_before_the_caller_sees_it():
    made = running()
    said = made.suggest("acct-1")
    kept = made.storage.log.find(said.id)
    assert kept.body["action"] == said.action
    assert kept.body["propensity"] == said.propensity
    assert kept.unit == "acct-1"


def test_while_it_is_open_the_same_suggestion_is_said_again():
    made = running()
    first = made.suggest("acct-1")
    assert made.suggest("acct-1") == first
    made.record(first.id, "done", by="ana")
    assert made.suggest("acct-1").id != first.id


def test_an_expired_suggestion_is_not_said_again():
    made = running()
    first = made.suggest("acct-1")
    made.clock.advance(timedelta(days=15))
    assert made.suggest("acct-1").id != first.id


def test_the_holdout_is_treated_as_today_and_never_on_the_desk():
    made = running(400)
    said = made.decide()
    held = [s for s in said if s.arm == "holdout"]
    assert 20 < len(held) < 60
    assert {s.action for s in held} == {NOTHING}
    assert {s.propensity for s in held} == {1.0}
    assert not {q.unit for q in made.queue()} & {s.unit for s in held}


def test_each_unit_enters_a_trial_once():
    made = running(60)
    made.decide()
    made.clock.advance(timedelta(days=7))
    made.decide()
    entries = made.workspace.tables.arrow("assignment").to_pylist()
    counts = Counter((e["trial"], e["unit"]) for e in entries)
    assert set(counts.values()) == {1}
    assert {e["trial"] for e in entries} == {"stream", "r0"}


def test_a_trial_splits_the_admitted_in_half_and_keeps_the_holdout():
    made = running(600)
    before = {s.unit for s in made.decide() if s.arm == "holdout"}
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    made.move("r1", "ramp", share=1.0, by="pm", why="go")
    made.clock.advance(timedelta(days=15))
    arms = Counter(s.arm for s in made.decide())
    assert {s.unit for s in made.decide() if s.arm == "holdout"} == before
    assert abs(arms["challenger"] - arms["champion"]) < 90


def test_a_shadow_release_decides_and_answers_nobody():
    made = running(30)
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    made.start("r1", by="pm", why="look")
    said = made.decide()
    assert {s.release for s in said if s.arm != "holdout"} == {"r0"}
    modes = Counter((r["release"], r["mode"]) for r in made.workspace.tables.arrow("suggestion").to_pylist())
    assert modes["r1", "shadow"] == 30
    assert made.suggest("acct-1").release == "r0"


def test_capacity_and_rest_are_kept():
    brief = BRIEF.replace(
        "contact_every_days = 0", "contact_every_days = 14\ncapacity_per_week = 10\nexplore = 0.0"
    )
    made = running(100, brief=brief)

    def told() -> set[str]:
        rows = made.workspace.tables.arrow("suggestion").to_pylist()
        return {r["unit"] for r in rows if r["action"] != NOTHING}

    made.decide()
    assert len(told()) == 10
    made.decide()
    assert len(told()) == 10
    made.clock.advance(timedelta(days=7))
    made.decide()
    assert len(told()) == 20  # nobody twice within fourteen days


def test_a_suggestion_that_waits_for_somebody_is_kept_and_not_decided_again():
    made = running(30)
    first = {s.unit: s.id for s in made.decide()}
    waiting = {q.unit for q in made.queue()}
    made.clock.advance(timedelta(days=7))
    again = {s.unit: s for s in made.decide()}
    assert waiting
    assert all(again[unit].id == first[unit] for unit in waiting)
    held = {s.unit for s in again.values() if s.arm == "holdout"}
    assert all(again[unit].id != first[unit] for unit in held)


def test_many_threads_asking_for_one_unit_hear_one_suggestion():
    made = running(5)
    with ThreadPoolExecutor(8) as pool:
        ids = {s.id for s in pool.map(lambda _: made.suggest("acct-1"), range(24))}
    assert len(ids) == 1
    entries = made.workspace.tables.arrow("assignment").to_pylist()
    assert len([e for e in entries if e["unit"] == "acct-1"]) == 2


def test_a_broken_shadow_costs_nobody_an_answer():
    made = running(10)
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    made.start("r1", by="pm", why="look")
    broken = {**made.workspace.plugins.policies, "effect": _no_policy}
    made.workspace.plugins = replace(made.workspace.plugins, policies=broken)
    said = made.decide()
    assert {s.release for s in said if s.arm != "holdout"} == {"r0"}
    assert not any(s.fallback for s in said)
    shadows = [r for r in made.workspace.tables.arrow("suggestion").to_pylist() if r["mode"] == "shadow"]
    assert {r["fallback"] for r in shadows} == {True}


def _no_policy(setting):
    raise RuntimeError("cannot be made")


def test_logged_propensities_are_those_of_the_draw():
    brief = BRIEF.replace("contact_every_days = 0", "contact_every_days = 0\nexplore = 0.2")
    made = running(3000, brief=brief)
    said = [s for s in made.decide() if s.arm != "holdout"]
    explored = [s for s in said if s.explored]
    assert {round(s.propensity, 6) for s in explored} == {0.2}
    assert {round(s.propensity, 6) for s in said if not s.explored} == {0.6}
    assert abs(len(explored) / len(said) - 0.4) < 0.04


def test_without_a_release_the_mend_is_said():
    made = product()
    made.facts(accounts(3))
    with pytest.raises(Refused, match="payoff release create"):
        made.suggest("acct-1")


def test_an_unknown_unit_names_those_near():
    with pytest.raises(Unknown, match="acct-1"):
        running().suggest("acct-1x")


def test_a_rolled_back_releases_suggestions_leave_the_desk():
    made = running()
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    made.move("r1", "ramp", share=1.0, by="pm", why="go")
    made.decide()
    assert "r1" in {q.suggestion.release for q in made.queue()}
    made.rollback("r1", by="pm", why="no")
    assert "r1" not in {q.suggestion.release for q in made.queue()}
    assert {made.suggest(f"acct-{i}").release for i in range(40)} == {"r0"}


def test_a_suggestion_reads_as_json():
    said = running().suggest("acct-1")
    assert json.loads(json.dumps(said.as_dict()))["value"]["currency"] == "EUR"


def test_a_trial_that_was_won_is_closed_and_the_stream_goes_on():
    made = running(60)
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    made.move("r1", "ramp", share=1.0, by="pm", why="go")
    made.decide([f"acct-{i}" for i in range(30)])
    made.promote("r1", by="pm", why="by name", unproven=True)
    made.clock.advance(timedelta(days=7))
    made.decide()
    entries = made.workspace.tables.arrow("assignment").to_pylist()
    assert len({e["unit"] for e in entries if e["trial"] == "r1"}) == 30
    assert len({e["unit"] for e in entries if e["trial"] == "stream"}) == 60
