"""Health in a real Chromium: it fits a phone with everything open, and its pictures can be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.fake_product import FakeProduct
from tests.http.test_browser import Served, chromium, open_page  # noqa: F401 - a fixture
from tests.monitors.watched_world import World, Written, week

from payoff.monitors.catalogue import watched
from payoff.records.findings import Change, Health

pytestmark = pytest.mark.browser
LONG = "a name without an end " * 8 + "W" * 90


def product(log: Written, at: float) -> FakeProduct:
    look = log.look(week(at, 8))
    findings = tuple(replace(f, details=(*f.details, LONG)) for f in watched(look))
    changes = tuple(Change(week(n), LONG) for n in (1, 2, 3))
    made, shown = FakeProduct(), Health(findings, changes, look.now, look.now - timedelta(hours=1))
    made.health = lambda: shown  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_open_fits_and_nothing_fails(chromium: Any, width: int, scheme: str) -> None:  # noqa: F811
    log = World(5, weeks=12, units=200, left=lambda risk, w: min(1.0, 3 * risk)).written()
    with Served(product(log, 12)) as served:
        page, faults = open_page(chromium, served, "paula", width=width, color_scheme=scheme)
        page.goto(f"{served.address}/health", wait_until="networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert page.locator("h1").count() == 1
        assert page.locator("svg[role=img]").count() >= 5
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # the smallest type in a picture, as it is seen
        sizes = page.evaluate(
            """[...document.querySelectorAll('.series-picture')].map((s) => {
                const type = parseFloat(getComputedStyle(s.querySelector('text')).fontSize)
                return type * s.getBoundingClientRect().width / 360
            })"""
        )
        assert min(sizes) >= 11
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
        assert len(ids) == len(set(ids))
        assert faults == []


def test_an_empty_log_reads_as_such(chromium: Any) -> None:  # noqa: F811
    with Served(product(Written(), 0)) as served:
        page, faults = open_page(chromium, served, "nia")
        page.goto(f"{served.address}/health", wait_until="networkidle")
        assert page.inner_text("h1") == "Nothing can be said yet."
        page.keyboard.press("Tab")
        first = page.locator("details.finding summary").first
        first.focus()
        page.keyboard.press("Enter")
        assert page.locator("details.finding").first.get_attribute("open") is not None
        assert faults == []
