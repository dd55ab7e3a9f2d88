"""The pages in a real Chromium: they open, they answer clicks and keys, and nothing comes from elsewhere."""

from __future__ import annotations

import itertools
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from tests.fake_product import FakeProduct, talked

from payoff.http.app import create_app
from payoff.http.session import COOKIE

pytestmark = pytest.mark.browser
PAGES = ("desk", "said", "board", "releases", "inbox", "inbox/f1")


@dataclass
class Served:
    """A server in this process, over a product the test can look into."""

    product: FakeProduct
    address: str = ""
    server: Any = field(default=None)

    def __enter__(self) -> Served:
        app = create_app(self.product, mode="demo")
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        threading.Thread(target=self.server.run, daemon=True).start()
        until = time.monotonic() + 20
        while not self.server.started and time.monotonic() < until:
            time.sleep(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser; without one these tests say how to get it, and under CI they fail."""
    playwright = pytest.importorskip("playwright.sync_api")
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with playwright.sync_playwright() as p:
        path = found or (p.chromium.executable_path if Path(p.chromium.executable_path).exists() else None)
        if path is None:
            message = "no Chromium: run `playwright install chromium`, or set CHROMIUM to its path"
            pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
        browser = p.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served() -> Iterator[Served]:
    with Served(talked(FakeProduct())) as made:
        yield made


class Faults(list[str]):
    """What must not happen on any page: an error on the console, a request to another host, a dialog."""


def open_page(
    chromium: Any, served: Served, who: str = "nia", *, width: int = 1280, toured: bool = True, **more: Any
) -> tuple[Any, Faults]:
    context = chromium.new_context(viewport={"width": width, "height": 900}, **more)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": COOKIE, "value": who, "url": served.address}])
    if toured:
        context.add_init_script("localStorage.setItem('payoff.tour', '1')")
    page, faults = context.new_page(), Faults()
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.on("request", lambda r: None if r.url.startswith(served.address) else faults.append(r.url))
    page.on("dialog", lambda d: (faults.append(d.message), d.dismiss()))
    return page, faults


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_page_opens_without_a_fault_and_fits(
    chromium: Any, served: Served, name: str, width: int, scheme: str
) -> None:
    page, faults = open_page(chromium, served, "ada", width=width, color_scheme=scheme)
    page.goto(f"{served.address}/{name}", wait_until="networkidle")
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults == []


@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_name_and_every_heading_follows_the_one_above(
    chromium: Any, served: Served, name: str
) -> None:
    page, _ = open_page(chromium, served, "ada")
    page.goto(f"{served.address}/{name}")
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, a[href], select, textarea, input:not([type=hidden])')].filter(
            (e) => !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length))
        ).map((e) => e.outerHTML)"""
    )
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))")
    visible = [b - a for a, b in itertools.pairwise(levels)]
    assert nameless == []
    assert max(visible, default=0) <= 1
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))


def test_a_thumb_down_is_found_in_the_inbox_and_its_fate_comes_back_to_its_author(
    chromium: Any, served: Served
) -> None:
    page, faults = open_page(chromium, served)
    page.goto(f"{served.address}/desk")
    page.get_by_role("button", name="Not helpful").first.click()
    page.wait_for_selector(".said")
    manager, _ = open_page(chromium, served, "paula")
    manager.goto(f"{served.address}/inbox?state=new&single=1")
    manager.get_by_role("link", name="Not helpful: Set-up call", exact=True).first.click()
    manager.get_by_label("What you tell them").fill("They asked for it themselves.")
    manager.get_by_role("button", name="We do not").click()
    manager.wait_for_selector(".said")
    assert "declined" in manager.locator(".page-head").inner_text()
    page.goto(f"{served.address}/said")
    assert "They asked for it themselves." in page.get_by_role("region", name="New answers").inner_text()
    assert faults == []


def test_a_manager_decides_with_a_reason_and_reads_it_back(chromium: Any, served: Served) -> None:
    page, faults = open_page(chromium, served, "paula")
    page.goto(f"{served.address}/board")
    page.get_by_role("button", name="Hold").click()
    assert len(served.product.decided) == 2, "without a reason the browser does not send it"
    page.get_by_label("Why?").fill("The season is not over.")
    page.get_by_role("button", name="Hold").click()
    page.wait_for_selector(".said")
    assert "“The season is not over.”" in page.locator(".record").inner_text()
    assert faults == []


def test_the_switch_shows_the_demo_as_somebody_else(chromium: Any, served: Served) -> None:
    page, faults = open_page(chromium, served)
    page.goto(f"{served.address}/desk")
    page.select_option("#look-as", label="Manager (Paula Stein)")
    page.wait_for_url("**/board")
    assert "You answer as Paula Stein" in page.locator("footer").inner_text()
    assert faults == []
