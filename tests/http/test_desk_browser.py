"""The desk in a real Chromium: every answer by mouse, by keys alone, and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from tests.http.test_browser import Served, chromium, open_page, served

__all__ = ["chromium", "served"]  # fixtures
pytestmark = pytest.mark.browser


def kept(at: Served) -> list[tuple[str, str]]:
    return [(suggestion, what) for suggestion, what, *_ in at.product.answered]


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_done_is_one_click_and_the_next_card_is_in_focus_with_undo_above_it(chromium: Any, served: Served) -> None:
    page, faults = open_page(chromium, served)
    page.goto(f"{served.address}/desk")
    page.get_by_role("button", name="Done", exact=True).first.click()
    page.wait_for_url("**/desk**#s-s2")
    assert kept(served) == [("s1", "done")]
    assert "Bluebird Dental: Done" in page.locator("#undone").inner_text()
    assert focused(page) == "s-s2"
    assert "answered=" not in page.url, "a reload does not say it again"
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**#s-s1")
    assert focused(page) == "s-s1"
    assert kept(served)[-1] == ("s1", "undo")
    assert faults == []


def test_the_whole_desk_works_by_keys(chromium: Any, served: Served) -> None:
    page, faults = open_page(chromium, served)
    page.goto(f"{served.address}/desk")
    for key in "jjk":
        page.keyboard.press(key)
    assert focused(page) == "s-s1"
    page.keyboard.press("4")
    page.locator("textarea:focus").wait_for()
    page.keyboard.type("jkstu12 is text here")
    assert page.locator("textarea").first.input_value() == "jkstu12 is text here"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.wait_for_url("**#s-s4")
    page.keyboard.press("u")
    page.wait_for_url("**#s-s2")
    page.keyboard.press("3")
    page.locator("[value=need]:focus").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**#s-s4")
    page.keyboard.press("1")
    page.wait_for_url("**#s-s3")
    page.keyboard.press("t")
    page.locator("#s-s3 .taken.mine").wait_for()
    page.keyboard.press("5")
    page.locator(".said").wait_for()
    assert kept(served) == [
        ("s2", "not_now"), ("s2", "undo"), ("s2", "wrong"), ("s4", "done"),
    ]  # fmt: skip
    assert served.product.items[2].taken_by == "nia"
    assert served.product.inbox()[0].thumb == 1
    page.keyboard.press("?")
    assert page.locator("#tour").evaluate("d => d.open")
    page.keyboard.press("Escape")
    assert not page.locator("#tour").evaluate("d => d.open")
    assert faults == []


def test_both_doors_lead_to_the_same_facts_and_correcting_keeps_the_card(chromium: Any, served: Served) -> None:
    page, faults = open_page(chromium, served)
    page.goto(f"{served.address}/desk")
    first = page.locator("#s-s1")
    first.locator("summary", has_text="Wrong").click()
    first.get_by_role("link", name="The facts are off").click()
    field = page.locator("[name='fact.days_since_login']:focus")
    field.wait_for()
    field.fill("many")
    field.press("Enter")
    page.wait_for_selector(".fault")
    faulty = page.locator("[aria-invalid]")
    assert faulty.input_value() == "many", "nothing typed is lost"
    assert "days since login is a number" in page.locator(".fault").inner_text().lower()
    faulty.fill("2")
    faulty.press("Enter")
    page.wait_for_url("**#s-s1")
    assert served.product.inbox()[0].correction == {"days_since_login": 2}
    assert page.locator("#s-s1").is_visible()
    assert [f for f in faults if "422" not in f] == []


def test_the_tour_greets_each_person_once(chromium: Any, served: Served) -> None:
    page, _ = open_page(chromium, served, toured=False)
    page.goto(f"{served.address}/desk")
    page.get_by_role("button", name="Got it").click()
    page.reload()
    assert not page.locator("#tour").evaluate("d => d.open")
    page.context.add_cookies([{"name": "payoff_person", "value": "tom", "url": served.address}])
    page.reload()
    assert page.locator("#tour").evaluate("d => d.open")


def test_everything_works_without_javascript(chromium: Any, served: Served) -> None:
    page, _ = open_page(chromium, served, toured=False, java_script_enabled=False)
    page.goto(f"{served.address}/desk")
    page.locator("summary", has_text="Wrong").first.click()
    page.get_by_role("button", name="Wrong time").first.click()
    page.wait_for_selector("#undone")
    assert served.product.answered == [("s1", "wrong", "nia", {"reason": "time"})]
    page.locator("#undone").get_by_role("button", name="Undo").click()
    page.wait_for_selector("#s-s1")
    page.locator("#s-s1 summary", has_text="Not now").click()
    page.locator("#s-s1").get_by_role("button", name="Set it aside anyway").click()
    page.wait_for_selector("#undone")
    page.select_option("#industry", "retail")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**industry=retail**")
    assert page.locator(".card").count() == 1


def test_hostile_words_are_shown_as_words(chromium: Any, served: Served) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
    page, faults = open_page(chromium, served)
    page.goto(f"{served.address}/desk")
    page.locator("summary", has_text="I know more").first.click()
    page.get_by_label("Say something").first.fill(hostile)
    page.get_by_role("button", name="Just so you know").first.click()
    page.wait_for_selector(".said")
    page.goto(f"{served.address}/said")
    assert hostile in page.locator(".lines").inner_text()
    assert faults == []


def test_nothing_moves_once_the_desk_is_painted(chromium: Any, served: Served) -> None:
    for width in (1280, 390):
        page, _ = open_page(chromium, served, width=width)
        page.add_init_script(
            "window.__shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) "
            "window.__shift += entry.value; }).observe({ type: 'layout-shift', buffered: true });"
        )
        page.goto(f"{served.address}/desk", wait_until="networkidle")
        assert page.evaluate("window.__shift") < 0.05
