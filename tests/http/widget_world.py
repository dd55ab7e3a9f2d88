"""A page of another site, with a strict content security policy, that shows the widget in a real Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.http.test_browser import Faults, Served, chromium
from tests.worded import Site, answers, running

from payoff.http.script import script
from payoff.use_cases.product import Product

__all__ = ["chromium"]  # the browser all these tests share
STRICT = "default-src 'none'; script-src {base}; connect-src {base}"
TYPED = STRICT + "; require-trusted-types-for 'script'; trusted-types 'none'"
ADDED = """([unit, proof, key]) => {
  const made = document.createElement('payoff-suggestion');
  for (const [name, value] of Object.entries({ unit, proof, key })) made.setAttribute(name, value);
  document.body.append(made);
}"""
ROOMY = "payoff-suggestion { margin: 90px; display: block }"
LOUD = "section, button { display: none !important; color: red !important }"


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        html, policy = self.server.pages.get(self.path, ("", "default-src 'none'"))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-security-policy", policy)
        self.end_headers()
        self.wfile.write(html.encode())

    def log_message(self, *_: object) -> None:
        """Not into the tests' output."""


@dataclass
class World:
    """Payoff on one origin, the operator's product on another, a browser in front of both."""

    chromium: Any
    product: Product = field(default_factory=running)
    policy: str = STRICT

    def __enter__(self) -> World:
        self.served = Served(self.product)  # type: ignore[arg-type]
        self.served.__enter__()
        self.host = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
        self.pages: dict[str, tuple[str, str]] = {}
        self.host.pages = self.pages  # type: ignore[attr-defined]
        threading.Thread(target=self.host.serve_forever, daemon=True).start()
        self.address = f"http://localhost:{self.host.server_port}"
        self.site = Site(self.product, self.address)
        return self

    def __exit__(self, *_: object) -> None:
        self.host.shutdown()
        self.host.server_close()
        self.served.__exit__()

    def element(self, signed: str, person: str = "", **given: str) -> str:
        kept = {"key": self.site.text, "unit": signed, "proof": self.site.proof(signed, person), "lang": "en"}
        if person:
            kept["person"] = person
        written = " ".join(f'{name}="{value}"' for name, value in (kept | given).items())
        return f"<payoff-suggestion {written}></payoff-suggestion>"

    def write(self, body: str, path: str = "/", style: str = "") -> None:
        made, base = script(), self.served.address
        policy = self.policy.format(base=base)
        head = f"<style>{style}</style>" if style else ""
        policy += "; style-src 'unsafe-inline'" if style else ""
        html = f"""<!doctype html><html lang="en"><head><title>Ledger</title><link rel="icon" href="data:,">{head}
<script src="{base}{made.address}" integrity="{made.integrity}" crossorigin="anonymous" defer></script></head>
<body><main><h1>Ledger</h1><p>Before</p>{body}<p id="after">After</p></main></body></html>"""
        self.pages[path] = (html.replace('<link rel="icon" href="data:,">', ""), policy)

    def open(self, body: str, *, style: str = "", wait: bool = True, **more: Any) -> tuple[Any, Faults]:
        self.write(body, style=style)
        context = self.chromium.new_context(**{"viewport": {"width": 1000, "height": 800}, **more})
        context.set_default_timeout(10_000)
        context.add_init_script(
            "window.heard = []; for (const name of ['shown', 'empty', 'error'])"
            " addEventListener(`payoff-${name}`, (e) => heard.push([name, e.detail.reason || '']))"
        )
        page, faults = context.new_page(), Faults()
        page.on("console", lambda m: faults.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.on("dialog", lambda d: (faults.append(d.message), d.dismiss()))
        ours = (self.address, self.served.address)
        page.on("request", lambda r: None if r.url.startswith(ours) else faults.append(r.url))
        page.goto(self.address)
        if wait:
            until(page, lambda: heard(page))
        return page, faults


@pytest.fixture
def world(chromium: Any) -> Iterator[World]:
    with World(chromium) as made:
        yield made


def heard(page: Any) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("heard")
    return found


def focused(page: Any) -> str:
    text: str = page.evaluate("document.activeElement.shadowRoot?.activeElement?.textContent || ''")
    return text


def count(page: Any, selector: str) -> int:
    """How many of these there are inside the first one."""
    inside = "(e, selector) => e.shadowRoot.querySelectorAll(selector).length"
    found: int = page.locator("payoff-suggestion").first.evaluate(inside, selector)
    return found


def kept(world: World) -> list[str]:
    return [what for what, *_ in answers(world.product)]


def until(page: Any, what: Any) -> None:
    """Wait for it; the browser's own way of waiting needs `eval`, which the policy forbids."""
    for _ in range(200):
        if what():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it did not happen")
