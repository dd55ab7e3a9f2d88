"""Links to a board for people outside: made, opened by anybody who has one, withdrawn."""

from __future__ import annotations

import base64
import hashlib
import re

from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.errors import Refused
from payoff.http.pages.shared import Field, House_, Person_, back, pages
from payoff.web.pages import board as boards
from payoff.web.pages import shared_board as outside

router = pages()
GONE = 410
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


@router.post("/board/{release}/share")
def share(at: House_, who: Person_, release: str, card: Field = "", reasons: Field = "") -> RedirectResponse:
    """A link to the figures of the page it was made on: today's, or those of a past decision."""
    made = at.product.boards.card(release, card) if card else at.cards.shown(release).card
    kept = at.product.boards.share(made, by=who.id, reasons=bool(reasons))
    return back(boards.back_to(release, card), "shared", kept.id, "link-")


@router.post("/board/links/{share}/withdraw")
def withdraw(at: House_, who: Person_, share: str, release: Field = "", card: Field = "") -> RedirectResponse:
    """The link opens nothing from now on."""
    at.product.boards.withdraw(share, by=who.id)
    return back(boards.back_to(release, card), "withdrawn", "links")


@router.get("/shared/{link}")
def shared(at: House_, link: str) -> HTMLResponse:
    """What a link shows: one page that needs nothing else, is found by no search engine and kept by no cache."""
    try:
        html, status = outside.shared(at.product, link), 200
    except Refused as error:
        html, status = outside.gone(at.product.texts, error), GONE
    return HTMLResponse(html, status, headers={**_HEADERS, "Content-Security-Policy": _policy(html)})


def _policy(html: str) -> str:
    """Nothing runs and nothing is fetched; the one style sheet inside is named by its digest."""
    found = re.search(r"<style>(.*?)</style>", html, re.S)
    digest = base64.b64encode(hashlib.sha256((found[1] if found else "").encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
