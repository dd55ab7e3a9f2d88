"""The desk as data: who is on it, what it says, what it never says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fake_product import NOW, FakeProduct, talked

from payoff.people.person import people_of
from payoff.web.pages.desk import EVERYBODY, DeskPage, Filters, desk, fact_value


def page(product: FakeProduct, who: str = "nia", **filters: object) -> DeskPage:
    return desk(product, people_of(product.brief.people)[who], Filters(**filters))  # type: ignore[arg-type]


def names(shown: DeskPage) -> list[str]:
    return [card.name for card in shown.cards]


def test_an_owner_sees_their_own_customers_first() -> None:
    shown = page(FakeProduct())
    assert names(shown) == ["Bluebird Dental", "Northwind Logistics", "Olive & Oak"]
    assert shown.headline == "3 customers could use your help"


def test_everybodys_customers_are_one_filter_away() -> None:
    assert len(page(FakeProduct(), owner=EVERYBODY).cards) == 5


def test_somebody_who_owns_nothing_sees_everybody() -> None:
    assert len(page(FakeProduct(), "paula").cards) == 5


@pytest.mark.parametrize("change", [{"arm": "holdout"}, {"action": "nothing"}])
def test_nobody_is_told_of_units_treated_as_today(change: dict[str, str]) -> None:
    product = FakeProduct()
    hidden = product.items[0]
    product.items[0] = replace(hidden, suggestion=replace(hidden.suggestion, **change))
    assert "Bluebird Dental" not in names(page(product, owner=EVERYBODY))


def test_role_and_industry_filter_and_offer_only_what_there_is() -> None:
    shown = page(FakeProduct(), owner=EVERYBODY, industry="health", role="IT admin")
    assert names(shown) == ["Meridian Labs"]
    assert [o.value for o in shown.industries] == ["", "food", "health", "retail", "transport", "travel"]


def test_customers_set_aside_are_a_list_of_their_own() -> None:
    shown = page(FakeProduct(), snoozed=True)
    assert names(shown) == ["Sundial Travel"]
    assert shown.cards[0].returns == "comes back on 25 Nov 2026"


def test_worth_is_said_with_how_sure_it_is() -> None:
    cards = {card.name: card.worth for card in page(FakeProduct(), owner=EVERYBODY).cards}
    assert cards["Bluebird Dental"] == "Worth about $180, between $40 and $320."
    assert cards["Olive & Oak"].startswith("Perhaps worth $110, but nobody can be sure yet")
    assert cards["Meridian Labs"] == "What it is worth has not been measured yet."


def test_an_explored_action_says_that_it_is_a_trial() -> None:
    cards = {card.name: card for card in page(FakeProduct(), owner=EVERYBODY).cards}
    assert "to learn whether it helps" in cards["Kestrel Foods"].explored
    assert cards["Kestrel Foods"].tried == "being tried"
    assert cards["Bluebird Dental"].tried == cards["Bluebird Dental"].explored == ""


def test_a_trial_is_explained_once() -> None:
    product = FakeProduct()
    tried = product.items[2]
    evidence = "Nothing is known. " + product.texts.say("policy.exploring")
    product.items[2] = replace(tried, suggestion=replace(tried.suggestion, evidence=evidence))
    card = next(c for c in page(product, owner=EVERYBODY).cards if c.tried)
    assert (card.explored, card.evidence) == ("", evidence)


def test_an_answer_leads_to_the_next_card() -> None:
    cards = page(FakeProduct()).cards
    assert [card.after for card in cards] == ["s2", "s4", ""]


def test_a_long_queue_is_shown_in_parts() -> None:
    shown = page(FakeProduct(), owner=EVERYBODY, limit=2)
    assert (len(shown.cards), shown.left, shown.left_words) == (2, 3, "3 more")


def test_only_first_looks_count_as_exposure() -> None:
    product = FakeProduct()
    product.items[0] = replace(product.items[0], responses=("shown",))
    assert page(product).fresh == ("s2", "s4")


def test_protected_facts_are_not_shown() -> None:
    facts = {fact.name for fact in page(FakeProduct()).cards[0].facts}
    assert "seats" in facts
    assert "gender" not in facts


def test_what_somebody_said_comes_back_with_its_fate() -> None:
    said = page(talked(FakeProduct())).said
    assert [(s.what, s.state) for s in said] == [
        ("Not helpful: Set-up call · They are on holiday until December.", "new"),
        ("days since login: 2", "used"),
    ]
    assert said[1].reply.startswith("Used:")


@pytest.mark.parametrize(
    ("fact", "given", "kept"),
    [
        ("seats", " 1,200 ", 1200),
        ("mrr", "99.5", 99.5),
        ("dormant", "Yes", True),
        ("plan", "starter", "starter"),
        ("seats", "about ten", "about ten"),
        ("new_fact", "x", "x"),
    ],
)
def test_a_corrected_fact_keeps_the_type_the_fact_has(fact: str, given: str, kept: object) -> None:
    value = fact_value(FakeProduct(), "s1", fact, given)
    assert value == kept
    assert type(value) is type(kept)


def test_a_suggestion_that_ends_soon_says_so() -> None:
    cards = page(FakeProduct()).cards
    assert cards[0].soon
    assert not cards[2].soon
    assert FakeProduct().items[0].due > NOW
