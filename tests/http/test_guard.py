"""What is refused before any route, and what every answer carries."""

from __future__ import annotations

from typing import Any

import pytest
import uvicorn
from fastapi import Request
from fastapi.testclient import TestClient
from tests.fake_product import FakeProduct

from payoff.errors import BadInput, Refused
from payoff.http.app import create_app
from payoff.http.guard import MOST_BYTES, hostname
from payoff.http.serve import check_host, serve, unencrypted


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


AWAY = "https://payoff.example.com"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "payoff.example", ""])
def test_the_server_listens_to_other_machines_under_a_named_address_alone(host: str) -> None:
    with pytest.raises(BadInput, match="can be reached from other machines"):
        check_host(host, administered=True)
    assert check_host(host, origins=("https://Payoff.example.com/",), administered=True) == (AWAY,)


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
def test_the_server_lets_nobody_in_from_elsewhere_while_no_admin_can_sign_in(host: str) -> None:
    with pytest.raises(Refused, match="nobody who may administer can sign in yet") as refused:
        check_host(host, origins=(AWAY,))
    assert "payoff user password NAME" in str(refused.value)


def test_all_faults_of_the_address_are_told_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        check_host("0.0.0.0", origins=("payoff.example.com", "https://a.example/x"), administered=True)
    assert len(refused.value.faults) == 2
    with pytest.raises(BadInput, match="2 things to mend"):
        check_host("127.0.0.1", proxies=("127.0.0.1", "nginx"))


def test_an_address_everybody_could_listen_to_is_named() -> None:
    assert unencrypted((AWAY, "http://payoff.lan:8000", "http://localhost:8000")) == ["http://payoff.lan:8000"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
def test_the_server_listens_on_this_machine(host: str) -> None:
    assert check_host(host) == ()
    assert hostname(f"{host}:8000" if "::" not in host else "[::1]:8000")


def test_uvicorn_believes_no_header_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda app, **more: given.update(more))
    serve(create_app(FakeProduct()))
    assert given["proxy_headers"] is False


def away(base: str = AWAY, **more: Any) -> TestClient:
    app = create_app(FakeProduct(), origins=(AWAY, "http://payoff.lan:8000"), **more)
    return TestClient(app, base_url=base, follow_redirects=False)


@pytest.mark.parametrize(
    "host",
    ["payoff.example.com", "PAYOFF.example.com:443", "payoff.lan:8000", "localhost:8000", "127.0.0.1"],
)
def test_the_named_addresses_and_this_machine_pass(host: str) -> None:
    assert away().get("/v1/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["payoff.example.com:8443", "payoff.lan", "payoff.lan:80", "www.payoff.example.com", "example.com",
     "payoff.example.com.evil.example", "evil.example", "10.0.0.1"],
)  # fmt: skip
def test_no_other_host_passes(host: str) -> None:
    answer = away().get("/v1/healthz", headers={"host": host})
    assert answer.status_code == 400
    assert AWAY in answer.json()["mend"] or "payoff.lan" in answer.json()["mend"]


@pytest.mark.parametrize("origin", [AWAY, "http://payoff.lan:8000"])
def test_forms_of_the_named_addresses_pass(origin: str) -> None:
    answer = away().post("/sign-in", data={"name": "nia", "password": "x"}, headers={"origin": origin})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "origin", ["http://payoff.example.com", "https://payoff.example.com:8443", "https://evil.example", "null"]
)
def test_forms_of_no_other_address_pass(origin: str) -> None:
    answer = away().post("/sign-in", data={"name": "nia", "password": "x"}, headers={"origin": origin})
    assert answer.status_code == 403


def test_a_proxy_that_speaks_to_this_machine_under_its_own_name_still_passes_our_forms() -> None:
    answer = away("http://127.0.0.1:8000").post(
        "/sign-in", data={"name": "nia", "password": "x"}, headers={"origin": AWAY}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/", "/desk", "/people", "/v1/releases"])
def test_with_a_named_address_everybody_signs_in_although_nobody_has_a_password(path: str) -> None:
    for base in (AWAY, "http://localhost:8000"):
        assert away(base).get(path).status_code in (303, 401)
        assert not away(base).get(path).headers.get("location", "").startswith("/desk")


FORWARDED = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9, 198.51.100.1"}


def seen(client: TestClient, headers: dict[str, str]) -> tuple[str, str]:
    """The scheme and the address the routes see."""
    app: Any = client.app
    found: list[tuple[str, str]] = []

    @app.get("/v1/seen")
    def look(request: Request) -> None:
        found.append((request.url.scheme, request.client.host if request.client else ""))

    client.get("/v1/seen", headers=headers)
    return found[0]


def test_nobody_says_who_they_are_by_a_header() -> None:
    assert seen(client(), FORWARDED) == ("http", "testclient")


def behind(*proxies: str, base: str = "http://127.0.0.1:8000", peer: str = "10.0.0.7") -> TestClient:
    app = create_app(FakeProduct(), origins=(AWAY,), proxies=proxies)
    return TestClient(app, base_url=base, client=(peer, 4711))


@pytest.mark.parametrize("proxy", ["10.0.0.7", "10.0.0.0/24", "10.0.0.9/24"])
def test_behind_a_proxy_its_own_word_counts_and_not_the_clients(proxy: str) -> None:
    assert seen(behind(proxy), FORWARDED) == ("https", "198.51.100.1")
    for given, meant in (("203.0.113.5", "203.0.113.5"), ("203.0.113.5:4711", "203.0.113.5"),
                         ("[2001:db8::1]:4711", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
                         ("", "10.0.0.7")):  # fmt: skip
        assert seen(behind(proxy), {"x-forwarded-for": given}) == ("http", meant)
    assert seen(behind(proxy), {"x-forwarded-proto": "gopher"})[0] == "http"


@pytest.mark.parametrize(
    ("proxy", "peer"), [("10.0.0.8", "10.0.0.7"), ("10.0.0.7", "testclient"), ("::1", "10.0.0.7")]
)
def test_who_is_not_the_named_proxy_is_not_believed(proxy: str, peer: str) -> None:
    assert seen(behind(proxy, peer=peer), FORWARDED) == ("http", peer)


def test_a_named_https_address_is_https_whatever_a_header_says() -> None:
    inside = {**FORWARDED, "x-forwarded-proto": "http"}
    assert seen(behind("10.0.0.7", base="http://payoff.example.com"), inside)[0] == "https"
    assert seen(away("http://payoff.example.com"), {})[0] == "https"
