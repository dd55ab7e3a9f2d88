"""No dead ends: an address forms are sent to, a page one may not see, a browser that was somebody who left."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.fake_product import FakeProduct
from tests.http.house import home

from payoff.http.app import create_app
from payoff.http.faults import PROGRAMS
from payoff.http.session import COOKIE
from payoff.people.permissions import ROUTES

SENT_TO = sorted(
    path
    for method, path in ROUTES
    if method == "POST" and ("GET", path) not in ROUTES and not path.startswith(PROGRAMS)
)
"""Every address that only takes forms."""


def client(product: object, who: str) -> TestClient:
    app = create_app(product, mode="demo")  # type: ignore[arg-type]
    made = TestClient(app, base_url="http://localhost", follow_redirects=False)
    made.cookies.set(COOKIE, who)
    return made


@pytest.fixture(scope="module")
def ada() -> TestClient:
    made = home()
    browser = client(made.product, "ada")
    browser.path = made.path  # type: ignore[attr-defined]
    return browser


@pytest.mark.parametrize("route", SENT_TO)
def test_reloading_where_a_form_was_sent_leads_to_the_nearest_page_above(ada: TestClient, route: str) -> None:
    path = ada.path("POST", route)  # type: ignore[attr-defined]
    answer = ada.get(path)
    assert answer.status_code == 303
    to = answer.headers["location"]
    assert path.startswith(to.rstrip("/"))
    page = ada.get(to, follow_redirects=True)
    assert page.status_code == 200
    assert "That did not work" not in page.text


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/board/r1/decide", "/board"),
        ("/brief/aims?x=1", "/brief"),
        ("/inbox/f1/fate", "/inbox/f1"),
        ("/keys/abc/replace", "/keys"),
        ("/people/nia/left", "/people/nia"),
        ("/sign-out", "/"),
        ("/inbox/%0d%0a%3cb/fate", "/inbox/%0D%0A%3Cb"),
    ],
)
def test_the_way_back_is_as_short_as_it_can_be(path: str, to: str) -> None:
    assert client(FakeProduct(), "ada").get(path).headers["location"] == to


def test_programs_and_other_methods_are_told() -> None:
    browser = client(FakeProduct(), "ada")
    assert browser.get("/v1/suggestions").status_code == 405
    assert browser.get("/widget/v1/answer").status_code == 405
    assert browser.delete("/board").status_code == 405


def test_whoever_was_somebody_who_left_chooses_anew() -> None:
    browser = client(FakeProduct(), "<b>zed")
    page = browser.get("/desk")
    assert page.status_code == 409
    assert "&lt;b&gt;zed is not among the people here any more" in page.text
    assert '<option value="paula">Manager (Paula Stein)</option>' in page.text
    assert "You answer as" not in page.text
    assert browser.post("/desk/s1/answer", data={"what": "done"}).status_code == 409
    chosen = browser.post("/look-as", data={"person": "paula", "back": "/desk"})
    assert chosen.status_code == 303
    browser.cookies.set(COOKIE, "paula")
    assert "You answer as Paula Stein" in browser.get("/board").text
