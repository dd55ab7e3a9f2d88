"""Normal equations of the effect model, summed once and solved for any noise: one action at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

Array = NDArray[np.float64]
_FREE = 1e-6
"""Prior precision of the level: as good as none, so that it is never shrunk."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """Means (K, p) and covariances (K, p, p) of the actions' effects, coefficients of the base (q)."""

    mean: Array
    covariance: Array
    base: Array


@dataclass(frozen=True, slots=True)
class Grams:
    """Weighted sums over rows: base with itself and with y; for each action its own, and with the base."""

    base: Array
    base_y: Array
    own: Array
    cross: Array
    own_y: Array
    yy: float

    @classmethod
    def of(cls, base: Array, Phi: Array, action: NDArray[np.intp], y: Array, w: Array, K: int) -> Grams:
        p, q = Phi.shape[1], base.shape[1]
        weighted = base * w[:, None]
        own, cross, own_y = np.zeros((K, p, p)), np.zeros((K, q, p)), np.zeros((K, p))
        for k in range(1, K):
            rows = np.flatnonzero(action == k)
            F = Phi[rows]
            own[k] = (F * w[rows, None]).T @ F
            cross[k] = weighted[rows].T @ F
            own_y[k] = (w[rows] * y[rows]) @ F
        return cls(weighted.T @ base, y @ weighted, own, cross, own_y, float(w @ (y * y)))

    def posterior(self, mean: Array, variance: Array, base_variance: float, noise: float) -> Posterior:
        """For prior means and variances (K, p) and a noise standard deviation.

        With G = base'W·base/σ² + P₀ and, for each action, D_a = Φ'WΦ/σ² + P_a, B_a = base'WΦ/σ²:
        S = G − Σ B_a D_a⁻¹ B_a' ; cov(θ_a) = D_a⁻¹ + D_a⁻¹ B_a' S⁻¹ B_a D_a⁻¹.
        """
        s2 = noise**2
        K, p = mean.shape
        precision = np.full(self.base_y.size, 1.0 / base_variance)
        precision[0] = _FREE
        S, h = self.base / s2 + np.diag(precision), self.base_y / s2
        solved: list[tuple[Any, Array, Array]] = []
        for k in range(1, K):
            factor = cho_factor(self.own[k] / s2 + np.diag(1.0 / variance[k]))
            B, b = self.cross[k] / s2, mean[k] / variance[k] + self.own_y[k] / s2
            DB = cho_solve(factor, B.T)
            S -= B @ DB
            h -= DB.T @ b
            solved.append((factor, DB, b))
        S_factor = cho_factor(S)
        beta = cho_solve(S_factor, h)
        out, covariance = np.zeros((K, p)), np.zeros((K, p, p))
        for k, (factor, DB, b) in enumerate(solved, start=1):
            out[k] = cho_solve(factor, b) - DB @ beta
            covariance[k] = cho_solve(factor, np.eye(p)) + DB @ cho_solve(S_factor, DB.T)
        return Posterior(out, covariance, beta)

    def squares(self, found: Posterior) -> float:
        """Weighted sum of squared residuals under the posterior means."""
        b, out = found.base, self.yy - 2.0 * float(self.base_y @ found.base)
        out += float(b @ self.base @ b)
        for k in range(1, found.mean.shape[0]):
            theta = found.mean[k]
            out += float(theta @ self.own[k] @ theta + 2.0 * (b @ self.cross[k] - self.own_y[k]) @ theta)
        return max(out, 0.0)
