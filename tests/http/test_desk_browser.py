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
    assert hostile in page.locator("main").inner_text()
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


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_in_a_field_of_words_picks_no_answer(chromium: Any, served: Served, scripts: bool) -> None:
    page, _ = open_page(chromium, served, java_script_enabled=scripts)
    page.goto(f"{served.address}/desk")
    card = page.locator("#s-s2")
    for panel, label in (("Not now", "Why not now?"), ("Wrong", "In your words"), ("Wrong", "not on the list")):
        if not card.get_by_label(label).is_visible():
            card.locator("summary", has_text=panel).click()
        card.get_by_label(label).fill("they are closed")
        card.get_by_label(label).press("Enter")
        assert card.get_by_label(label).input_value() == "they are closed"
    page.wait_for_timeout(200)
    assert "#" not in page.url
    assert kept(served) == []


def test_another_day_is_a_field_beside_the_named_ones(chromium: Any, served: Served) -> None:
    page, _ = open_page(chromium, served)
    page.goto(f"{served.address}/desk")
    card = page.locator("#s-s2")
    card.locator("summary", has_text="Not now").click()
    card.get_by_label("Why not now?").fill("after their holidays")
    card.get_by_role("button", name="On that day").click()
    assert kept(served) == [], "a day is asked for"
    card.get_by_label("Another day").fill("2026-12-14")
    card.get_by_role("button", name="On that day").click()
    page.wait_for_url("**/desk**#s-s4")
    what, given = served.product.answered[-1][1], served.product.answered[-1][3]
    assert (what, given["until"].isoformat(), given["reason"]) == ("not_now", "2026-12-14", "after their holidays")


def test_what_was_kept_is_in_sight_on_its_card(chromium: Any, served: Served) -> None:
    page, _ = open_page(chromium, served, width=390)
    page.goto(f"{served.address}/desk")
    card = page.locator("#s-s5")
    card.get_by_role("button", name="Helpful", exact=True).click()
    page.wait_for_url("**#s-s5")
    said = page.locator("#s-s5 .kept")
    assert said.inner_text() == "Kept: helpful."
    assert said.evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
    )
    assert page.locator("#s-s5 [value=thumb_up]").get_attribute("aria-pressed") == "true"
    page.reload()
    assert page.locator(".kept").count() == 0, "it is said once"


def test_filters_stand_open_where_there_is_room_and_wait_behind_a_word_on_a_phone(
    chromium: Any, served: Served
) -> None:
    for width, behind in ((1280, False), (390, True)):
        page, _ = open_page(chromium, served, width=width)
        page.goto(f"{served.address}/desk")
        assert page.locator("#industry").is_visible() is not behind
        assert page.locator(".narrow > summary").is_visible() is behind
        if behind:
            page.locator(".narrow > summary").click()
            box = page.locator("#industry").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        page.locator("#industry").select_option("retail")
        page.wait_for_url("**industry=retail**")
        assert page.locator("#industry").is_visible(), "what is filtered by stays in sight"
