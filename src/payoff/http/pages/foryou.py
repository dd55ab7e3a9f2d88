"""One suggestion behind the link of an e-mail: for a customer, without a sign-in. Opening it keeps nothing."""

from __future__ import annotations

from typing import Annotated, Literal, cast, get_args
from urllib.parse import urlencode

from fastapi import BackgroundTasks, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.errors import PayoffError, Refused, Unavailable, Unknown
from payoff.http.faults import RETRY_SECONDS, status_of
from payoff.http.pages.shared import House_, pages
from payoff.use_cases.widget import LONGEST
from payoff.web.pages import foryou
from payoff.web.render import render

router = pages()
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "same-origin"}
_SAID = {
    "undo": "undone",
    "up": "thumbed",
    "down": "thumbed",
    "say": "sent",
    "reason": "sent_reason",
    "nothing": "missing",
}
"""What was just done and stands nowhere else, as the sentence that says so."""
Pressed = Literal["yes", "later", "no", "off", "undo", "up", "down"]
Lang = Annotated[str, Query()]
Word = Annotated[str, Form()]
"""Whatever is sent: a customer is never shown the faults of a form."""


@router.get("/for-you/{token}")
def read(request: Request, at: House_, token: str, lang: Lang = "", kept: Lang = "") -> HTMLResponse:
    """The suggestion as it stands; whatever opens links by itself changes nothing here."""
    try:
        who, suggestion, language = at.product.customers.linked(token)
        told = at.product.customers.follow(who, suggestion, lang or language)
    except PayoffError as error:
        return _nothing(request, at, error, lang)
    message = "missing_no" if kept == "nothing" and told.state == "no" else _SAID.get(kept, "")
    page = foryou.for_you(told, who, at.product.brief, token, message=message)
    return _page(at, page, 410 if page.shown is None else 200)


@router.post("/for-you/{token}")
def press(
    *,
    request: Request,
    at: House_,
    tasks: BackgroundTasks,
    token: str,
    what: Word = "",
    reason: Word = "",
    words: Word = "",
    lang: Lang = "",
) -> Response:
    """A button was pressed, by a person. What cannot be kept is told by the page, as it stands then."""
    customers = at.product.customers
    kept = what if what != "say" or words.strip() else "reason" if reason else "nothing"
    try:
        who, suggestion, language = customers.linked(token)
    except PayoffError as error:
        return _nothing(request, at, error, lang)
    try:
        if what == "say" and (reason or words.strip()):
            customers.say(who, suggestion, reason=reason, words=words[:LONGEST])
        elif what in get_args(Pressed):
            customers.answer(who, suggestion, cast(Pressed, what), lang or language)
        tasks.add_task(at.product.working.refresh, suggestion)
    except Unavailable as error:
        return _nothing(request, at, error, lang or language)
    except PayoffError:
        kept = ""
    return RedirectResponse(f"/for-you/{token}?{urlencode({'lang': lang, 'kept': kept})}", 303)


def _nothing(request: Request, at: House_, error: PayoffError, lang: str) -> HTMLResponse:
    """A customer reads a sentence of theirs, never one about our inside."""
    key = "failed" if isinstance(error, Unavailable) else "broken"
    wanted = lang or request.headers.get("accept-language", "")[:2]
    status = 404 if isinstance(error, (Refused, Unknown)) else status_of(error)
    page = _page(at, foryou.nothing_for_you(key, wanted), status)
    if status == 503:
        page.headers["Retry-After"] = str(RETRY_SECONDS)
    return page


def _page(at: House_, page: foryou.ForYouPage, status: int) -> HTMLResponse:
    texts = foryou.speaking(page.language, at.product.brief.product.zone)
    return HTMLResponse(render("foryou", texts, None, page), status, headers=_HEADERS)
