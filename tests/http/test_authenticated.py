"""Once there are accounts no route answers a stranger, and every program is somebody with a name."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from tests.doors import GOOD
from tests.fake_product import FakeProduct
from tests.fake_values import NOW
from tests.http.house import BODIES, HEADERS, OPEN, PERSONS, SEND, Home, home

from payoff.http.app import create_app
from payoff.http.session import COOKIE, SESSION
from payoff.people.keys import make_key
from payoff.people.passwords import hash_password
from payoff.people.permissions import ROUTES
from payoff.people.person import people_of
from payoff.people.sessions import open_session
from payoff.use_cases.product import Product

BASE = "http://localhost"
WALKED = sorted(r for r in ROUTES if r[1] != "/static")
PEOPLED = [route for route in WALKED if ROUTES[route]]


@functools.cache
def locked() -> Home:
    """One product with a password for everybody, for strangers and the refused: nothing may ever be kept in it."""
    made = home()
    for person in PERSONS:
        made.product.storage.accounts.set_password(person, "hash", at=made.product.clock.now())
    return made


@functools.cache
def locked_app() -> Any:
    return create_app(locked().product)


def ask(at: Home, method: str, route: str, **more: Any) -> Response:
    app = locked_app() if at is locked() else create_app(at.product)
    client = TestClient(app, base_url=BASE, follow_redirects=False)
    headers = {"origin": BASE, **HEADERS.get(route, {}), **more.pop("headers", {})}
    for name, value in more.pop("cookies", {}).items():
        client.cookies.set(name, value)
    given = (
        {"json": BODIES[route]} if route in BODIES else {"data": SEND.get(route, {})} if method == "POST" else {}
    )
    return client.request(method, at.path(method, route), headers=headers, **given)  # type: ignore[arg-type]


def session(product: Product, person: str) -> dict[str, str]:
    account = product.storage.accounts.account(person)
    assert account is not None
    return {SESSION: open_session(product.storage.accounts, person, account.version, product.clock.now())}


def key(product: Any, label: str = "import", **more: Any) -> dict[str, str]:
    known = people_of(product.brief.people)
    now = product.clock.now()
    _, text = make_key(
        product.storage.accounts, known, more.pop("kind", "secret"), label, by="ada", now=now, **more
    )
    return {"authorization": f"Bearer {text}"}


@pytest.mark.parametrize("route", PEOPLED)
@pytest.mark.parametrize("brought", ["nothing", "a made up session", "the cookie of before", "a made up key"])
def test_no_route_answers_a_stranger(route: tuple[str, str], brought: str) -> None:
    at, (method, path) = locked(), route
    before = at.product.storage.log.head()
    cookies = {"a made up session": {SESSION: "x" * 43}, "the cookie of before": {COOKIE: "ada"}}.get(brought, {})
    headers = {"authorization": "Bearer sk_0_x"} if brought == "a made up key" else {}
    answer = ask(at, method, path, cookies=cookies, headers=headers)
    if path.startswith("/v1"):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["mend"]
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")
    assert at.product.storage.log.head() == before


def test_no_address_is_open_to_everybody_by_oversight() -> None:
    assert {route for route in WALKED if not ROUTES[route]} == OPEN


@pytest.mark.parametrize("route", PEOPLED)
def test_a_session_passes_where_the_table_says_and_nowhere_else(route: tuple[str, str]) -> None:
    at, people = locked(), people_of(locked().product.brief.people)
    before = at.product.storage.log.head()
    out = [who for who in PERSONS if not people[who].may(ROUTES[route])]
    assert {ask(at, *route, cookies=session(at.product, who)).status_code for who in out} <= {403}
    assert at.product.storage.log.head() == before
    fresh = home()
    inside = next(who for who in PERSONS if people[who].may(ROUTES[route]))
    fresh.product.storage.accounts.set_password(inside, hash_password(GOOD), at=fresh.product.clock.now())
    answer = ask(fresh, *route, cookies=session(fresh.product, inside))
    assert answer.status_code not in (403, 500)
    assert not answer.headers.get("location", "").startswith("/sign-in")


@pytest.mark.parametrize("route", [r for r in PEOPLED if r[1].startswith("/v1")])
def test_a_key_passes_where_its_permissions_say_and_nowhere_else(route: tuple[str, str]) -> None:
    at = locked()
    before = at.product.storage.log.head()
    for permission in ("frontline", "expert", "researcher", "scientist", "manager", "admin"):
        label = f"{permission} {route}"
        if permission not in ROUTES[route]:
            answer = ask(at, *route, headers=key(at.product, label, permissions=(permission,)))
            assert answer.status_code == 403
            assert label in answer.json()["what"]
    assert at.product.storage.log.head() == before
    fresh = home()
    allowed = key(fresh.product, "mine", permissions=sorted(ROUTES[route])[:1])
    assert ask(fresh, *route, headers=allowed).status_code < 400


def test_a_frontline_key_cannot_decide() -> None:
    product = FakeProduct()
    client = TestClient(create_app(product), base_url=BASE, headers=key(product, person="nia"))
    answer = client.post("/v1/releases/r1/decisions", json={"chosen": "roll back", "why": "harm"})
    assert answer.status_code == 403
    assert product.decided == []


@pytest.mark.parametrize("path", ["/desk", "/people", "/account"])
def test_a_key_opens_no_page(path: str) -> None:
    product = FakeProduct()
    product.accounts.set_password("ada", "hash", at=NOW)
    client = TestClient(
        create_app(product), base_url=BASE, headers=key(product, person="ada"), follow_redirects=False
    )
    assert client.get(path).status_code == 303


def test_a_revoked_key_answers_401_and_so_does_one_whose_person_left() -> None:
    product = FakeProduct()
    client = TestClient(create_app(product), base_url=BASE, headers=key(product, person="paula"))
    assert client.get("/v1/releases").status_code == 200
    people = {id: who for id, who in product.brief.people.items() if id != "paula"}
    product.brief, kept = product.brief.model_copy(update={"people": people}), product.brief
    assert client.get("/v1/releases").status_code == 401
    product.brief = kept
    assert client.get("/v1/releases").status_code == 200
    product.accounts.revoke_key(product.accounts.all_keys()[0].id, at=NOW)
    answer = client.get("/v1/releases")
    assert answer.status_code == 401
    assert answer.json()["error"] == "signed_out"
    assert "secret key" in answer.json()["mend"]


def test_a_key_that_opens_nothing_is_not_passed_over_although_nobody_has_a_password() -> None:
    product = FakeProduct()
    client = TestClient(create_app(product), base_url=BASE, headers={"authorization": "Bearer sk_0_wrong"})
    assert client.get("/v1/releases").status_code == 401
    client = TestClient(create_app(product), base_url=BASE, headers=key(product, permissions=("frontline",)))
    assert client.get("/v1/releases").status_code == 403, "and one that opens little opens no more"


def test_a_publishable_key_opens_no_address_of_a_server() -> None:
    product = FakeProduct()
    public = key(product, kind="publishable", origins=("https://app.example.com",))
    client = TestClient(create_app(product), base_url=BASE, headers=public)
    for method, path in [r for r in PEOPLED if r[1].startswith("/v1")]:
        answer = client.request(method, path.format(release="r1"), json=BODIES.get(path))
        assert answer.status_code == 401, path
        assert "secret" in answer.json()["mend"]


def test_what_a_program_says_and_decides_has_its_person_or_its_name_as_author() -> None:
    product = FakeProduct()
    app = create_app(product)
    for headers, author in (
        (key(product, "crm", permissions=("manager",)), "key:crm"),
        (key(product, "hers", person="paula"), "paula"),
    ):
        client = TestClient(app, base_url=BASE, headers=headers)
        client.post("/v1/releases/r1/decisions", json={"chosen": "hold", "why": "the season is not over"})
        client.post("/v1/feedback", json={"suggestion": "s1", "thumb": 1})
        assert product.decided[-1].by == author
        assert product.inbox()[0].by == author


def test_a_session_of_somebody_removed_is_nobodys() -> None:
    at = home()
    accounts = at.product.storage.accounts
    accounts.set_password("nia", "hash", at=at.product.clock.now())
    accounts.set_password("ada", "hash", at=at.product.clock.now())
    cookies = session(at.product, "nia")
    assert ask(at, "GET", "/desk", cookies=cookies).status_code == 200
    accounts.set_password("nia", "", at=at.product.clock.now())
    assert ask(at, "GET", "/desk", cookies=cookies).status_code == 303
