"""What every request passes before any route: the right host, the right origin, a body of decent size.

There is no sign-in yet, so the server speaks to this machine alone. A page elsewhere must not be able to use a
person's browser against it: the host must be a loopback name (no DNS rebinding), a request that changes
something must come from our own pages (Origin, Sec-Fetch-Site), and cookies are SameSite=Strict.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from payoff.errors import PayoffError, Refused

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
MOST_BYTES = 8 * 1024 * 1024
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class TooLarge(PayoffError):
    """A body beyond what one request may bring."""

    code = "too_large"


def hostname(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


class Guard:
    """ASGI middleware: refuses before anything is read, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    answer.setdefault(name, value)
                if not scope["path"].startswith("/static"):
                    answer.setdefault("Cache-Control", "no-store")
            await send(message)

        fault = _fault(scope, headers)
        if fault is not None:
            await _refuse(fault, guarded)
            return
        await self._app(scope, _limited(receive), guarded)


def _fault(scope: Scope, headers: Headers) -> tuple[int, PayoffError] | None:
    host = headers.get("host", "")
    if hostname(host) not in LOOPBACK:
        return 400, Refused(f"the host {host[:80]!r} is not this machine", mend="Open http://localhost instead.")
    if scope["method"] in _SAFE:
        return None
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    foreign = origin is not None and origin not in (f"http://{host}", f"https://{host}")
    if foreign or (origin is None and site not in (None, "same-origin", "none")):
        return 403, Refused(
            "this request came from another site", where="Origin", mend="Use the pages of this server."
        )
    if _length(headers) > MOST_BYTES:
        return 413, TooLarge(
            f"more than {MOST_BYTES // 2**20} MB in one request", mend="Send it in smaller parts."
        )
    return None


def _length(headers: Headers) -> int:
    given = headers.get("content-length", "0")
    return int(given) if given.isascii() and given.isdigit() else 0


def _limited(receive: Receive) -> Receive:
    """Counts a body sent without a length, and ends it where it grows beyond the limit."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return {"type": "http.disconnect"} if read > MOST_BYTES else message

    return counted


async def _refuse(fault: tuple[int, PayoffError], send: Send) -> None:
    status, error = fault
    body = json.dumps(error.as_dict()).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
