"""The people page: adding, inviting and letting go, who may do what, and keys."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from tests.doors import AWAY, GOOD, HOME, Browser
from tests.http.house import home

from payoff.people.keys import make_key
from payoff.people.passwords import hash_password
from payoff.people.person import people_of
from payoff.people.proof import signing_secret
from payoff.use_cases import owners
from payoff.use_cases.product import Product


@pytest.fixture
def product() -> Product:
    """Ada and Nia have passwords."""
    made = home().product
    for person in ("nia", "ada"):
        made.storage.accounts.set_password(person, hash_password(GOOD), at=made.clock.now())
    return made


def admin(product: Product, **more: object) -> Browser:
    browser = Browser(product, **more)
    assert browser.sign_in("ada").status_code == 303
    return browser


def links(text: str, base: str = HOME) -> list[str]:
    return re.findall(rf'value="{base}(/welcome/[^"]+)"', text)


def test_a_link_is_shown_once_and_leads_in(product: Product) -> None:
    ada = admin(product)
    answer = ada.post("/people/tom/invite")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    (link,) = links(answer.text)
    assert "/welcome/" not in ada.get("/people").text
    tom = Browser(product)
    assert tom.post(link, data={"new": GOOD, "again": GOOD}).headers["location"] == "/desk"
    assert ada.post("/people/zed/invite").status_code == 404


def test_a_link_names_the_address_other_machines_know(product: Product) -> None:
    ada = admin(product, base=HOME, origins=(AWAY,))
    assert links(ada.post("/people/tom/invite").text, AWAY)


def test_before_an_admin_can_sign_in_nobody_else_is_let_in() -> None:
    product = home().product
    browser = Browser(product)
    page = browser.get("/people").text
    assert "/people/nia/invite" not in page
    assert "An admin goes first" in page
    assert browser.post("/people/nia/invite").status_code == 409
    assert browser.post("/people/ada/invite").status_code == 200


def test_several_people_are_added_at_once_each_with_a_link(product: Product) -> None:
    ada = admin(product)
    named = "Ben Ode, ben@example.com\r\n\r\nUwe Frey <uwe@example.com>\r\nNia Second"
    answer = ada.post("/people/add", data={"named": named, "permissions": ["expert", "frontline"]})
    assert answer.status_code == 200
    assert len(links(answer.text)) == 3
    people = product.brief.people
    assert [(id, people[id].name, people[id].email) for id in ("ben", "uwe", "nia-second")] == [
        ("ben", "Ben Ode", "ben@example.com"),
        ("uwe", "Uwe Frey", "uwe@example.com"),
        ("nia-second", "Nia Second", ""),
    ]
    assert people["ben"].permissions == ["frontline", "expert"]
    assert product.documents.history("payoff.toml")[0].by == "ada"
    uwe = Browser(product)
    assert uwe.post(links(answer.text)[1], data={"new": GOOD, "again": GOOD}).status_code == 303
    assert Browser(product).sign_in("uwe@example.com").status_code == 303


def test_people_added_before_an_admin_can_sign_in_have_no_link_yet() -> None:
    product = home().product
    answer = Browser(product).post("/people/add", data={"named": "Ben Ode", "permissions": "frontline"})
    assert answer.status_code == 200
    assert links(answer.text) == []
    assert "ben" in product.brief.people


def test_people_who_cannot_be_added_are_told_with_all_faults_and_nobody_is(product: Product) -> None:
    ada = admin(product)
    answer = ada.post("/people/add", data={"named": "Ben Ode, ben@\nEve, a@b.c\nEva, A@b.c"})
    assert answer.status_code == 422
    for words in ("Ben Ode", "they may do nothing", "is the address of Eve"):
        assert words in answer.text
    assert "Ben Ode, ben@\nEve, a@b.c\nEva, A@b.c</textarea>" in answer.text
    assert ada.post("/people/add", data={"named": " \n ", "permissions": "expert"}).status_code == 422
    assert not {"ben", "eve", "eva"} & product.brief.people.keys()


def test_what_is_wrong_is_on_top_with_a_way_to_its_field(product: Product) -> None:
    ada = admin(product)
    sent = {
        "/people/add": {"named": "Tom B\nGia Novak, gia@ledgerline", "permissions": "expert"},
        "/people/permissions": table(product, tom=""),
        "/keys": {"kind": "secret", "label": "import"},
    }
    fields = {"/people/add": "add-people", "/people/permissions": "may-tom", "/keys": "secret-person"}
    for route, data in sent.items():
        answer = ada.post(route, data=data)
        assert answer.status_code == 422
        main = answer.text.split("<main")[1]
        assert main.index('role="alert"') < main.index("<h1>")
        assert f'href="#{fields[route]}"' in main
        assert re.search(rf'id="{fields[route]}"[^>]* aria-invalid="true"', main), route
    text = ada.post("/people/add", data=sent["/people/add"]).text
    assert "line 2, Gia Novak: &#39;gia@ledgerline&#39; is no e-mail address" in text
    assert "expert, researcher" not in ada.post("/people/permissions", data=sent["/people/permissions"]).text
    assert "It cannot" not in ada.post("/keys", data=sent["/keys"]).text
    assert product.brief.people["tom"].permissions == ["frontline"]


def test_what_was_typed_into_the_table_is_kept(product: Product) -> None:
    ada, sent = admin(product), table(product, tom="", nia="expert")
    emails = ["nia@example", *sent["email"][1:]]  # type: ignore[index]
    text = ada.post("/people/permissions", data={**sent, "email": emails}).text
    assert 'value="nia@example"' in text
    assert re.search(r'value="nia:expert"[^>]* checked', text)
    assert not re.search(r'value="tom:frontline"[^>]* checked', text)


def table(product: Product, **changes: str) -> dict[str, object]:
    """What the table sends, with the permissions of some changed: `nia="frontline,expert"`."""
    known = product.brief.people
    may = [
        f"{id}:{p}"
        for id, person in known.items()
        for p in (changes[id].split(",") if id in changes else person.permissions)
        if p
    ]
    base = str(product.people.version())
    return {"base": base, "person": list(known), "email": [p.email for p in known.values()], "may": may}


def test_the_table_changes_what_people_may_do_at_once(product: Product) -> None:
    nia = Browser(product)
    nia.sign_in()
    assert nia.get("/releases").status_code == 403
    ada = admin(product)
    assert ada.post("/people/permissions", data=table(product, nia="scientist")).status_code == 303
    assert nia.get("/releases").status_code == 200
    assert product.brief.people["nia"].permissions == ["scientist"]
    assert product.brief.people["tom"].permissions == ["frontline"]


def test_the_table_changes_addresses_and_tells_all_faults(product: Product) -> None:
    ada, sent = admin(product), table(product)
    emails = ["nia@example.com", "NIA@example.com", "nobody", "", "", "", ""]
    answer = ada.post("/people/permissions", data={**sent, "email": emails})
    assert answer.status_code == 422
    assert "Tom Berg: NIA@example.com is the address of Nia Okafor" in answer.text
    assert "is no e-mail address" in answer.text
    assert product.brief.people["nia"].email == ""
    emails[1:3] = ["tom@example.com", ""]
    assert ada.post("/people/permissions", data={**sent, "email": emails}).status_code == 303
    assert product.brief.people["tom"].email == "tom@example.com"
    refused = ada.post("/people/permissions", data={**table(product), "may": "nia:king"})
    assert refused.status_code == 422
    assert "nobody would be left who may administer" in refused.text
    assert ada.post("/people/permissions", data=table(product, nia="king")).status_code == 422


def test_the_last_admin_who_can_sign_in_stays(product: Product) -> None:
    ada = admin(product)
    answer = ada.post("/people/permissions", data=table(product, ada="", paula="admin"))
    assert answer.status_code == 422
    assert 'href="#table">nobody who may administer could sign in any more' in answer.text
    assert re.search(r'value="paula:admin"[^>]* checked', answer.text), "beside the form, which is as it was typed"
    assert ada.post("/people/ada/take-password").status_code == 409
    assert ada.post("/people/ada/left").status_code == 409
    assert ada.post("/people/permissions", data=table(product, nia="admin")).status_code == 303
    sent = {**table(product, ada="manager"), "confirmed": "1"}
    assert ada.post("/people/permissions", data=sent).status_code == 303
    assert ada.get("/people").status_code == 403
    nia = Browser(product)
    nia.sign_in()
    assert nia.post("/people/nia/take-password").status_code == 409
    assert nia.post("/people/ada/left", data={"confirmed": "1"}).status_code == 303
    assert "ada" not in product.brief.people


def test_who_gives_away_what_they_may_is_asked_and_lands_where_they_may_be() -> None:
    product = home().product
    ada, sent = Browser(product), table(product, ada="expert", nia="admin")
    asked = ada.post("/people/permissions", data=sent)
    assert asked.status_code == 200
    assert "You would no longer administer: Nia Okafor would" in asked.text
    assert re.search(r'value="nia:admin"[^>]* checked', asked.text)
    assert product.brief.people["ada"].permissions == ["admin"]
    answer = ada.post("/people/permissions", data={**sent, "confirmed": "1"})
    assert answer.headers["location"] == "/account?said=resigned"
    page = ada.get("/account?said=resigned").text
    assert "Saved. You no longer administer this." in page
    assert "Ada Lind: your account" in page, "this machine stays who it was"
    assert product.brief.people["nia"].permissions == ["admin"]


def test_before_a_password_exists_somebody_has_to_administer() -> None:
    product = home().product
    answer = Browser(product).post("/people/permissions", data=table(product, ada="manager"))
    assert answer.status_code == 422
    assert "nobody would be left who may administer. Tick it for somebody first." in answer.text
    assert product.brief.people["ada"].permissions == ["admin"]


def test_whom_to_ask_is_said_in_the_words_of_the_page(product: Product) -> None:
    nia = Browser(product)
    nia.sign_in()
    refused = nia.get("/people").text
    assert "It takes the permission: everything, people and keys too (admin). Ask Ada Lind." in refused
    refused = nia.post("/board/r0/decide", data={"chosen": "hold", "why": "wait"}).text
    assert "decide on releases (manager) · everything, people and keys too (admin)" in refused
    assert "Ask Paula Stein or Ada Lind." in refused
    assert 'href="/"' in refused


def test_where_a_form_of_the_page_was_sent_is_no_dead_end(product: Product) -> None:
    ada = admin(product)
    for path in ("/people/add", "/people/permissions", "/keys"):
        assert ada.get(path).headers["location"] == "/people"


def test_a_table_that_is_out_of_date_changes_nothing(product: Product) -> None:
    ada, old = admin(product), table(product, tom="manager")
    ada.post("/people/permissions", data=table(product, nia="expert"))
    answer = ada.post("/people/permissions", data=old)
    assert answer.status_code == 409
    assert "changed the people meanwhile" in answer.text
    assert product.brief.people["nia"].permissions == ["expert"]
    assert product.brief.people["tom"].permissions == ["frontline"]
    stale = table(product, tom="manager")
    product.documents.put({("questions", "users"): "us"}, by="paula", base=product.people.version())
    assert ada.post("/people/permissions", data=stale).status_code == 303, "a change elsewhere is no conflict"


def test_taking_a_password_away_signs_out_everywhere_and_voids_links(product: Product) -> None:
    ada, nia = admin(product), Browser(product)
    nia.sign_in()
    (link,) = links(ada.post("/people/nia/invite").text)
    assert "one open session" in ada.get("/people/nia").text
    assert ada.post("/people/nia/take-password").headers["location"] == "/people?said=password_gone"
    assert nia.get("/desk").status_code == 303
    assert nia.sign_in().status_code == 401
    assert nia.get(link).status_code == 409
    assert ada.post("/people/zed/take-password").status_code == 404


def test_who_has_left_is_out_of_everything_and_what_they_said_stays(product: Product) -> None:
    ada, nia = admin(product), Browser(product)
    nia.sign_in()
    accounts, now = product.storage.accounts, product.clock.now()
    key, text = make_key(
        accounts, people_of(product.brief.people), "secret", "hers", by="ada", now=now, person="nia"
    )
    waiting = product.queue()[0]
    product.claim(waiting.suggestion.id, "nia")
    share = product.boards.share(product.scorecard("r0"), by="nia")
    invited = links(ada.post("/people/nia/invite").text)[0]
    page = ada.get("/people/nia").text
    for words in ("one open session", f"the key hers (begins with sk_{key.id})", waiting.unit, "the link to r0"):
        assert words in page
    assert "ada" not in page.split("Has left")[1].split("short name")[0]
    asked = ada.post("/people/nia/left")
    assert asked.status_code == 200
    for words in ("Has Nia Okafor left?", f"the key hers (begins with sk_{key.id})", "cannot be taken back"):
        assert words in asked.text
    assert nia.get("/desk").status_code == 200, "nothing ends before it was asked"
    left = ada.post("/people/nia/left", data={"confirmed": "1"})
    assert left.headers["location"] == "/people?said=person_left"
    assert nia.get("/desk").status_code == 303
    assert nia.sign_in().status_code == 401
    assert nia.get(invited).status_code == 409
    program = TestClient(ada.app, base_url=HOME, headers={"authorization": f"Bearer {text}"})
    assert program.get("/v1/feedback").status_code == 401
    assert product.queue()[0].taken_by == ""
    assert [s.withdrawn for s in product.boards.shares() if s.id == share.id] == ["ada"]
    assert "nia" not in product.brief.people
    assert product.inbox()[0].by == "nia"
    after = ada.get("/people/nia")
    assert after.status_code == 200, "an account that is empty"
    assert "Nothing of theirs opens anything" in after.text
    assert "has left" not in after.text
    assert "/people/nia/" not in after.text, "nothing more to press"


@pytest.mark.parametrize(
    ("to", "owner", "said"), [("tom", "tom", "person_left_to"), ("-", "", "person_left_free")]
)
def test_the_customers_of_who_has_left_are_given_over_in_one_go(
    product: Product, to: str, owner: str, said: str
) -> None:
    product.facts([{"unit": f"acct-{i}", "owner": "nia", "role": "payroll lead"} for i in range(10)])
    ada = admin(product)
    assert "Who looks after these 10 customers from now on?" in ada.get("/people/nia").text
    asked = ada.post("/people/nia/left", data={"to": to})
    assert "Their 10 customers go to" in asked.text
    assert f'name="to" value="{to}"' in asked.text
    assert len(owners.owned(product.workspace, "nia")) == 10
    answer = ada.post("/people/nia/left", data={"to": to, "confirmed": "1"})
    assert answer.headers["location"] == f"/people?said={said}"
    assert len(owners.owned(product.workspace, owner)) == 10
    assert {item.owner for item in product.queue() if item.unit in [f"acct-{i}" for i in range(10)]} == {owner}


def test_who_gets_the_customers_has_to_be_chosen_and_a_wrong_colleague_changes_nothing(product: Product) -> None:
    product.facts([{"unit": "acct-1", "owner": "nia"}])
    ada = admin(product)
    for wrong in ("zed", "nia"):
        assert ada.post("/people/nia/left", data={"to": wrong, "confirmed": "1"}).status_code == 404
    for sent in ({}, {"to": ""}, {"confirmed": "1"}):
        answer = ada.post("/people/nia/left", data=sent)
        assert answer.status_code == 422
        assert "Say who looks after their customers" in answer.text
    assert "nia" in product.brief.people
    assert owners.owned(product.workspace, "nia") == ["acct-1"]


def test_what_waits_is_counted_as_the_desk_of_the_next_one_will_count_it(product: Product) -> None:
    product.decide()
    product.facts([{"unit": item.unit, "owner": "nia"} for item in product.queue()])
    told = [item for item in product.queue() if item.suggestion.told]
    product.claim(told[0].suggestion.id, "paula")
    product.answer(told[1].suggestion.id, "not_now", "nia")
    ada = admin(product)
    waiting = product.people.leaving("nia").waiting
    assert 1 < waiting == len(told) - 2
    ada.post("/people/nia/left", data={"to": "tom", "confirmed": "1"})
    product.storage.accounts.set_password("tom", hash_password(GOOD), at=product.clock.now())
    tom = Browser(product)
    tom.sign_in("tom")
    headline = re.search(r"<h1[^>]*>([^<]*)", tom.get("/desk").text)
    assert headline
    assert headline[1] == f"{waiting} customers wait for you"


def test_a_person_who_left_and_comes_back_under_the_same_name_has_no_old_key_and_no_old_password(
    product: Product,
) -> None:
    ada = admin(product)
    accounts, now = product.storage.accounts, product.clock.now()
    _, text = make_key(
        accounts, people_of(product.brief.people), "secret", "hers", by="ada", now=now, person="nia"
    )
    ada.post("/people/nia/left", data={"confirmed": "1"})
    answer = ada.post("/people/add", data={"named": "Nia Other\nBen Ode", "permissions": "admin"})
    assert "Nia Other has the short name nia" in answer.text
    assert "Customers do not come back by themselves" in answer.text
    assert "Ben Ode has the short name" not in answer.text
    assert product.brief.people["nia"].name == "Nia Other"
    assert Browser(product).sign_in("nia").status_code == 401
    program = TestClient(ada.app, base_url=HOME, headers={"authorization": f"Bearer {text}"})
    assert program.get("/v1/feedback").status_code == 401


def test_nobody_says_of_themselves_that_they_have_left(product: Product) -> None:
    ada = admin(product)
    assert "make somebody else an admin first" in ada.get("/people/ada").text
    product.storage.accounts.set_password("paula", hash_password(GOOD), at=product.clock.now())
    ada.post("/people/permissions", data=table(product, paula="admin"))
    assert "another admin can do this" in ada.get("/people/ada").text
    assert ada.post("/people/ada/left").status_code == 409
    assert "ada" in product.brief.people


def test_a_key_is_shown_once_works_and_is_stopped(product: Product) -> None:
    ada = admin(product)
    sent = {"kind": "secret", "label": "import", "person": "", "permissions": ["scientist", "manager"]}
    answer = ada.post("/keys", data=sent)
    (text,) = re.findall(r'value="(sk_[^"]+)"', answer.text)
    assert text not in ada.get("/people").text
    program = TestClient(ada.app, base_url=HOME, headers={"authorization": f"Bearer {text}"})
    assert program.get("/v1/releases").status_code == 200
    id = text.split("_")[1]
    assert ada.post(f"/keys/{id}/revoke").headers["location"] == "/people?said=key_revoked#s-keys"
    assert program.get("/v1/releases").status_code == 401
    assert "stopped 5 Jan 2026" in ada.get("/people").text


def test_a_replaced_key_works_beside_the_old_one_until_that_is_stopped(product: Product) -> None:
    ada = admin(product)
    answer = ada.post("/keys", data={"kind": "secret", "label": "crm", "permissions": "scientist"})
    (old,) = re.findall(r'value="(sk_[^"]+)"', answer.text)
    id = old.split("_")[1]
    answer = ada.post(f"/keys/{id}/replace")
    assert "The one before goes on until you stop it" in answer.text
    (new,) = re.findall(r'value="(sk_[^"]+)"', answer.text)
    assert new != old
    clients = [TestClient(ada.app, base_url=HOME, headers={"authorization": f"Bearer {k}"}) for k in (old, new)]
    assert [c.get("/v1/releases").status_code for c in clients] == [200, 200]
    ada.post(f"/keys/{id}/revoke")
    assert [c.get("/v1/releases").status_code for c in clients] == [401, 200]
    assert ada.post(f"/keys/{id}/replace").status_code == 409
    assert ada.post("/keys/nobody/replace").status_code == 404


def test_a_key_for_the_widget_comes_with_the_secret_its_proofs_are_signed_with(product: Product) -> None:
    ada = admin(product)
    sent = {"kind": "publishable", "label": "app", "origins": "https://app.example.com"}
    answer = ada.post("/keys", data=sent)
    (text,) = re.findall(r'value="(pk_[^"]+)"', answer.text)
    secret = signing_secret(product.storage.accounts, text.split("_")[1])
    assert f'value="{secret}"' in answer.text
    assert secret not in ada.get("/people").text


def test_a_key_that_cannot_be_made_says_all_faults_and_keeps_what_was_typed(product: Product) -> None:
    ada = admin(product)
    before = len(product.storage.accounts.all_keys())
    answer = ada.post("/keys", data={"kind": "publishable", "label": "", "origins": "https://a.example/x ftp://b"})
    assert answer.status_code == 422
    assert "names a page, not a site" in answer.text
    assert "is not the address of a site" in answer.text
    assert "https://a.example/x ftp://b</textarea>" in answer.text
    assert len(product.storage.accounts.all_keys()) == before


def test_a_line_that_is_no_site_is_one_fault(product: Product) -> None:
    ada = admin(product)
    answer = ada.post("/keys", data={"kind": "publishable", "label": "app", "origins": "Not A Site"})
    assert answer.text.count("is not the address of a site") == 1
    sites = "https://a.example, https://b.example\r\nhttps://c.example"
    ada.post("/keys", data={"kind": "publishable", "label": "app", "origins": sites})
    made = {key.label: key for key in product.storage.accounts.all_keys()}["app"]
    assert made.origins == ("https://a.example", "https://b.example", "https://c.example")


def test_a_name_too_long_for_any_page_is_refused(product: Product) -> None:
    ada = admin(product)
    assert ada.post("/people/add", data={"named": "N" * 80, "permissions": "expert"}).status_code == 200
    answer = ada.post("/people/add", data={"named": "M" * 300, "permissions": "expert"})
    assert answer.status_code == 422
    assert "the name has 300 characters. Up to 80 are fine." in answer.text


def test_a_secret_key_comes_with_a_line_that_works_as_it_stands(product: Product) -> None:
    ada = admin(product)
    answer = ada.post("/keys", data={"kind": "secret", "label": "import", "permissions": "scientist"})
    (text,) = re.findall(r'value="(sk_[^"]+)"', answer.text)
    assert f"curl -H &#34;Authorization: Bearer {text}&#34; {HOME}/v1/findings" in answer.text
    program = TestClient(ada.app, base_url=HOME, headers={"authorization": f"Bearer {text}"})
    assert program.get("/v1/findings").status_code == 200


def test_hostile_names_are_shown_as_names(product: Product) -> None:
    hostile = '<script>alert(1)</script>"><img src=x>'
    ada = admin(product)
    ada.post("/people/add", data={"named": "Eve", "permissions": "frontline"})
    product.documents.save(
        "payoff.toml",
        product.documents.document("payoff.toml").text.replace('"Eve"', f"'{hostile}'"),
        by="ada",
        base=product.people.version(),
        confirmed=True,
        admin=True,
    )
    ada.post("/keys", data={"kind": "secret", "label": hostile, "permissions": "admin"})
    pages = (
        ada.get("/people"),
        ada.get("/people/eve"),
        ada.post("/people/eve/invite"),
        ada.post("/people/add", data={"named": hostile}),
        ada.sign_in(hostile, hostile),
    )
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "&lt;script&gt;" in page.text
