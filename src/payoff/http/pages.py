"""The pages people read, and the forms on them. A form answers with a way back (303), so nothing is sent twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.errors import BadInput, Fault, PayoffError, Unknown
from payoff.http.session import COOKIE, PULSE, House, house, permitted, person
from payoff.people.person import Person
from payoff.records.time import week_of
from payoff.web.frame import frame, home
from payoff.web.pages import board as boards
from payoff.web.pages import desk as desks
from payoff.web.pages import inbox as inboxes
from payoff.web.pages import releases as rails
from payoff.web.render import render

router = APIRouter(dependencies=[Depends(permitted)], include_in_schema=False, default_response_class=HTMLResponse)
House_ = Annotated[House, Depends(house)]
Person_ = Annotated[Person, Depends(person)]
Field = Annotated[str, Form(max_length=2000)]
Text = Annotated[str, Query(max_length=200)]
_WRONG = ("customer", "action", "time", "already", "facts")


@router.get("/")
def first_page(who: Person_) -> RedirectResponse:
    return RedirectResponse(home(who), 303)


@router.post("/look-as")
def look_as(at: House_, person: Annotated[str, Form(max_length=100)], back: Field = "/") -> RedirectResponse:
    """Another of the brief's people; they land on a page they may open."""
    if person not in at.people:
        raise Unknown.among("person", person, at.people)
    answer = RedirectResponse(home(at.people[person]) if at.mode == "demo" else _path(back), 303)
    answer.set_cookie(COOKIE, person, httponly=True, samesite="strict", max_age=365 * 86400)
    return answer


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
    back = f"/desk?{urlencode([*query, *([('limit', limit)] if limit != desks.PAGE else [])])}".rstrip("?")
    return _show(at, who, "desk", page, said=said, more=more, back=back)


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
    back: Field = "/desk",
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
    return _back(back, what, after)


@router.post("/desk/{suggestion}/feedback")
def say(
    *,
    at: House_,
    who: Person_,
    suggestion: str,
    kind: Annotated[str, Form(pattern="^(thumb_up|thumb_down|comment|problem|idea|fact|risk|action)$")],
    words: Field = "",
    fact: Field = "",
    back: Field = "/desk",
    here: Field = "",
) -> RedirectResponse:
    """A thumb, words, or a correction; each is one form of the card."""
    at.product.feedback(suggestion, by=who.id, **_meant(at, suggestion, kind, words.strip(), fact))
    return _back(back, kind if kind.startswith("thumb") else "kept", here)


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
    at: House_, who: Person_, score: Annotated[str, Form(pattern="^[1-5]?$")] = "", back: Field = "/desk"
) -> RedirectResponse:
    """One question a week; skipping it is an answer nobody counts."""
    at.product.pulse(who.id, int(score) if score else None)
    sent = _back(back, "pulse" if score else "", "")
    sent.set_cookie(PULSE, _week(at), httponly=True, samesite="strict", max_age=8 * 86400)
    return sent


@router.get("/board")
def board(at: House_, who: Person_, release: Text = "", said: Text = "") -> HTMLResponse:
    return _show(at, who, "board", boards.board(at.product, who, release, at.cards), said=said)


@router.post("/board/{release}/decide")
def decide(
    at: House_,
    who: Person_,
    release: str,
    chosen: Annotated[str, Form(pattern="^(promote|ship unproven|hold|roll back)$")],
    why: Field,
) -> RedirectResponse:
    """A person decides, with a reason, and is recorded."""
    choose(at, who, release, chosen, why)
    return _back(f"/board?release={quote(release)}", "decided", "")


def choose(at: House, who: Person, release: str, chosen: str, why: str) -> None:
    """One of the four choices, by a named person, for a reason. Raises `BadInput` without one."""
    if not why.strip():
        raise BadInput("decision", [Fault("why", "no reason", "Say why in a sentence: it is kept for good.")])
    product, reason = at.product, why.strip()
    if chosen == "hold":
        product.hold(release, by=who.id, why=reason)
    elif chosen == "roll back":
        product.rollback(release, by=who.id, why=reason)
    elif chosen in ("promote", "ship unproven"):
        product.promote(release, by=who.id, why=reason, unproven=chosen == "ship unproven")
    else:
        raise Unknown.among("choice", chosen, ("promote", "ship unproven", "hold", "roll back"))


@router.get("/releases")
def releases(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
    return _show(at, who, "releases", rails.releases(at.product, who, at.cards), said=said)


@router.post("/releases/{release}/revert")
def revert(at: House_, who: Person_, release: str, why: Field) -> RedirectResponse:
    choose(at, who, release, "roll back", why)
    return _back("/releases", "decided", release, anchor="")


@router.post("/releases/{release}/start")
def start(at: House_, who: Person_, release: str, why: Field) -> RedirectResponse:
    at.product.start(release, by=who.id, why=why.strip())
    return _back("/releases", "decided", release, anchor="")


@router.get("/inbox")
def inbox(
    *,
    request: Request,
    at: House_,
    who: Person_,
    kind: Text = "",
    state: Text = "",
    author: Text = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = inboxes.PAGE,
) -> HTMLResponse:
    page = inboxes.inbox(at.product, who, inboxes.Filters(kind, state, author, limit))
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "limit"]
    return _show(at, who, "inbox", page, more=f"/inbox?{urlencode([*query, ('limit', limit + inboxes.PAGE)])}")


@router.get("/inbox/{feedback}")
def item(at: House_, who: Person_, feedback: str, said: Text = "") -> HTMLResponse:
    return _show(at, who, "item", inboxes.opened(at.product, who, feedback), here="inbox", said=said)


@router.post("/inbox/{feedback}/fate")
def fate(
    at: House_,
    who: Person_,
    feedback: str,
    state: Annotated[str, Form(pattern="^(looked_at|declined)$")],
    reason: Field = "",
) -> RedirectResponse:
    """Looked at, or declined with a reason its author can read."""
    if state == "declined" and not reason.strip():
        raise BadInput("answer", [Fault("reason", "no reason", "Say why, in words its author can read.")])
    at.product.fate(feedback, state, by=who.id, reason=reason.strip())
    return _back(f"/inbox/{quote(feedback)}", "fate", "")


def _show(
    at: House, who: Person, name: str, page: object, *, here: str = "", said: str = "", **more: str
) -> HTMLResponse:
    shown = frame(at.product, who, at.people, mode=at.mode, here=here or name, as_of=at.product.as_of(), said=said)
    return HTMLResponse(render(name, at.product.texts, shown, page, **more))


def _week(at: House) -> str:
    return week_of(at.product.clock.now(), at.product.brief.product.zone).isoformat()


def _path(given: str) -> str:
    """A path of this server; anything that could lead elsewhere becomes the first page."""
    parts = urlsplit(given)
    safe = given.startswith("/") and not given.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return given if safe and given.isprintable() else "/"


def _back(to: str, said: str, card: str, anchor: str = "s-") -> RedirectResponse:
    """Back to where the form stood, with one word of ours about what was kept, at the next card."""
    parts = urlsplit(_path(to))
    query: Mapping[str, str] = {**dict(parse_qsl(parts.query)), **({"said": said} if said else {})}
    address = parts.path + (f"?{urlencode(query)}" if query else "")
    return RedirectResponse(f"{address}#{anchor}{quote(card)}" if card else address, 303)
