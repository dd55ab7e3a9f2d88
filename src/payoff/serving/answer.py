"""From a batch of units to decisions: within the deadline, or the safe fallback.

A policy that raises, returns the wrong shape or anything but finite preferences, or is still thinking at the
deadline, costs nobody an answer: its units are left alone, with propensity 1 and marked as fallback.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from payoff.features.batch import Batch
from payoff.policy.base import Proposal
from payoff.policy.choose import Choice, capacity, choose
from payoff.records.suggestions import NOTHING
from payoff.serving.server import Server

_POOL = ThreadPoolExecutor(max_workers=8, thread_name_prefix="payoff-model")


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
    server: Server,
    batch: Batch,
    *,
    explore: float,
    rng: np.random.Generator,
    rested: NDArray[np.bool_],
    limit: int | None = None,
    deadline: float | None = None,
) -> Decided:
    """Decide for every unit of the batch.

    `rested` marks units that may be contacted; the others are left alone. `limit` is how many suggestions
    people can still act on. `deadline` is in seconds for the whole batch; `None` lets a batch job take its time.
    """
    began = perf_counter()
    fallback = False
    try:
        if deadline is None:
            proposal, risk = _think(server, batch)
        else:
            proposal, risk = _POOL.submit(_think, server, batch).result(timeout=deadline)
        _check(proposal, len(batch))
    except (Exception, TooLate):
        proposal, risk, fallback = _left_alone(len(batch)), np.full(len(batch), np.nan), True
    choice = choose(proposal, explore=explore, rng=rng, allow=rested)
    if limit is not None:
        choice = capacity(choice, proposal, limit)
    spent = int((perf_counter() - began) * 1e6 / max(1, len(batch)))
    return Decided(proposal, choice, risk, fallback, spent)


def _think(server: Server, batch: Batch) -> tuple[Proposal, NDArray[np.float64]]:
    risk = np.full(len(batch), np.nan) if server.risk is None else server.risk.predict(batch.facts)
    return server.policy.propose(batch, server.learned), risk


def _check(proposal: Proposal, n: int) -> None:
    shape = (n, len(proposal.actions))
    arrays = (proposal.mean, proposal.sd, proposal.fit, proposal.preference)
    if proposal.actions[:1] != (NOTHING,) or any(a.shape != shape for a in arrays):
        raise ValueError(f"a proposal of shape {[a.shape for a in arrays]} for {shape}")
    if np.isposinf(proposal.preference).any() or (n and np.isnan(proposal.preference).all()):
        raise ValueError("preferences that prefer nothing, or everything")


def _left_alone(n: int) -> Proposal:
    zero = np.zeros((n, 1))
    return Proposal((NOTHING,), zero, zero, np.ones((n, 1), bool), zero)
