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
    tick = page.get_by_label("Nia Okafor: decide on releases")
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
