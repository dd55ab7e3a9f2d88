"""Columns are told by name and by value, each with a reason."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from payoff.brief.guess import guess, words_of
from payoff.errors import BadInput, Unknown

N = 200
RNG = np.random.default_rng(7)
LEFT = RNG.random(N) < 0.3


def table(**more):
    columns = {
        "account_id": [f"a{i}" for i in range(N)],
        "plan": [("basic", "plus", "pro")[i % 3] for i in range(N)],
        "mrr": RNG.integers(10, 500, N),
        "churned": ["yes" if left else "no" for left in LEFT],
    }
    return pa.table(columns | more)


def columns(guesses):
    return [guess.column for guess in guesses]


@pytest.mark.data
def test_telco_is_understood(data):
    found = guess(pq.read_table(data / "telco_churn" / "telco.parquet"))
    assert found.unit.column == "customerID"
    assert found.unit_name == "customer"
    assert found.outcome.spec == "Churn=Yes"
    assert not found.outcome.good
    assert columns(found.protected) == ["gender", "SeniorCitizen"]
    assert columns(found.money) == ["MonthlyCharges", "TotalCharges"]
    assert "Contract" in columns(found.segments)
    assert found.ignore == ()


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "unit", "outcome"),
    [
        ("saas_ravenstack/accounts", "account_id", "churn_flag=true"),
        ("saas_churn_pysurvival/churn", None, "churned=1"),
        ("telecom_churn_3333/telecom", None, "churn=T"),
        ("hr_attrition/employee_attrition", None, "left=1"),
    ],
)
def test_other_public_tables_are_understood_too(data, file, unit, outcome):
    found = guess(pq.read_table(data / f"{file}.parquet"))
    assert (found.unit and found.unit.column, found.outcome.spec) == (unit, outcome)


def test_a_measurement_that_happens_to_be_unique_is_not_an_id():
    found = guess(pa.table({"spend": list(range(50)), "kind": ["a", "b"] * 25}))
    assert found.unit is None
    assert any("no id" in missing for missing in found.missing)


def test_a_column_known_only_afterwards_is_ignored_by_name_and_by_value():
    late = [3.0 if left else None for left in LEFT]
    tell = np.where(LEFT, 1.0, 0.0) + RNG.random(N) / 2
    found = guess(table(churn_reason=["x", "y"] * (N // 2), days_off=late, score=tell, fair=RNG.random(N)))
    assert columns(found.ignore) == ["churn_reason", "days_off", "score"]
    assert all(guess.because for guess in found.ignore)


def test_names_addresses_and_constants_are_ignored_with_a_reason():
    found = guess(table(company=[f"Firm {i} Ltd" for i in range(N)], version=["1"] * N, phone_id=list(range(N))))
    assert columns(found.ignore) == ["company", "version", "phone_id"]


def test_the_age_of_an_account_is_not_the_age_of_a_person():
    found = guess(table(account_age=RNG.integers(1, 90, N), age=RNG.integers(18, 90, N)))
    assert columns(found.protected) == ["age"]


def test_role_industry_contact_and_owner_are_found():
    pair = [("HR", "IT")[i % 2] for i in range(N)]
    found = guess(table(contact_role=pair, industry=pair, contact_name=pair, csm=pair))
    assert (found.role.column, found.industry.column) == ("contact_role", "industry")
    assert found.owner.column == "csm"
    assert found.contact.column == "contact_name"


def test_what_is_given_is_taken():
    found = guess(table(Status=["ok", "gone"] * (N // 2)), unit="plan", outcome="Status=gone")
    assert (found.unit.column, found.outcome.spec) == ("plan", "Status=gone")


def test_a_given_column_that_is_not_there_names_the_nearest():
    with pytest.raises(Unknown, match="churned"):
        guess(table(), outcome="churnd")


def test_a_yes_that_never_occurs_or_cannot_be_told_is_refused_with_what_was_seen():
    with pytest.raises(BadInput, match="Seen: 'basic', 'plus', 'pro'"):
        guess(table(), outcome="plan=gold")
    with pytest.raises(BadInput, match="plan=basic"):
        guess(table(), outcome="plan")


def test_words_are_found_in_every_way_of_writing():
    assert words_of("SeniorCitizen") == words_of("senior_citizen") == ["senior", "citizen"]
    assert words_of("customerID") == ["customer", "id"]
