"""Who belongs where: a pure function of salts and ids, the same in every process and after every restart.

Three salts keep three questions independent: who is held out (for all releases), who is admitted to a trial,
and which arm an admitted unit gets. Admission is `bucket < share`, so raising the share keeps everybody who
was in; the arm is a fixed half of the admitted, so the split never changes during a ramp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.records.releases import Release

BUCKETS = 10_000


def bucket(salt: str, unit: str) -> int:
    """0 … 9,999, uniform over units; the first 8 bytes of SHA-256 over `salt|unit`."""
    digest = hashlib.sha256(f"{salt}|{unit}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % BUCKETS


def buckets(salt: str, units: Sequence[str]) -> NDArray[np.int64]:
    """One bucket a unit."""
    return np.fromiter((bucket(salt, unit) for unit in units), np.int64, len(units))


@dataclass(frozen=True, slots=True)
class Split:
    """Where each unit of a batch belongs, as arrays in the batch's order.

    `holdout`: treated as today. `named`: chosen by hand for the release on its way, outside every estimate.
    `admitted`: in the trial, in either arm. `challenger`: served by the release on trial.
    """

    holdout: NDArray[np.bool_]
    named: NDArray[np.bool_]
    admitted: NDArray[np.bool_]
    challenger: NDArray[np.bool_]


def split(
    units: Sequence[str],
    *,
    product: str,
    holdout: float,
    drawn: int = 1,
    trial: Release | None,
    named: Collection[str] = (),
    excluded: Collection[str] = (),
) -> Split:
    """Place every unit. `excluded` units are never held out and never in a trial; `named` ones neither.

    The holdout is drawn first and from everybody, so that it is the same for all releases; another `drawn` draws
    another one.
    """
    chosen = np.array([unit in named for unit in units], bool)
    outside = chosen | np.array([unit in excluded for unit in units], bool)
    held = (buckets(f"{product}/holdout/{drawn}", units) < round(holdout * BUCKETS)) & ~outside
    if trial is None or not trial.on_trial:
        none = np.zeros(len(units), bool)
        return Split(held, chosen, none, none)
    share = round(trial.share * BUCKETS)
    admitted = (buckets(f"{product}/{trial.id}/admission", units) < share) & ~held & ~outside
    arm = buckets(f"{product}/{trial.id}/arm", units) < BUCKETS // 2
    return Split(held, chosen, admitted, admitted & arm)
