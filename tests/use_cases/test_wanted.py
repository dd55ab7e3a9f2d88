"""A customer who said yes, please, and our own people who put it off."""

from __future__ import annotations

from datetime import date

from tests.worded import running, suggestion_of, wait

from payoff.use_cases.customer_view import Customer
from payoff.use_cases.product import Product

WHO = Customer("acct-1")


def stands(product: Product) -> list[tuple[str, bool]]:
    return [(item.state, item.wanted) for item in product.queue() if item.unit == WHO.unit]


def test_a_yes_after_our_not_now_is_seen_by_both() -> None:
    product = running()
    s = suggestion_of(product, WHO.unit)
    product.answer(s, "not_now", "nia", until=date(2026, 1, 16))
    wait(product, minutes=5)
    assert product.customers.answer(WHO, s, "yes").state == "yes"
    assert stands(product) == [("open", True)]
    assert [e.state for e in product.tables.waiting() if e.unit == WHO.unit] == ["open"]


def test_who_puts_a_wanted_one_off_knows_that_it_is_wanted() -> None:
    product = running()
    s = suggestion_of(product, WHO.unit)
    product.customers.answer(WHO, s, "yes")
    wait(product, minutes=5)
    product.answer(s, "not_now", "nia", until=date(2026, 1, 16))
    assert stands(product) == [("snoozed", True)]
    assert product.customers.look(WHO, "", decide=False).state == "yes"  # type: ignore[union-attr]


def test_a_yes_taken_back_is_none() -> None:
    product = running()
    s = suggestion_of(product, WHO.unit)
    product.customers.answer(WHO, s, "yes")
    wait(product, minutes=5)
    product.customers.answer(WHO, s, "undo")
    assert stands(product) == [("open", False)]
