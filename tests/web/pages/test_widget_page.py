"""The widget to look at: actions first, then what customers are suggested now."""

from __future__ import annotations

from typing import Any

from tests.worded import running

from payoff.web.pages.widget import try_page


def key(**what: Any) -> str:
    return str(what)


def test_it_opens_with_the_first_worded_action_in_the_first_language() -> None:
    page = try_page(running(), key)
    assert page.choices[0].chosen and page.choices[0].value == "action:setup_call"
    assert (page.key, page.unit, page.language) == ("{'action': 'setup_call'}", "example", "en")
    assert "Tips by mail" in page.unsaid
    assert [one.label for one in page.languages] == ["English", "Deutsch", "Español"]


def test_a_unit_is_looked_at_by_its_name_and_another_word_falls_back() -> None:
    product = running()
    page = try_page(product, key, what="unit:acct-1", language="de")
    assert (page.key, page.unit, page.language) == ("{'unit': 'acct-1'}", "acct-1", "de")
    waiting = {item.unit for item in product.queue() if item.suggestion.action == "setup_call"}
    assert {o.value.removeprefix("unit:") for o in page.choices if o.value.startswith("unit:")} == waiting
    strange = try_page(product, key, what="unit:acct-nobody", language="xx")
    assert (strange.key, strange.language) == ("{'action': 'setup_call'}", "en")


def test_without_words_there_is_nothing_to_look_at() -> None:
    page = try_page(running(tell=""), key)
    assert (page.key, page.choices, page.unsaid) == ("", (), "")
