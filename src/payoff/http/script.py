"""The script that draws the widget, for pages of any site."""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass
from importlib import resources

from fastapi import APIRouter, Depends, Request, Response

from payoff.errors import Unknown
from payoff.http.session import permitted

router = APIRouter(dependencies=[Depends(permitted)], include_in_schema=False)
_OPEN = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""For the script alone: any page may load it, and check it against its digest."""


@dataclass(frozen=True, slots=True)
class Script:
    """The script as it is served: its bytes, a short name of its content, and the digest a page may insist on."""

    content: bytes
    version: str
    integrity: str

    @property
    def address(self) -> str:
        return f"/widget-{self.version}.js"


@functools.cache
def script() -> Script:
    """Read once: a new one comes with a new version of the server."""
    content = (resources.files("payoff.web") / "static" / "widget.js").read_bytes()
    digest = hashlib.sha384(content).digest()
    return Script(content, digest.hex()[:16], f"sha384-{base64.b64encode(digest).decode()}")


@router.get("/widget.js")
def newest(request: Request) -> Response:
    """The script of this version of the server; pages look again after five minutes."""
    made = script()
    tag = f'"{made.version}"'
    headers = {**_OPEN, "Cache-Control": "public, max-age=300", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(made.content, media_type="text/javascript", headers=headers)


@router.get("/widget-{version}.js")
def pinned(version: str) -> Response:
    """The same under the name of its content, for ever; the name of another version leads nowhere."""
    made = script()
    if version != made.version:
        raise Unknown("this version of the script is not served any more", mend="Ask `payoff widget snippet`.")
    headers = {**_OPEN, "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(made.content, media_type="text/javascript", headers=headers)
