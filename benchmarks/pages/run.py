"""Build a log of a million suggestions, serve it, and measure every page of the navigation.

python -m benchmarks.pages.run [--suggestions 1_000_000] [--units 50_000] [--requests 200] [--writes 2]
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import httpx

from benchmarks.pages.measure import Answered, Painted, answered, pages, painted
from benchmarks.pages.world import build
from benchmarks.pages.writer import writing

SERVER_P95, PAINT = 50.0, 500.0
"""Milliseconds asked for: nineteen answers of twenty, and a painted page."""
SHOWN = ("desk", "board", "inbox")


@contextmanager
def serving(folder: Path, now: datetime) -> Iterator[tuple[str, int]]:
    """The server as a process of its own; gives its address and its process once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.pages.serve", str(folder), str(port), now.isoformat()]
    process = subprocess.Popen(command)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/v1/healthz", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def table(server: list[Answered], paint: list[Painted]) -> str:
    """One line a page; a star where more was needed than is asked for."""
    lines = [f"{'page':<12}{'status':>7}{'first ms':>10}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'kB':>7}"]
    for one in server:
        star = " *" if one.p95 > SERVER_P95 else ""
        lines.append(
            f"{one.page:<12}{one.status:>7}{one.first:>10.0f}{one.p50:>9.1f}{one.p95:>9.1f}{one.cpu:>9.1f}{one.kilobytes:>7.0f}{star}"
        )
    if paint:
        head = f"{'page':<12}{'width':>7}{'first paint':>13}{'largest':>9}{'load':>8}{'shift':>8}{'scripts B':>11}"
        lines += ["", head]
    for shown in paint:
        star = " *" if max(shown.largest, shown.load) > PAINT else ""
        lines.append(
            f"{shown.page:<12}{shown.width:>7}{shown.first:>13.0f}{shown.largest:>9.0f}{shown.load:>8.0f}"
            f"{shown.shift:>8.3f}{shown.scripts:>11}{star}"
        )
    return "\n".join(lines)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--suggestions", type=int, default=1_000_000)
    wanted.add_argument("--units", type=int, default=50_000)
    wanted.add_argument("--requests", type=int, default=200, help="requests a page")
    wanted.add_argument("--runs", type=int, default=5, help="openings a page in the browser")
    wanted.add_argument("--pages", default="", help="only these, with commas between them")
    wanted.add_argument("--chromium", default=shutil.which("chromium") or "", help="empty leaves the browser out")
    wanted.add_argument("--folder", default="", help="keep the log here, and use it again")
    wanted.add_argument("--writes", type=float, default=2.0, help="answers a second that come in meanwhile")
    wanted.add_argument("--json", default="", help="write the figures to this file, too")
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory(prefix="payoff-pages-") as temporary:
        folder = Path(asked.folder or temporary)
        mark = folder / "built.txt"
        if not mark.exists():
            began = time.perf_counter()
            moment = build(folder, asked.suggestions, asked.units)
            mark.write_text(moment.isoformat())
            print(f"built in {time.perf_counter() - began:.0f} s", flush=True)
        now = datetime.fromisoformat(mark.read_text())
        with serving(folder, now) as (address, pid):
            first = answered(address, "desk", 1, pid)
            print(f"first page after the start: {first.first:.0f} ms, the next {first.p50:.0f} ms", flush=True)
            names = asked.pages.split(",") if asked.pages else pages(address)
            server = [answered(address, name, asked.requests, pid) for name in names]
            with writing(address, asked.writes) as written:
                busy = [answered(address, name, asked.requests, pid) for name in names] if asked.writes else []
            shown = [name for name in SHOWN if name in names]
            paint = painted(address, shown, asked.chromium, asked.runs) if asked.chromium else []
    print(table(server, paint))
    if busy:
        print(f"\nwhile {written()} answers came in, {asked.writes:g} a second\n{table(busy, [])}")
    if asked.json:
        figures = {
            "suggestions": asked.suggestions,
            "first_page_ms": first.first,
            "server": [asdict(one) for one in server],
            "server_with_writes": [asdict(one) for one in busy],
            "paint": [asdict(one) for one in paint],
        }
        Path(asked.json).write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
