"""The demonstration's brief and playbook are examples people copy: they must hold together."""

from __future__ import annotations

from importlib import resources

from payoff.brief.compile import compile_brief
from payoff.brief.goals import goal_of
from payoff.brief.read import read_brief, read_playbook
from payoff.brief.schema import OPEN
from payoff.demo.script import EXPERT, GOAL, MANAGER, RECIPES, SCIENTIST
from payoff.metrics.catalogue import KIND_INFO
from payoff.simulate.company import OWNERS, ROLES
from payoff.simulate.effects import ACTIONS, TRUTHS
from payoff.simulate.world import World

FOLDER = resources.files("payoff.demo") / "product"
BRIEF = read_brief((FOLDER / "payoff.toml").read_text("utf-8"))
PLAYBOOK = read_playbook((FOLDER / "playbook.toml").read_text("utf-8"))


def test_the_brief_says_that_it_is_simulated_and_leaves_no_question_open() -> None:
    assert BRIEF.product.simulated
    assert OPEN not in BRIEF.questions.model_dump().values()


def test_metrics_of_all_three_levels_compile_and_none_lacks_its_source() -> None:
    declarations = compile_brief(BRIEF, KIND_INFO)
    assert {m.level for m in declarations.metrics} == {"technical", "user", "business"}
    assert not [m.name for m in declarations.metrics if m.missing_source]
    assert declarations.tag == "simulated"
    assert any(m.purpose == "leading goal" and m.outcome == GOAL for m in declarations.metrics)


def test_every_harm_is_stopped_by_a_metric_there_is() -> None:
    assert {harm.stopped_by for harm in BRIEF.harms} <= {metric.name for metric in BRIEF.metrics}


def test_the_playbook_has_the_worlds_six_actions_and_its_experts_are_partly_wrong() -> None:
    assert {action.id for action in PLAYBOOK.actions} == set(ACTIONS)
    world = World(7)
    wrong = [
        action.id
        for action in PLAYBOOK.actions
        if action.expects is not None
        and abs(action.expects - float(world.true_effect(world.active(), action.id).mean())) > 0.04
    ]
    assert 0 < len(wrong) < len(ACTIONS)
    cost = {truth.id: (truth.cost, truth.minutes) for truth in TRUTHS}
    assert {action.id: (action.cost, action.minutes) for action in PLAYBOOK.actions} == cost


def test_nothing_is_said_of_a_customer_that_holds_only_for_some_of_those_it_is_fit_for() -> None:
    """An open bill or a set-up that is not finished: what presupposes either needs a condition that says so."""
    for action in PLAYBOOK.actions:
        told = [words.title for words in action.tell.values()]
        said = " ".join([action.say, *told]).lower()
        presupposed = {
            "invoices_late": ("overdue", "open", "offen", "pendiente"),
            "setup_steps_done": ("set up the",),
        }
        for fact, words in presupposed.items():
            conditioned = fact in [condition.fact for condition in action.when]
            assert conditioned or not [word for word in words if word in said], action.id


def test_roles_facts_and_people_are_those_of_the_company() -> None:
    known = set(World(7, 50).facts(["acct-00001"]))
    unit = BRIEF.unit
    named = {unit.role, unit.industry, unit.contact, unit.owner, *unit.segments, *unit.protected, *unit.ignore}
    assert named <= known
    assert {role for action in PLAYBOOK.actions for role in action.roles} <= set(ROLES)
    assert set(OWNERS) | {MANAGER, SCIENTIST, EXPERT} <= set(BRIEF.people)
    permissions = {p for person in BRIEF.people.values() for p in person.permissions}
    assert permissions == {"frontline", "expert", "researcher", "scientist", "manager", "admin"}


def test_learning_aims_at_the_goal_the_story_speaks_of() -> None:
    assert goal_of(BRIEF) == GOAL
    assert all("policy" in recipe for recipe in RECIPES.values())
