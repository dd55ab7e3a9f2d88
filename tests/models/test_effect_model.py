from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from tests import made_up

from payoff.errors import BadInput
from payoff.features.batch import Batch
from payoff.features.spec import infer
from payoff.models.arrays import packed, unpacked
from payoff.models.blocks import Blocks
from payoff.models.effect import EffectModel, _before, _texts_only
from payoff.models.encode import Encoder
from payoff.models.normal import Grams
from payoff.models.prior import Prior

PRIOR = Prior.of(made_up.PLAYBOOK)


def learned(n: int, seed: int = 0, prior: Prior = PRIOR) -> EffectModel:
    run = made_up.run(n, seed)
    t = run.training
    return EffectModel.fit(t.batch, run.action, t.goal, None, prior, randomised=t.randomised)


MODEL = learned(6000)
FRESH = made_up.batch(1500, seed=99)


def test_before_any_data_it_says_what_the_playbook_says() -> None:
    mean, sd = EffectModel.before(PRIOR).effect(FRESH)
    assert np.allclose(mean, [0.0, 0.05, 0.02, 0.0])
    assert np.allclose(sd, [0.0, 0.05, 0.05, 0.05])


def test_no_known_row_is_no_data() -> None:
    run = made_up.run(100)
    model = EffectModel.fit(run.training.batch, run.action, np.full(100, np.nan), None, PRIOR)
    assert np.allclose(model.effect(FRESH)[0], EffectModel.before(PRIOR).effect(FRESH)[0])


def test_doing_nothing_has_no_effect() -> None:
    mean, sd = MODEL.effect(FRESH)
    assert (mean[:, 0] == 0).all()
    assert (sd[:, 0] == 0).all()


def test_it_learns_for_whom_the_call_helps_and_whom_it_harms() -> None:
    mean, _ = MODEL.effect(FRESH)
    truth = made_up.true_effect(FRESH)
    assert mean[FRESH.role == "finance", 1].mean() > 0.15
    assert mean[FRESH.role == "sales", 1].mean() < 0
    assert np.abs(mean - truth).mean() < 0.04


def test_its_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Worlds drawn from what the prior believes, 40 of them: nearly 95% of the effects lie inside."""
    held = []
    rng = np.random.default_rng(8)
    for seed in range(40):
        of = made_up.batch(1200, seed)
        action = rng.integers(0, 4, len(of))
        main = PRIOR.mean + PRIOR.sd * rng.normal(size=4)
        by_role = {role: 0.02 * rng.normal(size=4) for role in made_up.ROLES}
        by_industry = {industry: 0.02 * rng.normal(size=4) for industry in made_up.INDUSTRIES}
        truth = main + np.array([by_role[r] + by_industry[i] for r, i in zip(of.role, of.industry, strict=True)])
        truth[:, 0] = 0
        y = 0.4 + truth[np.arange(len(of)), action] + rng.normal(0, 0.4, len(of))
        mean, sd = EffectModel.fit(of, action, y, None, PRIOR).effect(of)
        held.append((np.abs(mean - truth)[:, 1:] < 1.96 * sd[:, 1:]).mean())
    assert 0.91 < np.mean(held) < 0.99


def test_roles_further_apart_than_believed_are_found_to_be() -> None:
    """The roles of this company differ by 15 to 25 points; the playbook's prior believes in 2."""
    wide, narrow = MODEL.prior.spread.role, PRIOR.spread.role
    assert wide > 3 * narrow
    assert MODEL.prior.spread.industry < 2 * PRIOR.spread.industry
    truth, held = made_up.true_effect(FRESH), []
    for seed in range(8):
        mean, sd = learned(3000, seed).effect(FRESH)
        held.append((np.abs(mean - truth)[:, 1:] < 1.96 * sd[:, 1:]).mean())
    assert np.mean(held) > 0.9


def test_more_data_make_it_surer() -> None:
    assert MODEL.effect(FRESH)[1][:, 1:].mean() < learned(600).effect(FRESH)[1][:, 1:].mean()


def test_a_closed_form_solved_at_once_gives_the_same() -> None:
    """The blocks one after the other against one ridge regression over all columns."""
    run = made_up.run(800, 5)
    t = run.training
    blocks = Blocks.fit(t.batch, infer(t.batch.facts))
    Phi = blocks.matrix(t.batch)
    base = np.column_stack(
        [Phi, Encoder.fit(t.batch.facts, _texts_only(infer(t.batch.facts))).matrix(t.batch.facts)]
    )
    m0, v0 = _before(PRIOR, blocks, 0.45)
    found = Grams.of(base, Phi, run.action, t.goal, np.ones(800), 4).posterior(m0, v0, 1.0, 0.45)
    dense = np.hstack([base, *[Phi * (run.action == k)[:, None] for k in (1, 2, 3)]])
    precision = np.concatenate([[1e-6], np.ones(base.shape[1] - 1), *(1 / v0[k] for k in (1, 2, 3))])
    start = np.concatenate([np.zeros(base.shape[1]), *(m0[k] for k in (1, 2, 3))])
    A = dense.T @ dense / 0.45**2 + np.diag(precision)
    theta = np.linalg.solve(A, dense.T @ t.goal / 0.45**2 + precision * start)
    p = Phi.shape[1]
    assert np.allclose(found.mean[1:].ravel(), theta[base.shape[1] :], atol=1e-6)
    covariance = np.linalg.inv(A)[-p:, -p:]
    assert np.allclose(found.covariance[3], covariance, atol=1e-8)


def test_a_role_nobody_has_met_gets_the_main_effect_and_less_certainty() -> None:
    of = FRESH.take(np.arange(5))
    stranger = Batch(of.units, of.facts, np.full(5, "pilot", object), of.industry, of.contact, of.as_of)
    mean, sd = MODEL.effect(stranger)
    assert np.isfinite(mean).all()
    known = MODEL.effect(of)[1]
    assert sd[:, 1].mean() > known[:, 1].mean()


def test_corrections_move_what_is_expected_but_a_flood_of_them_no_further() -> None:
    shifted = Prior.of(made_up.PLAYBOOK, {("call", "finance"): -1.0})
    flooded = Prior.of(made_up.PLAYBOOK, {("call", "finance"): -500.0})
    is_finance = FRESH.role == "finance"
    plain = EffectModel.before(PRIOR).effect(FRESH)[0][is_finance, 1]
    for prior in (shifted, flooded):
        assert np.allclose(EffectModel.before(prior).effect(FRESH)[0][is_finance, 1], plain - 0.05)
        assert learned(6000, prior=prior).effect(FRESH)[0][is_finance, 1].mean() > 0.12


def test_evidence_names_the_smallest_group_with_enough_cases() -> None:
    cell = MODEL.evidence("finance", "retail", "call")
    assert cell is not None
    assert (cell.group, cell.randomised) == ("cell", True)
    assert cell.low < cell.mean < cell.high
    role = MODEL.evidence("finance", "mining", "call")
    assert role is not None
    assert role.group == "role"
    assert role.n > cell.n
    everyone = MODEL.evidence("pilot", "mining", "call")
    assert everyone is not None
    assert everyone.group == "all"
    assert EffectModel.before(PRIOR).evidence("finance", "retail", "call") is None


def test_a_unit_decided_on_every_week_is_one_case() -> None:
    run = made_up.run(300)
    t = run.training
    weeks = np.tile(np.arange(300), 5)
    model = EffectModel.fit(t.batch.take(weeks), run.action[weeks], t.goal[weeks], None, PRIOR)
    found = model.evidence("", "", "call")
    assert found is not None
    assert found.n == (run.action == 1).sum()


def test_without_chance_evidence_is_not_called_randomised() -> None:
    run = made_up.run(3000, propensity=1.0)
    t = run.training
    model = EffectModel.fit(t.batch, run.action, t.goal, None, PRIOR, randomised=t.randomised)
    found = model.evidence("finance", "retail", "call")
    assert found is not None
    assert not found.randomised


def test_contributions_add_up_to_the_effect() -> None:
    _, parts = MODEL.contributions(FRESH, "call")
    whole = MODEL.effect(FRESH)[0][:, 1]
    assert np.allclose(parts.sum(axis=1) + MODEL.mean[1, 0], whole)


def test_the_way_through_json_changes_nothing() -> None:
    again = EffectModel.from_json(json.loads(json.dumps(MODEL.to_json(), allow_nan=False)))
    for one, other in zip(again.effect(FRESH), MODEL.effect(FRESH), strict=True):
        assert np.array_equal(one, other)
    assert again.evidence("sales", "care", "mail") == MODEL.evidence("sales", "care", "mail")


def test_facts_that_are_gone_leave_it_standing() -> None:
    bare = Batch(
        FRESH.units, pa.table({"x": pa.nulls(len(FRESH))}), FRESH.role, FRESH.industry, FRESH.contact, FRESH.as_of
    )
    assert np.isfinite(MODEL.effect(bare)[0]).all()


def test_a_damaged_array_is_refused() -> None:
    data = packed(np.ones((2, 3)))
    assert np.array_equal(unpacked(data), np.ones((2, 3)))
    with pytest.raises(BadInput, match="damaged"):
        unpacked({**data, "shape": [2, 4]})
