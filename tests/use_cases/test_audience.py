"""Conditions that leave nobody out, or everybody, and examples of such as can be written."""

from __future__ import annotations

from tests import small

from payoff.brief.read import read_playbook
from payoff.brief.schema import Playbook
from payoff.use_cases.audience import doubts, examples


def asked(when: str) -> Playbook:
    return read_playbook(small.PLAYBOOK.replace("rank = 1", f"rank = 1\nwhen = [{when}]"))


def told(when: str) -> list[str]:
    made = small.running(12)
    return doubts(made._today(), made.texts, made.playbook, asked(when))


def test_a_condition_without_effect_is_told_with_what_the_fact_is() -> None:
    assert told('{ fact = "seats", at_least = 8 }') == []
    (nobody_out,) = told('{ fact = "seats", at_most = 100 }')
    assert nobody_out == "Set-up call: “seats at most 100” leaves nobody out. seats runs from 5 to 11 today."
    (nobody,) = told('{ fact = "role", among = ["pilot"] }')
    assert nobody == "Set-up call: “role is pilot” fits no customer. role is one of: HR manager, payroll lead."
    (together,) = told('{ fact = "seats", at_least = 8 }, { fact = "seats", at_most = 7 }')
    assert "no customer meets all of its conditions" in together
    assert told('{ fact = "sets", at_least = 8 }') == [], "that there is no such fact is told elsewhere"


def test_what_stood_there_before_is_not_told_again() -> None:
    made, same = small.running(12), asked('{ fact = "seats", at_most = 100 }')
    assert doubts(made._today(), made.texts, same, same) == []


def test_examples_are_of_the_products_own_facts() -> None:
    made = small.running(12)
    assert examples(made._today(), made.documents.facts()) == [
        "days_since_login at least 16",
        "owner is ana, ben",
    ]
