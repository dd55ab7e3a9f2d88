"""What is due, as a calendar to subscribe to. Calendars bring no cookie: the address itself is the key."""

from __future__ import annotations

from fastapi.responses import Response

from payoff.errors import Refused
from payoff.http.pages.shared import House_, pages

router = pages()


@router.get("/calendar/{feed}.ics")
def calendar(at: House_, feed: str) -> Response:
    """404, and no more, for an address that opens nothing (any more)."""
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
    try:
        made = at.product.calendars.opened(feed)
    except Refused as error:
        return Response(f"{error}\n", 404, headers=headers, media_type="text/plain; charset=utf-8")
    return Response(made, headers=headers, media_type="text/calendar; charset=utf-8")
