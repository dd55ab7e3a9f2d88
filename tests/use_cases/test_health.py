"""The verb: findings of a real product, with the releases that changed what people get."""

from __future__ import annotations

import threading
from datetime import timedelta

from tests import small


def test_a_fresh_product_cannot_tell_and_says_from_when() -> None:
    product = small.running(12)
    found = product.health()
    assert not found.acts
    assert {f.severity for f in found.findings} == {"cannot tell"}
    assert found.made_at == product.clock.now()
    assert [c.words for c in found.changes] == ["“Rules first” serves everybody"]
    assert found.as_dict()["changes"][0]["at"] == small.START.isoformat()


def test_what_was_known_at_a_moment_is_what_is_said_of_it() -> None:
    product = small.running(40)
    product.decide()
    start = product.clock.now()
    for _ in range(6):
        product.clock.set(product.clock.now() + timedelta(weeks=1))
        product.decide()
    then = {f.monitor: f for f in product.health(start + timedelta(weeks=2)).findings}
    now = {f.monitor: f for f in product.health().findings}
    assert then["variety"].severity == "cannot tell"
    # both actions of the playbook fit everybody, and the rules take the first
    assert now["variety"].severity == "look"
    assert now["variety"].sentence.startswith("Most get the same: “Set-up call” is ")


def test_it_can_be_asked_while_a_scorecard_is_worked_out() -> None:
    """Both query; one engine for both would refuse the second."""
    product = small.running(40)
    product.decide()
    product.clock.set(product.clock.now() + timedelta(weeks=3))
    failed: list[Exception] = []

    def cards() -> None:
        for _ in range(4):
            try:
                product.scorecard("r0")
            except Exception as error:
                failed.append(error)

    other = threading.Thread(target=cards)
    other.start()
    for _ in range(4):
        product.health()
    other.join()
    assert failed == []
