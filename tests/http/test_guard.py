"""What is refused before any route, and what every answer carries."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.fake_product import FakeProduct

from payoff.errors import Refused
from payoff.http.app import create_app
from payoff.http.guard import MOST_BYTES, hostname
from payoff.http.serve import check_host


def client(base: str = "http://localhost:8000") -> TestClient:
    app = create_app(FakeProduct(), mode="local")
    return TestClient(app, base_url=base, follow_redirects=False)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
def test_names_of_this_machine_pass(host: str) -> None:
    assert client().get("/v1/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["payoff.example", "localhost.example", "127.0.0.1.example:8000", "[", ""])
def test_another_host_name_is_refused(host: str) -> None:
    answer = client().get("/v1/healthz", headers={"host": host})
    assert answer.status_code == 400
    assert answer.json()["error"] == "refused"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_site_changes_nothing(headers: dict[str, str]) -> None:
    answer = client().post("/desk/s1/answer", data={"what": "done"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("headers", [{"origin": "http://localhost:8000"}, {"sec-fetch-site": "same-origin"}, {}])
def test_our_own_forms_and_programs_pass(headers: dict[str, str]) -> None:
    assert client().post("/desk/s1/answer", data={"what": "done"}, headers=headers).status_code == 303


def test_a_body_too_large_is_refused_unread() -> None:
    answer = client().post("/v1/events", content=b"x" * (MOST_BYTES + 1))
    assert answer.status_code == 413


def test_every_answer_allows_nothing_from_elsewhere() -> None:
    answer = client().get("/board")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "payoff.example", ""])
def test_the_server_does_not_listen_where_others_can_reach_it(host: str) -> None:
    with pytest.raises(Refused, match="no sign-in yet"):
        check_host(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
def test_the_server_listens_on_this_machine(host: str) -> None:
    check_host(host)
    assert hostname(f"{host}:8000" if "::" not in host else "[::1]:8000")
