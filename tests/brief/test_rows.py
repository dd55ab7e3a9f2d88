"""Rows of a source become units, outcomes and rows of an experiment, or are refused by row and name."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from payoff.brief.rows import outcomes, units
from payoff.brief.schema import SourceEntry
from payoff.brief.trial_rows import log_rows
from payoff.errors import BadInput
from payoff.ports import Reading

NOW = datetime(2026, 11, 24, tzinfo=UTC)
JAN = datetime(2026, 1, 2, tzinfo=UTC)


def reading(**columns):
    return Reading(pa.table(columns), NOW)


def entry(kind="units", **more):
    return SourceEntry.model_validate({"as": kind, "file": "a.csv", "unit": "id", **more})


def test_a_snapshot_gives_units_facts_and_outcomes_apart():
    found = units(
        reading(id=["a", "b"], seats=[3, None], day=[JAN, None], gone=["Yes", "No"]),
        entry(outcomes={"churned": "gone=Yes"}),
    )
    assert found.units == ["a", "b"]
    assert found.facts == [{"seats": 3, "day": JAN.isoformat()}, {"seats": None, "day": None}]
    assert found.outcomes == [("a", "churned", 1.0), ("b", "churned", 0.0)]
    assert found.at == [NOW, NOW]


def test_ids_are_texts_and_42_0_is_42():
    assert units(reading(id=[42.0, 7.0], x=[1, 2]), entry()).units == ["42", "7"]


def test_a_unit_that_stands_twice_with_other_facts_is_refused_by_name_and_count():
    with pytest.raises(BadInput, match=r"1 units stand several times with different facts: 'a'"):
        units(reading(id=["a", "b", "a"], x=[1, 2, 3]), entry())


def test_a_row_that_says_the_same_twice_counts_once_and_is_noted():
    found = units(reading(id=["a", "b", "a"], x=[1, 2, 1]), entry())
    assert found.units == ["a", "b"]
    assert found.notes == ["1 row repeats another one; counted once"]


def test_rows_without_an_id_are_named():
    with pytest.raises(BadInput, match="no id in row 2"):
        units(reading(id=["a", None], x=[1, 2]), entry())


@pytest.mark.parametrize(
    ("values", "spec", "amounts"),
    [
        (["Yes", "No", None], "gone=yes", [1.0, 0.0]),
        ([1, 0, None], "gone=1", [1.0, 0.0]),
        ([1.0, 0.0, None], "gone=1", [1.0, 0.0]),
        ([True, False, None], "gone=true", [1.0, 0.0]),
        ([True, False, None], "gone", [1.0, 0.0]),
        (["y", "n", None], "gone", [1.0, 0.0]),
        ([12.5, 0.0, None], "gone", [12.5, 0.0]),
    ],
)
def test_an_outcome_is_read_from_texts_numbers_and_truths(values, spec, amounts):
    found = units(reading(id=["a", "b", "c"], gone=values), entry(outcomes={"churned": spec}))
    assert [amount for _, _, amount in found.outcomes] == amounts


def test_a_yes_that_never_occurs_and_a_text_without_a_yes_are_refused_with_the_mend():
    table = reading(id=["a", "b"], gone=["left", "here"])
    with pytest.raises(BadInput, match="no row has the value 'Yes' that means churned"):
        units(table, entry(outcomes={"churned": "gone=Yes"}))
    with pytest.raises(BadInput, match='churned = "gone=here"'):
        units(table, entry(outcomes={"churned": "gone"}))


def test_outcomes_have_their_own_moments_also_in_unix_time():
    found = outcomes(
        reading(id=["a"], when=[1767312000], amount=[12.5]),
        entry("outcomes", at="when", outcomes={"paid": "amount"}),
    )
    assert found.outcomes == [("a", "paid", 12.5, JAN)]


def test_outcomes_without_a_moment_happened_when_they_were_read_and_it_is_noted():
    found = outcomes(reading(id=["a"], amount=[1]), entry("outcomes", outcomes={"paid": "amount"}))
    assert found.outcomes[0][3] == NOW
    assert found.notes


def test_in_a_list_of_events_another_event_says_nothing_of_this_outcome():
    table = reading(id=["a", "b", "c"], event=["churn", "renewal", "login"])
    found = outcomes(table, entry("outcomes", outcomes={"churned": "event=churn"}))
    assert [(unit, amount) for unit, _, amount, _ in found.outcomes] == [("a", 1.0)]


def test_a_moment_that_is_none_is_named_by_row():
    with pytest.raises(BadInput, match="no moment in row 1: 'soon', row 2: 'soon'"):
        outcomes(
            reading(id=["a", "b"], at=["soon", "soon"], x=[1, 1]), entry("outcomes", at="at", outcomes={"p": "x"})
        )


def trial(**more):
    return reading(
        **({"id": ["a", "b", "c"], "arm": ["None", "Call Now", "None"], "p": [0.5] * 3, "y": [0, 1, 1]} | more)
    )


def rows(table, **more):
    return log_rows(
        table, **({"unit": "id", "action": "arm", "propensity": "p", "outcomes": ["y"], "control": "None"} | more)
    )


def test_an_experiment_gives_actions_propensities_outcomes_and_facts():
    found = rows(trial(age=[30, None, 50]))
    assert found.actions == ["nothing", "call_now", "nothing"]
    assert found.names == {"nothing": "None", "call_now": "Call Now"}
    assert found.propensities == [0.5] * 3
    assert found.outcomes == [{"y": 0.0}, {"y": 1.0}, {"y": 1.0}]
    assert found.facts == [{"age": 30}, {"age": None}, {"age": 50}]
    assert any("known before the action: age" in note for note in found.notes)


@pytest.mark.parametrize("constant", [0.25, "0.25", "1/4"])
def test_one_propensity_for_all_may_be_a_number(constant):
    assert rows(trial(), propensity=constant).propensities == [0.25] * 3


@pytest.mark.parametrize("p", [[0.5, 0.0, 0.5], [0.5, 1.5, 0.5], [0.5, None, 0.5]])
def test_propensities_that_are_none_are_refused_with_their_rows(p):
    with pytest.raises(BadInput, match="no probability in row 2"):
        rows(trial(p=p))


def test_without_a_unit_the_rows_number_stands_for_it_and_is_noted():
    found = rows(trial(), unit=None)
    assert found.units == ["1", "2", "3"]
    assert "row's number" in found.notes[0]


def test_every_fault_of_an_experiment_comes_at_once():
    table = trial(id=["a", "a", "c"], arm=["None", None, "x"], p=[0.5, 0.0, 0.5], y=["u", "v", "w"])
    with pytest.raises(BadInput) as caught:
        rows(table)
    assert len(caught.value.faults) == 4


def test_a_control_nobody_has_names_the_actions_there_are():
    with pytest.raises(BadInput, match="There is: 'None', 'Call Now'"):
        rows(trial(), control="none at all")


def test_two_actions_with_the_same_id_are_refused():
    with pytest.raises(BadInput, match="are both 'call_now'"):
        rows(trial(arm=["call now", "Call-Now", "None"]))


@pytest.mark.data
def test_the_public_e_mail_experiment_is_read(data):
    table = pq.read_table(data / "hillstrom" / "hillstrom.parquet")
    found = log_rows(
        Reading(table, NOW),
        unit=None,
        action="segment",
        propensity="1/3",
        outcomes=["visit", "conversion", "spend"],
        control="No E-Mail",
    )
    assert set(found.actions) == {"nothing", "mens_e_mail", "womens_e_mail"}
    assert len(found.units) == 64_000
    assert sum(row["visit"] for row in found.outcomes) == 9394
