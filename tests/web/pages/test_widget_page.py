"""The widget to look at: actions first, then what customers are suggested now."""

from __future__ import annotations

from typing import Any

from tests.worded import running

from payoff.people.permissions import Permission
from payoff.people.person import Person
from payoff.web.pages.widget import try_page

HERE = "https://payoff.example.com"


def who(*may: Permission) -> Person:
    return Person("ines", "Inês", frozenset(may))


RESEARCHER = who("researcher")


def key(**what: Any) -> str:
    return str(what)


def test_it_opens_with_the_first_worded_action_in_the_first_language() -> None:
    page = try_page(running(), key, RESEARCHER, HERE)
    assert page.actions[0].chosen and page.actions[0].value == page.what == "action:setup_call"
    assert (page.key, page.unit, page.language) == ("{'action': 'setup_call'}", "example", "en")
    assert "Tips by mail" in page.unsaid
    assert [one.label for one in page.languages] == ["English", "Deutsch", "Español"]


def test_a_customer_is_looked_at_by_name_by_id_or_by_how_the_name_begins() -> None:
    product = running()
    unit = next(item.unit for item in product.queue() if item.suggestion.action == "setup_call")
    product.facts([{"unit": unit, "name": "Coral Roofing"}])
    for typed in ("Coral Roofing", " coral roofing ", unit, f"Coral Roofing ({unit})", "cor"):
        page = try_page(product, key, RESEARCHER, HERE, customer=typed, language="de")
        assert (page.key, page.unit, page.language) == (str({"unit": unit}), unit, "de"), typed
    assert page.customer == f"Coral Roofing ({unit})" and page.what == f"unit:{unit}"
    assert f"Coral Roofing ({unit})" in page.customers and not any(one.chosen for one in page.actions)
    assert "Coral Roofing" in page.about
    again = try_page(product, key, RESEARCHER, HERE, what=page.what, language="es")
    assert (again.unit, again.language) == (unit, "es")


def test_only_customers_with_something_to_see_are_offered_and_nobody_is_told_in_words() -> None:
    product = running()
    waiting = {item.unit for item in product.queue() if item.suggestion.action == "setup_call"}
    assert set(try_page(product, key, RESEARCHER, HERE).customers) == waiting
    strange = try_page(product, key, RESEARCHER, HERE, customer="acct-nobody", language="xx")
    assert (strange.key, strange.language) == ("{'action': 'setup_call'}", "en")
    assert "Nobody called “acct-nobody”" in strange.notice and strange.customer == "acct-nobody"
    assert try_page(product, key, RESEARCHER, HERE, what="unit:acct-nobody").key == "{'action': 'setup_call'}"


def test_without_words_there_is_nothing_to_look_at() -> None:
    page = try_page(running(tell=""), key, RESEARCHER, HERE)
    assert (page.key, page.actions, page.unsaid) == ("", (), "")


def test_whoever_builds_the_page_reads_what_to_paste_and_where_the_key_is_made() -> None:
    page = try_page(running(), key, RESEARCHER, HERE)
    assert page.paste.startswith(f'<script src="{HERE}/widget.js" defer></script>\n<payoff-suggestion key="pk_')
    assert page.policy == f"script-src {HERE}; connect-src {HERE}"
    assert page.people == "" and try_page(running(), key, who("admin"), HERE).people == "/people#s-keys"


def test_not_now_is_explained_beside_the_rest_of_the_brief() -> None:
    rested = running()
    assert try_page(rested, key, RESEARCHER, HERE).rest.startswith(
        "“Not now” puts this one suggestion off for 7 days"
    )
    assert ("14 days after the last" in try_page(rested, key, RESEARCHER, HERE).rest) == bool(
        rested.brief.policy.contact_every_days
    )
