"""What customers read is in one language from top to bottom, and what is missing is said."""

from __future__ import annotations

from typing import Any

import pytest
from tests.brief.test_check import ACTIONS, GOOD, report

from payoff.brief.read import read_brief, read_playbook
from payoff.brief.wording import Worded, safe_link, worded
from payoff.errors import BriefFaults

LANGUAGES = '[widget]\nlanguages = ["en", "de"]\n'


def words(tell: str, asked: str = "", brief: str = LANGUAGES) -> Worded | None:
    playbook = read_playbook(ACTIONS + tell)
    return worded(read_brief(GOOD + brief), playbook.actions[0], asked)


def test_a_text_alone_is_in_the_products_language() -> None:
    assert words('tell = "We help"\ntell_why = "so that"') == Worded("en", "We help", "so that", "", "")
    german = '[widget]\nlanguages = ["de"]\n'
    assert words('tell = "We help"', brief=german) is None, "nobody who reads German is spoken to in English"
    assert words('tell = "We help"', "en", german) is not None


def test_a_table_alone_is_one_wording() -> None:
    found = words('tell = { title = "Guide", button = "Read", link = "https://a.example/x" }')
    assert found == Worded("en", "Guide", "", "Read", "https://a.example/x")


@pytest.mark.parametrize(
    ("asked", "spoken"), [("de", "de"), ("de-AT", "de"), ("DE_at", "de"), ("fr", "en"), ("", "en")]
)
def test_the_language_asked_for_else_the_first_of_the_brief(asked: str, spoken: str) -> None:
    found = words('tell.en = "Yes"\ntell.de = "Ja"', asked)
    assert found is not None and found.language == spoken


def test_the_whole_falls_back_where_one_text_is_missing() -> None:
    found = words('tell.en = "Yes"\ntell.de = "Ja"\ntell_why.en = "because"', "de")
    assert found == Worded("en", "Yes", "because", "", "")
    alone = words('tell.de = "Ja"\ntell_why.en = "because"', "de")
    assert alone == Worded("de", "Ja", "", "", ""), "rather without a reason than with one in another language"


def test_without_a_wording_nobody_is_told() -> None:
    assert words("") is None
    assert words('tell.fr = "Oui"', "fr") is None, "the widget's own words are not there in French"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "http://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "https:///x",
        "https://a.example/\nx",
        "java\tscript:alert(1)",
        "page",
        "https://[",
    ],
)
def test_a_link_that_leads_to_no_page_is_none(link: str) -> None:
    assert safe_link(link) == ""


@pytest.mark.parametrize("link", ["https://a.example/x?y=1", "/start", "http://localhost:3000/x"])
def test_a_link_that_leads_to_a_page_stays(link: str) -> None:
    assert safe_link(link) == link


def faults(tell: str, brief: str = LANGUAGES) -> list[str]:
    found = report(GOOD + brief, ACTIONS + tell, playbook_text=ACTIONS + tell)
    return [str(fault) for fault in found.faults]


@pytest.mark.parametrize(
    ("tell", "what"),
    [
        ('tell.en = "Call {contact}"', "nothing is filled in"),
        ('tell.en = "Call {"', "nothing is filled in"),
        ('tell.en = "Hi"\ntell_why.en = "{risk} of 100"', "nothing is filled in"),
        ('tell.en = " "', "it says nothing"),
        (f'tell.en = "{"x" * 201}"', "201 characters"),
        ('tell.english = "Hi"', "no customers' language called 'english'"),
        ('tell = { title = "Hi", link = "javascript:alert(1)" }', "leads to no page"),
        ('tell.en = "Hi"\ntell_why.de = "weil"', "a reason in 'de' and no wording"),
    ],
)
def test_what_customers_could_not_read_is_a_fault_with_its_line(tell: str, what: str) -> None:
    (found,) = faults(tell)
    assert what in found
    assert "playbook.toml line 4" in found or "playbook.toml line 5" in found


@pytest.mark.parametrize(
    ("widget", "what"),
    [
        ('[widget]\nlanguages = ["en", "xx"]\n', "no customers' language called 'xx'"),
        ('[widget]\nlanguages = ["en", "en"]\n', "'en' stands twice"),
        ('[widget]\nprivacy = "our page"\n', "no address"),
        ('[widget]\nreads.it = "chi"\n', "no customers' language called 'it'"),
    ],
)
def test_faults_of_the_brief(widget: str, what: str) -> None:
    (found,) = faults('tell.en = "Hi"', widget)
    assert what in found


def test_a_product_in_a_language_no_customer_can_be_spoken_to_in() -> None:
    french = GOOD.replace('name = "shop"', 'name = "shop"\nlanguage = "fr"') + "[widget]\nlanguages = ['en']\n"
    found = report(french, ACTIONS + 'tell = "Bonjour"')
    assert ["customers cannot be spoken to in 'fr'" in str(fault) for fault in found.faults] == [True]


def notes(tell: str, widget: str = LANGUAGES) -> list[str]:
    actions = ACTIONS + tell + '\n[[actions]]\nid = "gift"\nname = "A gift"\nsay = "Send it"\n'
    return report(GOOD + widget, actions).notes


def test_what_is_missing_in_which_language_is_said() -> None:
    found = notes('name = "A call"\ntell.en = "Hi"\ntell_why.en = "because"\n')
    assert any("No customer is shown these actions" in note and "A gift" in note for note in found)
    assert any("read de" in note and "A call" in note and "`tell`" in note for note in found)
    assert sum("public_facts" in note for note in found) == 2
    whole = notes(
        'name = "A call"\ntell.en = "Hi"\ntell.de = "Hallo"\ntell_why.en = "because"\n',
        LANGUAGES + "[widget.public_facts]\nen = ['a']\nde = ['b']\n",
    )
    assert [note for note in whole if "`tell_why`" in note and "read de" in note]
    assert not [note for note in whole if "public_facts" in note]


def test_nobody_hears_of_the_widget_who_did_not_ask_for_it() -> None:
    assert notes("", "") == []


def test_a_wording_of_another_form_is_named_with_its_key() -> None:
    with pytest.raises(BriefFaults) as caught:
        read_playbook(ACTIONS + 'tell = { title = "Hi", buton = "x" }')
    assert "buton" in str(caught.value)
    wrong: list[Any] = ["tell = 3", "tell.en = 3", 'tell_why = ["a"]']
    for text in wrong:
        with pytest.raises(BriefFaults):
            read_playbook(ACTIONS + text)
