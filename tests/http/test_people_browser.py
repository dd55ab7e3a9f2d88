"""People in a real Chromium: on a phone every tick is in sight with its words, and a fault leads to its field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.http.house import home
from tests.http.test_browser import Served, chromium, open_page  # noqa: F401 - a fixture

from payoff.people.permissions import PERMISSIONS

pytestmark = pytest.mark.browser


@pytest.fixture
def served() -> Iterator[Served]:
    with Served(home().product) as there:  # type: ignore[arg-type]
        yield there


def test_on_a_phone_every_tick_is_in_sight_with_its_words(chromium: Any, served: Served) -> None:  # noqa: F811
    page, faults = open_page(chromium, served, "ada", width=390)
    page.goto(f"{served.address}/people")
    ticks = page.locator("#s-table input[name=may]")
    assert ticks.count() == 7 * len(PERMISSIONS)
    for box in (tick.bounding_box() for tick in ticks.all()):
        assert box["x"] + box["width"] < 390
    words = page.locator("#s-table tbody tr").first.inner_text()
    assert "help customers" in words and "decide on releases" in words
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tick = page.get_by_label("Nia Okafor: decide on releases (manager)")
    page.locator("#s-table label", has=tick).click()
    assert tick.is_checked()
    assert faults == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_fault_is_seen_at_once_and_leads_to_its_field(chromium: Any, served: Served, scripts: bool) -> None:  # noqa: F811
    page, _ = open_page(chromium, served, "ada", java_script_enabled=scripts)
    page.goto(f"{served.address}/people")
    page.get_by_label("Tom Berg: help customers").uncheck()
    page.get_by_role("button", name="Keep this").click()
    alert = page.get_by_role("alert")
    assert alert.bounding_box()["y"] < 500
    alert.get_by_role("link", name="Tom Berg: they may do nothing").click()
    assert page.url.endswith("#may-tom")
    box = page.locator("#may-tom").bounding_box()
    assert 0 <= box["y"] < 900
    assert not page.locator("#may-tom").is_checked()


def test_what_was_kept_is_seen_wherever_the_page_was_left(chromium: Any, served: Served) -> None:  # noqa: F811
    page, _ = open_page(chromium, served, "ada", width=390, reduced_motion="reduce")
    page.goto(f"{served.address}/people?said=key_revoked#s-keys")
    assert page.evaluate("scrollY") > 300
    said = page.locator("main > .said").bounding_box()
    assert 0 <= said["y"] < 40
    heading = page.locator("#s-keys h2").bounding_box()
    assert heading["y"] >= said["y"] + said["height"], "it covers nothing of what one was led to"
    for _ in range(12):
        page.keyboard.press("Tab")
        box = page.locator(":focus").bounding_box()
        assert box["y"] >= said["y"] + said["height"] or box["y"] + box["height"] <= said["y"]


def test_a_long_text_leaves_room_for_what_is_wrong_with_it(chromium: Any, served: Served) -> None:  # noqa: F811
    page, _ = open_page(chromium, served, "ada", width=390)
    page.goto(f"{served.address}/people")
    page.get_by_label("Sites, one a line").fill("https://a.example\n" * 100)
    assert page.get_by_label("Sites, one a line").bounding_box()["height"] < 400


def test_a_name_of_any_length_stays_on_the_page(chromium: Any, served: Served) -> None:  # noqa: F811
    documents = served.product.documents
    text = documents.document("payoff.toml").text.replace("Tom Berg", "Tom" * 100)
    documents.save("payoff.toml", text, by="ada", base=served.product.people.version(), confirmed=True, admin=True)
    for width in (390, 1280):
        page, _ = open_page(chromium, served, "ada", width=width)
        for path in ("/people", "/people/tom", "/people/nia"):
            page.goto(served.address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, path)


def test_on_a_phone_little_stands_above_a_page(chromium: Any, served: Served) -> None:  # noqa: F811
    page, _ = open_page(chromium, served, "nia", width=390)
    page.goto(f"{served.address}/desk")
    assert page.locator("main").bounding_box()["y"] < 160
    page.get_by_text("What is real?").click()
    assert "Nothing is really sent" in page.locator(".simulated").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
