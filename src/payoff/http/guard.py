"""What every request passes before any route: the right host, the right origin, a body of decent size.

A page elsewhere must not be able to use a person's browser against the server: the host must be a name of this
machine or one of the addresses the operator gave (no DNS rebinding), and a request that changes something must
come from our own pages (Origin, Sec-Fetch-Site). What a header says of where a request comes from is believed
only of a proxy the operator named.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from payoff.errors import PayoffError, Refused
from payoff.http.session import FROM_SITES, SESSION
from payoff.people.keys import LOCAL as LOOPBACK

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
    """ASGI middleware: refuses before anything is read, and puts the security headers on every answer.

    `origins` are the addresses under which other machines reach the server, as `people.keys.origin` writes them.
    Of a request from one of the `proxies` (addresses or networks) the last entries of X-Forwarded-Proto and
    X-Forwarded-For, which the proxy itself has written, say how and from where it came.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str] = (), proxies: Sequence[str] = ()) -> None:
        self._app = app
        self._proxies = [ip_network(proxy, strict=False) for proxy in proxies]
        self._origins = frozenset(origins)
        self._public = {host: urlsplit(origin).scheme for origin in origins for host in _hosts(origin)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if self._proxies and _within(self._proxies, scope):
            _as_the_proxy_says(scope, headers)
        if host in self._public:
            scope["scheme"] = self._public[host]  # an https address is https, whatever the way behind its proxy
        foreign = scope["path"].startswith(FROM_SITES)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    answer.setdefault(name, value)
                if not scope["path"].startswith("/static"):
                    answer.setdefault("Cache-Control", "no-store")
            await send(message)

        fault = self._host_fault(host) or (None if foreign else self._origin_fault(scope, headers, host))
        fault = fault or _size_fault(scope, headers)
        if fault is not None:
            await _refuse(fault, guarded)
            return
        await self._app(scope, _limited(receive), guarded)

    def _host_fault(self, host: str) -> tuple[int, PayoffError] | None:
        if host in self._public or hostname(host) in LOOPBACK:
            return None
        mend = f"Open {min(self._origins)} instead." if self._origins else "Open http://localhost instead."
        return 400, Refused(f"the host {host[:80]!r} is not this server", where="Host", mend=mend)

    def _origin_fault(self, scope: Scope, headers: Headers, host: str) -> tuple[int, PayoffError] | None:
        """Browsers say where a form stands. Programs say nothing, which is fine without a browser's session."""
        if scope["method"] in _SAFE:
            return None
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        own = self._origins | (set() if host in self._public else {f"http://{host}", f"https://{host}"})
        if origin is not None:
            passes = origin in own
        elif site is not None:
            passes = site in ("same-origin", "none")
        else:
            passes = SESSION not in headers.get("cookie", "")
        if passes:
            return None
        mend = "Use the pages of this server; a program uses a key instead of a session."
        return 403, Refused("this request came from another site", where="Origin", mend=mend)


def _hosts(origin: str) -> tuple[str, ...]:
    """How a Host header may write the address: the usual port is left out, or not."""
    parts = urlsplit(origin)
    usual = {"http": 80, "https": 443}[parts.scheme]
    return (parts.netloc,) if parts.port else (parts.netloc, f"{parts.netloc}:{usual}")


def _within(networks: Sequence[IPv4Network | IPv6Network], scope: Scope) -> bool:
    try:
        peer = ip_address((scope.get("client") or ("", 0))[0])
    except ValueError:
        return False
    return any(peer in network for network in networks)


def _as_the_proxy_says(scope: Scope, headers: Headers) -> None:
    """The proxy adds what it saw at the end; what stands before that is the client's own word."""
    proto = headers.getlist("x-forwarded-proto")
    said = proto[-1].rsplit(",", 1)[-1].strip().lower() if proto else ""
    if said in ("http", "https"):
        scope["scheme"] = said
    away = headers.getlist("x-forwarded-for")
    address = away[-1].rsplit(",", 1)[-1].strip() if away else ""
    address = address.partition(":")[0] if address.count(":") == 1 else address.partition("]")[0].strip("[")
    if address:
        scope["client"] = (address, 0)


def _size_fault(scope: Scope, headers: Headers) -> tuple[int, PayoffError] | None:
    if scope["method"] in _SAFE or _length(headers) <= MOST_BYTES:
        return None
    mend = "Send it in smaller parts."
    return 413, TooLarge(f"more than {MOST_BYTES // 2**20} MB in one request", mend=mend)


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
