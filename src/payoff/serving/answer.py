"""From a batch of units to decisions: within the deadline, or the safe fallback.

A policy that raises, returns the wrong shape or anything but finite preferences, or is still thinking at the
deadline, costs nobody an answer: its units are left alone, with propensity 1 and marked as fallback.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from payoff.features.batch import Batch
from payoff.policy.base import Proposal
from payoff.policy.choose import Choice, capacity, choose
from payoff.records.suggestions import NOTHING
from payoff.serving.server import Server

Thought = tuple[Proposal, NDArray[np.float64]]
_HANGING: dict[str, threading.Thread] = {}
"""Releases whose last call is still out, past its deadline: they are not asked again before it returns."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision a unit of the batch, in its order.

    `choice` indexes `proposal.actions`. `risk` is NaN where no risk model has been learned. `latency_us` is the
    time the whole batch took, shared equally.
    """

    proposal: Proposal
    choice: Choice
    risk: NDArray[np.float64]
    fallback: bool
    latency_us: int


def answer(
    server: Server | None,
    batch: Batch,
    *,
    explore: float,
    rng: np.random.Generator,
    rested: NDArray[np.bool_],
    limit: int | None = None,
    deadline: float | None = None,
    known: Collection[str] | None = None,
) -> Decided:
    """Decide for every unit of the batch.

    `server` is `None` where a release could not be made ready; that is a fallback, too. `rested` marks units that
    may be contacted; the others are left alone. `limit` is how many suggestions people can still act on.
    `deadline` is in seconds for the whole batch; `None` lets a batch job take its time. `known` are the actions
    the playbook has; a proposal of any other is refused.
    """
    began = perf_counter()
    n, fallback = len(batch), False
    try:
        proposal, risk = _in_time(server, batch, deadline)
        _check(proposal, n, known)
        if risk.shape != (n,):
            raise ValueError(f"risks of shape {risk.shape} for {n} units")
    except Exception:
        proposal, risk, fallback = _left_alone(n), np.full(n, np.nan), True
    choice = choose(proposal, explore=explore, rng=rng, allow=rested)
    if limit is not None:
        choice = capacity(choice, proposal, limit)
    spent = int((perf_counter() - began) * 1e6 / max(1, n))
    return Decided(proposal, choice, risk, fallback, spent)


def risks(server: Server | None, batch: Batch) -> NDArray[np.float64]:
    """The risk alone, for units nobody decides for; NaN where there is no model, or it fails."""
    unknown = np.full(len(batch), np.nan)
    if server is None or server.risk is None:
        return unknown
    try:
        return server.risk.predict(batch.facts)
    except Exception:
        return unknown


def _in_time(server: Server | None, batch: Batch, deadline: float | None) -> Thought:
    if server is None:
        raise RuntimeError("the release could not be made ready")
    if deadline is None:
        return _think(server, batch)
    key = server.release.id
    if (hanging := _HANGING.get(key)) and hanging.is_alive():
        raise TimeoutError(f"{key} is still busy with an earlier request")
    done: list[Thought | Exception] = []

    def think() -> None:
        try:
            done.append(_think(server, batch))
        except Exception as error:
            done.append(error)

    # A thread of its own, thrown away: a call that never returns takes nobody else's place.
    thread = threading.Thread(target=think, name=f"payoff-{key}", daemon=True)
    thread.start()
    thread.join(deadline)
    if not done:
        _HANGING[key] = thread
        raise TimeoutError(f"{key} did not answer in time")
    if isinstance(done[0], Exception):
        raise done[0]
    return done[0]


def _think(server: Server, batch: Batch) -> Thought:
    risk = np.full(len(batch), np.nan) if server.risk is None else server.risk.predict(batch.facts)
    return server.policy.propose(batch, server.learned), risk


def _check(proposal: Proposal, n: int, known: Collection[str] | None) -> None:
    shape = (n, len(proposal.actions))
    arrays = (proposal.mean, proposal.sd, proposal.fit, proposal.preference)
    if proposal.actions[:1] != (NOTHING,) or any(a.shape != shape for a in arrays):
        raise ValueError(f"a proposal of shape {[a.shape for a in arrays]} for {shape}")
    strange = set(proposal.actions) - {NOTHING, *known} if known is not None else set()
    if strange:
        raise ValueError(f"actions the playbook does not have: {sorted(strange)}")
    if np.isposinf(proposal.preference).any() or (n and np.isnan(proposal.preference).all()):
        raise ValueError("preferences that prefer nothing, or everything")


def _left_alone(n: int) -> Proposal:
    zero = np.zeros((n, 1))
    return Proposal((NOTHING,), zero, zero, np.ones((n, 1), bool), zero)
