"""The widget live in a page of our own, as a customer would see it."""

from __future__ import annotations

import functools

from fastapi import Request
from fastapi.responses import HTMLResponse

from payoff.http.pages.shared import House_, Person_, Text, pages, show
from payoff.http.widget import try_key
from payoff.web.pages.widget import try_page

router = pages()


@router.get("/widget/try")
def look(
    request: Request, at: House_, who: Person_, what: Text = "", customer: Text = "", lang: Text = ""
) -> HTMLResponse:
    """Nothing pressed here is kept: the key says so."""
    key = functools.partial(try_key, at.product.signer)
    origin = at.origins[0] if at.origins else str(request.base_url).rstrip("/")
    page = try_page(at.product, key, who, origin, what=what, customer=customer, language=lang)
    return show(at, who, "widget", page, here="playbook")
