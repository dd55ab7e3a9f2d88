"""The truth no product ever sees: what each action does to whom, what it costs in goodwill, how it appeals.

Effects are probability points on reaching first value within 14 days, for an action that is really done. They
vary by role, by industry and by what the account is going through, and they are negative for *sleeping dogs*:
accounts that pay and no longer log in, and that a well-meant nudge reminds of leaving (Ascarza, 2018). Appeal
(how gladly people take a suggestion up) is largely unrelated to the effect, as it is in life.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from payoff.checks import BadParameter
from payoff.records.suggestions import NOTHING
from payoff.simulate.company import INDUSTRIES, ROLES, Company
from payoff.simulate.luck import Floats, Luck


@dataclass(frozen=True, slots=True)
class Truth:
    """One action as it is. `by_role` and `by_industry` add to `main`; unnamed ones add nothing.

    `early` adds for accounts with few setup steps done, `late_invoice` for those with an invoice overdue,
    `dog` for dormant payers; `complaint` is what it adds to the chance of a complaint (`dog_complaint` for
    dormant payers). `appeal` is the chance that a worker takes it up, `finished` that it is then done.
    """

    id: str
    main: float
    by_role: dict[str, float]
    by_industry: dict[str, float]
    early: float
    late_invoice: float
    dog: float
    complaint: float
    dog_complaint: float
    appeal: float
    finished: float
    minutes: float
    cost: float


TRUTHS = (
    Truth("setup_call", 0.13, {"payroll lead": 0.12, "founder": 0.06, "finance lead": -0.05, "IT admin": -0.08},
          {"construction": 0.03, "software": -0.04}, 0.05, 0.0, -0.32, 0.004, 0.05, 0.85, 0.95, 35, 30),
    Truth("short_guide", 0.03, {"founder": -0.02, "IT admin": 0.01},
          {}, 0.01, 0.0, -0.20, 0.002, 0.02, 0.95, 0.97, 4, 1),
    Truth("billing_review", 0.02, {"finance lead": 0.12}, {"logistics": 0.03}, 0.0, 0.14, -0.10, 0.0, 0.02,
          0.77, 0.94, 20, 14),
    Truth("integration_check", 0.01, {"IT admin": 0.23, "founder": 0.04}, {"retail": 0.04, "software": 0.05},
          0.02, 0.0, -0.15, 0.0, 0.02, 0.74, 0.92, 30, 25),
    Truth("policy_templates", 0.03, {"HR manager": 0.16}, {"hospitality": 0.04, "healthcare": 0.03},
          0.0, 0.0, -0.12, 0.002, 0.02, 0.82, 0.95, 8, 4),
    Truth("winback_offer", -0.10, {"finance lead": -0.03, "founder": 0.02}, {}, -0.02, 0.0, -0.20, 0.13, 0.20,
          0.86, 0.96, 6, 45),
)  # fmt: skip
ACTIONS = tuple(truth.id for truth in TRUTHS)
_INDEX = {truth.id: i for i, truth in enumerate(TRUTHS)}


class Effects:
    """True effects of every action on every account; every seed tilts them its own way by role and industry."""

    def __init__(self, company: Company, luck: Luck) -> None:
        roles, industries = len(ROLES), len(INDUSTRIES)
        cell = np.arange(len(TRUTHS) * roles * industries).reshape(len(TRUTHS), roles, industries)
        tilt = (
            0.020 * luck.normal("effect by role", cell[:, :, 0])[:, :, None]
            + 0.020 * luck.normal("effect by industry", cell[:, 0, :])[:, None, :]
            + 0.015 * luck.normal("effect by both", cell)
        )
        role = np.array([[t.by_role.get(r, 0.0) for r in ROLES] for t in TRUTHS])
        industry = np.array([[t.by_industry.get(i, 0.0) for i in INDUSTRIES] for t in TRUTHS])
        main = np.array([t.main for t in TRUTHS])
        table = main[:, None, None] + role[:, :, None] + industry[:, None, :] + tilt
        self._steady: Floats = table[:, company.role, company.industry].T
        self._columns = {
            name: np.array([getattr(t, name) for t in TRUTHS])
            for name in (
                "early",
                "late_invoice",
                "dog",
                "complaint",
                "dog_complaint",
                "appeal",
                "finished",
                "minutes",
            )
        }

    def points(
        self, rows: np.ndarray, *, early: np.ndarray, late_invoice: np.ndarray, dormant: np.ndarray
    ) -> Floats:
        """(n, 6) probability points for the accounts in `rows`, before the chance is kept between 0 and 1."""
        return (
            self._steady[rows]
            + np.outer(early, self._columns["early"])
            + np.outer(late_invoice, self._columns["late_invoice"])
            + np.outer(dormant, self._columns["dog"])
        )

    def complaints(self, dormant: np.ndarray) -> Floats:
        """(n, 6) points an action adds to the chance of a complaint within a week."""
        return self._columns["complaint"] + np.outer(dormant, self._columns["dog_complaint"])

    def column(self, name: str) -> Floats:
        """One property of all six actions, in the order of `ACTIONS`."""
        return self._columns[name]


def indices(actions: list[str] | tuple[str, ...] | np.ndarray) -> np.ndarray:
    """Each action's index, −1 for *nothing*. Raises `BadParameter` for an action the world does not know."""
    unknown = sorted({str(a) for a in actions} - set(ACTIONS) - {NOTHING})
    if unknown:
        raise BadParameter(f"the world knows no action {unknown[0]!r}", mend=f"It knows: {', '.join(ACTIONS)}.")
    return np.array([_INDEX.get(str(a), -1) for a in actions], dtype=np.int64)
