"""The people in customer success: gladness is not usefulness, and what they say is biased."""

from __future__ import annotations

import numpy as np

from payoff.simulate.effects import ACTIONS, TRUTHS
from payoff.simulate.workers import Said, feedback, pulse, respond
from payoff.simulate.world import World


def _said(seed: int, action: str, weeks: int = 12) -> tuple[World, list[tuple[str, Said]]]:
    world, said = World(seed), []
    for _ in range(weeks):
        due = world.due()
        actions = [action] * len(due)
        answers = respond(world, due, actions)
        said += [(due[s.index], s) for s in feedback(world, due, actions, answers)]
        world.outcomes(due, actions, answers.done)
        world.step()
    return world, said


def test_nobody_answers_when_nothing_was_suggested() -> None:
    world = World(4)
    due = world.due()
    answers = respond(world, due, ["nothing"] * len(due))
    assert not (answers.shown | answers.done | answers.dismissed).any()
    assert feedback(world, due, ["nothing"] * len(due), answers) == []


def test_answers_come_in_order_and_only_done_work_takes_minutes() -> None:
    world = World(4)
    due = world.due()
    answers = respond(world, due, ["setup_call"] * len(due))
    assert (answers.done <= answers.accepted).all()
    assert (answers.accepted <= answers.shown).all()
    assert not (answers.accepted & answers.dismissed).any()
    assert (answers.shown_hours < answers.answered_hours)[answers.accepted].all()
    assert (answers.answered_hours < answers.done_hours)[answers.done].all()
    assert np.isnan(answers.minutes[~answers.done]).all()
    assert (answers.minutes[answers.done] > 0).all()
    assert all(bool(why) == bool(no) for why, no in zip(answers.why, answers.dismissed, strict=True))


def test_appeal_has_little_to_do_with_value() -> None:
    world = World(7)
    value = [world.true_effect(world.active(), action).mean() for action in ACTIONS]
    appeal = [truth.appeal for truth in TRUTHS]
    assert np.corrcoef(value, appeal)[0, 1] < 0.3
    assert ACTIONS[int(np.argmax(appeal))] != ACTIONS[int(np.argmax(value))]


def test_convincing_reasons_raise_what_is_taken_up() -> None:
    world = World(7)
    units = world.active()
    plain = respond(world, units, ["setup_call"] * len(units))
    trusted = respond(world, units, ["setup_call"] * len(units), trust=1.0)
    assert (plain.accepted <= trusted.accepted).all()
    assert trusted.accepted.sum() > plain.accepted.sum()


def test_every_kind_of_feedback_is_given() -> None:
    _, said = _said(7, "setup_call")
    assert {s.thumb for _, s in said} == {1, -1, None}
    corrected = {key for _, s in said for key in (s.correction or {})}
    assert corrected == {"risk", "action", "invoices_late"}
    assert any(s.problem for _, s in said)
    assert any(s.idea for _, s in said)


def test_thumbs_are_biased_by_role() -> None:
    world, said = _said(7, "policy_templates", 24)
    role = dict(zip(world.company.id.tolist(), world.company.role.tolist(), strict=True))
    share = {
        r: np.mean(
            [s.thumb == 1 for unit, s in said if s.thumb is not None and not s.correction and role[unit] == r]
        )
        for r in (0, 1)
    }
    assert share[0] > share[1] + 0.15, (
        "payroll leads' accounts are praised, finance leads' are not, whatever helps"
    )


def test_confidence_follows_what_helps_and_some_do_not_answer() -> None:
    sure, unsure = [], []
    world = World(7)
    for _ in range(12):
        sure += [score for _, score in pulse(world, [0.14] * 6)]
        unsure += [score for _, score in pulse(world, [0.0] * 6)]
        world.step()
    assert None in sure
    assert np.mean([s for s in sure if s]) > np.mean([s for s in unsure if s]) + 0.8
