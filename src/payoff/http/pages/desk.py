"""The desk, its answers, the facts on its cards, what one said before; the weekly question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import BackgroundTasks, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.errors import BadInput, Conflict, Fault, PayoffError, Refused
from payoff.http.pages.shared import Back, Field, House_, Person_, Text, back, inside, pages, show
from payoff.http.session import PULSE, House
from payoff.people.person import Person
from payoff.records.time import week_of
from payoff.web.pages import desk as desks
from payoff.web.pages.desk.facts import faults_by_name

router = pages()
_LINES = ("done", "earlier", "no_answer", "not_now", "wrong")
"""Answers that leave a line with "Undo" where the card was."""
_FACT = "fact."


@router.get("/desk")
def desk(
    *,
    request: Request,
    tasks: BackgroundTasks,
    at: House_,
    who: Person_,
    owner: Text = desks.EVERYBODY,
    role: Text = "",
    industry: Text = "",
    reason: Text = "",
    snoozed: Text = "",
    limit: Annotated[int, Query(ge=1, le=500)] = desks.PAGE,
    said: Text = "",
    answered: Text = "",
    after: Text = "",
) -> HTMLResponse:
    filters = desks.Filters(owner, role, industry, reason, bool(snoozed), limit)
    asked = request.cookies.get(PULSE) != _week(at)
    page = desks.desk(
        at.product,
        who,
        filters,
        ask_pulse=asked and who.may({"frontline"}),
        answered=answered,
        after=after,
    )
    if who.may({"frontline"}) and page.fresh:
        tasks.add_task(_shown, at, who, page.fresh)
    return _page(at, who, page, said=said)


def _page(at: House, who: Person, page: desks.DeskPage, *, said: str = "") -> HTMLResponse:
    """The page over its filters, which every form on it carries back."""
    f = page.filters
    given = {"owner": f.owner, "role": f.role, "industry": f.industry, "reason": f.reason}
    query = {key: value for key, value in given.items() if value not in ("", desks.EVERYBODY)}
    query |= {"snoozed": "1"} if f.snoozed else {}
    more = f"/desk?{urlencode({**query, 'limit': f.limit + desks.PAGE})}"
    stay = f"/desk?{urlencode({**query, **({'limit': f.limit} if f.limit != desks.PAGE else {})})}".rstrip("?")
    return show(at, who, "desk", page, said=said, more=more, back=stay)


def _shown(at: House, who: Person, fresh: tuple[str, ...]) -> None:
    """Being on the desk is the exposure. Lost when the store is away: the next look records it."""
    now = at.product.clock.now()
    try:
        at.product.record_many([(key, "shown", now, {"by": who.id}) for key in fresh])
    except PayoffError:
        return


def _heard(at: House, who: Person, heard: tuple[str, ...]) -> None:
    """Reading an answer is being told. Lost when the store is away: the next look records it."""
    try:
        at.product.told([item for item in at.product.said_by(who.id) if item.id in heard], who.id)
    except PayoffError:
        return


@router.post("/desk/{suggestion}/answer")
def answer(
    *,
    at: House_,
    who: Person_,
    suggestion: str,
    what: Annotated[str, Form(pattern="^(done|earlier|no_answer|not_now|wrong|undo|take|give_back)$")],
    stay: Back = "/desk",
    after: Field = "",
    reason: Field = "",
    instead: Field = "",
    other: Field = "",
    why: Field = "",
    until: Field = "",
    on: Field = "",
) -> Response:
    """One answer, in one press; words beside it are never asked for. `other` is an action in one's own words."""
    words: dict[str, Any] = {"reason": reason, "instead": instead or other or None, "comment": why}
    if what == "not_now":
        words = {"reason": why}
    try:
        kept = at.product.answer(suggestion, what, who.id, **words, until=_day(until, "until"), at=_day(on, "on"))
    except (Conflict, Refused) as error:
        return _calmly(at, who, stay, error)
    if kept.what in _LINES:
        return _back(stay, after, answered=suggestion, after=after)
    return back(stay, kept.what, suggestion, "s-")


def _calmly(at: House, who: Person, stay: str, error: PayoffError) -> HTMLResponse:
    """Somebody was quicker, or there is nothing to do: the desk as it is now, with one sentence on top."""
    notice = ". ".join(part.rstrip(".") for part in (error.what, error.mend) if part) + "."
    page = replace(desks.desk(at.product, who, _filters(stay)), notice=notice[:1].upper() + notice[1:])
    shown = _page(at, who, page)
    shown.status_code = 409
    return shown


def _back(stay: str, place: str, **more: str) -> RedirectResponse:
    """Back to the desk, on to the next card."""
    parts = urlsplit(inside(stay))
    query = {**dict(parse_qsl(parts.query)), **{key: value for key, value in more.items() if value}}
    return back(f"{parts.path}?{urlencode(query)}", "", place, "s-")


def _filters(stay: str) -> desks.Filters:
    """What the page a form stood on was filtered by."""
    query = dict(parse_qsl(urlsplit(inside(stay)).query))
    limit = query.get("limit", "")
    return desks.Filters(
        owner=query.get("owner", desks.EVERYBODY),
        role=query.get("role", ""),
        industry=query.get("industry", ""),
        reason=query.get("reason", ""),
        snoozed=bool(query.get("snoozed")),
        limit=min(500, max(1, int(limit))) if limit.isascii() and limit.isdigit() else desks.PAGE,
    )


def _day(text: str, where: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        fault = Fault(where, f"“{text[:40]}” is no day", "Choose a day, for example 2026-12-03.")
        raise BadInput("the answer", [fault]) from error


@router.post("/desk/{suggestion}/feedback")
def say(
    *,
    at: House_,
    who: Person_,
    suggestion: str,
    kind: Annotated[str, Form(pattern="^(thumb_up|thumb_down|comment|problem|idea|risk|action)$")],
    words: Field = "",
    stay: Back = "/desk",
    here: Field = "",
) -> RedirectResponse:
    """A thumb or words; each is one form of the card, and none closes it."""
    at.product.feedback(suggestion, by=who.id, **_meant(kind, words.strip()))
    return back(stay, kind if kind.startswith("thumb") else "kept", here, "s-")


def _meant(kind: str, words: str) -> dict[str, Any]:
    if kind.startswith("thumb"):
        return {"thumb": 1 if kind == "thumb_up" else -1}
    if not words:
        raise BadInput("feedback", [Fault("words", "nothing was said", "Write a few words.")])
    if kind in ("risk", "action"):
        return {"correction": {kind: words}}
    return {kind: words}


async def _sent(request: Request) -> dict[str, str]:
    """The fields of a form whose names come from the facts."""
    form = await request.form()
    return {name: value[:2000] for name, value in form.items() if isinstance(value, str)}


@router.post("/desk/{suggestion}/facts")
def facts(at: House_, who: Person_, suggestion: str, sent: Annotated[dict[str, str], Depends(_sent)]) -> Response:
    """Facts corrected in place; the card stays. What cannot be read comes back with its reason beside it."""
    stay = sent.get("back", "/desk")
    given = {name.removeprefix(_FACT): value for name, value in sent.items() if name.startswith(_FACT)}
    try:
        changed = desks.corrected(at.product, suggestion, given)
    except BadInput as error:
        return _mend(at, who, stay, desks.Trouble(suggestion, given, faults_by_name(error.faults)))
    at.product.feedback(suggestion, by=who.id, correction=changed)
    return back(stay, "facts", suggestion, "s-")


def _mend(at: House, who: Person, stay: str, trouble: desks.Trouble) -> HTMLResponse:
    page = desks.desk(at.product, who, _filters(stay), trouble=trouble)
    general = trouble.faults.get("facts", "") or at.product.texts.say("desk.facts_mend", n=len(trouble.faults))
    shown = _page(at, who, replace(page, notice=general))
    shown.status_code = 422
    return shown


@router.get("/said")
def said(
    *,
    at: House_,
    who: Person_,
    tasks: BackgroundTasks,
    limit: Annotated[int, Query(ge=1, le=1000)] = desks.SAID_PAGE,
    said: Text = "",
) -> HTMLResponse:
    """What I said, and what became of it."""
    page = desks.said(at.product, who, limit=limit)
    if page.heard:
        tasks.add_task(_heard, at, who, page.heard)
    return show(at, who, "said", page, here="desk", said=said, more=f"/said?limit={limit + desks.SAID_PAGE}")


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
