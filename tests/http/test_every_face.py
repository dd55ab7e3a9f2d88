"""What holds for every page: no fault, no barrier, nothing moves, everything by keyboard, text stays text.

The pages are those of the one table, so that a new one is looked at without anybody adding it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.http.house import Home, home
from tests.http.test_browser import Served, chromium, open_page

from payoff.people.permissions import ROUTES

pytestmark = pytest.mark.browser
__all__ = ["chromium"]
NO_PAGES = ("/v1/", "/static", "/widget.js", "/widget-", "/widget/v1")
FILES = (".csv", ".ics")
PAGES = sorted(
    path
    for method, path in ROUTES
    if method == "GET" and path != "/" and not path.startswith(NO_PAGES) and not path.endswith(FILES)
)
LINKS = {"/for-you/{token}", "/answer/{token}", "/welcome/{token}"}
"""Pages behind a signed link of their own; they have tests of their own."""
FACES = [page for page in PAGES if page not in LINKS]
SHIFTS = """
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""
REACHABLE = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }))
  .filter((e) => e.getBoundingClientRect().width > 0)
  .filter((e) => e.type !== 'radio' || e.checked || !document.querySelector(`input[name="${e.name}"]:checked`))"""
ORDER = f"() => {{ window.wanted = new Set(({REACHABLE})()); return window.wanted.size; }}"
HOSTILE = '<img src=x onerror="window.hacked=1">{{7*7}}</script><b>'


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Served, Home]]:
    made = home()
    with Served(made.product) as served:  # type: ignore[arg-type]
        yield served, made


@pytest.mark.parametrize("path", FACES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_nobody_is_shut_out_and_nothing_moves(
    chromium: Any, house: tuple[Served, Home], path: str, width: int, scheme: str
) -> None:
    served, made = house
    page, faults = open_page(chromium, served, "ada", width=width, color_scheme=scheme)
    page.add_init_script(SHIFTS)
    answer = page.goto(served.address + made.path("GET", path), wait_until="networkidle")
    assert answer.status == 200
    found = Axe().run(page).response["violations"]
    barriers = [
        (v["id"], v["impact"], [n["html"][:160] for n in v["nodes"]][:3])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert barriers == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.shifted") < 0.01
    assert page.locator("h1").count() == 1
    assert faults == []


@pytest.mark.parametrize("path", FACES)
def test_every_control_is_reached_by_the_tab_key(chromium: Any, house: tuple[Served, Home], path: str) -> None:
    served, made = house
    page, _ = open_page(chromium, served, "ada")
    page.goto(served.address + made.path("GET", path), wait_until="networkidle")
    wanted = page.evaluate(ORDER)
    for _ in range(wanted + 4):
        page.keyboard.press("Tab")
        page.evaluate("window.wanted.delete(document.activeElement)")
    missed = page.evaluate("[...window.wanted].map((e) => e.outerHTML.slice(0, 160))")
    assert missed == []


@pytest.fixture(scope="module")
def hostile() -> Iterator[tuple[Served, Home]]:
    """The same house with an attack in every field somebody else can fill."""
    made = home(hostile=HOSTILE)
    with Served(made.product) as served:  # type: ignore[arg-type]
        yield served, made


@pytest.mark.parametrize("path", FACES)
def test_hostile_text_shows_as_text(chromium: Any, hostile: tuple[Served, Home], path: str) -> None:
    served, made = hostile
    page, faults = open_page(chromium, served, "ada")
    page.goto(served.address + made.path("GET", path), wait_until="networkidle")
    for panel in page.locator("summary").all():
        if panel.is_visible():
            panel.click()
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img, main b, main script").count() == 0
    assert page.locator("body").get_by_text("49").filter(has_text="}}").count() == 0
    assert faults == []


def test_the_hostile_words_really_are_on_the_pages(chromium: Any, hostile: tuple[Served, Home]) -> None:
    served, made = hostile
    seen = []
    for path in ("/desk", "/inbox", "/inbox/{feedback}", "/releases"):
        page, _ = open_page(chromium, served, "ada")
        page.goto(served.address + made.path("GET", path))
        seen.append('onerror="window.hacked=1"' in page.locator("main").inner_text())
    assert seen == [True] * 4
