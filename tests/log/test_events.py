"""Event kinds: declared once, checked at the door, never half right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from payoff.checks import BadParameter
from payoff.errors import BadInput, Unknown
from payoff.log.events import KINDS, UPCASTS, Kind, current, event

AT = datetime(2026, 1, 5, tzinfo=UTC)


def made(kind: str, unit: str | None = "u", **body):
    return event(kind, body, id="e1", at=AT, received_at=AT, unit=unit)


def test_a_sound_event_keeps_only_what_is_known():
    assert made("outcome", name="renewed", amount=1, currency=None).body == {"name": "renewed", "amount": 1}


def test_all_faults_of_a_body_are_told_at_once():
    with pytest.raises(BadInput) as refused:
        made("outcome", unit=None, amount="much", colour="red")
    assert {f.where for f in refused.value.faults} == {
        "outcome.name",
        "outcome.amount",
        "outcome.colour",
        "outcome",
    }


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), float("-inf"), True, "1", 2**70])
def test_an_amount_is_a_number_a_reader_can_read(amount):
    with pytest.raises(BadInput):
        made("outcome", name="renewed", amount=amount)


def test_a_kind_nobody_declared_names_those_near():
    with pytest.raises(Unknown, match="outcome"):
        made("outcomes", name="x", amount=1)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(BadParameter, match="zone"):
        event("outcome", {"name": "x", "amount": 1}, id="e", at=datetime(2026, 1, 5), received_at=AT, unit="u")


def test_an_older_body_is_brought_up_to_today():
    old = Kind("old", 3, "", {"b": "text"})
    KINDS["old"] = old
    UPCASTS["old", 1] = lambda body: {"a": body["x"]}
    UPCASTS["old", 2] = lambda body: {"b": body["a"]}
    try:
        assert current("old", 1, {"x": "1"}) == {"b": "1"}
        assert current("old", 3, {"b": "2"}) == {"b": "2"}
    finally:
        del KINDS["old"], UPCASTS["old", 1], UPCASTS["old", 2]


def test_every_kind_says_what_it_means_and_requires_only_its_own_fields():
    for kind in KINDS.values():
        assert kind.meaning
        assert kind.required <= kind.fields.keys()
