"""Health over HTTP: the page for people, the findings for programs, from one memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from fastapi.testclient import TestClient
from tests.http.house import home

from payoff.feedback.items import FINAL
from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.records.findings import Health
from payoff.use_cases.product import Product


def client(product: Any) -> TestClient:
    made = TestClient(create_app(product, mode="demo"), base_url="http://localhost")
    made.cookies.set(COOKIE, "nia")
    return made


def watched() -> tuple[Product, list[int]]:
    """A product, and a mark for every time its health is worked out."""
    product: Product = home().product
    health, asked = product.health, list[int]()

    def counted() -> Health:
        asked.append(1)
        return health()

    product.health = counted  # type: ignore[method-assign]
    return product, asked


def test_page_and_address_say_the_same_and_ask_the_log_once() -> None:
    product, asked = watched()
    at = client(product)
    page = at.get("/health")
    said = at.get("/v1/findings").json()
    assert page.status_code == 200
    assert "Nothing can be said yet." in page.text
    assert {f["severity"] for f in said["findings"]} == {"cannot tell"}
    assert all(f["title"] in page.text for f in said["findings"])
    assert said["renewing"] is False
    assert asked == [1]


def test_before_the_first_findings_are_there_programs_are_told_to_come_again() -> None:
    at = client(home().product)
    at.app.state.findings = type("Slow", (), {"__call__": lambda self: None, "renewing": True, "moved": None})()  # type: ignore[attr-defined]
    answer = at.get("/v1/findings")
    assert answer.status_code == 503
    assert "being worked out" in answer.text
    assert "worked out for the first time" in at.get("/health").text


def test_the_moment_is_one_of_the_products_clock() -> None:
    product = home().product
    made = datetime.fromisoformat(client(product).get("/v1/findings").json()["made_at"])
    assert made == product.clock.now().astimezone(UTC)


def test_after_a_change_of_release_the_page_says_what_it_is_of_and_works_anew() -> None:
    product, asked = watched()
    at = client(product)
    assert "before the change of release" not in at.get("/health").text
    product.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
    hold, counted = Event(), product.health
    product.health = lambda: (hold.wait(10), counted())[1]  # type: ignore[method-assign]
    first = next(release for release in product.releases() if release.stage == "full")
    product.rollback(first.id, by="paula", why="it hurts")
    page = at.get("/health").text
    assert "This is of before the change of release on" in page
    assert "Newer ones are being worked out." in page
    hold.set()
    at.app.state.findings.settle()  # type: ignore[attr-defined]
    assert asked == [1, 1]
    assert "before the change of release" not in at.get("/health").text


def test_what_waits_in_the_inbox_is_a_line_with_its_way() -> None:
    product = home().product
    page = client(product).get("/health").text
    n = sum(item.state not in FINAL for item in product.inbox())
    assert n and f'<a href="/inbox">{n} ' in page
    assert 'href="/notes">Meetings that are due' not in page, "nia may not open the notes"
