"""Internal comments never leave: no page, file or answer that an author can open holds a word of them."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.http.house import BODIES, HEADERS, SEND, Home, home

from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.people.permissions import ROUTES
from payoff.people.person import people_of
from payoff.use_cases.customer_view import Customer

MARK = "XINTERNALX"


@pytest.fixture(scope="module")
def at() -> Home:
    """Everything that carries an internal word: a hand-given fate, a remark alone, one beside "looked at"."""
    made = home()
    product, feedback = made.product, made.places["feedback"]
    product.give(
        [feedback], "used", by="paula", reason="it is in the playbook", internal=f"{MARK} he always says so"
    )
    product.remark(feedback, f"{MARK} once more", by="elena")
    second = product.feedback(made.places["suggestion"], by="nia", problem="wrong number")
    product.give([second], "looked_at", by="paula", internal=f"{MARK} ask sales")
    product.learn()
    return made


def client(at: Home, who: str) -> TestClient:
    made = TestClient(create_app(at.product, mode="demo"), base_url="http://localhost")
    made.cookies.set(COOKIE, who)
    return made


def opened(at: Home, who: str) -> dict[str, str]:
    """Every address this person may open, with all that comes back, headers too."""
    person = people_of(at.product.brief.people)[who]
    browser, found = client(at, who), {}
    for method, route in sorted(ROUTES):
        if (
            method == "GET"
            and route != "/static"
            and (not ROUTES[method, route] or person.may(ROUTES[method, route]))
        ):
            answer = browser.get(at.path(method, route), headers=HEADERS.get(route))
            found[route] = f"{answer.text} {answer.headers}"
    return found


@pytest.mark.parametrize("who", ["nia", "tom"])
def test_no_page_of_a_frontline_person_holds_an_internal_word(at: Home, who: str) -> None:
    found = opened(at, who)
    assert {"/desk", "/inbox", "/inbox/{feedback}", "/inbox/group/{group}", "/v1/feedback"} <= set(found)
    assert [route for route, text in found.items() if MARK in text] == []
    assert any("it is in the playbook" in text for text in found.values())


def test_the_item_and_its_group_show_it_to_those_who_answer_and_nothing_else_does(at: Home) -> None:
    for who in ("paula", "elena", "ada"):
        assert [route for route, text in opened(at, who).items() if MARK in text] == [
            "/inbox/group/{group}",
            "/inbox/{feedback}",
        ]


@pytest.mark.parametrize("address", ["/inbox?single=1", "/inbox?author=me&single=1", "/inbox?state=looked+at"])
def test_no_filter_of_the_inbox_brings_it_up(at: Home, address: str) -> None:
    assert MARK not in client(at, "nia").get(address).text


def test_no_answer_to_something_sent_holds_it(at: Home) -> None:
    browser = client(at, "nia")
    sent = [
        r
        for m, r in ROUTES
        if m == "POST" and (r in SEND or r in BODIES) and not r.startswith(("/sign", "/welcome"))
    ]
    for route in sorted(sent):
        given = {"json": BODIES[route]} if route in BODIES else {"data": SEND[route]}
        answer = browser.post(at.path("POST", route), headers=HEADERS.get(route), **given)  # type: ignore[arg-type]
        assert MARK not in answer.text, route


def test_neither_a_customer_nor_an_author_in_python_reads_it(at: Home) -> None:
    product, unit = at.product, at.places["unit"]
    mine = product.feedback(at.places["suggestion"], by=Customer(unit).author, comment="not for us")
    product.give([mine], "used", by="paula", reason="we ask later", internal=f"{MARK} they are annoyed")
    assert MARK not in repr(product.customers.follow(Customer(unit), at.places["suggestion"]))
    assert MARK not in repr(product.said_by("nia"))
    assert MARK not in repr(product.inbox())
