"""Every error as one shape: JSON for programs, the same words on a page for people."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from payoff.errors import BadInput, Conflict, Fault, Faults, PayoffError, Refused, Unavailable, Unknown
from payoff.http.guard import TooLarge
from payoff.http.session import FROM_SITES, Forbidden, Nameless, SignedOut, house, visitor
from payoff.people.sessions import TooManyTries, WrongPassword
from payoff.web.frame import View, frame, views
from payoff.web.render import render

_log = logging.getLogger("payoff.http")
_STATUS: tuple[tuple[type[PayoffError], int], ...] = (
    (Unknown, 404),
    (SignedOut, 401),
    (WrongPassword, 401),
    (TooManyTries, 429),
    (Forbidden, 403),
    (Refused, 409),
    (Conflict, 409),
    (Unavailable, 503),
    (TooLarge, 413),
)
RETRY_SECONDS = 5
PROGRAMS = ("/v1/", *FROM_SITES)
"""Addresses nobody opens by hand: a wrong method is told, not led elsewhere."""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, what mends it, where they came from; whom one may `choose` to be."""

    what: str
    faults: tuple[str, ...]
    mend: str
    back: str
    choose: tuple[View, ...] = ()


class Internal(PayoffError):
    """Our fault; the log of the server has the details, the answer has none."""

    code = "internal"


def status_of(error: PayoffError) -> int:
    """401, 403, 404, 409, 429, 503; anything else on purpose is input that cannot be used: 422."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 422)


def answer(request: Request, error: PayoffError, status: int) -> Response:
    """JSON under `/v1`, a page elsewhere; whoever has to sign in first comes back to where they were going."""
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    if isinstance(error, TooManyTries):
        headers["Retry-After"] = str(max(1, round(error.wait.total_seconds())))
    if request.url.path.startswith("/v1"):
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(error.as_dict(), status, headers=headers)
    if isinstance(error, SignedOut):
        return RedirectResponse(f"/sign-in?{urlencode({'next': _goal(request)})}", 303)
    home, who = house(request), visitor(request)
    faults: Sequence[Fault] = error.faults if isinstance(error, Faults) else ()
    choose: tuple[View, ...] = ()
    if isinstance(error, Nameless):
        choose = views(home.product.texts, who, home.people, home.mode)
    page = ErrorPage(error.what, tuple(map(str, faults)), error.mend, _back(request), choose)
    signed = bool(who.id) and home.secured()
    shown = frame(home.product, who, home.people, mode=home.mode, here="", signed=signed)
    return HTMLResponse(render("error", home.product.texts, shown, page), status, headers=headers)


def _goal(request: Request) -> str:
    """The page somebody wanted; a form they sent goes back to the page it stood on."""
    if request.method not in ("GET", "HEAD"):
        return _back(request) or "/"
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def _readable(request: Request) -> str:
    """The nearest page above an address that forms are sent to: a reload after one must not be a dead end."""
    path = str(request.scope["path"])
    while path != "/":
        path = path.rpartition("/")[0] or "/"
        scope = {**request.scope, "method": "GET", "path": path, "raw_path": path.encode()}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
            break
    return quote(path)


def _back(request: Request) -> str:
    """Where they came from: a path of this server, never another address."""
    referer = request.headers.get("referer", "")
    base = str(request.base_url)
    path = "/" + referer.removeprefix(base) if referer.startswith(base) else ""
    return path if path and path != request.url.path else ""


async def on_payoff_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PayoffError)
    return answer(request, error, status_of(error))


async def on_bad_request(request: Request, error: Exception) -> Response:
    """FastAPI's own checks, in our words: all faults at once."""
    assert isinstance(error, RequestValidationError)
    faults = [
        Fault(_place(e), str(e.get("msg", "it cannot be used")), "Mend it and send again.") for e in error.errors()
    ]
    return answer(request, BadInput("the request", faults), 422)


async def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    opened = request.method == "GET" and not request.url.path.startswith(PROGRAMS)
    if error.status_code == 405 and opened:
        return RedirectResponse(_readable(request), 303)
    if error.status_code == 404:
        return answer(request, Unknown("there is nothing at this address", where=request.url.path), 404)
    return answer(request, Refused(str(error.detail), where=request.url.path), error.status_code)


async def on_crash(request: Request, error: Exception) -> Response:
    _log.exception("%s %s failed", request.method, request.url.path, exc_info=error)
    mend = "Try again; the server's log says more."
    return answer(request, Internal("something went wrong on our side", mend=mend), 500)


def _place(error: Any) -> str:
    return ".".join(str(part) for part in error.get("loc", ())) or "request"
