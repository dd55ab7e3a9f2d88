"""People who answer while others read: every answer moves the log's head, so what pages remember must catch up."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from benchmarks.pages.measure import COOKIE


@contextmanager
def writing(address: str, a_second: float, who: str = "ana") -> Iterator[Callable[[], int]]:
    """Thumbs for one suggestion of the desk after the other until the block ends; gives how many were taken."""
    stop, taken = threading.Event(), [0]

    def write() -> None:
        with httpx.Client(base_url=address, cookies={COOKIE: who}, timeout=60) as client:
            cards = list(dict.fromkeys(re.findall(r'action="/desk/([^/"]+)/answer', client.get("/desk").text)))
            while cards and not stop.wait(1 / a_second):
                thumb = ("thumb_up", "thumb_down")[taken[0] // len(cards) % 2]
                place = f"/desk/{cards[taken[0] % len(cards)]}/feedback"
                answer = client.post(place, data={"kind": thumb})
                if answer.status_code != 303:
                    raise RuntimeError(f"the desk refused an answer: {answer.status_code}")
                taken[0] += 1

    writer = threading.Thread(target=write, daemon=True)
    if a_second:
        writer.start()
    try:
        yield lambda: taken[0]
    finally:
        stop.set()
        if a_second:
            writer.join(timeout=60)
