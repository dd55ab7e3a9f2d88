"""The widget's addresses, for pages of the operator's own product.

No person is behind these requests and no cookie counts: a publishable key says which site may ask, a proof which
unit is in front of the page, and from then on a ticket (good for a day, for one suggestion) stands for both. The
answers hold what the customer may read and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeVar

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from payoff.errors import BadInput, Fault, PayoffError
from payoff.http.faults import RETRY_SECONDS, status_of
from payoff.http.flood import Flood, TooMany
from payoff.http.guard import TooLarge
from payoff.http.session import Forbidden, House, house, permitted, publishable
from payoff.people import proof
from payoff.people.signing import Signer
from payoff.use_cases.customer_view import KEPT, Customer, Past, State, Told
from payoff.use_cases.widget import LATER, THUMBS
from payoff.web.pages.foryou import shown, speaking
from payoff.web.product import Product

MOST_BYTES = 16 * 1024
FLOODS = {"suggestion": (60, 60), "answer": (60, 60), "said": (20, 3600)}
"""How many requests of one unit under one key pass in how many seconds."""
TICKET, TICKET_DAYS = "widget", 1.0
TRY, TRY_DAYS = "widget-try", 0.25
"""What a page of our own shows as a customer would see it; nothing is kept of it."""
Body = TypeVar("Body", bound=BaseModel)


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asked(_In):
    """Who is in front of the page, and the proof of it."""

    unit: str = Field(min_length=1, max_length=proof.LONGEST_NAME)
    person: str = Field("", max_length=proof.LONGEST_NAME)
    proof: str = Field("", max_length=200)
    lang: str = Field("", max_length=35)


class Pressed(_In):
    """What the customer did with what they were shown."""

    ticket: str = Field(max_length=4000)
    what: Literal["shown", "yes", "later", "no", "undo", "hide", "off", "read", "up", "down"]


class Wrote(_In):
    """What the customer says about it."""

    ticket: str = Field(max_length=4000)
    reason: str = Field("", max_length=20)
    words: str = Field("", max_length=2000)


@dataclass(frozen=True, slots=True)
class Door:
    """A request that may ask: from which site, under which key. `trying` is set for a look from our own pages."""

    at: House
    site: str
    key: str
    trying: dict[str, Any] | None = None

    @property
    def product(self) -> Product:
        return self.at.product


def door(request: Request) -> Door:
    """Raises `SignedOut` (401) without a living key, `Forbidden` (403) for a site that is not the key's."""
    at, text = house(request), request.query_params.get("key", "")
    if text.startswith("try_"):
        site = request.headers.get("origin", "")
        if site != f"{request.url.scheme}://{request.headers.get('host', '')}":
            raise Forbidden("this key is for a look from our own pages", where="Origin")
        trying = at.product.signer.read(TRY, text.removeprefix("try_"), days=TRY_DAYS)
        return Door(at, site, "try", trying)
    key = publishable(request)
    return Door(at, request.headers["origin"], key.id)


class _Answered(APIRoute):
    """Every answer and every refusal as JSON which the page of the key's site, and no other, may read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            request.state.site = ""
            try:
                answer = await handle(request)
            except PayoffError as error:
                wait = error.wait if isinstance(error, TooMany) else RETRY_SECONDS
                status = _status(error)
                retry = {"Retry-After": str(wait)} if status in (429, 503) else {}
                answer = JSONResponse(error.as_dict(), status, headers=retry)
            if request.state.site:
                answer.headers["Access-Control-Allow-Origin"] = request.state.site
            answer.headers["Vary"] = "Origin"
            return answer

        return handled


def _status(error: PayoffError) -> int:
    if isinstance(error, proof.BadProof):
        return 403
    return 429 if isinstance(error, TooMany) else status_of(error)


router = APIRouter(
    prefix="/widget/v1", dependencies=[Depends(permitted)], include_in_schema=False, route_class=_Answered
)


@router.options("/suggestion")
@router.options("/answer")
@router.options("/said")
async def preflight(request: Request) -> Response:
    """A browser asks before it sends; it hears yes for a site of the key alone."""
    await run_in_threadpool(_enter, request)
    headers = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=headers)


@router.post("/suggestion")
async def suggestion(request: Request) -> dict[str, Any]:
    """What this unit (and person) is shown now, with the ticket for its answers; `nothing` where nothing is."""
    entered = await run_in_threadpool(_enter, request)
    asked = await _body(request, Asked)
    return await run_in_threadpool(_suggestion, request, entered, asked)


@router.post("/answer")
async def answer(request: Request, tasks: BackgroundTasks) -> dict[str, Any]:
    """Kept, and how it stands then."""
    entered = await run_in_threadpool(_enter, request)
    pressed = await _body(request, Pressed)
    return await run_in_threadpool(_answer, request, tasks, entered, pressed)


@router.post("/said")
async def said(request: Request, tasks: BackgroundTasks) -> dict[str, Any]:
    """Kept, and how it stands then; its author will read what becomes of it."""
    entered = await run_in_threadpool(_enter, request)
    wrote = await _body(request, Wrote)
    return await run_in_threadpool(_said, request, tasks, entered, wrote)


def try_key(signer: Signer, **what: str) -> str:
    """A key for the widget in a page of our own: it shows a `unit` or an `action`, and keeps nothing."""
    return f"try_{signer.sign(TRY, what)}"


def _enter(request: Request) -> Door:
    entered = door(request)
    request.state.site = entered.site
    return entered


async def _body(request: Request, kind: type[Body]) -> Body:
    """A small JSON body. Raises `TooLarge` and `BadInput`."""
    read = b""
    async for part in request.stream():
        read += part
        if len(read) > MOST_BYTES:
            raise TooLarge(f"more than {MOST_BYTES // 1024} kB in one request", mend="Say it in fewer words.")
    try:
        return kind.model_validate(json.loads(read))
    except ValidationError as error:
        faults = [Fault(".".join(map(str, e["loc"])) or "body", e["msg"], "Mend it.") for e in error.errors()]
        raise BadInput("the request", faults) from None
    except (ValueError, RecursionError):
        raise BadInput("the request", [Fault("body", "it is no JSON", "Send what widget.js sends.")]) from None


def _suggestion(request: Request, entered: Door, asked: Asked) -> dict[str, Any]:
    if entered.trying is not None:
        return _tried(entered, asked.lang)
    at, who = entered.at, Customer(asked.unit, asked.person)
    secret = proof.signing_secret(at.accounts, entered.key)
    proof.check(asked.proof, secret, asked.unit, asked.person, now=at.now)
    # Counted once the proof is good: nobody uses up the requests of a unit they cannot speak for.
    _counted(request, entered, "suggestion", who)
    return _shown(entered, who, entered.product.customers.look(who, asked.lang))


def _answer(request: Request, tasks: BackgroundTasks, entered: Door, pressed: Pressed) -> dict[str, Any]:
    ticket = _ticket(entered, pressed.ticket)
    language, what, heard = ticket["language"], pressed.what, _HEARD.get(pressed.what, "")
    if entered.trying is not None:
        thumb = _THUMB.get(what, ticket.get("thumb", 0))
        return _tried(entered, language, _PRETENDED.get(what, ticket["state"]), heard, thumb=thumb)
    who = Customer(ticket["unit"], ticket["person"])
    _counted(request, entered, "answer", who)
    if what == "read":
        entered.product.customers.read(who)
        return {}
    told = entered.product.customers.answer(who, ticket["suggestion"], what, language)
    tasks.add_task(entered.product.working.refresh, ticket["suggestion"])
    return _shown(entered, who, told, heard)


def _said(request: Request, tasks: BackgroundTasks, entered: Door, wrote: Wrote) -> dict[str, Any]:
    ticket = _ticket(entered, wrote.ticket)
    language, suggestion = ticket["language"], ticket["suggestion"]
    heard = "sent" if wrote.words.strip() else "sent_reason"
    if entered.trying is not None:
        heard = "sent_try" if heard == "sent" else heard
        return _tried(entered, language, ticket["state"], heard, wrote.words.strip(), ticket.get("thumb", 0))
    who, customers = Customer(ticket["unit"], ticket["person"]), entered.product.customers
    _counted(request, entered, "said", who)
    customers.say(who, suggestion, reason=wrote.reason, words=wrote.words)
    tasks.add_task(entered.product.working.refresh, suggestion)
    return _shown(entered, who, customers.follow(who, suggestion, language), heard)


def _counted(request: Request, entered: Door, what: str, who: Customer) -> None:
    most, seconds = FLOODS[what]
    flood: Flood | None = getattr(request.app.state, "flood", None)
    if flood is None:
        flood = request.app.state.flood = Flood()
    flood.passes((what, entered.key, who.unit), most, seconds, entered.at.now.timestamp())


def _ticket(entered: Door, text: str) -> dict[str, Any]:
    """What a ticket stands for. Raises `Forbidden` for one of another key, too old or made up."""
    try:
        value = entered.product.signer.read(TICKET, text, days=TICKET_DAYS)
    except PayoffError as error:
        raise Forbidden(error.what, where="ticket", mend="Load the page again.") from None
    if value["key"] != entered.key:
        raise Forbidden("this ticket belongs to another key", where="ticket")
    return value


def _shown(entered: Door, who: Customer, told: Told | None, message: str = "") -> dict[str, Any]:
    if told is None:
        return {"state": "nothing"}
    value = {
        "key": entered.key,
        "unit": who.unit,
        "person": who.person,
        "suggestion": told.suggestion,
        "language": told.language,
        "state": told.state,
        "thumb": told.thumb,
    }
    seen = shown(told, who, entered.at.product.brief, message=message)
    return {"ticket": entered.product.signer.sign(TICKET, value), **asdict(seen)}


def _example(entered: Door, language: str) -> Past:
    """What a customer hears later, made up and said to be."""
    say = speaking(language, entered.product.brief.product.zone).say
    words, reply = (say("customer.example_words"),), say("customer.example_reply")
    return Past(entered.at.now, say("customer.example"), "", words, None, False, False, "used", reply, False)


_PRETENDED: dict[str, State] = {
    "yes": "yes", "later": "later", "no": "no", "hide": "hidden", "off": "stopped", "undo": "open"
}  # fmt: skip


_HEARD = {"undo": "undone", "up": "thumbed", "down": "thumbed"}
"""What was just pressed and is told in a sentence of its own."""
_THUMB = {**THUMBS, "yes": 1, "no": -1, "undo": 0}


def _tried(
    entered: Door,
    language: str,
    state: State | None = None,
    message: str = "",
    words: str = "",
    thumb: int | None = None,
) -> dict[str, Any]:
    """As a customer would see it; what is pressed changes the picture and nothing else. `words` stand where a
    customer would find theirs, before an example of what they hear later."""
    given, customers = entered.trying or {}, entered.product.customers
    who = Customer(given.get("unit", ""))
    if "action" in given:
        told = customers.preview(given["action"], language)
    else:
        told = customers.look(who, language, decide=False)
    if told is None:
        return {"state": "nothing"}
    until = entered.at.now + LATER if state == "later" else None
    told = replace(told, state=state or told.state, until=until, thumb=told.thumb if thumb is None else thumb)
    if told.worded is not None:
        what = told.state if told.state in KEPT else ""
        said = Past(entered.at.now, told.worded.title, what, (words,), until, False, False, "new", "", False)
        told = replace(told, answers=(*([said] if words else []), *told.answers, _example(entered, told.language)))
    return _shown(entered, who, told, message)
