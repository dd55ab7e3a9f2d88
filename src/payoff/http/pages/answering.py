"""The page behind a mail's link. Opening it keeps nothing: programs open links too, people press buttons."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import BackgroundTasks, Form
from fastapi.responses import HTMLResponse

from payoff.errors import PayoffError, Refused, Unavailable
from payoff.http.faults import status_of
from payoff.http.pages.shared import House_, Text, pages
from payoff.use_cases.pressing import Linked, sentence
from payoff.web.pages import answering as page_of
from payoff.web.render import render

router = pages()
GONE = 410
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # Its own forms must name where they stand (the guard asks for it); nothing leaves to another site.
    "Referrer-Policy": "same-origin",
}
_WHAT = frozenset(("done", "earlier", "no_answer", "not_now", "wrong", "undo", "say"))
Word = Annotated[str, Form(max_length=2000)]


@router.get("/answer/{token}")
def look(at: House_, token: str, choose: Text = "", on: Text = "") -> HTMLResponse:
    """These suggestions as they stand."""
    try:
        link = at.product.working.linked(token)
    except Unavailable:
        raise
    except PayoffError:
        return _shown(at, page_of.closed(at.product.texts), GONE)
    return _page(at, link, token, place=on, choose=choose)


@router.post("/answer/{token}")
def answer(
    *,
    at: House_,
    tasks: BackgroundTasks,
    token: str,
    suggestion: Word = "",
    what: Word = "",
    reason: Word = "",
    instead: Word = "",
    other: Word = "",
    why: Word = "",
    until: Word = "",
    on: Word = "",
) -> HTMLResponse:
    """One answer by whoever the link is for; then the page again, with what was kept."""
    working = at.product.working
    try:
        link = working.linked(token)
    except Unavailable:
        raise
    except PayoffError:
        return _shown(at, page_of.closed(at.product.texts), GONE)
    try:
        words: dict[str, Any] = {"reason": reason, "instead": instead or other or None, "comment": why}
        if what == "not_now":
            words = {"reason": why, "until": _day(until)}
        elif what == "earlier":
            words = {"at": _day(on)}
        if what not in _WHAT:
            raise Refused("nothing was pressed", mend="Press one of the buttons.")
        kept = working.answer(link, suggestion, what, **words)
    except Unavailable:
        raise
    except PayoffError as error:
        return _page(at, working.linked(token), token, notice=sentence(error), status=status_of(error))
    tasks.add_task(working.refresh, suggestion)
    return _page(at, working.linked(token), token, place=suggestion, kept=kept)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"{text[:20]!r} is no day", mend="Choose a day.") from None


def _page(
    at: House_,
    link: Linked,
    token: str,
    *,
    notice: str = "",
    place: str = "",
    kept: str = "",
    choose: str = "",
    status: int = 200,
) -> HTMLResponse:
    product = at.product
    page = page_of.answering(
        product.texts,
        product.brief,
        {a.id: a.name or a.id for a in product.playbook.actions},
        link,
        token,
        product.clock.now(),
        notice=notice,
        at=place,
        kept=kept,
        choose=choose,
    )
    return _shown(at, page, status)


def _shown(at: House_, page: page_of.AnswerPage, status: int) -> HTMLResponse:
    return HTMLResponse(render("answering", at.product.texts, None, page), status, headers=_HEADERS)
