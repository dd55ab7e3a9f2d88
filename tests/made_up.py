"""A made-up company whose truth is known: who leaves, and what each action does for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payoff.brief.schema import Brief, Playbook
from payoff.features.batch import Batch
from payoff.policy.training import Training

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ROLES = ("admin", "finance", "sales")
INDUSTRIES = ("retail", "care")
PLAYBOOK = Playbook.model_validate(
    {
        "actions": [
            {"id": "call", "say": "Call", "cost": 10, "expects": 0.05, "rank": 2, "why": "People who talk stay"},
            {"id": "mail", "say": "Mail", "cost": 1, "expects": 0.02, "rank": 1, "roles": ["admin", "finance"]},
            {
                "id": "gift",
                "say": "Give",
                "cost": 30,
                "rank": 3,
                "when": [{"fact": "seats", "at_least": 10}, {"fact": "plan", "not_among": ["free"]}],
            },
        ]
    }
)
ACTIONS = ("nothing", "call", "mail", "gift")


def brief(worth: float | None = 1000.0, measure: str = "yes_no") -> Brief:
    return Brief.model_validate(
        {
            "product": {"name": "made_up"},
            "unit": {"role": "role", "industry": "industry"},
            "outcomes": {"first_value": {"worth": worth, "measure": measure}, "left": {"good": False}},
            "metrics": [
                {"name": "value", "kind": "outcome_rate", "purpose": "leading goal", "outcome": "first_value"}
            ],
        }
    )


def batch(n: int, seed: int = 0) -> Batch:
    """Numbers, yes/no, texts, numbers written as text, and gaps."""
    rng = np.random.default_rng([seed, 1])
    role, industry = rng.choice(ROLES, n), rng.choice(INDUSTRIES, n)
    idle = rng.exponential(10, n).round()
    facts = pa.table(
        {
            "role": role,
            "industry": industry,
            "days_since_login": pa.array(idle, mask=rng.random(n) < 0.05),
            "seats": [f"{s}" for s in rng.integers(1, 40, n)],
            "autopay": rng.random(n) < 0.6,
            "plan": rng.choice(["free", "team", "pro"], n, p=[0.3, 0.5, 0.2]),
        }
    )
    units = tuple(f"acct-{i}" for i in range(n))
    return Batch(units, facts, role.astype(object), industry.astype(object), np.full(n, "", object), NOW)


def left(of: Batch, seed: int = 0) -> NDArray[np.float64]:
    """Who leaves: the idle, those without autopay, the free plan."""
    rng = np.random.default_rng([seed, 2])
    idle = of.facts["days_since_login"].fill_null(10).to_numpy()
    odds = -2 + 0.08 * idle - 1.0 * of.facts["autopay"].to_numpy() + 1.2 * (np.array(of.facts["plan"]) == "free")
    return (rng.random(len(of)) < 1 / (1 + np.exp(-odds))).astype(float)


def true_effect(of: Batch) -> NDArray[np.float64]:
    """(units, actions): the call helps finance, does harm in sales; the mail helps a little; the gift nothing."""
    effect = np.zeros((len(of), 4))
    effect[:, 1] = 0.10 + 0.15 * (of.role == "finance") - 0.25 * (of.role == "sales")
    effect[:, 2] = 0.04
    return effect


@dataclass(frozen=True)
class Run:
    training: Training
    action: NDArray[np.intp]


def run(n: int, seed: int = 0, *, share_nothing: float = 0.25, propensity: float | None = None) -> Run:
    """An experiment: actions drawn by chance, everything known."""
    rng = np.random.default_rng([seed, 3])
    of = batch(n, seed)
    p = np.array([share_nothing, *[(1 - share_nothing) / 3] * 3])
    action = rng.choice(4, n, p=p)
    chance = 0.4 + true_effect(of)[np.arange(n), action]
    goal = (rng.random(n) < chance).astype(float)
    accepts = np.array([0.0, 0.2, 0.3, 0.9])[action]
    training = Training(
        of,
        tuple(ACTIONS[a] for a in action),
        p[action] if propensity is None else np.full(n, propensity),
        goal,
        np.where(action > 0, (rng.random(n) < accepts).astype(float), np.nan),
        left(of, seed),
        np.ones(n),
    )
    return Run(training, action)
