"""The board as it stood, its weeks and the copy for people outside, in a real Chromium: on screen and on paper."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.fake_boards import looked_back
from tests.fake_product import FakeProduct, talked
from tests.http.test_browser import Served, chromium, open_page

from payoff.web.pages.shared_board import address

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
FACES = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]


@pytest.fixture
def served() -> Iterator[Served]:
    with Served(looked_back(talked(FakeProduct()))) as made:
        yield made


def copy(served: Served) -> str:
    """The address of a copy somebody made."""
    share = served.product.boards.share(served.product.scorecard("r1"), by="paula")
    return served.address + address(served.product, share)


@pytest.mark.parametrize(("scheme", "width"), FACES)
@pytest.mark.parametrize("path", ["/board?release=r1", "/board/r1/as-of/card-6", "/releases"])
def test_a_page_with_a_past_fits_without_a_fault(
    chromium: Any, served: Served, path: str, scheme: str, width: int
) -> None:
    page, faults = open_page(chromium, served, "paula", width=width, color_scheme=scheme)
    page.goto(served.address + path, wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    assert max((b - a for a, b in itertools.pairwise(levels)), default=0) <= 1
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    assert faults == []


def test_the_weeks_are_drawn_and_the_same_figures_stand_in_a_table(chromium: Any, served: Served) -> None:
    page, _ = open_page(chromium, served, "paula")
    page.goto(f"{served.address}/board?release=r1")
    goal = page.locator(".over").first
    assert goal.locator("svg.series-picture .mark-dot").count() == 2, "two weeks of three may say something"
    goal.locator("summary").click()
    assert "+10.0 points, between +2.0 points and +18.0 points" in goal.locator("table").inner_text()


@pytest.mark.parametrize(("scheme", "width"), FACES)
def test_the_copy_fits_runs_nothing_and_asks_for_nothing(
    chromium: Any, served: Served, scheme: str, width: int
) -> None:
    page, faults = open_page(chromium, served, "", width=width, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(copy(served), wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[document.scripts.length, document.links.length, document.forms.length]") == [0, 0, 0]
    assert len(asked) == 1
    assert page.evaluate("getComputedStyle(document.querySelector('.verdict')).borderLeftWidth") != "0px", "styled"
    assert faults == []


def test_on_paper_the_copy_is_a_few_pages_of_a4(chromium: Any, served: Served) -> None:
    page, _ = open_page(chromium, served, "")
    page.goto(copy(served))
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.startswith(b"%PDF")
    assert 1 <= sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") <= 5
    assert b"594.95" in sheet or b"595" in sheet, "A4"
    page.emulate_media(media="print")
    assert page.locator("details.figures").first.is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_manager_makes_a_copy_opens_it_and_ends_it(chromium: Any, served: Served) -> None:
    page, faults = open_page(chromium, served, "paula")
    page.goto(f"{served.address}/board?release=r1")
    page.get_by_label("Put the reasons").check()
    page.get_by_role("button", name="Make a link").click()
    page.wait_for_selector(".links input")
    link = page.locator(".links input[readonly]").input_value()
    outside, _ = open_page(chromium, served, "")
    answer = outside.goto(link)
    assert answer.status == 200
    assert "Renewals are not in yet." in outside.locator("main").inner_text()
    page.get_by_role("button", name="End now").click()
    page.wait_for_selector(".links", state="detached")
    assert outside.goto(link).status == 410
    assert faults == []


def test_a_past_decision_leads_to_the_board_as_it_stood_and_back(chromium: Any, served: Served) -> None:
    served.product.decided[0] = replace(served.product.decided[0], card="card-6")
    page, faults = open_page(chromium, served, "paula")
    page.goto(f"{served.address}/board?release=r1")
    page.get_by_role("link", name="The figures as they stood").first.click()
    page.wait_for_url("**/board/r1/as-of/card-6")
    assert page.locator("form.decide").count() == 0
    page.get_by_role("link", name="To today's board").click()
    page.wait_for_url("**/board?release=r1")
    assert faults == []
