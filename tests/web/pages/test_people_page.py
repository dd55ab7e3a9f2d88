"""The people page as data: who can get in, who may do what, and which keys there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests import small
from tests.fake_product import FakeProduct
from tests.http.house import PEOPLE

from payoff.errors import Fault
from payoff.people.declared import NOTHING, Change
from payoff.people.keys import make_key
from payoff.people.permissions import PERMISSIONS, ROUTES
from payoff.people.person import people_of
from payoff.people.sessions import open_session
from payoff.use_cases.product import Product
from payoff.web.pages.member import NOBODY_NOW, MemberPage, member
from payoff.web.pages.people import Form, PeoplePage, been_here, key_shown, links_shown, people
from payoff.web.pages.signin import account, sign_in, welcome

NOW = small.START


@pytest.fixture
def product() -> Product:
    return small.product(brief=small.BRIEF + PEOPLE)


def known(product: Any) -> Any:
    return people_of(product.brief.people)


def page(product: Product, **more: Any) -> PeoplePage:
    return people(product, known(product)["ada"], known(product), **{"secured": True, **more})


def test_everybody_of_the_brief_is_listed_with_what_they_may_do_and_whether_they_can_get_in(
    product: Product,
) -> None:
    product.storage.accounts.set_password("nia", "hash", at=NOW)
    product.storage.accounts.set_password("ada", "hash", at=NOW)
    product.storage.accounts.invite("tom", at=NOW)
    made = page(product)
    assert made.headline == "7 people, 2 with a password"
    nia, tom = made.people[:2]
    assert (nia.may, nia.able, nia.state, nia.seen) == (
        "May: help customers (frontline)", True, "has a password", "never signed in",
    )  # fmt: skip
    assert (nia.invite, nia.invite_label) == ("New link", "A new link for Nia Okafor")
    assert (tom.able, tom.state, tom.invite) == (False, "no password", "Invite")
    assert [line.id for line in made.people if line.mine] == ["ada"]
    assert made.add_button == "Add them and make their links"


def test_before_an_admin_can_sign_in_only_admins_are_invited(product: Product) -> None:
    product.storage.accounts.set_password("nia", "hash", at=NOW)
    made = page(product)
    assert [line.id for line in made.people if line.invite] == ["ada"]
    assert made.add_button == "Add them"
    assert made.linkless == "They get their links later: an admin has to choose a password first."
    product.storage.accounts.set_password("ada", "hash", at=NOW)
    assert page(product).linkless == ""


def test_who_left_the_brief_but_has_a_password_is_told_apart(product: Product) -> None:
    product.storage.accounts.set_password("old", "hash", at=NOW)
    product.storage.accounts.set_password("older", "", at=NOW)
    assert [line.id for line in page(product).gone] == ["old"]


def test_while_nobody_had_a_password_the_page_says_so(product: Product) -> None:
    made = page(product, secured=False)
    assert made.open
    assert made.may_choose
    assert not page(product).open


def test_the_table_has_a_tick_for_each_permission_and_a_name_for_each_tick(product: Product) -> None:
    made = page(product)
    assert len(made.columns) == len(PERMISSIONS)
    nia = made.table[0]
    assert [tick.value for tick in nia.ticks] == [f"nia:{p}" for p in PERMISSIONS]
    assert [tick.value for tick in nia.ticks if tick.chosen] == ["nia:frontline"]
    assert nia.ticks[0].label == "Nia Okafor: help customers (frontline)"
    nobody = small.product()
    stand_in = people(nobody, known(nobody)["me"], known(nobody), secured=False)
    assert (stand_in.table, stand_in.may_choose) == ((), False)


def test_keys_say_how_they_begin_for_whom_by_whom_and_when_they_were_used(product: Product) -> None:
    accounts = product.storage.accounts

    def key(label: str, kind: Any = "secret", **more: Any) -> Any:
        return make_key(accounts, known(product), kind, label, by="ada", now=NOW, **more)[0]

    one = key("crm", permissions=("scientist", "manager"))
    key("hers", person="paula")
    key("app", "publishable", origins=("https://a.example", "https://b.example"))
    accounts.key_used(one.id, NOW + timedelta(hours=1))
    accounts.revoke_key(key("old", permissions=("admin",)).id, at=NOW)
    lines = {line.label: line for line in page(product).keys}
    assert lines["crm"].scope == "may: build releases and send data (scientist) · decide on releases (manager)"
    assert lines["crm"].about == (
        f"begins with sk_{one.id} · made 5 Jan 2026 by Ada Lind · last used 5 Jan 2026, 10:00"
    )
    assert lines["crm"].kind == "for a server (secret)"
    assert lines["hers"].scope == "acts for Paula Stein"
    assert lines["hers"].about.endswith("never used")
    assert lines["app"].scope == "for pages of https://a.example, https://b.example"
    assert lines["app"].kind == "for the widget (public)"
    assert [(line.label, line.revoked) for line in page(product).revoked] == [("old", "stopped 5 Jan 2026, 09:00")]
    assert page(product).revoked_title == "One that was stopped"
    others = {id: who for id, who in known(product).items() if id != "paula"}
    left = people(product, others["ada"], others, secured=True)
    assert "opens nothing" in {line.label: line for line in left.keys}["hers"].scope


def test_what_was_typed_comes_back_with_its_faults(product: Product) -> None:
    made = page(product, form=Form("secret", "x", "paula", ("admin",)))
    assert [option.value for option in made.persons if option.chosen] == ["paula"]
    assert [option.value for option in made.permissions if option.chosen] == ["admin"]


def test_what_is_wrong_stands_on_top_in_the_words_of_the_screen_and_leads_to_its_field(product: Product) -> None:
    def problems(kind: str, *faults: Fault, **more: Any) -> list[tuple[str, str]]:
        made = page(product, form=Form(kind, faults=faults, **more))
        assert made.bad == {p.field for p in made.problems}
        return [(p.text, p.field) for p in made.problems]

    mend = "Give one or more of: frontline, expert."
    assert problems(
        "add", Fault("Gia", NOTHING, mend, ("permissions",)), Fault("line 2", "no", "Do.", ("people",))
    ) == [
        ("Gia: they may do nothing. Tick one or more under “They may”.", "add-permissions"),
        ("line 2: no. Do.", "add-people"),
    ]
    typed = {"nia": Change("nia@", ())}
    found = problems(
        "table", Fault("Nia", NOTHING, mend, ("permissions", "nia")), Fault("Nia", "no", "Do.", ("email", "nia")),
        changes=typed,
    )  # fmt: skip
    assert [at for _, at in found] == ["may-nia", "email-nia"]
    assert "frontline" not in found[0][0]
    assert problems("secret", Fault("person", "nothing says", "Do.")) == [("nothing says. Do.", "secret-person")]
    assert problems("publishable", Fault("origins", "no", "Do."))[0][1] == "publishable-origins"
    assert problems("add", Fault("brief", "no", "Do."))[0][1] == "add-people"
    row = page(product, form=Form("table", changes=typed)).table[0]
    assert (row.email, [t for t in row.ticks if t.chosen]) == ("nia@", []), "as it was typed"


def test_each_permission_says_what_a_program_may_do_with_it(product: Product) -> None:
    words = {
        "get suggestions": ("POST", "/v1/suggestions"),
        "send facts and outcomes": ("POST", "/v1/events"),
        "read releases": ("GET", "/v1/releases"),
        "decide on them": ("POST", "/v1/releases/{release}/decisions"),
    }
    for permission in PERMISSIONS:
        said = product.texts.say(f"people.program_{permission}")
        for what, route in words.items():
            assert (what in said or said == "all of this") == (permission in ROUTES[route]), (permission, what)


def test_links_and_keys_are_shown_with_what_to_do_with_them(product: Product) -> None:
    texts = product.texts
    one = links_shown(texts, [("Tom Berg", "http://x/welcome/t")])
    assert (one.title, one.values) == ("A link for Tom Berg", (("For Tom Berg", "http://x/welcome/t"),))
    assert links_shown(texts, [("A", "x"), ("B", "y")]).title == "2 links"
    key, text = make_key(
        product.storage.accounts, {}, "publishable", "app", by="ada", now=NOW, origins=["https://a.example"]
    )
    shown = key_shown(texts, key, text, "ws_1")
    assert shown.values == (("The key", text), ("Its signing secret, for your server", "ws_1"))
    assert "The one before" not in shown.text
    secret, made = make_key(
        product.storage.accounts, {}, "secret", "crm", by="ada", now=NOW, permissions=["scientist"]
    )
    program = key_shown(texts, secret, made, base="https://payoff.example")
    example = f'curl -H "Authorization: Bearer {made}" https://payoff.example/v1/findings'
    assert [value for _, value in program.values] == [made, example]
    assert "https://payoff.example/v1/openapi.json" in program.use
    assert "The one before" in key_shown(texts, key, text, replaced=True).text


def about(
    product: Product, id: str, looks: str = "ada", admins: tuple[str, ...] = ("ada",), chosen: str | None = None
) -> MemberPage:
    leaving = product.people.leaving(id)
    return member(product, known(product)[looks], known(product), leaving, admins=admins, chosen=chosen)


def test_what_ends_when_somebody_leaves_is_listed_one_by_one(product: Product) -> None:
    accounts = product.storage.accounts
    made = about(product, "nia")
    assert made.ends == (
        "the way in: password, 0 open sessions, invitations, and links in mails and messages sent to them",
        "their entry in the brief",
    )
    assert (made.invite, made.take, made.mine) == ("Invite", "", "")
    assert made.lead == "Signs in as nia. May: help customers (frontline)."
    accounts.set_password("nia", "hash", at=NOW)
    open_session(accounts, "nia", 1, NOW)
    key, _ = make_key(accounts, known(product), "secret", "hers", by="ada", now=NOW, person="nia")
    made = about(product, "nia")
    assert "one open session" in made.ends[0]
    assert made.ends[1] == f"the key hers (begins with sk_{key.id})"
    assert made.invite == "New link"
    assert "one open session end at once" in made.take
    assert made.mine == ""
    assert (made.owned, made.heirs) == ("", ())
    assert (made.heading, made.button, made.sure) == ("Has left", "Nia Okafor has left …", None)


def test_who_looks_after_customers_is_asked_who_gets_them() -> None:
    mine = [{"unit": f"a{i}", "owner": "nia", "name": f"Firm {i}", "role": "boss"} for i in range(3)]
    product = small.product(brief=small.BRIEF + PEOPLE)
    product.facts([*mine, {"unit": "b", "owner": "tom"}])
    made = about(product, "nia")
    assert made.owned.startswith("Nia Okafor looks after 3 customers (0 of them waiting")
    assert made.heirs_label == "Who looks after these 3 customers from now on?"
    able = ["tom", "paula", "elena", "ada"]
    assert [o.value for o in made.heirs] == ["", NOBODY_NOW, *able], "who can answer on the desk"
    assert [o.label for o in made.heirs if o.chosen] == ["Choose …"], "nobody gets them by default"
    assert about(product, "paula").heirs == ()


def test_before_anything_ends_it_is_asked_with_what_becomes_of_the_customers() -> None:
    product = small.product(brief=small.BRIEF + PEOPLE)
    product.facts([{"unit": f"a{i}", "owner": "nia", "name": f"Firm {i}"} for i in range(3)])
    unsaid = about(product, "nia", chosen="")
    assert (unsaid.sure, "nobody for now" in unsaid.fault) == (None, True)
    given, free = about(product, "nia", chosen="tom").sure, about(product, "nia", chosen=NOBODY_NOW).sure
    assert given and free
    assert (given.title, given.becomes) == ("Has Nia Okafor left?", "Their 3 customers go to Tom Berg.")
    assert (given.yes, given.to) == ("Yes, Nia Okafor has left", "tom")
    assert free.becomes.startswith("Their 3 customers go to nobody: anybody can take them on at the desk")
    alone = about(product, "paula", chosen="").sure
    assert alone
    assert alone.becomes == ""


def test_who_is_gone_is_asked_about_only_where_something_is_still_theirs() -> None:
    product = small.product(brief=small.BRIEF + PEOPLE)
    product.facts([{"unit": "a", "owner": "zed"}])
    product.storage.accounts.set_password("zed", "", at=NOW)
    product.storage.accounts.set_password("old", "", at=NOW)
    rest, nothing = about(product, "zed"), about(product, "old")
    assert rest.question == "Is anything of zed still open?"
    assert (rest.heading, rest.text, rest.ends, rest.button) == ("Still theirs", "", (), "End this …")
    assert rest.owned.startswith("zed looks after one customer")
    assert (nothing.heading, nothing.ends, nothing.button) == ("Nothing is left", (), "")


def test_whose_short_name_was_taken_before_is_said_to_bring_no_customers_back(product: Product) -> None:
    ada = known(product)["ada"]
    said = been_here(product.texts, [ada])
    assert (said.title, said.values) == ("Added: Ada Lind", ())
    assert "Customers do not come back by themselves" in said.text
    assert links_shown(product.texts, [("Ada Lind", "x")], [ada]).use == said.text
    assert links_shown(product.texts, [("Ada Lind", "x")]).use == ""


def test_who_would_no_longer_administer_hears_who_would_and_what_is_left(product: Product) -> None:
    changes = {"ada": Change("", ("expert",)), "nia": Change("", ("frontline", "admin"))}
    assert page(product, form=Form("table", changes=changes)).resigns == ""
    assert page(product, form=Form("table", changes=changes, resigns=True)).resigns == (
        "You would no longer administer: Nia Okafor would, and only they could give it back. "
        "Left to you: say what is fit for whom (expert). Is that what you want?"
    )


def test_the_last_admin_who_can_sign_in_is_not_offered_to_lose_the_password(product: Product) -> None:
    product.storage.accounts.set_password("ada", "hash", at=NOW)
    assert about(product, "ada").take == ""
    assert about(product, "ada", admins=("ada", "nia")).take != ""


def test_whoever_looks_at_themselves_hears_whether_somebody_else_could_do_it(product: Product) -> None:
    assert about(product, "ada", admins=("ada", "nia")).mine == "This is you: another admin can do this."
    for alone in ((), ("ada",)):
        assert "make somebody else an admin first" in about(product, "ada", admins=alone).mine


def test_who_cannot_be_invited_now_is_told_why(product: Product) -> None:
    assert about(product, "nia", admins=()).invite == ""
    assert about(product, "nia", admins=()).no_invite == "An admin has to choose a password first."
    assert about(product, "ada", admins=()).invite == "Invite"
    product.storage.accounts.set_password("old", "hash", at=NOW)
    gone = about(product, "old")
    assert (gone.invite, gone.no_invite, gone.lead) == ("", "", "No longer in the brief, and cannot sign in.")
    assert len(gone.ends) == 1


def test_the_door_counts_the_minutes_to_wait() -> None:
    product = FakeProduct()
    waits = [sign_in(product, wait=timedelta(seconds=s)).fault for s in (1, 60, 61, 900)]
    assert "Wait a minute," in waits[0]
    assert waits[0] == waits[1]
    assert "Wait 2 minutes," in waits[2]
    assert "Wait 15 minutes," in waits[3]
    assert sign_in(product).fault == ""


def test_choosing_a_password_asks_for_the_present_one_only_where_there_is_one(product: Product) -> None:
    tom, ada = known(product)["tom"], known(product)["ada"]
    assert not welcome(product, tom, "t").current
    assert account(product, tom, secured=False).blocked
    first = account(product, ada, secured=False)
    assert (first.current, first.heading, first.blocked) == (False, "Choose your password", "")
    assert "From the first one on everybody signs in" in first.note
    product.storage.accounts.set_password("tom", "hash", at=NOW)
    later = account(product, tom, secured=True)
    assert (later.current, later.heading, later.blocked) == (True, "Change your password", "")
    assert later.lead == "You sign in as tom. You may: help customers (frontline)."
