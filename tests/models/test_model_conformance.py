from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from tests import made_up

from payoff.features.columns import number_of, text_of
from payoff.features.spec import infer
from payoff.models.conformance import check_model
from payoff.models.contract import EffectScorer, RiskScorer
from payoff.models.effect import EffectModel
from payoff.models.prior import Prior
from payoff.models.risk import RiskModel

BATCH = made_up.batch(400)
FACTS = BATCH.facts


class Idle:
    """A model as an outsider would write it."""

    facts = ("days_since_login",)

    def predict(self, facts: pa.Table) -> NDArray[np.float64]:
        idle = np.nan_to_num(number_of(facts, "days_since_login"), nan=10.0)
        return np.asarray(1 - np.exp(-idle / 20))

    def contributions(self, facts: pa.Table) -> NDArray[np.float64]:
        return self.predict(facts)[:, None] - 0.4

    def to_json(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Idle:
        return cls()


class Percent(Idle):
    def predict(self, facts: pa.Table) -> NDArray[np.float64]:
        return 100 * super().predict(facts)


class Ranked(Idle):
    def predict(self, facts: pa.Table) -> NDArray[np.float64]:
        return super().predict(facts).argsort() / max(1, facts.num_rows)


class Gaps(Idle):
    def predict(self, facts: pa.Table) -> NDArray[np.float64]:
        return number_of(facts, "days_since_login") / 1000


class Listed(Idle):
    def predict(self, facts: pa.Table) -> NDArray[np.float64]:
        return np.array([{"free": 0.3, "team": 0.2, "pro": 0.1}[plan] for plan in text_of(facts, "plan")])


class Forgetful(Idle):
    seen = 0.0

    def predict(self, facts: pa.Table) -> NDArray[np.float64]:
        self.seen = (self.seen + 0.1) % 1
        return np.full(facts.num_rows, self.seen)


class Wide(Idle):
    def contributions(self, facts: pa.Table) -> NDArray[np.float64]:
        return np.zeros((facts.num_rows, 7))


class NoWayBack(Idle):
    def to_json(self) -> dict[str, Any]:
        return {"when": made_up.NOW}


def test_our_own_models_keep_the_contract() -> None:
    model = RiskModel.fit(FACTS, made_up.left(BATCH), spec=infer(FACTS))
    assert check_model(model, FACTS) == []
    assert isinstance(model, RiskScorer)
    assert isinstance(EffectModel.before(Prior.of(made_up.PLAYBOOK)), EffectScorer)


def test_a_plain_model_from_outside_passes() -> None:
    assert check_model(Idle(), FACTS) == []


@pytest.mark.parametrize(
    ("model", "fault"),
    [
        (Percent(), "predict"),
        (Ranked(), "row order"),
        (Gaps(), "predict"),
        (Listed(), "unseen values"),
        (Forgetful(), "repetition"),
        (Wide(), "contributions"),
        (NoWayBack(), "JSON"),
    ],
)
def test_every_breach_is_named(model: RiskScorer, fault: str) -> None:
    assert fault in [found.where for found in check_model(model, FACTS)]
