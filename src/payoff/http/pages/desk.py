"""The desk and its one-click answers; the weekly question."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import BackgroundTasks, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.errors import BadInput, Fault, PayoffError
from payoff.http.pages.shared import Back, Field, House_, Person_, Text, back, pages, show
from payoff.http.session import PULSE, House
from payoff.people.person import Person
from payoff.records.time import week_of
from payoff.web.pages import desk as desks

router = pages()
_WRONG = ("customer", "action", "time", "already", "facts")


@router.get("/desk")
def desk(
    *,
    request: Request,
    tasks: BackgroundTasks,
    at: House_,
    who: Person_,
    owner: Text | None = None,
    role: Text = "",
    industry: Text = "",
    snoozed: Text = "",
    limit: Annotated[int, Query(ge=1, le=500)] = desks.PAGE,
    said: Text = "",
) -> HTMLResponse:
    filters = desks.Filters(owner, role, industry, bool(snoozed), limit)
    asked = request.cookies.get(PULSE) != _week(at)
    page = desks.desk(at.product, who, filters, ask_pulse=asked and who.may({"frontline"}))
    if who.may({"frontline"}) and page.fresh:
        tasks.add_task(_shown, at, who, page.fresh)
    query = [(k, v) for k, v in request.query_params.multi_items() if k not in ("said", "limit")]
    more = f"/desk?{urlencode([*query, ('limit', limit + desks.PAGE)])}"
    stay = f"/desk?{urlencode([*query, *([('limit', limit)] if limit != desks.PAGE else [])])}".rstrip("?")
    return show(at, who, "desk", page, said=said, more=more, back=stay)


def _shown(at: House, who: Person, fresh: tuple[str, ...]) -> None:
    """Being on the desk is the exposure. Lost when the store is away: the next look records it."""
    now = at.product.clock.now()
    try:
        at.product.record_many([(key, "shown", now, {"by": who.id}) for key in fresh])
    except PayoffError:
        return


@router.post("/desk/{suggestion}/answer")
def answer(
    *,
    at: House_,
    who: Person_,
    suggestion: str,
    what: Annotated[str, Form(pattern="^(done|accepted|dismissed|snoozed)$")],
    stay: Back = "/desk",
    after: Field = "",
    why: Field = "",
    reason: Field = "",
    days: Annotated[int, Form(ge=1, le=90)] = 3,
) -> RedirectResponse:
    """Done, not now (with the day it comes back), or wrong (with what is wrong)."""
    until = at.product.clock.now() + timedelta(days=days) if what == "snoozed" else None
    picked = at.product.texts.say(f"desk.wrong_{reason}") if reason in _WRONG else ""
    words = ": ".join(part for part in (picked, why.strip()) if part)
    at.product.record(suggestion, what, why=words, until=until, by=who.id)
    return back(stay, what, after, "s-")


@router.post("/desk/{suggestion}/feedback")
def say(
    *,
    at: House_,
    who: Person_,
    suggestion: str,
    kind: Annotated[str, Form(pattern="^(thumb_up|thumb_down|comment|problem|idea|fact|risk|action)$")],
    words: Field = "",
    fact: Field = "",
    stay: Back = "/desk",
    here: Field = "",
) -> RedirectResponse:
    """A thumb, words, or a correction; each is one form of the card."""
    at.product.feedback(suggestion, by=who.id, **_meant(at, suggestion, kind, words.strip(), fact))
    return back(stay, kind if kind.startswith("thumb") else "kept", here, "s-")


def _meant(at: House, suggestion: str, kind: str, words: str, fact: str) -> dict[str, Any]:
    if kind.startswith("thumb"):
        return {"thumb": 1 if kind == "thumb_up" else -1}
    if not words:
        raise BadInput("feedback", [Fault("words", "nothing was said", "Write a few words.")])
    if kind == "fact":
        return {"correction": {fact: desks.fact_value(at.product, suggestion, fact, words)}}
    if kind in ("risk", "action"):
        return {"correction": {kind: words}}
    return {kind: words}


@router.post("/pulse")
def pulse(
    at: House_,
    who: Person_,
    score: Annotated[str, Form(pattern="^[1-5]?$")] = "",
    stay: Back = "/desk",
) -> RedirectResponse:
    """One question a week; skipping it is an answer nobody counts."""
    at.product.pulse(who.id, int(score) if score else None)
    sent = back(stay, "pulse" if score else "")
    sent.set_cookie(PULSE, _week(at), httponly=True, samesite="strict", max_age=8 * 86400)
    return sent


def _week(at: House) -> str:
    return week_of(at.product.clock.now(), at.product.brief.product.zone).isoformat()
