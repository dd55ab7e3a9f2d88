"""Luck that belongs to somebody: every draw is a function of (seed, purpose, unit, week).

Nothing is drawn from a shared stream, so what happens to one account can never change another's luck, and two
policies played over one seed meet the same luck (common random numbers).
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Luck:
    """Uniform and normal draws by key. `purpose` is a word; the same key gives the same draw for good."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._salts: dict[str, np.uint64] = {}

    def uniform(self, purpose: str, unit: ArrayLike, week: int = 0) -> Floats:
        """One number in (0, 1) a unit."""
        with np.errstate(over="ignore"):  # wrapping around is what a hash does
            key = np.atleast_1d(np.asarray(unit, dtype=np.uint64)) * _GOLDEN + self._salt(purpose)
            key = _mix(key + _mix(np.atleast_1d(np.uint64(week + 1_000_000)) * _GOLDEN))
        return ((key >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53

    def normal(self, purpose: str, unit: ArrayLike, week: int = 0) -> Floats:
        """One standard normal number a unit (Box and Muller, 1958)."""
        radius = np.sqrt(-2.0 * np.log(self.uniform(f"{purpose}/radius", unit, week)))
        return radius * np.cos(2.0 * np.pi * self.uniform(f"{purpose}/angle", unit, week))

    def pick(self, purpose: str, unit: ArrayLike, shares: ArrayLike, week: int = 0) -> NDArray[np.int64]:
        """One index a unit, each with its share."""
        edges = np.cumsum(np.asarray(shares, dtype=np.float64))
        index = np.searchsorted(edges / edges[-1], self.uniform(purpose, unit, week), side="right")
        return index.astype(np.int64)

    def _salt(self, purpose: str) -> np.uint64:
        if purpose not in self._salts:
            digest = hashlib.sha256(f"{self.seed}/{purpose}".encode()).digest()
            self._salts[purpose] = np.uint64(int.from_bytes(digest[:8], "big"))
        return self._salts[purpose]


def _mix(key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))
