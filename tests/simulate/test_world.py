"""The simulated company keeps its promises: repeatable, causal, and with the base rates it claims."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from payoff.checks import BadParameter
from payoff.simulate.effects import ACTIONS
from payoff.simulate.world import COMPLAINT, FIRST_VALUE, LEFT, RENEWED, Happening, World


def _week(world: World, action: str = "nothing") -> list[Happening]:
    due = world.due()
    happened = world.outcomes(due, [action] * len(due), np.full(len(due), action != "nothing"))
    return happened + world.step()


def test_the_same_seed_gives_the_same_company_and_the_same_weeks() -> None:
    first, second = World(7, 300), World(7, 300)
    assert [_week(first, "setup_call") for _ in range(6)] == [_week(second, "setup_call") for _ in range(6)]
    assert first.facts(first.active()) == second.facts(second.active())
    assert World(8, 300).facts(["acct-00001"]) != World(7, 300).facts(["acct-00001"])


def test_what_is_done_to_one_account_changes_nothing_for_another() -> None:
    alone, disturbed = World(3, 200), World(3, 200)
    for _ in range(20):
        due = [u for u in alone.due() if u != "acct-00005"]
        a = alone.outcomes(due, ["nothing"] * len(due), np.zeros(len(due), bool)) + alone.step()
        all_due = disturbed.due()
        acted = np.array([u == "acct-00005" for u in all_due])
        actions = ["winback_offer" if hit else "nothing" for hit in acted]
        b = disturbed.outcomes(all_due, actions, acted) + disturbed.step()
        assert [h for h in a if h.unit != "acct-00005"] == [h for h in b if h.unit != "acct-00005"]


@pytest.mark.parametrize("action", ACTIONS)
def test_true_effects_are_realised_in_the_means(action: str) -> None:
    world, idle = World(11, 40_000), World(11, 40_000)
    due = world.due()
    claimed = world.true_effect(due, action).mean()
    treated = world.outcomes(due, [action] * len(due), np.ones(len(due), bool))
    left_alone = idle.outcomes(due, ["nothing"] * len(due), np.zeros(len(due), bool))
    gained = sum(h.name == FIRST_VALUE for h in treated) - sum(h.name == FIRST_VALUE for h in left_alone)
    assert gained / len(due) == pytest.approx(claimed, abs=0.015)  # one luck for both: 4 standard errors


def test_sleeping_dogs_are_harmed_by_what_helps_others() -> None:
    world = World(7)
    units = world.active()
    facts = world.facts(units)
    effect = world.true_effect(units, "setup_call")
    dormant = world.condition(world.rows(units)).dormant
    assert effect[dormant].mean() < -0.05 < 0.10 < effect[~dormant].mean()
    away = np.array(facts["days_since_login"])
    assert away[dormant].min() >= 21, "the product can see who no longer logs in"


def test_effects_vary_by_role_and_no_single_action_is_best_for_all() -> None:
    world = World(7)
    best, points = world.oracle(world.active())
    assert len(set(best)) >= 4
    assert points.mean() > 0.14
    assert (world.true_effect(world.active(), "winback_offer") < 0).mean() > 0.9


def test_base_rates_are_as_told() -> None:
    world = World(7, 6000)
    reviews: list[tuple[str, object]] = []
    left, reached, complaints = {}, 0, 0
    for week in range(26):
        if week < 17:
            reviews += [(u, world.now) for u in world.due()]
        happened = _week(world)
        reached += sum(h.name == FIRST_VALUE for h in happened)
        complaints += sum(h.name == COMPLAINT for h in happened)
        left |= {h.unit: h.at for h in happened if h.name == LEFT}
    asked = 26 * 1500
    assert reached / asked == pytest.approx(0.40, abs=0.03)
    assert complaints / asked == pytest.approx(0.026, abs=0.008)
    soon = np.mean([u in left and at <= left[u] < at + timedelta(days=60) for u, at in reviews])  # type: ignore[operator]
    assert soon == pytest.approx(0.06, abs=0.015), "always saying 'stays' is right about 94 of 100 times"


def test_first_value_saves_renewals_and_harm_costs_them() -> None:
    helped, harmed, idle = World(5, 4000), World(5, 4000), World(5, 4000)
    lost = []
    for world, action in ((helped, "setup_call"), (idle, "nothing"), (harmed, "winback_offer")):
        lost.append(sum(h.name == LEFT for _ in range(26) for h in _week(world, action)))
    assert lost[0] < 0.95 * lost[1]
    assert lost[2] > 1.10 * lost[1]


def test_those_who_left_are_gone_and_newcomers_keep_the_number() -> None:
    world = World(9)
    gone: set[str] = set()
    for _ in range(26):
        gone |= {h.unit for h in _week(world) if h.name == LEFT}
    assert gone
    assert not gone & set(world.active())
    assert abs(len(world.active()) - 1500) < 150


def test_outcomes_come_later_and_within_their_windows() -> None:
    world = World(2)
    monday = world.now
    due = world.due()
    days = np.full(len(due), 4.0)
    idle = World(2).outcomes(due, ["nothing"] * len(due), np.zeros(len(due), bool))
    happened = world.outcomes(due, ["setup_call"] * len(due), np.ones(len(due), bool), days)
    assert all(timedelta(0) < h.at - monday < timedelta(days=14) for h in happened)
    anyway = {h.unit for h in idle if h.name == FIRST_VALUE}
    caused = [h for h in happened if h.name == FIRST_VALUE and h.unit not in anyway]
    assert caused
    assert all(h.at - monday > timedelta(days=4) for h in caused)
    renewals = [h for h in world.step() if h.name == RENEWED]
    assert renewals
    assert all(h.amount > 0 for h in renewals)


def test_an_unknown_action_or_account_is_refused_by_name() -> None:
    world = World(2, 50)
    with pytest.raises(BadParameter, match="knows no action 'magic'"):
        world.true_effect(["acct-00001"], "magic")
    with pytest.raises(BadParameter, match="acct-99999"):
        world.facts(["acct-99999"])
