from __future__ import annotations

import json
import math

import numpy as np
import pyarrow as pa
import pytest
from tests import made_up

from payoff.checks import BadParameter
from payoff.features.spec import FactSpec, infer
from payoff.models.risk import RiskModel, cross_validated, scores

BATCH = made_up.batch(3000)
FACTS, LEFT = BATCH.facts, made_up.left(BATCH)
SPEC = infer(FACTS)
MODEL = RiskModel.fit(FACTS, LEFT, spec=SPEC)


def test_the_risk_it_tells_is_the_risk_there_is() -> None:
    fresh = made_up.batch(3000, seed=7)
    p, y = MODEL.predict(fresh.facts), made_up.left(fresh, seed=7)
    found = scores(p, y)
    assert found.auc > 0.75
    assert found.calibration_error < 0.03


def test_setting_a_fact_to_usual_takes_exactly_its_contribution_away() -> None:
    given = MODEL.contributions(FACTS)
    for j, fact in enumerate(MODEL.facts):
        usual = pa.array([MODEL.usual()[fact]] * FACTS.num_rows)
        calm = FACTS.set_column(FACTS.column_names.index(fact), fact, usual)
        assert np.allclose(MODEL.log_odds(FACTS) - MODEL.log_odds(calm), given[:, j], atol=1e-9)


def test_labels_not_known_yet_are_left_out() -> None:
    y = LEFT.copy()
    y[1500:] = np.nan
    half = RiskModel.fit(FACTS.slice(0, 1500), LEFT[:1500], spec=SPEC)
    assert np.allclose(RiskModel.fit(FACTS, y, spec=SPEC).predict(FACTS), half.predict(FACTS))


def test_a_row_of_weight_two_counts_like_two_rows() -> None:
    facts, y = FACTS.slice(0, 400), LEFT[:400]
    twice = RiskModel.fit(pa.concat_tables([facts, facts]), np.tile(y, 2), spec=SPEC)
    heavy = RiskModel.fit(facts, y, np.full(400, 2.0), spec=SPEC)
    assert np.abs(twice.predict(FACTS) - heavy.predict(FACTS)).max() < 0.03


@pytest.mark.parametrize("yes", [0, 3, 400])
def test_too_few_of_either_answer_give_the_base_rate(yes: int) -> None:
    y = np.zeros(400)
    y[:yes] = 1
    p = RiskModel.fit(FACTS.slice(0, 400), y, spec=SPEC).predict(FACTS)
    assert np.allclose(p, (yes + 1) / 402)


def test_no_usable_fact_gives_the_base_rate() -> None:
    p = RiskModel.fit(FACTS, LEFT, spec=FactSpec()).predict(FACTS)
    assert np.allclose(p, LEFT.mean(), atol=1e-3)


def test_pure_noise_is_no_reason_to_be_sure() -> None:
    rng = np.random.default_rng(5)
    facts = pa.table({f"x{i}": rng.normal(size=300) for i in range(30)})
    y = (rng.random(300) < 0.3).astype(float)
    assert cross_validated(facts, y, spec=infer(facts)).calibration_error < 0.12
    assert RiskModel.fit(facts, y, spec=infer(facts)).predict(facts).std() < 0.15


def test_the_way_through_json_changes_nothing() -> None:
    again = RiskModel.from_json(json.loads(json.dumps(MODEL.to_json(), allow_nan=False)))
    assert np.array_equal(again.predict(FACTS), MODEL.predict(FACTS))
    assert np.array_equal(again.contributions(FACTS), MODEL.contributions(FACTS))


def test_learning_twice_gives_the_same_model() -> None:
    assert RiskModel.fit(FACTS, LEFT, spec=SPEC).to_json() == MODEL.to_json()


def test_labels_of_another_length_are_refused() -> None:
    with pytest.raises(BadParameter, match="3000 rows of facts and 10 labels"):
        RiskModel.fit(FACTS, LEFT[:10], spec=SPEC)


def test_scores_of_known_probabilities() -> None:
    found = scores(np.array([0.5, 0.5, 0.5, 0.5]), np.array([0.0, 1, 0, 1]))
    assert found.auc == 0.5
    assert found.log_loss == pytest.approx(math.log(2))
    assert found.calibration_error == pytest.approx(0.5)


def test_numbers_too_large_to_reckon_with_are_not_known() -> None:
    rng = np.random.default_rng(0)
    y = (rng.random(200) < 0.3).astype(float)
    huge = np.where(np.arange(200) % 2, 1e308, -1e308)
    facts = pa.table({"huge": huge, "away": y * 2 + rng.random(200)})
    model = RiskModel.fit(facts, y, spec=infer(facts))
    assert np.isfinite(model.predict(facts)).all()
