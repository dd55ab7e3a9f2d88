"""The draw: mostly the best action, now and then another fit one, and always with its exact probability.

Every fit action of a unit (doing nothing is one) has at least the probability `explore`; the greedy action has
the rest. The floor is what later makes it possible to say what another policy would have been worth, so the
logged propensity must be the probability of what was really done. That is why capacity is spent *before* the
draw: units are ranked by what their greedy action gains, units beyond the limit have "nothing" as their greedy
action, and only then is drawn. Cutting a list after the draw would leave wrong propensities behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.checks import number
from payoff.policy.base import Proposal

_FOR_LEARNING = 0.5
"""Largest share of the capacity that exploring may take; above it the floor is lowered."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One drawn action a unit.

    `action` indexes `actions`. `propensity` is the probability with which it was drawn, `probabilities`
    (units, actions) that of every action; rows sum to 1. `explored` is true where the draw was not the greedy
    action. `draw` is the uniform number behind it, kept so that the same luck can be applied to a capacity.
    """

    actions: tuple[str, ...]
    action: NDArray[np.intp]
    propensity: NDArray[np.float64]
    explored: NDArray[np.bool_]
    greedy: NDArray[np.intp]
    probabilities: NDArray[np.float64]
    draw: NDArray[np.float64]
    fit: NDArray[np.bool_]
    explore: float


def choose(
    proposal: Proposal, *, explore: float, rng: np.random.Generator, allow: NDArray[np.bool_] | None = None
) -> Choice:
    """Draw one action a unit.

    `allow` is (units,) — may anything be done for the unit at all — or (units, actions); it narrows `fit`.
    With so many fit actions that the floors would not leave anything for the best, all are equally likely.
    """
    number("floor", explore)
    fit = proposal.fit.copy()
    if allow is not None:
        fit &= allow[:, None] if allow.ndim == 1 else allow
    fit[:, 0] = True
    preference = np.where(fit & ~np.isnan(proposal.preference), proposal.preference, -np.inf)
    # Nothing to prefer is no reason to act: a row without any preference is left alone.
    greedy = np.where(np.isneginf(preference).all(axis=1), 0, preference.argmax(axis=1)).astype(np.intp)
    return _drawn(proposal.actions, fit, greedy, explore, rng.random(len(proposal)))


def capacity(choice: Choice, proposal: Proposal, limit: int) -> Choice:
    """The same luck, with at most `limit` suggestions to be expected; propensities are exact again.

    Greedy suggestions go to the units that gain most by them (preference over doing nothing); the ranking looks
    at the proposal alone, never at the draw. Exploring spends capacity, too: what it is expected to take is
    set aside first, and if that were more than half of the limit its floor is lowered for all.
    """
    limit = max(0, int(limit))
    explore = choice.explore
    count = choice.fit.sum(axis=1)
    taken = float(((count - 1) * np.minimum(explore, 1.0 / count)).sum())
    if taken > _FOR_LEARNING * limit:
        explore *= _FOR_LEARNING * limit / taken
        taken = _FOR_LEARNING * limit
    wants = np.flatnonzero(choice.greedy != 0)
    preference = np.nan_to_num(proposal.preference, nan=-np.inf)
    gain = preference[wants, choice.greedy[wants]] - np.where(
        np.isneginf(preference[wants, 0]), 0.0, preference[wants, 0]
    )
    ranked = wants[np.argsort(-gain, kind="stable")]
    # What a greedy suggestion adds to what exploring takes from its unit anyway.
    added = np.cumsum(1.0 - count[ranked] * np.minimum(explore, 1.0 / count[ranked]))
    greedy = np.zeros_like(choice.greedy)
    kept = ranked[: int(np.searchsorted(added, limit - taken + 1e-9, side="right"))]
    greedy[kept] = choice.greedy[kept]
    return _drawn(choice.actions, choice.fit, greedy, explore, choice.draw)


def _drawn(
    actions: tuple[str, ...],
    fit: NDArray[np.bool_],
    greedy: NDArray[np.intp],
    explore: float,
    draw: NDArray[np.float64],
) -> Choice:
    rows = np.arange(fit.shape[0])
    count = fit.sum(axis=1)
    floor = np.minimum(explore, 1.0 / count)
    probabilities = fit * floor[:, None]
    probabilities[rows, greedy] = 1.0 - floor * (count - 1)
    edges = probabilities.cumsum(axis=1)
    # Rounding may leave the last edge a hair under 1: the draw falls into the last action that can be drawn.
    action = np.minimum((draw[:, None] >= edges).sum(axis=1), fit.shape[1] - 1).astype(np.intp)
    missed = probabilities[rows, action] == 0
    action[missed] = greedy[missed]
    return Choice(
        actions, action, probabilities[rows, action], action != greedy, greedy, probabilities, draw, fit, explore
    )
