"""Every route is in the one table, and the table is obeyed."""

from __future__ import annotations

import functools

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Mount
from tests.fake_product import FakeProduct
from tests.http.house import BODIES, HEADERS, PERSONS, REFUSES, SEND, Home, home

from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.people.permissions import ROUTES
from payoff.people.person import people_of

APP = create_app(FakeProduct(), mode="demo")


def walked() -> list[tuple[str, str]]:
    """All routes of the real application, those inside included routers too."""
    found: list[tuple[str, str]] = []

    def walk(routes: list, prefix: str = "") -> None:
        for route in routes:
            inner = getattr(getattr(route, "original_router", None), "routes", None)
            if isinstance(route, Mount):
                found.append(("GET", prefix + route.path))
            elif inner is not None:
                walk(inner, prefix)
            else:
                found.extend((m, prefix + route.path) for m in route.methods - {"HEAD"})

    walk(APP.routes)
    return sorted(set(found))


def test_every_route_of_the_application_is_in_the_table_and_the_other_way_round() -> None:
    assert walked() == sorted(ROUTES)


@functools.cache
def untouched() -> Home:
    """One product for everybody who is refused: nothing may ever be kept in it."""
    return home()


def ask(at: Home, method: str, route: str, who: str) -> int:
    app = create_app(at.product, mode="demo")
    client = TestClient(app, base_url="http://localhost", follow_redirects=False)
    client.cookies.set(COOKIE, who)
    given = (
        {"json": BODIES[route]} if route in BODIES else {"data": SEND.get(route, {})} if method == "POST" else {}
    )
    return client.request(method, at.path(method, route), headers=HEADERS.get(route), **given).status_code  # type: ignore[arg-type]


@pytest.mark.parametrize("route", sorted(r for r in ROUTES if r[1] != "/static"))
def test_the_table_decides_who_passes(route: tuple[str, str]) -> None:
    people = people_of(untouched().product.brief.people)
    may = [who for who in PERSONS if not ROUTES[route] or people[who].may(ROUTES[route])]
    before = untouched().product.storage.log.head()
    refused = {who: ask(untouched(), *route, who) for who in PERSONS if who not in may}
    assert set(refused.values()) <= {403}
    assert untouched().product.storage.log.head() == before
    at = home()
    answers = [ask(at, *route, who) for who in may[:2]]
    if route[1] in REFUSES:
        assert answers[0] == REFUSES[route[1]]
    else:
        assert answers[0] < 400
    assert 403 not in answers
