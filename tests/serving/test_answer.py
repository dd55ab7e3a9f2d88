"""Whatever a model does, the caller gets an answer in time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from tests.small import START, accounts, product

from payoff.features.build import batch
from payoff.policy.base import Proposal
from payoff.records.releases import Move, Release
from payoff.serving.answer import answer
from payoff.serving.server import Server

ACTIONS = ("nothing", "call")


@dataclass
class Broken:
    """A policy that fails in one way."""

    way: str
    name: str = "broken"
    shapes: dict[str, Any] = field(default_factory=dict)

    def learn(self, training):
        return {}

    def propose(self, batch, learned):
        n = len(batch)
        good = np.tile([0.0, 1.0], (n, 1))
        fit = np.ones((n, 2), bool)
        if self.way == "raises":
            raise RuntimeError("boom")
        if self.way == "hangs":
            time.sleep(2)
        if self.way == "shape":
            return Proposal(ACTIONS, good[:, :1], good, fit, good)
        if self.way == "NaN":
            return Proposal(ACTIONS, good, good, fit, np.full((n, 2), np.nan))
        if self.way == "infinite":
            return Proposal(ACTIONS, good, good, fit, np.full((n, 2), np.inf))
        if self.way == "text":
            return "call them"
        return Proposal(ACTIONS, good, good, fit, good)


def served(way: str, deadline: float | None = 0.2):
    made = product()
    made.facts(accounts(6))
    release = Release(way, way, "full", 1.0, {}, (Move("full", 1.0, START, "pm", ""),))
    units = batch(made.workspace.tables, made.brief, START)
    rng = np.random.default_rng(1)
    server = Server(release, Broken(way), None, None)
    return answer(server, units, explore=0.0, rng=rng, rested=np.ones(6, bool), deadline=deadline)


@pytest.mark.parametrize("way", ["raises", "hangs", "shape", "NaN", "infinite", "text"])
def test_a_broken_model_costs_nobody_an_answer(way):
    decided = served(way)
    assert decided.fallback
    assert (decided.choice.action == 0).all()
    assert (decided.choice.propensity == 1.0).all()
    assert decided.proposal.actions == ("nothing",)


def test_a_sound_model_is_not_a_fallback():
    decided = served("fine", deadline=None)
    assert not decided.fallback
    assert (decided.choice.action == 1).all()


def test_one_hanging_release_takes_no_other_down():
    assert served("hangs").fallback
    assert all(served("hangs").fallback for _ in range(20))  # not asked again while its last call is out
    assert not served("fine", deadline=5.0).fallback


def test_a_release_that_cannot_be_made_ready_is_a_fallback():
    made = product()
    made.facts(accounts(6))
    units = batch(made.workspace.tables, made.brief, START)
    rng = np.random.default_rng(1)
    decided = answer(None, units, explore=0.0, rng=rng, rested=np.ones(6, bool))
    assert decided.fallback
    assert (decided.choice.propensity == 1.0).all()


def test_an_action_the_playbook_does_not_have_is_never_suggested():
    made = product()
    made.facts(accounts(6))
    release = Release("fine", "fine", "full", 1.0, {}, (Move("full", 1.0, START, "pm", ""),))
    units = batch(made.workspace.tables, made.brief, START)
    server = Server(release, Broken("fine"), None, None)
    rng = np.random.default_rng(1)
    assert answer(server, units, explore=0.0, rng=rng, rested=np.ones(6, bool), known={"mail"}).fallback
