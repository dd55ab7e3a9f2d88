"""The documentation's pictures, from a real browser: `python -m tests.pictures`."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import uvicorn
from benchmarks.audit.rows import chunk
from playwright.sync_api import Browser, sync_playwright

import payoff
from payoff.demo.screen import show
from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.web.reports.audit import audit_html

IMAGES = Path(__file__).parents[1] / "docs" / "images"
PAGES = {
    "desk": "ana",
    "said": "ana",
    "board": "maya",
    "releases": "maya",
    "inbox": "maya",
    "notes": "ines",
    "health": "maya",
    "playbook": "ruth",
    "brief": "maya",
    "annotate": "ruth",
    "people": "olu",
    "widget/try": "maya",
}
"""Each page with whom to look as."""
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
PORT = 8765


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("no Chromium here: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        product, _ = show(Path(folder) / "demo")
        server = uvicorn.Server(uvicorn.Config(create_app(product, mode="demo"), port=PORT, log_level="warning"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.05)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for size, view in (("", WIDE), ("-phone", PHONE)):
                context = browser.new_context(color_scheme="light", viewport=view)
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{PORT}/static/tokens.css")
                page.evaluate("localStorage.setItem('payoff.tour', '1')")
                for name, person in PAGES.items():
                    context.add_cookies([{"name": COOKIE, "value": person, "url": f"http://127.0.0.1:{PORT}"}])
                    page.goto(f"http://127.0.0.1:{PORT}/{name}")
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=IMAGES / f"{name.replace('/', '-')}{size}.png")
                context.close()
            audited(browser, Path(folder))
            browser.close()
        server.should_exit = True
        product.close()


def audited(browser: Browser, folder: Path) -> None:
    """The first page of an audit of made-up predictions."""
    rows = chunk(np.random.default_rng(5), 0, 20_000, 20_000)
    report = payoff.audit(
        rows, name="predictions.parquet", treated="called", assigned="random", decision="flagged"
    )
    file = folder / "audit.html"
    file.write_text(audit_html(report), "utf-8")
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 1240})
        page = context.new_page()
        page.goto(file.as_uri())
        page.screenshot(path=IMAGES / f"audit{'-dark' if scheme == 'dark' else ''}.png")
        context.close()


if __name__ == "__main__":
    main()
