"""Customers' languages: all of them say everything, and none claims to be a whole interface."""

from __future__ import annotations

import string

import pytest

from payoff.brief.wording import CUSTOMER
from payoff.texts import Texts, catalogue, languages


def room(language: str) -> dict[str, str]:
    return {key: str(text) for key, text in catalogue(language).items() if key.startswith(f"{CUSTOMER}.")}


def test_a_language_for_customers_alone_is_no_language_of_the_interface() -> None:
    assert languages() == ("en",)
    assert {"en", "de", "es"} <= set(languages(CUSTOMER))
    assert Texts("de").say("page.nav_desk") == Texts("en").say("page.nav_desk")
    assert Texts("de", room=CUSTOMER).say("customer.later") == "Nicht jetzt"


@pytest.mark.parametrize("language", languages(CUSTOMER))
def test_every_language_says_everything_with_the_same_gaps(language: str) -> None:
    def gaps(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    english, other = room("en"), room(language)
    assert other.keys() == english.keys()
    assert {key: gaps(text) for key, text in other.items()} == {key: gaps(text) for key, text in english.items()}
    assert all(text.strip() for text in other.values())
    if language != "en":
        assert [key for key in english if english[key] == other[key]] == []
