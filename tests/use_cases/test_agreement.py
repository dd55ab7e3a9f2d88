"""Two releases decide for the same units at the same moment; of every unit the newest pair counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import small

from payoff.stats.compare import wilson
from payoff.use_cases.agreement import FEWEST
from payoff.use_cases.product import Product

QUIET = small.BRIEF.replace("[policy]", "[policy]\nexplore = 0.0")


def in_shadow(n: int, recipe: dict, **more) -> Product:
    """r0 (rules: a set-up call for everybody) answers, r1 is in shadow beside it."""
    made = small.running(n, brief=QUIET, **more)
    made.create_release("r1", "Mails", recipe, by="ds", why="cheap")
    made.move("r1", "shadow", by="pm", why="try")
    return made


def test_before_anything_was_decided_and_beside_nobody_there_is_nothing_to_say() -> None:
    made = in_shadow(30, {"policy": "rules"})
    assert made.boards.agreement("r1") is None
    made.decide()
    assert made.boards.agreement("r0") is None


def test_the_same_recipe_says_the_same() -> None:
    made = in_shadow(60, {"policy": "rules"})
    said = made.decide()
    held = sum(s.arm == "holdout" for s in said)
    found = made.boards.agreement("r1")
    assert found is not None
    assert held > 0
    assert (found.n, found.same, found.asked) == (60 - held, 60 - held, 60), "the holdout has no answer to compare"
    assert (found.parts, found.mine, found.times) == ((), "", 0)
    assert (found.low, found.high) == wilson(1.0, found.n)


def test_another_recipe_is_told_apart_by_its_commonest_difference() -> None:
    made = in_shadow(60, {"policy": "constant", "action": "tips_mail"})
    made.decide()
    found = made.boards.agreement("r1")
    assert found is not None
    assert (found.same, found.mine, found.theirs, found.times) == (0, "tips_mail", "setup_call", found.n)
    assert found.parts == (), "where all differ alike no part stands out"
    assert (found.other, found.fallback) == ("r0", 0.0)


def test_a_role_that_differs_more_than_all_do_is_named() -> None:
    playbook = small.PLAYBOOK.replace('id = "setup_call"', 'id = "setup_call"\nroles = ["payroll lead"]')
    made = in_shadow(120, {"policy": "constant", "action": "setup_call"}, playbook=playbook)
    made.decide()
    found = made.boards.agreement("r1")
    assert found is not None
    assert {(part.of, part.name) for part in found.parts} == {("role", "HR manager")}
    (part,) = found.parts
    assert (part.mine, part.theirs, part.differ) == ("nothing", "tips_mail", part.n)
    assert part.n >= FEWEST


def test_a_unit_that_comes_every_week_counts_once() -> None:
    made = in_shadow(40, {"policy": "rules"})
    for _ in range(3):
        made.decide()
        made.clock.advance(timedelta(days=40))
    found = made.boards.agreement("r1")
    assert found is not None
    assert found.n <= 40
    assert found.asked == 120
    assert found.until - found.since == timedelta(days=80)


def test_below_the_least_number_nothing_is_said() -> None:
    made = in_shadow(12, {"policy": "rules"})
    made.decide()
    found = made.boards.agreement("r1")
    assert found is not None
    assert not found.enough
    assert (found.low, found.high) == (None, None)


def test_what_either_tried_just_to_learn_is_left_out() -> None:
    brief = small.BRIEF.replace("[policy]", "[policy]\nexplore = 0.2")
    made = small.running(200, brief=brief)
    made.create_release("r1", "The same", {"policy": "rules"}, by="ds", why="to see")
    made.move("r1", "shadow", by="pm", why="try")
    made.decide()
    rows = made.workspace.tables.arrow("suggestion").to_pylist()
    assert any(row["explored"] for row in rows)
    found = made.boards.agreement("r1")
    assert found is not None
    assert 0 < found.n < sum(row["mode"] == "shadow" for row in rows)
    assert found.same == found.n


def test_after_its_trial_has_begun_it_is_told_from_its_days_in_shadow() -> None:
    made = in_shadow(60, {"policy": "constant", "action": "tips_mail"})
    made.decide()
    before = made.boards.agreement("r1")
    made.clock.advance(timedelta(days=40))
    made.move("r1", "ramp", share=1.0, by="pm", why="on")
    made.decide()
    after = made.boards.agreement("r1")
    assert before is not None and after is not None
    assert (after.n, after.same, after.until) == (before.n, before.same, before.until)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_shadow_that_fails_is_found_out_before_anybody_meets_it(share: float, monkeypatch) -> None:
    made = in_shadow(40, {"policy": "rules"})
    if share:
        from payoff.policy.rules import Rules

        whole = Rules.propose

        def fails(self, batch, learned):
            if made.workspace.releases()[-1].stage == "shadow" and len(batch) == 40:
                raise RuntimeError("no")
            return whole(self, batch, learned)

        monkeypatch.setattr(Rules, "propose", fails)
    made.decide()
    found = made.boards.agreement("r1")
    assert found is not None
    assert found.fallback == share
