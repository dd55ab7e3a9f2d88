from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests import made_up

from payoff.brief.schema import Playbook
from payoff.features.batch import Batch
from payoff.features.spec import infer
from payoff.models.risk import RiskModel
from payoff.policy.catalogue import policy
from payoff.policy.choose import choose
from payoff.policy.reasons import evidence, reasons
from payoff.policy.words import causal_words
from payoff.records.suggestions import Reason
from payoff.texts import Texts

TEXTS = Texts("en", "UTC")
FRESH = made_up.batch(400, seed=42)
TRAIN = made_up.batch(3000)
RISK = RiskModel.fit(TRAIN.facts, made_up.left(TRAIN), spec=infer(TRAIN.facts))


def told(
    run: made_up.Run | None,
    *,
    name: str = "effect",
    batch: Batch = FRESH,
    risk: RiskModel | None = RISK,
    playbook: Playbook = made_up.PLAYBOOK,
    worth: float | None = 1000.0,
    explore: float = 0.0,
) -> tuple[list[tuple[Reason, ...]], list[str], Any]:
    mine = policy({"policy": name}, made_up.brief(worth), playbook)
    kept = mine.learn(run.training) if run else None
    proposal = mine.propose(batch, kept)
    choice = choose(proposal, explore=explore, rng=np.random.default_rng(0))
    rows = np.arange(len(batch))
    given = reasons(batch, rows, choice, proposal, risk, mine, kept, playbook, TEXTS)
    return given, evidence(batch, rows, choice, proposal, mine, kept, playbook, TEXTS), choice


def moves_as_said(model: RiskModel, facts: pa.Table, given: list[tuple[Reason, ...]]) -> float:
    """Share of first reasons where setting the fact to its usual value moves the score as the sentence says."""
    right = []
    for row, found in enumerate(given):
        first = next((r for r in found if r.kind == "association" and r.feature in model.facts), None)
        if first is None:
            continue
        one = facts.slice(row, 1)
        usual = pa.array([model.usual()[first.feature]])
        calm = one.set_column(one.column_names.index(first.feature), first.feature, usual)
        before, after = model.predict(one)[0], model.predict(calm)[0]
        said_higher = "higher risk" in first.text or "more often" in first.text
        right.append(before > after if said_higher else before < after)
    assert len(right) > 0.5 * len(given)
    return float(np.mean(right))


def test_taking_the_first_reason_away_moves_the_score_as_it_says() -> None:
    given, _, _ = told(made_up.run(2000))
    assert moves_as_said(RISK, FRESH.facts, given) >= 0.95


@pytest.mark.data
def test_taking_the_first_reason_away_moves_the_telco_score_as_it_says(data: Path) -> None:
    table = pq.read_table(data / "telco_churn" / "telco.parquet")
    left = np.array([answer == "Yes" for answer in table["Churn"].to_pylist()], dtype=float)
    facts = table.drop_columns(["Churn"])
    model = RiskModel.fit(facts, left, spec=infer(facts))
    blank = np.full(300, "", object)
    some = Batch(
        tuple(table["customerID"].to_pylist()[:300]), facts.slice(0, 300), blank, blank, blank, made_up.NOW
    )
    given, _, _ = told(None, batch=some, risk=model)
    assert moves_as_said(model, some.facts, given) >= 0.95


def test_the_first_reason_is_the_heaviest_and_a_sentence_of_facts() -> None:
    given, _, _ = told(None)
    texts = [found[0].text for found in given if found and found[0].feature == "days_since_login"]
    assert any(
        t.startswith("They last logged in ") and t.endswith("Others like that left more often.") for t in texts
    )
    plain = [r.text for found in given for r in found if r.feature == "autopay"]
    assert any(t.startswith("Autopay: no; usual is yes. Goes with a ") for t in plain), "no words of its own"
    for found in given:
        weights = [abs(r.weight) for r in found if r.feature in RISK.facts and r.kind == "association"]
        assert weights == sorted(weights, reverse=True)
        assert len(weights) <= 2


def test_what_only_a_neighbour_makes_a_reason_is_not_given() -> None:
    """Seats and users go together. Given the users, few seats go with a lower risk, but alone with a higher
    one: a sentence about them would be true of the model and nonsense to a reader."""
    rng = np.random.default_rng(6)
    users = rng.normal(50, 10, 3000)
    seats = users + rng.normal(0, 3, 3000)
    odds = -1 - 0.3 * (users - 50) + 0.18 * (seats - 50)
    left = (rng.random(3000) < 1 / (1 + np.exp(-odds))).astype(float)
    facts = pa.table({"users": users, "seats": seats})
    model = RiskModel.fit(facts, left, spec=infer(facts))
    weights, j = model.contributions(facts), model.facts.index("seats")
    assert (np.abs(weights[:, j]) > 0.5).mean() > 0.3  # the model leans on the seats
    blank = np.full(3000, "", object)
    everybody = Batch(tuple(map(str, range(3000))), facts, blank, blank, blank, made_up.NOW)
    given, _, _ = told(None, batch=everybody.take(np.arange(200)), risk=model)
    named = [r.feature for found in given for r in found if r.kind == "association"]
    assert named.count("users") > 100
    assert named.count("seats") < 0.1 * named.count("users")


def test_what_is_not_known_is_said_to_be() -> None:
    one = FRESH.take([0])
    gone = pa.array([None], pa.float64())
    facts = one.facts.set_column(one.facts.column_names.index("days_since_login"), "days_since_login", gone)
    blank = Batch(one.units, facts, one.role, one.industry, one.contact, one.as_of)
    given, _, _ = told(None, batch=blank)
    said = [r.text for r in given[0] if r.feature == "days_since_login"]
    assert all("is not known" in text for text in said)


def test_words_of_cause_need_chance() -> None:
    """Measured where chance decided who got it; not called an effect where it did not."""
    for propensity, kinds in ((None, {"effect"}), (1.0, {"association"})):
        given, _, choice = told(made_up.run(4000, propensity=propensity))
        about_action = [r for found in given for r in found if r.feature in made_up.ACTIONS]
        assert {r.kind for r in about_action} == kinds
        assert len(about_action) > 0.9 * (choice.action > 0).sum()
        for found in given:
            for reason in found:
                if reason.kind != "effect" and not reason.text.startswith("The playbook says: "):
                    assert causal_words(reason.text) == []


def test_a_measured_effect_is_said_with_its_cases_and_its_range() -> None:
    given, backed, choice = told(made_up.run(4000))
    finance = int(np.flatnonzero((FRESH.role == "finance") & (choice.action == 1))[0])
    effect = next(r for r in given[finance] if r.kind == "effect")
    assert effect.text.startswith("Measured on ")
    assert "same role and industry: +2" in effect.text
    assert " points on first value, 1" in effect.text or " points on first value, 2" in effect.text
    assert "similar cases: +2" in backed[finance]


def test_the_rule_says_why_experts_have_it_or_for_whom_it_is() -> None:
    given, _, choice = told(None)
    said = next(r for r in given[int(np.flatnonzero(choice.action == 1)[0])] if r.kind == "rule")
    assert said.text == "The playbook says: People who talk stay"
    given, _, choice = told(None, name="rules")
    row = int(np.flatnonzero((choice.action == 2) & (FRESH.role == "admin"))[0])
    assert [r.text for r in given[row] if r.kind == "rule"] == ["The playbook has this for admin."]
    only_gift = Playbook(actions=[made_up.PLAYBOOK.actions[2]])
    given, _, choice = told(None, name="rules", playbook=only_gift)
    row = int(np.flatnonzero(choice.action == 1)[0])
    assert [r.text for r in given[row] if r.kind == "rule"] == [
        "The playbook has this when seats is 10 or more and plan is not free."
    ]


def test_evidence_says_what_the_figure_rests_on() -> None:
    _, backed, choice = told(None)
    assert set(backed) == {"No effect of this has been measured yet; experts expect +5 points on first value."}
    _, backed, _ = told(None, worth=None)
    assert backed[0].endswith(
        "What this is worth is not known: the brief does not say what one first value is worth."
    )
    _, backed, choice = told(None, explore=0.2)
    assert all(("trying this" in backed[i]) == (choice.explored[i] and choice.action[i] > 0) for i in range(400))
    _, backed, _ = told(made_up.run(3000, propensity=1.0))
    assert any("chance did not decide who" in text for text in backed)


def test_a_unit_left_alone_has_no_reason_for_an_action() -> None:
    given, backed, _ = told(None, name="nothing")
    assert all(r.kind == "association" for found in given for r in found)
    assert set(backed) == {"Best left alone: nothing we know of is expected to help here."}


def test_without_a_risk_model_the_playbook_speaks_alone() -> None:
    given, _, _ = told(None, risk=None)
    assert {r.kind for found in given for r in found} == {"rule"}
