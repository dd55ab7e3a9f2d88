"""The page behind a mail's link. Opening it keeps nothing: programs open links too, people press buttons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import BackgroundTasks, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from payoff.errors import PayoffError, Refused, Unavailable
from payoff.http.pages.shared import House_, Text, pages
from payoff.http.session import House
from payoff.use_cases.pressing import Linked, sentence
from payoff.web.pages import answering as page_of
from payoff.web.pages.answering import CHOICES, Given
from payoff.web.render import render

router = pages()
GONE, FAULTY = 410, 422
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # Its own form must name where it stands (the guard asks for it); nothing leaves to another site.
    "Referrer-Policy": "same-origin",
}
_FIELDS = ("on", "until", "reason", "instead", "other", "whose", "words")
_LONGEST = 2000


@router.get("/answer/{token}")
def look(at: House_, token: str, choose: Text = "", on: Text = "") -> HTMLResponse:
    """These suggestions as they stand; a link of the mail has one answer chosen already."""
    link = _linked(at, token)
    if link is None:
        return _shown(at, page_of.closed(at.product.texts), GONE)
    return _page(at, link, token, {on: Given(what=choose if choose in CHOICES else "")})


@router.post("/answer/{token}")
async def answer(request: Request, at: House_, tasks: BackgroundTasks, token: str) -> HTMLResponse:
    """All answers at once by whoever the link is for; then the page again, with what was kept."""
    form = await request.form(max_files=0)
    sent = {name: value[:_LONGEST] for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_answered, at, tasks, token, sent)


def _answered(at: House, tasks: BackgroundTasks, token: str, sent: Mapping[str, str]) -> HTMLResponse:
    link = _linked(at, token)
    if link is None:
        return _shown(at, page_of.closed(at.product.texts), GONE)
    given: dict[str, Given] = {}
    for entry in link.entries:
        id = entry.suggestion
        values = {name: sent.get(f"{name}.{id}", "").strip() for name in _FIELDS}
        one = Given(sent.get(f"what.{id}", ""), values)
        if one.what or values["words"]:
            given[id] = _kept(at, link, id, one)
            if given[id].kept:
                tasks.add_task(at.product.working.refresh, id)
    faulty = any(one.fault for one in given.values())
    now = _linked(at, token) or link
    return _page(at, now, token, given, sent=True, status=FAULTY if faulty else 200)


def _kept(at: House, link: Linked, id: str, one: Given) -> Given:
    """One of them; what is wrong with it costs the others nothing, and nothing that was typed is lost."""
    try:
        what, words = _meant(at, one)
        return Given(one.what, one.values, kept=at.product.working.answer(link, id, what, **words))
    except Unavailable:
        raise
    except PayoffError as error:
        return Given(one.what, one.values, fault=sentence(error))


def _meant(at: House, one: Given) -> tuple[str, dict[str, Any]]:
    """The answer and its arguments, as the one function that keeps answers takes them."""
    values, say = one.values, at.product.texts.say
    comment = values["words"]
    if not one.what:
        return "say", {"comment": comment}
    if one.what == "done" and values["on"]:
        return "earlier", {"at": _day(values["on"]), "comment": comment}
    if one.what == "not_now":
        return "not_now", {"until": _day(values["until"]), "reason": comment}
    if one.what == "wrong":
        if not values["reason"]:
            raise Refused(say("answering.reason_missing"))
        other = values["whose"] if values["reason"] == "owner" else values["instead"] or values["other"]
        return "wrong", {"reason": values["reason"], "instead": other or None, "comment": comment}
    if one.what not in (*CHOICES, "undo"):
        raise Refused(f"{one.what[:20]!r} is no answer")
    return one.what, {"comment": comment}


def _linked(at: House, token: str) -> Linked | None:
    """What the link opens; `None` for one that is old, was changed, or whose person has left."""
    try:
        return at.product.working.linked(token)
    except Unavailable:
        raise
    except PayoffError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"{text[:20]!r} is no day", mend="Choose a day.") from None


def _page(
    at: House, link: Linked, token: str, given: Mapping[str, Given], *, sent: bool = False, status: int = 200
) -> HTMLResponse:
    product = at.product
    actions = {a.id: a.name or a.id for a in product.playbook.actions}
    now = product.clock.now()
    page = page_of.answering(product.texts, product.brief, actions, link, token, now, given, sent=sent)
    return _shown(at, page, status)


def _shown(at: House, page: page_of.AnswerPage, status: int) -> HTMLResponse:
    return HTMLResponse(render("answering", at.product.texts, None, page), status, headers=_HEADERS)
