"""Labelling, rows and the inbox in a real Chromium: keys, no script, a phone, and no sideways scrolling."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from tests.http.house import Home, home
from tests.http.test_browser import Served, chromium, open_page  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


@pytest.fixture
def served() -> Iterator[tuple[Home, Served]]:
    made = home()
    made.product.learn()
    made.places["artefact"] = made.product.releases()[0].artefact
    with Served(made.product) as there:  # type: ignore[arg-type]
        yield made, there


def addresses(at: Home) -> tuple[str, ...]:
    group = at.product.groups()[0].id
    return (
        "annotate",
        "annotate?later=1",
        "annotate/all",
        f"learned/{at.places['artefact']}",
        f"inbox/group/{group}",
    )


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_page_opens_without_a_fault_and_fits(
    chromium: Any,  # noqa: F811
    served: tuple[Home, Served],
    width: int,
    scheme: str,
) -> None:
    at, there = served
    page, faults = open_page(chromium, there, "ada", width=width, color_scheme=scheme)
    for address in addresses(at):
        page.goto(f"{there.address}/{address}", wait_until="networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))")
        assert max((b - a for a, b in itertools.pairwise(levels)), default=0) <= 1, address
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
        assert len(ids) == len(set(ids))
        small = page.evaluate(
            """[...document.querySelectorAll('main button, main .button, main select')].filter(
                (e) => e.offsetParent && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML)"""
        )
        assert small == []
    assert faults == []


def test_a_whole_list_by_keys(chromium: Any, served: tuple[Home, Served]) -> None:  # noqa: F811
    at, there = served
    page, faults = open_page(chromium, there, "elena")
    page.goto(f"{there.address}/annotate")
    n = len(at.product.annotating.batch())
    page.get_by_text("Say why, or what instead").click()
    page.get_by_label("Why?").fill("1 2 3 is text here")
    page.keyboard.press("4")
    assert page.locator(".progress").inner_text().startswith(f"1 of {n}."), "in a field a key is a letter"
    page.get_by_label("Why?").fill("they have done it before")
    page.locator("#case").focus()
    for i, key in enumerate("1234" * n):
        if i == n:
            break
        page.locator(".progress", has_text=f"{i + 1} of {n}").wait_for()
        page.keyboard.press(key)
    page.get_by_role("heading", name="Do you agree?").wait_for()
    told = [c.first["elena"] for c in at.product.annotating.mine("elena")]
    pair = at.product.annotating.pair(at.product.annotating.mine("elena")[0], "elena")
    assert (told[0].label, told[0].why) == (pair[0], "they have done it before")
    assert [a.label for a in told[2:4]] == ["neither", "cannot say"]
    assert faults == []


def test_the_browsers_back_shows_the_answer_and_a_choice_sends_nothing(
    chromium: Any,  # noqa: F811
    served: tuple[Home, Served],
) -> None:
    at, there = served
    page, faults = open_page(chromium, there, "elena")
    page.goto(f"{there.address}/annotate")
    page.get_by_text("Say why, or what instead").click()
    page.get_by_label("If neither: what then?").select_option(index=0)
    page.get_by_label("If neither: what then?").dispatch_event("change")
    page.wait_for_timeout(200)
    assert page.locator(".progress").inner_text().startswith("1 of"), "only an answer sends"
    page.locator("#case").focus()
    page.keyboard.press("3")
    page.locator(".progress", has_text="2 of").wait_for()
    page.go_back()
    page.locator(".progress", has_text="1 of").wait_for()
    page.get_by_text("your answer: Neither of the two").wait_for()
    page.go_forward()
    page.get_by_role("link", name="Change it, or say why").click()
    page.locator(".progress", has_text="1 of").wait_for()
    page.get_by_role("button", name="Cannot say").click()
    page.locator(".progress", has_text="2 of").wait_for()
    case = at.product.annotating.mine("elena")[0]
    assert case.first["elena"].label == "cannot say"
    assert faults == []


def test_it_works_without_javascript(chromium: Any, served: tuple[Home, Served]) -> None:  # noqa: F811
    _, there = served
    page, _ = open_page(chromium, there, "elena", java_script_enabled=False)
    page.goto(f"{there.address}/annotate")
    page.get_by_role("button", name="Neither of the two").click()
    assert page.locator(".progress").inner_text().startswith("2 of")
    page.get_by_role("link", name="Back").click()
    assert "your answer: Neither of the two" in page.locator(".case").inner_text()
    page.get_by_role("link", name="Finish later").click()
    page.get_by_role("link", name="Go on").click()
    assert page.locator(".progress").inner_text().startswith("2 of")


def test_a_group_is_answered_at_once(chromium: Any, served: tuple[Home, Served]) -> None:  # noqa: F811
    at, there = served
    said = at.product.feedback(at.places["suggestion"], by="nia", problem="the number is wrong")
    page, faults = open_page(chromium, there, "paula")
    page.goto(f"{there.address}/inbox?kind=problem")
    page.get_by_role("link", name="One person reports a problem").click()
    page.get_by_label("What you tell them").fill("It is right from today on.")
    page.get_by_label("Internal comment").fill("XINTERNALX second time")
    page.get_by_role("button", name="We will fix it").click()
    page.locator(".said").wait_for()
    page.goto(f"{there.address}/inbox/{said}")
    assert "XINTERNALX second time" in page.locator("main").inner_text()
    nia, _ = open_page(chromium, there, "nia")
    nia.goto(f"{there.address}/inbox/{said}")
    assert "It is right from today on." in nia.locator("main").inner_text()
    assert "XINTERNALX" not in nia.content()
    assert faults == []
