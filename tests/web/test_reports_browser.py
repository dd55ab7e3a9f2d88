"""The report files in a real browser: nothing overflows, nothing is fetched, all can be read."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import payoff
from payoff.audit.report import Report
from payoff.web.reports.audit import audit_html

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("PAYOFF_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FACES = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
FAINT = """
() => {
  const sheet = document.createElement('canvas').getContext('2d');
  const parts = (colour) => {
    sheet.clearRect(0, 0, 1, 1); sheet.fillStyle = colour; sheet.fillRect(0, 0, 1, 1);
    return sheet.getImageData(0, 0, 1, 1).data;
  };
  const light = (colour) => {
    const [r, g, b] = [...parts(colour)].slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (parts(colour)[3] === 255) return colour;
    }
    return 'white';
  };
  const faint = [];
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(e.textContent.trim().slice(0, 40));
  }
  return faint;
}
"""
"""Texts whose colour stands out by less than 4.5 to 1 from the ground they are drawn on (WCAG 2.2, 1.4.3)."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "a Chromium is needed here; name it in PAYOFF_CHROMIUM"
        pytest.skip("no Chromium found; set PAYOFF_CHROMIUM to its path to run this")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report() -> Report:
    rng = np.random.default_rng(1)
    score = rng.random(800)
    frame = {
        "score": score,
        "churned_within_ninety_days_of_renewal": rng.random(800) < score,
        "role": rng.choice(["administrator", "analyst"], 800),
        "name_of_a_column_" * 8: rng.choice(["a" * 80, "b"], 800),
    }
    return payoff.audit(frame, value=900, cost=20, name="predictions.csv")


@pytest.fixture(scope="module")
def file(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report") / "audit.html"
    made.write_text(audit_html(report), "utf-8")
    return made


def opened(browser: Any, file: Path, width: int = 1280, scheme: str = "light", **more: Any) -> Any:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
    page = context.new_page()
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize(("scheme", "width"), FACES)
def test_the_page_fits_and_is_silent(browser: Any, report: Report, file: Path, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, heard = context.new_page(), []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda asked: heard.append(asked.url) if not asked.url.startswith("file:") else None)
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("figure svg").count() == sum(len(s.charts) for s in report.sections) > 0
    drawn = page.evaluate("getComputedStyle(document.querySelector('figure svg path[fill^=var]')).fill")
    accent = {"light": "rgb(11, 92, 173)", "dark": "rgb(128, 187, 255)"}[scheme]
    assert drawn in (accent, "rgb(154, 163, 173)", "rgb(107, 118, 131)")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert heard == []
    context.close()


@pytest.mark.parametrize(("scheme", "width"), FACES)
def test_every_text_stands_out_from_its_ground(browser: Any, file: Path, scheme: str, width: int) -> None:
    page = opened(browser, file, width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate(FAINT) == []
    page.context.close()


def test_details_open_by_key_without_a_script(browser: Any, file: Path) -> None:
    page = opened(browser, file, java_script_enabled=False)
    first = page.locator("details.basis").first
    told = first.locator("dl")
    assert not told.is_visible()
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert told.is_visible()
    page.context.close()


def test_on_paper_everything_folded_is_open_and_legible(browser: Any, file: Path) -> None:
    page = opened(browser, file, width=700, scheme="dark")
    assert not any(page.evaluate("[...document.querySelectorAll('details dl')].map((e) => e.checkVisibility())"))
    page.emulate_media(media="print", color_scheme="dark")
    folded = "[...document.querySelectorAll('details dl, details code')].map((e) => e.checkVisibility())"
    assert all(page.evaluate(folded))
    assert page.evaluate(FAINT) == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.context.close()


def test_the_message_to_forward_is_taken_whole_with_one_click(browser: Any, report: Report, file: Path) -> None:
    page = opened(browser, file)
    page.locator(".forward p").first.click()
    taken = page.evaluate("getSelection().toString()")
    assert " ".join(taken.split()) == " ".join(report.forward.split())
    page.context.close()


def test_headings_go_down_by_one_and_every_part_has_a_name(browser: Any, file: Path) -> None:
    page = opened(browser, file)
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    unnamed = page.evaluate(
        """[...document.querySelectorAll('section, nav, [role=group], [tabindex]')].filter((e) => {
          const by = e.getAttribute('aria-labelledby');
          return !(e.getAttribute('aria-label') || (by && document.getElementById(by).textContent.trim()));
        }).length"""
    )
    assert unnamed == 0
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_finger_hits_every_question(browser: Any, file: Path, width: int) -> None:
    page = opened(browser, file, width)
    heights = page.evaluate(
        "[...document.querySelectorAll('.questions a')].map((e) => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
    folded = page.evaluate(
        "[...document.querySelectorAll('summary')].map((e) => e.getBoundingClientRect().height)"
    )
    assert min(folded) >= 24
    page.context.close()
