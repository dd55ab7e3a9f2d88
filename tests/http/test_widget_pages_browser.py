"""Our own pages about the widget: the preview, and the page an e-mail leads to."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.http.test_browser import Faults, chromium
from tests.http.widget_world import (
    World,
    kept,
    world,
)

from payoff.http.session import COOKIE

pytestmark = pytest.mark.browser
__all__ = ["chromium", "world"]  # the browser and the page all these tests share


def own_page(world: World, path: str, **more: Any) -> tuple[Any, Faults]:
    context = world.chromium.new_context(**more)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": COOKIE, "value": "paula", "url": world.served.address}])
    page, faults = context.new_page(), Faults()
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto(world.served.address + path)
    return page, faults


def test_our_own_people_look_at_it_and_nothing_is_kept(world: World) -> None:
    before = world.product.storage.log.head()
    page, faults = own_page(world, "/widget/try?lang=de")
    page.get_by_role("button", name="Nicht jetzt").click()
    page.get_by_text("Gut, nicht jetzt.").wait_for()
    page.fill("#customer", "acct-2")
    page.keyboard.press("Enter")
    page.wait_for_url("**acct-2**")
    page.get_by_role("button", name="Nichts für uns").click()
    page.get_by_role("button", name="Senden").click()
    page.get_by_text("Es wurde noch nichts gesendet").wait_for()
    page.locator("textarea").fill("Wir haben das schon.")
    page.get_by_role("button", name="Senden").click()
    page.get_by_text("Das war nur eine Ansicht").wait_for()
    page.get_by_text("Ihre Antworten", exact=True).click()
    page.get_by_text("Sie schrieben: „Wir haben das schon.“").wait_for()
    page.get_by_text("Ein Beispiel dafür, was Sie später lesen würden").wait_for()
    down = page.get_by_role("button", name="Nicht hilfreich")
    assert down.get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Hilfreich", exact=True).click()
    page.get_by_text("Danke. Wenn Sie mögen, schreiben Sie unten, warum.").wait_for()
    assert down.get_attribute("aria-pressed") == "false"
    assert world.product.storage.log.head() == before
    found = Axe().run(page, context="main")
    assert found.violations_count == 0, found.generate_report()
    assert faults == []


@pytest.mark.parametrize("more", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 800}}])
def test_the_page_of_an_e_mail_works_without_scripts_and_axe_finds_nothing(
    world: World, more: dict[str, Any]
) -> None:
    path = f"/for-you/{world.product.customers.link('acct-1')}"
    page, faults = own_page(world, path, **more)
    for button in ("Not for us", "Undo", "Yes, please contact me"):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name=button).click()
        page.get_by_role("status").wait_for()
    assert "accepted" in kept(world)
    assert faults == []
    plain, _ = own_page(world, path, java_script_enabled=False)
    plain.get_by_role("button", name="Undo").click()
    assert plain.get_by_role("status").inner_text() == "Taken back."
