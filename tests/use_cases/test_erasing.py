"""A unit that is forgotten leaves no word behind, in no copy either."""

from __future__ import annotations

import pytest
from tests import small
from tests.channelled import PEOPLE

from payoff.log.events import KINDS
from payoff.use_cases import inbox
from payoff.use_cases.erasing import erase
from payoff.use_cases.product import Product


@pytest.fixture
def product() -> Product:
    return small.running(12, brief=small.BRIEF + PEOPLE)


def left(product: Product, *words: str) -> list[str]:
    """Kinds in which any of the words still stand."""
    tables = product.workspace.tables
    return [kind for kind in KINDS if any(word in str(tables.arrow(kind).to_pylist()) for word in words)]


def test_nothing_of_a_unit_stays_and_what_is_of_others_does(product: Product) -> None:
    first, other = [s for s in product.decide() if s.arm != "holdout" and s.action != "nothing"][:2]
    product.feedback(first.id, by="ana", comment="Mrs Miller (555-1234) is ill")
    product.feedback(first.id, by="ana", idea="Ask Mr Miller on 555-9999")
    said = product.feedback(first.id, by="ben", correction={"contact": "Mrs Miller"})
    kept = product.feedback(other.id, by="ben", comment="glad")
    inbox.remark(product.workspace, said, "Mrs Miller: call her husband", by="ana")
    product.learn()
    assert "note" in left(product, "Miller") and "fate" in left(product, "Miller")
    assert "learned" not in left(product, "Miller")
    assert erase(product.workspace, first.unit) > 0
    assert left(product, "Miller", f"'{first.unit}'") == []
    assert kept in [item.id for item in product.inbox()]
    assert erase(product.workspace, first.unit) == 0


def test_what_was_marked_in_a_copied_note_goes_with_it(product: Product) -> None:
    said = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    product.feedback(said.id, by="ana", comment="Mrs Miller is ill")
    product.learn()
    (note,) = product.workspace.tables.arrow("note")["id"].to_pylist()
    product.research.mark(note, "Mrs Miller is ill", by="rui", who="own")
    erase(product.workspace, said.unit)
    assert left(product, "Miller") == []
