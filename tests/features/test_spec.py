from __future__ import annotations

import pyarrow as pa

from payoff.brief.schema import Brief
from payoff.features.columns import numbers
from payoff.features.spec import FactSpec, infer

N = 60


def test_facts_are_taken_for_what_they_are() -> None:
    facts = pa.table(
        {
            "age": list(range(N)),
            "active": [i % 2 == 0 for i in range(N)],
            "plan": [("free", "team", "pro")[i % 3] for i in range(N)],
        }
    )
    spec = infer(facts)
    assert (spec.numeric, spec.boolean, spec.categorical) == (("age",), ("active",), ("plan",))


def test_numbers_written_as_text_are_read_and_it_is_said() -> None:
    facts = pa.table({"total": [f"{i}.85" for i in range(N - 2)] + [" ", "?"]})
    spec = infer(facts)
    assert spec.numeric == ("total",)
    assert spec.notes == (
        "total: 58 numbers written as text are read as numbers, 1 blanks as not known, 1 other texts as not known",
    )
    assert numbers(facts["total"]).values[1] == 1.85


def test_post_codes_stay_texts() -> None:
    assert infer(pa.table({"zip": ["00501", "10001", "02139", "94105"] * 20})).categorical == ("zip",)


def test_what_names_the_unit_or_says_nothing_is_left_out_with_the_reason() -> None:
    facts = pa.table(
        {
            "customer": [f"customer {i}" for i in range(N)],
            "crm_id": list(range(N)),
            "same": ["x"] * N,
            "unknown": pa.nulls(N),
        }
    )
    spec = infer(facts)
    assert spec.facts == ()
    assert set(spec.dropped) == {"customer", "crm_id", "same", "unknown"}


def test_the_brief_keeps_models_from_protected_ignored_and_personal_facts() -> None:
    unit = {"protected": ["gender"], "ignore": ["leak"], "contact": "who", "owner": "csm", "role": "job"}
    brief = Brief.model_validate({"product": {"name": "p"}, "unit": unit})
    facts = pa.table(
        {name: ["a", "b"] * 10 for name in ("gender", "leak", "who", "csm", "plan")} | {"job": ["1", "2"] * 10}
    )
    spec = infer(facts, brief)
    assert spec.categorical == ("plan", "job")
    assert spec.dropped["gender"] == "nothing is decided on a protected fact"


def test_a_spec_survives_json() -> None:
    spec = infer(pa.table({"a": ["1", "2", "3.5", ""] * 9, "b": ["x", "y", "x", None] * 9}))
    assert FactSpec.from_json(spec.to_json()) == spec
