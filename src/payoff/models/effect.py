"""What each action adds to the goal, for whom: a hierarchical Bayesian linear effect model, in closed form.

    y = base(x)·β + Σ_a 1[action = a]·φ(x)·θ_a + noise       "nothing" is the reference, its effect is 0
    θ ~ N(m, diag(v)),  noise ~ N(0, σ²/weight)              → posterior mean and covariance of every θ_a

Small groups borrow from large ones: action × role × industry shrinks towards role and industry, those towards
the action's main effect, that towards what the playbook expects; how much is learned from the data, too
(empirical Bayes). A 0/1 goal is read as a probability; effects are differences, in the goal's own measure.
Given the base, the actions are independent, so the equations are solved one action at a time (`models.normal`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.checks import BadParameter
from payoff.features.batch import Batch
from payoff.features.spec import FactSpec, infer
from payoff.models.arrays import packed, unpacked
from payoff.models.blocks import Blocks
from payoff.models.encode import Encoder
from payoff.models.evidence import Evidence, Tally, tally
from payoff.models.normal import Grams, Posterior
from payoff.models.prior import Prior, Spread
from payoff.models.threads import one_thread

_LEAST_NOISE = 1e-6
_PASSES = 8
_BELIEF = 6.0
"""How many coefficients' worth of belief the research's spreads have against those found in the data."""


@dataclass(frozen=True, slots=True)
class EffectModel:
    """Posterior of every action's effect. `noise` is the residual standard deviation of the goal, `n` the rows
    learned from (0: the playbook alone). `mean[k]` and `covariance[k]` belong to action k and are over the
    columns of `blocks`."""

    prior: Prior
    blocks: Blocks
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    noise: float
    n: int
    tallies: Mapping[str, Tally] = field(default_factory=dict)

    @classmethod
    def before(cls, prior: Prior, noise: float = 0.35) -> EffectModel:
        """No data yet: what the playbook expects, as sure as it says."""
        return cls(
            prior, Blocks.empty(), prior.mean[:, None].copy(), (prior.sd**2)[:, None, None].copy(), noise, 0
        )

    @classmethod
    def fit(
        cls,
        batch: Batch,
        action: NDArray[np.intp],
        y: NDArray[np.float64],
        weight: NDArray[np.float64] | None = None,
        prior: Prior | None = None,
        *,
        randomised: NDArray[np.bool_] | None = None,
        spec: FactSpec | None = None,
    ) -> EffectModel:
        """Learn from one row a unit and moment.

        `action` indexes `prior.actions`; `y` is the goal, NaN where not known yet (left out). `randomised` says
        where chance drew the action, so that words of cause are allowed; unset: nowhere.
        """
        if prior is None:
            raise BadParameter("an effect model without a prior", mend="Give Prior.of(playbook).")
        known = np.flatnonzero(~np.isnan(y) & (action >= 0))
        if not known.size:
            return cls.before(prior)
        batch, action, y = batch.take(known), action[known], y[known]
        w = np.ones(y.size) if weight is None else weight[known].astype(np.float64)
        chance = np.zeros(y.size, bool) if randomised is None else randomised[known]
        spec = spec or infer(batch.facts)
        blocks = Blocks.fit(batch, spec)
        Phi = blocks.matrix(batch)
        base = np.column_stack(
            [Phi[:, : blocks.width], Encoder.fit(batch.facts, _texts_only(spec)).matrix(batch.facts)]
        )
        noise = _deviation(float(w @ (y - np.average(y, weights=w)) ** 2), w)
        believed = prior.spread
        with one_thread():
            grams = Grams.of(base, Phi, action, y, w, len(prior.actions))
            for _ in range(_PASSES):  # noise from the residuals, spread from the effects found (EM)
                found = grams.posterior(*_before(prior, blocks, noise), prior.spread.base, noise)
                noise = _deviation(grams.squares(found), w)
                prior = replace(prior, spread=_learned_spread(believed, blocks, found, noise))
        mean, covariance = found.mean, found.covariance
        tallies = tally(batch, action, Phi, mean, covariance, prior.actions, chance=chance)
        return cls(prior, blocks, mean, covariance, noise, int(y.size), tallies)

    @property
    def actions(self) -> tuple[str, ...]:
        return self.prior.actions

    def effect(self, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(rows, actions) mean and standard deviation of the effect against doing nothing; column 0 is 0."""
        Phi = self.blocks.matrix(batch)
        mean = Phi @ self.mean.T
        variance = np.stack(
            [np.einsum("np,pq,nq->n", Phi, C, Phi, optimize=True) for C in self.covariance], axis=1
        )
        spread, s2 = self.prior.spread, self.noise**2
        unmet = self.blocks.unmet(batch, spread.role * s2, spread.industry * s2, spread.cell * s2)
        if self.n:
            variance[:, 1:] += unmet[:, None]
        for k in range(1, len(self.actions)):  # a role not met keeps what corrections said of it
            for role in {r for a, r in self.prior.shift if a == self.actions[k]} - set(self.blocks.roles):
                mean[batch.role == role, k] += self.prior.shifted(k, role)
        return mean, np.sqrt(np.maximum(variance, 0.0))

    def evidence(self, role: str, industry: str, action: str) -> Evidence | None:
        """What the data say of the action for this role and industry, or for the nearest larger group with
        enough of them; None before any."""
        return Evidence.nearest(self.tallies, role, industry, action)

    def contributions(self, batch: Batch, action: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Names, and (rows, names): what role, industry and each fact add to the effect of one action, against
        the average unit; exact for a linear model."""
        names, of = self.blocks.groups()
        parts = self.blocks.matrix(batch)[:, 1:] * self.mean[self.actions.index(action)][1:]
        out = np.zeros((len(batch), len(names)))
        for g in range(len(names)):
            out[:, g] = parts[:, of == g].sum(axis=1)
        return names, out

    def to_json(self) -> dict[str, Any]:
        prior = self.prior
        return {
            "model": "effect",
            "version": 1,
            "actions": list(prior.actions),
            "prior_mean": prior.mean.tolist(),
            "prior_sd": prior.sd.tolist(),
            "shift": [[action, role, value] for (action, role), value in prior.shift.items()],
            "spread": {name: getattr(prior.spread, name) for name in Spread.__dataclass_fields__},
            "blocks": self.blocks.to_json(),
            "mean": packed(self.mean),
            "covariance": packed(self.covariance),
            "noise": self.noise,
            "n": self.n,
            "tallies": {key: t.to_json() for key, t in self.tallies.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EffectModel:
        prior = Prior(
            tuple(data["actions"]),
            np.array(data["prior_mean"], dtype=np.float64),
            np.array(data["prior_sd"], dtype=np.float64),
            {(action, role): value for action, role, value in data["shift"]},
            Spread(**data["spread"]),
        )
        return cls(
            prior,
            Blocks.from_json(data["blocks"]),
            unpacked(data["mean"]),
            unpacked(data["covariance"]),
            data["noise"],
            data["n"],
            {key: Tally(**t) for key, t in data["tallies"].items()},
        )


def _texts_only(spec: FactSpec) -> FactSpec:
    return FactSpec(categorical=spec.categorical)


def _deviation(squares: float, w: NDArray[np.float64]) -> float:
    return float(np.sqrt(max(squares / w.sum(), _LEAST_NOISE)))


def _before(prior: Prior, blocks: Blocks, noise: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Prior means and variances, (actions, columns)."""
    K, s2, spread = len(prior.actions), noise**2, prior.spread
    mean, variance = np.zeros((K, blocks.width)), np.ones((K, blocks.width))
    for k in range(1, K):
        variance[k] = blocks.variances(
            prior.sd[k] ** 2, spread.role * s2, spread.industry * s2, spread.cell * s2, spread.fact * s2
        )
        mean[k, 0] = prior.mean[k]
        for column, role in blocks.role_columns():
            mean[k, column] = prior.shifted(k, role)
    return mean, variance


def _learned_spread(believed: Spread, blocks: Blocks, found: Posterior, noise: float) -> Spread:
    """How far roles, industries, cells and facts really lie apart: empirical Bayes, one EM step.

    Each block's variance becomes the mean square of its coefficients (their uncertainty included), drawn
    towards what was believed with the weight of a few coefficients. The main effects keep the experts' own
    uncertainty.
    """
    squares = (found.mean[1:] ** 2 + np.diagonal(found.covariance[1:], axis1=1, axis2=2)) / noise**2
    learned, start = {}, 1
    for name, width in blocks.widths().items():
        block = squares[:, start : start + width]
        start += width
        learned[name] = float((block.sum() + _BELIEF * getattr(believed, name)) / (block.size + _BELIEF))
    return replace(believed, **learned)
