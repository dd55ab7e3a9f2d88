"""The addresses programs use: one shape for answers, one for errors."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.fake_product import FakeProduct, talked

from payoff.http.app import create_app
from payoff.http.session import COOKIE


def client(product: FakeProduct | None = None, who: str = "ada") -> TestClient:
    app = create_app(product or FakeProduct(), mode="local")
    made = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    made.cookies.set(COOKIE, who)
    return made


def test_one_suggestion_or_many() -> None:
    one = client().post("/v1/suggestions", json={"unit": "acct-101"}).json()
    assert one["id"] == "s1"
    many = client().post("/v1/suggestions", json={"units": ["acct-101", "acct-102"]}).json()
    assert [s["unit"] for s in many["suggestions"]] == ["acct-101", "acct-102"]


def test_every_event_is_answered() -> None:
    sent = {"events": [{"id": "a", "kind": "outcome"}, {"id": "b"}]}
    answers = client().post("/v1/events", json=sent).json()["answers"]
    assert [(a["id"], a["state"]) for a in answers] == [("a", "stored"), ("b", "refused")]


def test_a_scorecard_comes_with_its_verdict() -> None:
    made = client().get("/v1/scorecards/r1").json()
    assert made["verdict"]["word"] == "hold"
    assert len(made["rows"]) == 7


def test_releases_come_with_their_moves_and_decisions() -> None:
    found = client(talked(FakeProduct())).get("/v1/releases").json()["releases"]
    assert [r["id"] for r in found] == ["r0", "r1", "r2", "r3"]
    assert found[1]["decisions"][0]["chosen"] == "hold"
    assert found[1]["moves"][-1]["stage"] == "ramp"


def test_a_decision_is_taken_by_a_named_person() -> None:
    product = FakeProduct()
    answer = client(product).post("/v1/releases/r1/decisions", json={"chosen": "roll back", "why": "harm"})
    assert answer.json()["stage"] == "rolled back"
    assert product.decided[0].by == "ada"


def test_feedback_goes_in_and_comes_out_with_its_fate() -> None:
    product = FakeProduct()
    made = client(product).post("/v1/feedback", json={"suggestion": "s1", "thumb": -1, "comment": "no"})
    assert made.status_code == 201
    (item,) = client(product).get("/v1/feedback?state=new").json()["feedback"]
    assert (item["id"], item["by"], item["state"]) == (made.json()["id"], "ada", "new")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/v1/suggestions", {"unit": "nobody"}, 404, "unknown"),
        ("GET", "/v1/scorecards/r9", None, 404, "unknown"),
        ("GET", "/v1/scorecards/r3", None, 409, "refused"),
        ("POST", "/v1/suggestions", {}, 422, "bad_input"),
        ("POST", "/v1/suggestions", {"unit": "a", "colour": "red"}, 422, "bad_input"),
        ("POST", "/v1/feedback", {"thumb": 1}, 422, "bad_input"),
        ("POST", "/v1/feedback", {"suggestion": "s1", "thumb": 7}, 422, "bad_input"),
        ("POST", "/v1/releases/r1/decisions", {"chosen": "hold", "why": " "}, 422, "bad_input"),
        ("POST", "/v1/releases/r1/decisions", {"chosen": "promote", "why": "now"}, 409, "refused"),
        ("GET", "/v1/nowhere", None, 404, "unknown"),
        ("DELETE", "/v1/releases", None, 405, "refused"),
    ],
)
def test_errors_have_one_shape(method: str, path: str, body: object, status: int, code: str) -> None:
    answer = client().request(method, path, json=body)
    assert answer.status_code == status
    shape = answer.json()
    assert shape["error"] == code
    assert {"error", "what", "where", "mend"} <= shape.keys()


def test_all_faults_of_a_request_are_told_at_once() -> None:
    answer = client().post("/v1/feedback", json={"thumb": 7, "colour": "red"})
    assert len(answer.json()["faults"]) == 2


def test_somebody_without_the_permission_is_refused_in_the_same_shape() -> None:
    answer = client(who="nia").get("/v1/releases")
    assert answer.status_code == 403
    assert "scientist" in answer.json()["mend"]


def test_health_needs_no_store_and_readiness_does() -> None:
    away = client(FakeProduct(away=True))
    assert away.get("/v1/healthz").status_code == 200
    ready = away.get("/v1/readyz")
    assert (ready.status_code, ready.headers["retry-after"]) == (503, "5")
    assert client().get("/v1/readyz").json()["product"] == "retention"


def test_a_fault_of_ours_tells_nothing_of_the_inside() -> None:
    product = FakeProduct()
    del product.items
    answer = client(product).post("/v1/suggestions", json={"unit": "acct-101"})
    assert answer.status_code == 500
    assert answer.json()["error"] == "internal"
    assert "items" not in answer.text


def test_the_openapi_page_lists_every_address_of_v1() -> None:
    paths = client().get("/v1/openapi.json").json()["paths"]
    assert set(paths) == {
        "/v1/healthz",
        "/v1/readyz",
        "/v1/suggestions",
        "/v1/events",
        "/v1/scorecards/{release}",
        "/v1/releases",
        "/v1/releases/{release}/decisions",
        "/v1/feedback",
        "/v1/findings",
    }
