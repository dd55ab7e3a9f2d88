"""The widget to look at: actions first, then what customers are suggested now."""

from __future__ import annotations

from typing import Any

from tests.worded import running

from payoff.web.pages.widget import try_page


def key(**what: Any) -> str:
    return str(what)


def test_it_opens_with_the_first_worded_action_in_the_first_language() -> None:
    page = try_page(running(), key)
    assert page.actions[0].chosen and page.actions[0].value == page.what == "action:setup_call"
    assert (page.key, page.unit, page.language) == ("{'action': 'setup_call'}", "example", "en")
    assert "Tips by mail" in page.unsaid
    assert [one.label for one in page.languages] == ["English", "Deutsch", "Español"]


def test_a_customer_is_looked_at_by_name_by_id_or_by_how_the_name_begins() -> None:
    product = running()
    unit = next(item.unit for item in product.queue() if item.suggestion.action == "setup_call")
    product.facts([{"unit": unit, "name": "Coral Roofing"}])
    for typed in ("Coral Roofing", " coral roofing ", unit, f"Coral Roofing ({unit})", "cor"):
        page = try_page(product, key, customer=typed, language="de")
        assert (page.key, page.unit, page.language) == (str({"unit": unit}), unit, "de"), typed
    assert page.customer == f"Coral Roofing ({unit})" and page.what == f"unit:{unit}"
    assert f"Coral Roofing ({unit})" in page.customers and not any(one.chosen for one in page.actions)
    assert "Coral Roofing" in page.about
    again = try_page(product, key, what=page.what, language="es")
    assert (again.unit, again.language) == (unit, "es")


def test_only_customers_with_something_to_see_are_offered_and_nobody_is_told_in_words() -> None:
    product = running()
    waiting = {item.unit for item in product.queue() if item.suggestion.action == "setup_call"}
    assert set(try_page(product, key).customers) == waiting
    strange = try_page(product, key, customer="acct-nobody", language="xx")
    assert (strange.key, strange.language) == ("{'action': 'setup_call'}", "en")
    assert "Nobody called “acct-nobody”" in strange.notice and strange.customer == "acct-nobody"
    assert try_page(product, key, what="unit:acct-nobody").key == "{'action': 'setup_call'}"


def test_without_words_there_is_nothing_to_look_at() -> None:
    page = try_page(running(tell=""), key)
    assert (page.key, page.actions, page.unsaid) == ("", (), "")
