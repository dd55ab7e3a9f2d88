"""Every route is in the one table, and the table is obeyed."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Mount
from tests.fake_product import FakeProduct

from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.people.permissions import ROUTES
from payoff.people.person import people_of

APP = create_app(FakeProduct(), mode="demo")
SEND = {
    "/look-as": {"person": "nia"},
    "/desk/{suggestion}/answer": {"what": "done"},
    "/desk/{suggestion}/feedback": {"kind": "thumb_up"},
    "/board/{release}/decide": {"chosen": "hold", "why": "wait"},
    "/releases/{release}/revert": {"why": "harm"},
    "/releases/{release}/start": {"why": "now"},
    "/inbox/{feedback}/fate": {"state": "looked_at"},
    "/pulse": {"score": "4"},
}
BODIES = {
    "/v1/suggestions": {"unit": "acct-101"},
    "/v1/events": {"events": []},
    "/v1/releases/{release}/decisions": {"chosen": "hold", "why": "wait"},
    "/v1/feedback": {"suggestion": "s1", "thumb": 1},
}


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


@pytest.mark.parametrize("route", sorted(ROUTES))
@pytest.mark.parametrize("who", sorted(FakeProduct().brief.people))
def test_the_table_decides_who_passes(route: tuple[str, str], who: str) -> None:
    method, path = route
    if path == "/static":
        pytest.skip("files for everybody")
    product = FakeProduct()
    product.feedback("s1", by="nia", thumb=1)
    person = people_of(product.brief.people)[who]
    client = TestClient(create_app(product, mode="demo"), base_url="http://localhost", follow_redirects=False)
    client.cookies.set(COOKIE, who)
    at = path.format(suggestion="s1", release="r3" if path.endswith("start") else "r1", feedback="f1")
    given = {"json": BODIES[path]} if path in BODIES else {"data": SEND[path]} if method == "POST" else {}
    answer = client.request(method, at, **given)  # type: ignore[arg-type]
    may = not ROUTES[route] or person.may(ROUTES[route])
    assert answer.status_code < 400 if may else answer.status_code == 403
    if not may:
        assert not product.recorded
        assert not product.decided
