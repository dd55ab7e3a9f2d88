"""What corrections changed in facts, and how the log is cut where a refresh stood."""

from __future__ import annotations

from datetime import timedelta

from tests.small import START, running

from payoff.learning.traces import mendings
from payoff.log.as_of import AsOf

DAY = timedelta(days=1)


def facts(product, seats: int, day: int, source: str) -> None:
    product.facts([{"unit": "acct-1", "seats": seats, "plan": "small"}], at=START + day * DAY, source=source)


def told(product):
    return mendings(product.workspace.tables.arrow("unit.facts"))


def test_a_correction_holds_until_a_source_says_something_new() -> None:
    product = running(3)
    facts(product, 8, 1, "crm")
    facts(product, 12, 2, "feedback:f1")
    facts(product, 12, 3, "crm")
    assert [(m.feedback, m.fact, m.before, m.after, m.end) for m in told(product)] == [
        ("f1", "seats", 8, 12, None)
    ]
    facts(product, 20, 9, "crm")
    assert [m.end for m in told(product)] == [START + 9 * DAY]


def test_a_second_correction_takes_over_from_the_first() -> None:
    product = running(3)
    facts(product, 8, 1, "crm")
    facts(product, 12, 2, "feedback:f1")
    facts(product, 14, 4, "feedback:f2")
    found = [(m.feedback, m.before, m.after, m.end) for m in told(product)]
    assert found == [("f1", 8, 12, START + 4 * DAY), ("f2", 12, 14, None)]


def test_a_fact_nobody_kept_before_was_not_known() -> None:
    product = running(3)
    product.facts([{"unit": "new", "plan": "small"}], at=START, source="crm")
    product.facts([{"unit": "new", "plan": "small", "seats": 4}], at=START + DAY, source="feedback:f1")
    assert [(m.fact, m.before, m.after) for m in told(product)] == [("seats", None, 4)]


def test_the_log_as_of_an_event_ends_with_it() -> None:
    product = running(3)
    seq = product.storage.log.head()
    product.feedback(unit="acct-1", idea="later", by="ana")
    then = AsOf(product.workspace.tables, seq)
    assert then.arrow("feedback").num_rows == 0
    assert product.workspace.tables.arrow("feedback").num_rows == 1
    assert then.arrow("unit.facts").num_rows == 3
    assert then.arrow("unit.facts") is then.arrow("unit.facts"), "what is made of it is made once"
