from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tests import made_up

from payoff.checks import BadParameter
from payoff.errors import Unknown
from payoff.policy.base import Policy, Proposal
from payoff.policy.catalogue import BUILT_IN, policy
from payoff.policy.choose import choose

RUN = made_up.run(5000)
FRESH = made_up.batch(1000, seed=42)
EMPTY = made_up.batch(0)


def made(name: str, worth: float | None = 1000.0, **params: Any) -> Policy:
    return policy({"policy": name, **params}, made_up.brief(worth), made_up.PLAYBOOK)


def learned(of: Policy, run: made_up.Run = RUN) -> dict[str, Any]:
    return json.loads(json.dumps(of.learn(run.training), allow_nan=False))  # what the store keeps


def greedy(proposal: Proposal) -> np.ndarray:
    return choose(proposal, explore=0.0, rng=np.random.default_rng(0)).action


def value(action: np.ndarray) -> float:
    """The true mean worth of what was done, net of cost, in money."""
    costs = np.array([0.0, 10, 1, 30])
    return float((1000 * made_up.true_effect(FRESH)[np.arange(len(FRESH)), action] - costs[action]).mean())


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("of", [FRESH, EMPTY], ids=["batch", "nobody"])
def test_every_policy_proposes_for_every_unit(name: str, when: str, of: Any) -> None:
    mine = made(name)
    assert isinstance(mine, Policy)
    assert mine.name == name
    found = mine.propose(of, learned(mine) if when == "after" else None)
    shape = (len(of), 4)
    assert found.actions == made_up.ACTIONS
    assert all(a.shape == shape for a in (found.mean, found.sd, found.fit, found.preference))
    assert found.fit[:, 0].all()
    assert not np.isnan(found.preference).any()
    assert (found.mean[:, 0] == 0).all()


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_unit_alone_is_treated_as_among_others(name: str) -> None:
    mine = made(name)
    kept = learned(mine)
    whole, alone = mine.propose(FRESH, kept), mine.propose(FRESH.take([7]), kept)
    assert np.allclose(whole.preference[7], alone.preference[0])


def test_effect_earns_what_the_cautionary_policies_do_not() -> None:
    earned = {}
    for name in BUILT_IN:
        mine = made(name)
        earned[name] = value(greedy(mine.propose(FRESH, learned(mine))))
    best = value((1000 * made_up.true_effect(FRESH) - np.array([0, 10, 1, 30])).argmax(axis=1))
    assert earned["nothing"] == 0
    assert earned["effect"] > 0.8 * best
    assert earned["effect"] > max(earned[name] for name in BUILT_IN if name != "effect")
    assert earned["clicks"] < 0.5 * earned["effect"]
    assert earned["risk"] < 0.5 * earned["effect"]


def test_effect_leaves_sleeping_dogs_alone() -> None:
    mine = made("effect")
    action = greedy(mine.propose(FRESH, learned(mine)))
    sales = FRESH.role == "sales"  # the call harms them, the mail is not fit for them
    assert (action[sales] == 0).mean() > 0.9


def test_before_any_data_effect_is_what_the_playbook_expects() -> None:
    found = made("effect").propose(FRESH, None)
    assert np.allclose(found.mean[:, :3], [0, 0.05 * 1000 - 10, 0.02 * 1000 - 1])
    assert np.isnan(found.mean[:, 3]).all()  # nobody expects anything of the gift
    assert (greedy(found) == 1).all()


def test_without_a_worth_the_value_is_not_known_but_the_best_action_is() -> None:
    mine = made("effect", worth=None)
    found = mine.propose(FRESH, learned(mine))
    assert np.isnan(found.mean[:, 1:]).all()
    finance = FRESH.role == "finance"
    assert (greedy(found)[finance] == 1).mean() > 0.9


def test_a_bad_goal_is_made_smaller() -> None:
    """The goal is an outcome nobody wants: the action that adds most to it is the last to be taken."""
    brief = made_up.brief(1000.0)
    unwanted = [m.model_copy(update={"outcome": "left"}) for m in brief.metrics if m.purpose == "leading goal"]
    mine = policy({"policy": "effect"}, brief.model_copy(update={"metrics": unwanted}), made_up.PLAYBOOK)
    found = mine.propose(FRESH, learned(mine))
    finance = np.flatnonzero(FRESH.role == "finance")
    assert (greedy(found)[finance] != 1).all()


def test_an_action_that_came_after_the_learning_starts_from_its_expectation() -> None:
    mine = made("effect")
    kept = learned(mine)
    grown = made_up.PLAYBOOK.model_copy(
        update={
            "actions": [
                type(made_up.PLAYBOOK.actions[0])(id="visit", say="Visit", expects=0.3),
                *made_up.PLAYBOOK.actions,
            ]
        }
    )
    found = policy({"policy": "effect"}, made_up.brief(), grown).propose(FRESH, kept)
    assert np.allclose(found.mean[:, 1], 300.0)
    assert np.allclose(found.mean[:, 2], mine.propose(FRESH, kept).mean[:, 1])


def test_rules_take_the_first_fit_action_by_rank_without_any_label() -> None:
    action = greedy(made("rules").propose(FRESH, None))
    sales = FRESH.role == "sales"
    assert (action[~sales] == 2).all()  # the mail has rank 1, but is not for sales
    assert (action[sales] == 1).all()


def test_corrections_keep_an_action_from_the_role_they_name() -> None:
    training = made_up.run(50).training
    object.__setattr__(training, "fit_shift", {("mail", "admin"): -1.0})
    mine = made("rules")
    action = greedy(mine.propose(FRESH, mine.learn(training)))
    assert (action[FRESH.role == "admin"] == 1).all()
    assert (action[FRESH.role == "finance"] == 2).all()


def test_constant_takes_the_named_action_or_the_best_measured_one() -> None:
    assert set(greedy(made("constant", action="gift").propose(FRESH, None)).tolist()) == {0, 3}
    mine = made("constant")
    assert (greedy(mine.propose(FRESH, None)) == 0).all()
    kept = learned(mine)
    truth = made_up.true_effect(RUN.training.batch).mean(axis=0)
    assert kept["gain"]["call"] == pytest.approx(truth[1], abs=0.06)
    assert kept["action"] in ("call", "mail")


def test_constant_weighs_by_propensity() -> None:
    """Calls went to finance nine times in ten: the plain mean flatters them, the weighted one does not."""
    rng = np.random.default_rng(2)
    of = made_up.batch(20_000, seed=3)
    p_call = np.where(of.role == "finance", 0.9, 0.1)
    call = rng.random(len(of)) < p_call
    goal = (rng.random(len(of)) < np.where(of.role == "finance", 0.7, 0.3)).astype(float)  # no effect at all
    nan = np.full(len(of), np.nan)
    rows = made_up.Training(
        of,
        tuple(np.where(call, "call", "nothing")),
        np.where(call, p_call, 1 - p_call),
        goal,
        nan,
        nan,
        np.ones(len(of)),
    )
    kept = made("constant").learn(rows)
    assert goal[call].mean() - goal[~call].mean() > 0.2
    assert abs(kept["gain"]["call"]) < 0.03
    assert kept["action"] == "nothing"


def test_risk_treats_the_riskiest_share() -> None:
    mine = made("risk", share=0.3, action="call")
    action = greedy(mine.propose(FRESH, learned(mine)))
    assert set(action.tolist()) == {0, 1}
    assert (action == 1).mean() == pytest.approx(0.3, abs=0.05)
    idle = FRESH.facts["days_since_login"].fill_null(0).to_numpy()
    assert idle[action == 1].mean() > idle[action == 0].mean()
    assert (greedy(mine.propose(FRESH, None)) == 0).all()


def test_clicks_takes_what_people_accept_most() -> None:
    mine = made("clicks")
    found = mine.propose(FRESH, learned(mine))
    gift_fits = found.fit[:, 3]
    assert (greedy(found)[gift_fits] == 3).all()


def test_parameters_may_lie_flat_or_under_params() -> None:
    flat, nested = made("risk", share=0.5), made("risk", params={"share": 0.5})
    assert learned(flat)["threshold"] == learned(nested)["threshold"]


def test_a_recipe_is_held_to_what_there_is() -> None:
    with pytest.raises(Unknown, match="effect"):
        made("efect")
    with pytest.raises(Unknown, match="call"):
        made("constant", action="cal").propose(FRESH, None)
    with pytest.raises(BadParameter, match="share"):
        made("risk", share="many").learn(RUN.training)


def test_training_rows_must_match() -> None:
    t = RUN.training
    with pytest.raises(BadParameter, match="10 values of goal"):
        made_up.Training(t.batch, t.action, t.propensity, t.goal[:10], t.responded, t.risk_label, t.weight)
