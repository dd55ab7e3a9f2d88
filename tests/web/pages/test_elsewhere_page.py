"""Work from where you are: what reaches whom, when, and who can set up the rest."""

from __future__ import annotations

import pytest
from tests.channelled import monday

from payoff.adapters.notify.calendar import CalendarFile
from payoff.adapters.notify.memory import MemoryChannel
from payoff.errors import Unknown
from payoff.people.person import Person, people_of
from payoff.ports import Channels
from payoff.use_cases.product import Product
from payoff.web.pages.elsewhere import ElsewherePage, elsewhere, request_of

ADMIN = """
[people.ada]
name = "Ada Lind"
permissions = ["admin"]
"""


def page(product: Product, who: str = "ana") -> ElsewherePage:
    return elsewhere(product, people_of(product.brief.people)[who])


def missing(shown: ElsewherePage) -> dict[str, str]:
    return {way.name: way.why for way in shown.missing}


def test_what_comes_says_when_how_many_and_to_which_address() -> None:
    shown = page(monday(MemoryChannel("email"), MemoryChannel("slack"), brief=ADMIN))
    slack, email = shown.ways
    assert email.words.startswith(
        "Mondays from 08:00 at most 5 new suggestions of yours come to ana@small.example."
    )
    assert "(ana@small.example)" in slack.words
    assert shown.headline == "It comes to you in 2 other places"


def test_a_slack_id_is_where_slack_finds_somebody() -> None:
    shown = page(monday(MemoryChannel("slack")), "ben")
    assert "(UBEN)" in shown.ways[0].words


def test_what_nobody_set_up_names_who_can() -> None:
    shown = page(monday(MemoryChannel("email"), MemoryChannel("slack"), brief=ADMIN))
    assert missing(shown) == dict.fromkeys(("HubSpot", "Salesforce", "Calendar"), "It is not set up here.")
    assert shown.asks == ("Ada Lind can set it up.",)
    assert "Whoever looks after Payoff here" in page(monday()).asks[0]


def test_an_admin_is_told_that_it_is_theirs_to_change() -> None:
    may = page(monday(brief=ADMIN), "ada")
    assert may.runs and not [way for way in may.missing if way.way], "nobody asks themselves"
    assert may.asks == ("You can change that: in the file of the brief, under “channels”.",)


def test_what_is_named_and_does_not_work_is_told_apart_from_what_is_for_others() -> None:
    shown = page(monday(MemoryChannel("email"), brief=ADMIN))  # slack is in the brief and not ready
    assert "does not work" in missing(shown)["Slack"] and "Ada Lind can mend it." in shown.asks
    assert "for other people" in missing(page(monday(MemoryChannel("email")), "rui"))["E-mail"]


def test_somebody_without_an_address_is_told_so() -> None:
    product = monday(MemoryChannel("email"))
    product.workspace.brief = product.brief.model_copy(
        update={
            "people": {**product.brief.people, "ana": product.brief.people["ana"].model_copy(update={"email": ""})}
        }
    )
    assert "nobody has written down your e-mail address" in missing(page(product))["E-mail"]


def test_a_mail_that_cannot_be_answered_does_not_promise_it() -> None:
    product = monday(MemoryChannel("email"))
    channels = product.brief.channels.model_copy(update={"public_url": ""})
    product.workspace.brief = product.brief.model_copy(update={"channels": channels})
    assert "can be read, not answered" in page(product).ways[0].words


def test_a_calendar_address_is_shown_with_what_makes_it_anew() -> None:
    product = monday(brief=ADMIN + "[channels.calendar]\n")
    assert "does not work" in missing(page(product))["Calendar"] and not page(product).address
    product.workspace.channels = Channels(calendar=CalendarFile())
    shown = page(product)
    assert shown.address == product.calendars.address("ana") != ""
    assert not shown.may_renew and "Ada Lind can make a new invitation" in shown.renew
    product.storage.accounts.set_password("ana", "a hash", at=product.clock.now())
    again = page(product)
    assert again.may_renew and again.address != shown.address and "Choose a new password" in again.renew


def test_whoever_sits_alone_at_a_machine_may_open_it() -> None:
    product = monday()
    shown = elsewhere(product, Person("me", "You", frozenset({"frontline", "admin"})))
    assert not shown.ways and shown.headline == "For now it waits for you here, or in a table"


def test_what_is_missing_can_be_asked_for_once_until_it_is_answered() -> None:
    product = monday(brief=ADMIN)
    assert [way.way for way in page(product).missing] == ["slack", "email", "hubspot", "salesforce", "calendar"]
    id = product.feedback(by="ana", problem=request_of(product, "slack"))
    slack, email = page(product).missing[:2]
    assert (slack.way, slack.asked[:17]) == ("", "You asked for it ")
    assert (email.way, email.asked) == ("email", "")
    assert page(product, "ben").missing[0].way == "slack"
    product.give([id], "declined", by="ada", reason="We have no Slack.")
    assert page(product).missing[0].way == "slack"
    with pytest.raises(Unknown):
        request_of(product, "pigeon")
