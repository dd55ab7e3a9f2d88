"""What happens while a learning runs is respected by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import small

from payoff.use_cases import learn
from payoff.use_cases.product import Product


def taught(monkeypatch: pytest.MonkeyPatch, meanwhile) -> tuple[Product, str, str]:
    """A corrected fact, and a learning in whose middle something happens."""
    product = small.running(12)
    said = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    item = product.feedback(said.id, by="ana", correction={"seats": 99})
    slow = learn._refreshed

    def refreshed(*args, **more):
        made = slow(*args, **more)
        meanwhile(product, item, said.unit)
        return made

    monkeypatch.setattr(learn, "_refreshed", refreshed)
    return product, item, said.unit


def facts(product: Product, unit: str) -> dict[str, object]:
    return product.storage.log.latest("unit.facts", unit).body["facts"]  # type: ignore[union-attr]


def test_a_correction_taken_back_meanwhile_is_not_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    product, _, unit = taught(monkeypatch, lambda product, item, _: product.take_back(item, "ana"))
    report = product.learn()
    assert facts(product, unit)["seats"] != 99
    assert (report.feedback_used, report.changed) == (0, ())
    assert product.inbox()[0].taken_back


def test_a_correction_is_not_lost_under_facts_read_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(product: Product, _: str, unit: str) -> None:
        product.workspace.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
        product.facts([{"unit": unit, "seats": 7, "role": "owner"}])

    product, _, unit = taught(monkeypatch, read)
    product.learn()
    assert facts(product, unit) == {"seats": 99, "role": "owner"}
