"""What a person waits for: the server's answer, and the painted page."""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

WHO = {
    "desk": "ana", "said": "ana", "releases": "kenji", "playbook": "ruth", "annotate": "ruth", "notes": "ines",
}  # fmt: skip
"""Who opens which page; the others an administrator does."""
ADMIN = "olu"
COOKIE = "payoff_person"
_PAINT = """
window.__shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
window.__largest = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.__largest = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
localStorage.setItem("payoff.tour", "1");
"""
_READ = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const scripts = performance.getEntriesByType("resource").filter((r) => r.initiatorType === "script");
  return {
    first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    largest: window.__largest,
    load: page.loadEventEnd,
    shift: window.__shift,
    scripts: scripts.reduce((sum, r) => sum + r.decodedBodySize, 0),
  };
}"""


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds until the server's answer was read: the first ever, then the usual and the slow ones.

    `cpu` is the server's own time a request, which does not depend on what else the machine is doing; 0 where the
    operating system does not say.
    """

    page: str
    status: int
    first: float
    p50: float
    p95: float
    cpu: float
    kilobytes: float


@dataclass(frozen=True, slots=True)
class Painted:
    """Milliseconds in the browser, medians; `shift` is the layout shift, `scripts` bytes of all scripts."""

    page: str
    width: int
    first: float
    largest: float
    load: float
    shift: float
    scripts: int


def pages(address: str) -> list[str]:
    """Everything the navigation offers to anybody, and what hangs on the desk."""
    found: list[str] = []
    for who in ("ana", ADMIN, "kenji", "ruth", "ines"):
        shown = httpx.get(f"{address}/", cookies={COOKIE: who}, follow_redirects=True, timeout=120).text
        nav = shown[shown.find("<nav") : shown.find("</nav>")]
        found += [name for name in re.findall(r'href="/([a-z]+)"', nav) if name not in found]
    return [*found, "said"]


def answered(address: str, page: str, requests: int, pid: int) -> Answered:
    """One request after the other over one connection, as a person's browser does; `pid` is the server's."""
    took: list[float] = []
    busy = 0.0
    who = {COOKIE: WHO.get(page, ADMIN)}
    with httpx.Client(base_url=address, cookies=who, timeout=600, follow_redirects=True) as client:
        status, size = 0, 0
        for number in range(requests + 1):
            busy = _busy(pid) if number == 1 else busy
            began = time.perf_counter()
            answer = client.get(f"/{page}")
            took.append((time.perf_counter() - began) * 1000)
            status, size = answer.status_code, len(answer.content)
    first, *rest = took
    cpu = (_busy(pid) - busy) / requests
    return Answered(page, status, first, statistics.median(rest), _slow(rest), cpu, size / 1024)


def painted(address: str, names: Sequence[str], chromium: str, runs: int) -> list[Painted]:
    """In a real browser with an empty cache, wide and on a phone."""
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in names:
            for width in (1280, 390):
                taken = [_once(browser, address, name, width) for _ in range(runs)]
                middle = {key: statistics.median(one[key] for one in taken) for key in taken[0]}
                found.append(Painted(name, width, **{**middle, "scripts": int(middle["scripts"])}))
        browser.close()
    return found


def _once(browser: Any, address: str, name: str, width: int) -> dict[str, float]:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": WHO.get(name, ADMIN), "url": address}])
    context.add_init_script(_PAINT)
    page = context.new_page()
    page.goto(f"{address}/{name}", wait_until="networkidle")
    read: dict[str, float] = page.evaluate(_READ)
    context.close()
    return read


def _slow(took: Sequence[float]) -> float:
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


def _busy(pid: int) -> float:
    """Milliseconds of CPU a process has used."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
