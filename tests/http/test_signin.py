"""Getting in and out through the pages."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.doors import AWAY, GOOD, HOME, OTHER, Browser
from tests.fake_product import FakeProduct
from tests.fake_values import BRIEF, NOW

from payoff.http.session import COOKIE, SESSION, SESSION_HTTPS
from payoff.people.invitations import invite
from payoff.people.passwords import hash_password
from payoff.people.sessions import FREE_TRIES, digest


@pytest.fixture
def product() -> FakeProduct:
    made = FakeProduct()
    for person in ("nia", "ada"):
        made.accounts.set_password(person, hash_password(GOOD), at=NOW)
    return made


def test_without_a_password_anywhere_nobody_is_asked_for_one() -> None:
    browser = Browser(FakeProduct())
    assert browser.get("/desk").status_code == 200
    assert browser.get("/sign-in").headers["location"] == "/"
    assert browser.sign_in("nia", "whatever").headers["location"] == "/"
    assert browser.token == ""


def test_from_the_first_password_on_a_page_leads_to_the_door_and_back(product: FakeProduct) -> None:
    browser = Browser(product)
    answer = browser.get("/inbox?kind=idea&state=new")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=%2Finbox%3Fkind%3Didea%26state%3Dnew",
    )
    door = browser.get(answer.headers["location"])
    assert "Sign in to Harbor Payroll" in door.text
    assert "/desk" not in door.text
    answer = browser.sign_in(next="/inbox?kind=idea&state=new")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?kind=idea&state=new")
    page = browser.get("/desk")
    assert page.status_code == 200
    assert "Nia Okafor" in page.text
    assert browser.get("/sign-in?next=/inbox").headers["location"] == "/inbox"


def test_somebody_without_a_goal_lands_on_their_first_page(product: FakeProduct) -> None:
    assert Browser(product).sign_in("nia").headers["location"] == "/desk"
    assert Browser(product).sign_in("ada").headers["location"] == "/board"


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(product: FakeProduct) -> None:
    answer = Browser(product).post(
        "/desk/s1/answer", data={"what": "done"}, headers={"referer": f"{HOME}/desk?role=founder"}
    )
    assert answer.headers["location"] == "/sign-in?next=%2Fdesk%3Frole%3Dfounder"
    answer = Browser(product).post(
        "/desk/s1/answer", data={"what": "done"}, headers={"referer": "https://elsewhere.example/desk"}
    )
    assert answer.headers["location"] == "/sign-in?next=%2F"
    assert product.answered == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/desk",
        "//elsewhere.example/desk",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "desk",
        "http:desk",
        "",
    ],
)
def test_the_door_leads_to_pages_of_this_server_alone(product: FakeProduct, elsewhere: str) -> None:
    assert Browser(product).sign_in(next=elsewhere).headers["location"] == "/desk"
    browser = Browser(product)
    browser.sign_in()
    assert browser.get("/sign-in", params={"next": elsewhere}).headers["location"] == "/"


def test_a_wrong_password_says_so_keeps_the_name_and_opens_nothing(product: FakeProduct) -> None:
    for name in ("nia", "zed", "tom"):
        browser = Browser(product)
        answer = browser.sign_in(name, OTHER, next="/inbox")
        assert answer.status_code == 401
        assert "That name and password do not go together." in answer.text
        assert f'value="{name}"' in answer.text
        assert 'value="/inbox"' in answer.text
        assert OTHER not in answer.text
        assert browser.token == ""
        assert browser.get("/desk").status_code == 303


def test_after_ten_wrong_tries_a_name_waits_in_every_process(product: FakeProduct) -> None:
    for i in range(FREE_TRIES):
        assert Browser(product).sign_in("nia", f"{OTHER}{i}").status_code == 401
    answer = Browser(product).sign_in()
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert "Wait a minute, then try again." in answer.text
    assert Browser(product).sign_in("ada").status_code == 303


def test_the_cookie_is_for_the_server_alone_and_lands_from_links_elsewhere(product: FakeProduct) -> None:
    answer = Browser(product).sign_in()
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{SESSION}=")
    for part in ("httponly", "samesite=lax", "path=/", "max-age=7776000"):
        assert part in cookie
    assert "secure" not in cookie
    assert "domain" not in cookie


def test_over_https_the_cookie_is_secure_and_nobody_elses(product: FakeProduct) -> None:
    browser = Browser(product, AWAY, origins=(AWAY,))
    cookie = browser.sign_in().headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_HTTPS}=")
    assert "Secure" in cookie
    assert browser.get("/desk").status_code == 200
    fixed = Browser(product, AWAY, origins=(AWAY,))
    fixed.cookies.set(SESSION, browser.token)
    assert fixed.get("/desk").status_code == 303, "a cookie a neighbour could have set is not read"


def test_a_session_brought_along_is_not_the_one_that_is_opened(product: FakeProduct) -> None:
    other = Browser(product)
    other.sign_in("ada")
    victim = Browser(product)
    victim.cookies.set(SESSION, other.token)
    before = other.token
    answer = victim.sign_in("nia")
    fresh = answer.headers["set-cookie"].split("=")[1].split(";")[0]
    assert fresh != before
    assert other.get("/board").status_code == 303, "the planted session ended"
    invented = Browser(product)
    invented.cookies.set(SESSION, "chosen-by-somebody-else")
    answer = invented.sign_in("nia")
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]
    assert product.accounts.session(digest("chosen-by-somebody-else")) is None


def test_signing_out_ends_the_session_in_the_store_too(product: FakeProduct) -> None:
    browser = Browser(product)
    browser.sign_in()
    token = browser.token
    answer = browser.post("/sign-out")
    assert answer.headers["location"] == "/sign-in?said=signed_out"
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert "You are signed out." in browser.get("/sign-in?said=signed_out").text
    copied = Browser(product)
    copied.cookies.set(SESSION, token)
    assert copied.get("/desk").status_code == 303
    assert Browser(product).post("/sign-out").status_code == 303


def test_who_leaves_the_brief_is_signed_out_at_once(product: FakeProduct) -> None:
    browser = Browser(product)
    browser.sign_in()
    assert browser.get("/desk").status_code == 200
    people = {key: who for key, who in BRIEF.people.items() if key != "nia"}
    product.brief = BRIEF.model_copy(update={"people": people})
    assert browser.get("/desk").status_code == 303
    assert browser.sign_in().status_code == 401


def test_permissions_are_those_of_this_moment(product: FakeProduct) -> None:
    browser = Browser(product)
    browser.sign_in()
    assert browser.get("/releases").status_code == 403
    nia = BRIEF.people["nia"].model_copy(update={"permissions": ["scientist"]})
    product.brief = BRIEF.model_copy(update={"people": {**BRIEF.people, "nia": nia}})
    assert browser.get("/releases").status_code == 200
    assert browser.get("/desk").status_code == 200


def test_looking_as_somebody_else_is_gone(product: FakeProduct) -> None:
    browser = Browser(product, mode="demo")
    browser.sign_in()
    page = browser.get("/desk").text
    assert "look-as" not in page
    assert "Sign out" in page
    answer = browser.post("/look-as", data={"person": "ada"})
    assert answer.status_code == 404
    browser.cookies.set(COOKIE, "ada")
    assert browser.get("/people").status_code == 403


def test_an_error_before_the_sign_in_says_nothing_of_the_inside(product: FakeProduct) -> None:
    answer = Browser(product).get("/nowhere")
    assert answer.status_code == 404
    assert "You answer as" not in answer.text
    assert "Inbox" not in answer.text


def invitation(product: FakeProduct, person: str = "tom") -> str:
    return "/welcome/" + invite(product.accounts, product.signer, person, now=NOW)


def test_an_invitation_leads_through_a_chosen_password_to_the_first_page(product: FakeProduct) -> None:
    address, browser = invitation(product), Browser(product)
    for _ in range(2):
        assert "Welcome, Tom Berg" in browser.get(address).text, "looking uses nothing up: programs follow links"
    answer = browser.post(address, data={"new": GOOD, "again": GOOD})
    assert answer.headers["location"] == "/desk"
    assert "Tom Berg" in browser.get("/desk").text
    answer = Browser(product).post(address, data={"new": OTHER, "again": OTHER})
    assert answer.status_code == 409
    assert "used already" in answer.text
    assert Browser(product).sign_in("tom").status_code == 303


def test_a_weak_choice_is_told_with_all_faults_and_the_link_stays_good(product: FakeProduct) -> None:
    address, browser = invitation(product), Browser(product)
    answer = browser.post(address, data={"new": "tom", "again": "tim"})
    assert answer.status_code == 422
    for words in ("3 characters", "first that are tried", "not the same"):
        assert words in answer.text
    assert browser.post(address, data={"new": GOOD, "again": GOOD}).status_code == 303


def test_the_first_password_of_all_is_chosen_on_this_machine_and_shuts_the_door() -> None:
    product = FakeProduct()
    browser, other = Browser(product), Browser(product)
    browser.cookies.set(COOKIE, "ada")
    assert "Choose your password" in browser.get("/account").text
    assert "Your present password" not in browser.get("/account").text
    answer = browser.post("/account/password", data={"new": GOOD, "again": GOOD})
    assert answer.headers["location"] == "/account?said=password"
    assert "Ada Lind" in browser.get("/account").text
    assert other.get("/desk").status_code == 303


def test_nobody_but_an_admin_chooses_the_first_password() -> None:
    product = FakeProduct()
    browser = Browser(product)
    browser.cookies.set(COOKIE, "nia")
    page = browser.get("/account").text
    assert "An admin has to choose a password first." in page
    assert 'name="new"' not in page
    answer = browser.post("/account/password", data={"new": GOOD, "again": GOOD})
    assert answer.status_code == 409
    assert not product.accounts.secured()


def test_changing_ones_password_takes_the_present_one_and_ends_the_other_sessions(product: FakeProduct) -> None:
    here, there = Browser(product), Browser(product)
    here.sign_in()
    there.sign_in()
    answer = here.post("/account/password", data={"current": OTHER, "new": OTHER, "again": OTHER})
    assert answer.status_code == 401
    assert "not your present password" in answer.text
    answer = here.post("/account/password", data={"new": OTHER, "again": OTHER})
    assert answer.status_code == 401
    old = here.token
    answer = here.post("/account/password", data={"current": GOOD, "new": OTHER, "again": OTHER})
    assert answer.headers["location"] == "/account?said=password"
    assert here.token != old
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").status_code == 303
    assert Browser(product).sign_in().status_code == 401
    assert Browser(product).sign_in(password=OTHER).status_code == 303


def test_a_session_ends_with_its_time(product: FakeProduct) -> None:
    browser = Browser(product)
    browser.sign_in()
    product.clock = SimpleNamespace(now=lambda: NOW + timedelta(days=13))  # type: ignore[misc]
    assert browser.get("/desk").status_code == 200
    product.clock = SimpleNamespace(now=lambda: NOW + timedelta(days=28))  # type: ignore[misc]
    assert browser.get("/desk").status_code == 303


@pytest.mark.parametrize("headers", [{"origin": "https://elsewhere.example"}, {"origin": "null"}])
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/desk/s1/answer", {"what": "done"}),
        ("/sign-in", {"name": "ada", "password": GOOD}),
        ("/sign-out", {}),
        ("/account/password", {"current": GOOD, "new": OTHER, "again": OTHER}),
    ],
)
def test_another_site_cannot_use_the_session(
    product: FakeProduct, path: str, sent: dict[str, str], headers: dict[str, str]
) -> None:
    browser = Browser(product)
    browser.sign_in()
    token = browser.token
    assert browser.post(path, data=sent, headers=headers).status_code == 403
    assert product.answered == []
    assert browser.token == token
    assert browser.get("/desk").status_code == 200
    assert browser.sign_in().status_code == 303


def test_a_session_without_the_word_where_the_form_stands_changes_nothing(product: FakeProduct) -> None:
    browser = Browser(product)
    browser.sign_in()
    del browser.headers["origin"]
    assert browser.post("/desk/s1/answer", data={"what": "done"}).status_code == 403
    answer = browser.post("/desk/s1/answer", data={"what": "done"}, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 303
    assert [(s, what, by) for s, what, by, _ in product.answered] == [("s1", "done", "nia")]
