"""The people page as data: who can get in, and which keys there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fake_product import NOW, FakeProduct

from payoff.people.keys import make_key
from payoff.people.person import people_of
from payoff.web.pages.people import KeyForm, PeoplePage, key_shown, link_shown, people
from payoff.web.pages.signin import account, sign_in, welcome


def known(product: FakeProduct) -> Any:
    return people_of(product.brief.people)


def page(product: FakeProduct, **more: Any) -> PeoplePage:
    return people(product, known(product)["ada"], known(product), **{"secured": True, **more})


def test_everybody_of_the_brief_is_listed_with_what_they_may_do_and_whether_they_can_get_in() -> None:
    product = FakeProduct()
    product.accounts.set_password("nia", "hash", at=NOW)
    product.accounts.invite("tom", at=NOW)
    made = page(product)
    assert made.headline == "7 people, 1 with a password"
    nia, tom = made.people[:2]
    assert (nia.may, nia.able, nia.state, nia.seen) == (
        "May: help customers", True, "has a password", "never signed in",
    )  # fmt: skip
    assert (nia.invite, nia.invite_label) == ("New link", "A new link for Nia Okafor")
    assert (tom.able, tom.state, tom.invite) == (False, "no password", "Invite")
    assert [line.id for line in made.people if line.mine] == ["ada"]


def test_who_left_the_brief_but_has_a_password_is_told_apart() -> None:
    product = FakeProduct()
    product.accounts.set_password("old", "hash", at=NOW)
    product.accounts.set_password("older", "", at=NOW)
    assert [line.id for line in page(product).gone] == ["old"]


def test_while_nobody_has_a_password_the_page_says_so() -> None:
    assert page(FakeProduct(), secured=False).open
    assert not page(FakeProduct()).open


def test_keys_say_for_whom_by_whom_and_when_they_were_used() -> None:
    product = FakeProduct()

    def key(label: str, kind: Any = "secret", **more: Any) -> Any:
        return make_key(product.accounts, known(product), kind, label, by="ada", now=NOW, **more)[0]

    one = key("crm", permissions=("scientist", "manager"))
    key("hers", person="paula")
    key("widget", "publishable", origins=("https://a.example", "https://b.example"))
    product.accounts.key_used(one.id, NOW + timedelta(hours=1))
    product.accounts.revoke_key(key("old", permissions=("admin",)).id, at=NOW)
    lines = {line.label: line for line in page(product).keys}
    assert lines["crm"].scope == "may: build releases and send data · decide on releases"
    assert lines["crm"].about == (
        f"begins with sk_{one.id} · made 23 Nov 2026 by Ada Lind · last used 23 Nov 2026, 10:30"
    )
    assert lines["hers"].scope == "acts for Paula Stein"
    assert lines["hers"].about.endswith("never used")
    assert lines["widget"].scope == "for pages of https://a.example, https://b.example"
    assert [(line.label, line.revoked) for line in page(product).revoked] == [
        ("old", "revoked 23 Nov 2026, 09:30")
    ]
    assert page(product).revoked_title == "One revoked key"
    others = {id: who for id, who in product.brief.people.items() if id != "paula"}
    product.brief = product.brief.model_copy(update={"people": others})
    assert "opens nothing" in {line.label: line for line in page(product).keys}["hers"].scope


def test_what_was_typed_comes_back_with_its_faults() -> None:
    made = page(FakeProduct(), form=KeyForm("secret", "x", "paula", ("admin",)))
    assert [option.value for option in made.persons if option.chosen] == ["paula"]
    assert [option.value for option in made.permissions if option.chosen] == ["admin"]


def test_a_link_and_a_key_are_shown_with_what_to_do_with_them() -> None:
    product = FakeProduct()
    shown = link_shown(product.texts, "Tom Berg", "http://x/welcome/t")
    assert (shown.title, shown.value) == ("The link for Tom Berg", "http://x/welcome/t")
    assert "once and for three days" in shown.text
    key, text = make_key(product.accounts, {}, "secret", "crm", by="ada", now=NOW, permissions=("admin",))
    assert "Authorization: Bearer" in key_shown(product.texts, key, text).use


def test_the_door_counts_the_minutes_to_wait() -> None:
    product = FakeProduct()
    waits = [sign_in(product, wait=timedelta(seconds=s)).fault for s in (1, 60, 61, 900)]
    assert "Wait a minute," in waits[0]
    assert waits[0] == waits[1]
    assert "Wait 2 minutes," in waits[2]
    assert "Wait 15 minutes," in waits[3]
    assert sign_in(product).fault == ""


def test_choosing_a_password_asks_for_the_present_one_only_where_there_is_one() -> None:
    product = FakeProduct()
    tom = known(product)["tom"]
    assert not welcome(product, tom, "t").current
    first = account(product, tom, secured=False)
    assert (first.current, first.heading) == (False, "Choose your password")
    assert "With the first one this server asks everybody to sign in" in first.note
    product.accounts.set_password("tom", "hash", at=NOW)
    later = account(product, tom, secured=True)
    assert (later.current, later.heading) == (True, "Change your password")
    assert later.lead == "You sign in as tom. You may: help customers."
