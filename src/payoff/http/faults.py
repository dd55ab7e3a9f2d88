"""Every error as one shape: JSON for programs, the same words on a page for people."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from payoff.errors import BadInput, Conflict, Fault, Faults, PayoffError, Refused, Unavailable, Unknown
from payoff.http.guard import TooLarge
from payoff.http.session import Forbidden, house, person
from payoff.web.frame import frame
from payoff.web.render import render

_log = logging.getLogger("payoff.http")
_STATUS: tuple[tuple[type[PayoffError], int], ...] = (
    (Unknown, 404),
    (Forbidden, 403),
    (Refused, 409),
    (Conflict, 409),
    (Unavailable, 503),
    (TooLarge, 413),
)
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, what mends it, and where the person came from."""

    what: str
    faults: tuple[str, ...]
    mend: str
    back: str


class Internal(PayoffError):
    """Our fault; the log of the server has the details, the answer has none."""

    code = "internal"


def status_of(error: PayoffError) -> int:
    """404, 403, 409, 503; anything else on purpose is input that cannot be used: 422."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 422)


def answer(request: Request, error: PayoffError, status: int) -> Response:
    """JSON under `/v1`, a page elsewhere."""
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    if request.url.path.startswith("/v1"):
        return JSONResponse(error.as_dict(), status, headers=headers)
    home, who = house(request), person(request)
    faults: Sequence[Fault] = error.faults if isinstance(error, Faults) else ()
    page = ErrorPage(error.what, tuple(map(str, faults)), error.mend, _back(request))
    shown = frame(home.product, who, home.people, mode=home.mode, here="")
    return HTMLResponse(render("error", home.product.texts, shown, page), status, headers=headers)


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
    if error.status_code == 404:
        return answer(request, Unknown("there is nothing at this address", where=request.url.path), 404)
    return answer(request, Refused(str(error.detail), where=request.url.path), error.status_code)


async def on_crash(request: Request, error: Exception) -> Response:
    _log.exception("%s %s failed", request.method, request.url.path, exc_info=error)
    mend = "Try again; the server's log says more."
    return answer(request, Internal("something went wrong on our side", mend=mend), 500)


def _place(error: Any) -> str:
    return ".".join(str(part) for part in error.get("loc", ())) or "request"
