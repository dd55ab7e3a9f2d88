"""The report files in a real browser: nothing overflows, nothing is fetched, nothing complains."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import payoff
from payoff.web.reports.audit import audit_html

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("PAYOFF_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "a Chromium is needed here; name it in PAYOFF_CHROMIUM"
        pytest.skip("no Chromium found; set PAYOFF_CHROMIUM to its path to run this")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_page_fits_and_is_silent(browser: object, tmp_path: Path, scheme: str, width: int) -> None:
    rng = np.random.default_rng(1)
    score = rng.random(800)
    frame = {
        "score": score,
        "churned_within_ninety_days_of_renewal": rng.random(800) < score,
        "role": rng.choice(["administrator", "analyst"], 800),
    }
    file = tmp_path / "audit.html"
    file.write_text(audit_html(payoff.audit(frame, value=900, cost=20)), "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[attr-defined]
    page, heard = context.new_page(), []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda asked: heard.append(asked.url) if not asked.url.startswith("file:") else None)
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("figure svg").count() == 4
    drawn = page.evaluate("getComputedStyle(document.querySelector('figure svg path[fill^=var]')).fill")
    accent = {"light": "rgb(11, 92, 173)", "dark": "rgb(128, 187, 255)"}[scheme]
    assert drawn in (accent, "rgb(154, 163, 173)", "rgb(107, 118, 131)")
    assert heard == []
    context.close()
