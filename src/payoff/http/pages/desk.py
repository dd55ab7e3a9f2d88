"""The desk, its answers, the facts on its cards, what one said before; the weekly question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import BackgroundTasks, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.errors import BadInput, Conflict, PayoffError, Refused
from payoff.http.pages.shared import Back, Given, House_, Person_, Text, back, inside, pages, show
from payoff.http.session import PULSE, House
from payoff.people.person import Person
from payoff.records.time import week_of
from payoff.web.pages import desk as desks
from payoff.web.pages.desk.facts import faults_by_name
from payoff.web.pages.desk.wording import sentences

router = pages()
_LINES = ("done", "earlier", "no_answer", "not_now", "wrong")
"""Answers that leave a line with "Undo" where the card was."""
_PANELS = {"not_now": "not_now", "wrong": "wrong", "earlier": "else", "no_answer": "else"}
"""Where the form of an answer stands on its card."""
_PLACES = {"until": "day", "at": "on"}
"""The field that brings what an answer calls by another name."""
_MOST = 5000
"""Cards on one page at most; whoever asks for more is shown these."""


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
    limit: Annotated[int, Query(ge=1)] = desks.PAGE,
    said: Text = "",
    answered: Text = "",
    after: Text = "",
    kept: Text = "",
    card: Text = "",
) -> HTMLResponse:
    filters = desks.Filters(owner, role, industry, reason, bool(snoozed), min(_MOST, limit))
    asked = request.cookies.get(PULSE) != _asked(at, who)
    page = desks.desk(
        at.product,
        who,
        filters,
        ask_pulse=asked and who.may({"frontline"}),
        answered=answered,
        after=after,
        kept=(kept, card),
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
    table = f"/desk.csv?{urlencode({**query, 'owner': f.owner or desks.EVERYBODY})}"
    return show(at, who, "desk", page, said=said, more=more, back=stay, table=table)


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
    tasks: BackgroundTasks,
    suggestion: str,
    what: Annotated[str, Form(pattern="^(done|earlier|no_answer|not_now|wrong|undo|take|give_back)$")],
    sent: Given,
) -> Response:
    """One answer, in one press; words beside it are never asked for."""
    stay, after = sent.get("back", "/desk"), sent.get("after", "")
    try:
        kept = at.product.answer(suggestion, what, who.id, **desks.answer_in(at.product, what, sent))
    except (Conflict, Refused) as error:
        return _calmly(at, who, stay, error)
    except BadInput as error:
        faults = {_PLACES.get(name, name): said for name, said in faults_by_name(error.faults).items()}
        return _mend(at, who, stay, desks.Trouble(suggestion, sent, faults, _PANELS.get(what, what)))
    tasks.add_task(at.product.working.refresh, suggestion)
    if kept.what in _LINES:
        return _back(stay, after, answered=suggestion, after=after)
    return _kept(stay, kept.what, suggestion)


def _calmly(at: House, who: Person, stay: str, error: PayoffError) -> HTMLResponse:
    """Somebody was quicker, or there is nothing to do: the desk as it is now, with one sentence on top."""
    page = replace(desks.desk(at.product, who, _filters(stay)), notice=sentences(error.what, error.mend))
    shown = _page(at, who, page)
    shown.status_code = 409
    return shown


def _back(stay: str, place: str, **more: str) -> RedirectResponse:
    """Back to the desk, on to the next card."""
    parts = urlsplit(inside(stay))
    query = {**dict(parse_qsl(parts.query)), **{key: value for key, value in more.items() if value}}
    return back(f"{parts.path}?{urlencode(query)}", "", place, "s-")


def _kept(stay: str, word: str, card: str) -> RedirectResponse:
    """Back to the card, which says what was kept; another page says it on top."""
    if urlsplit(inside(stay)).path != "/desk":
        return back(stay, word, card, "s-")
    return _back(stay, card, kept=word, card=card)


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
        limit=min(_MOST, max(1, int(limit[:9]))) if limit.isascii() and limit.isdigit() else desks.PAGE,
    )


@router.post("/desk/{suggestion}/feedback")
def say(
    *,
    at: House_,
    who: Person_,
    suggestion: str,
    kind: Annotated[str, Form(pattern="^(thumb_up|thumb_down|comment|problem|idea|risk|action)?$")] = "",
    sent: Given,
) -> Response:
    """A thumb, or what somebody knows; none of it closes the card."""
    return _say(at, who, suggestion, kind, sent)


@router.post("/desk/{suggestion}/facts")
def facts(at: House_, who: Person_, suggestion: str, sent: Given) -> Response:
    """Facts corrected in place; the card stays. What cannot be read comes back with its reason beside it."""
    return _say(at, who, suggestion, "", sent)


def _say(at: House, who: Person, suggestion: str, kind: str, sent: Mapping[str, str]) -> Response:
    stay = sent.get("back", "/desk")
    try:
        items = desks.said_in(at.product, suggestion, kind, sent)
    except BadInput as error:
        return _mend(at, who, stay, desks.Trouble(suggestion, sent, faults_by_name(error.faults), "know"))
    for item in items:
        at.product.feedback(suggestion, by=who.id, **item)
    if kind.startswith("thumb"):
        return _kept(stay, kind, suggestion)
    facts = any(set(item.get("correction", ())) - {"risk", "action"} for item in items)
    return _kept(stay, ("facts_kept" if len(items) > 1 else "facts") if facts else "kept", suggestion)


def _mend(at: House, who: Person, stay: str, trouble: desks.Trouble) -> HTMLResponse:
    page = desks.desk(at.product, who, _filters(stay), trouble=trouble)
    texts, facts = at.product.texts, [name for name in trouble.faults if name.startswith(desks.FACT)]
    seen = trouble.card in [card.id for card in page.cards]
    general = trouble.faults.get("facts", "") or texts.say("desk.say_mend")
    if facts:
        general = texts.say("desk.facts_mend", n=len(facts))
    if not seen:  # nothing on the page could say it
        general = " ".join([general, *trouble.faults.values()])
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
    only: Annotated[str, Query(alias="show")] = "",
) -> HTMLResponse:
    """What I said, and what became of it; `show=answered` lists what somebody answered."""
    page = desks.said(at.product, who, limit=limit, show=only if only == desks.ANSWERED else "")
    if page.heard:
        tasks.add_task(_heard, at, who, page.heard)
    more = f"/said?{urlencode({**({'show': page.show} if page.show else {}), 'limit': limit + desks.SAID_PAGE})}"
    return show(at, who, "said", page, here="desk", said=said, more=more)


@router.post("/said/{feedback}/undo")
def unsay(at: House_, who: Person_, feedback: str) -> RedirectResponse:
    """Words, a thumb or a correction taken back, while nobody has answered them."""
    at.product.take_back(feedback, who.id)
    return back("/said", "undo")


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
    sent.set_cookie(PULSE, _asked(at, who), httponly=True, samesite="strict", max_age=8 * 86400)
    return sent


def _asked(at: House, who: Person) -> str:
    """This week's question, to this person: several may share a browser."""
    return f"{week_of(at.product.clock.now(), at.product.brief.product.zone).isoformat()}.{who.id}"
