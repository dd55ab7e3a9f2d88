"""What every page's routes share: who asks, how a page is shown, and the way back after a form (303)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.http.session import House, house, permitted, person
from payoff.people.person import Person
from payoff.web.frame import frame
from payoff.web.render import render

House_ = Annotated[House, Depends(house)]
Person_ = Annotated[Person, Depends(person)]
Field = Annotated[str, Form(max_length=2000)]
Text = Annotated[str, Query(max_length=200)]
Back = Annotated[str, Form(max_length=2000, alias="back")]
"""Where a form says it stood."""
LONGEST = 200_000
"""Characters one field of a form may bring: an interview; what is too long for its place is told there."""


def pages() -> APIRouter:
    """A router whose every route asks the one table who may pass."""
    return APIRouter(
        dependencies=[Depends(permitted)], include_in_schema=False, default_response_class=HTMLResponse
    )


async def given(request: Request) -> dict[str, str]:
    """A form whose fields nobody knows beforehand, as texts. The route itself then runs beside the others."""
    form = await request.form(max_files=0)
    return {name: value[:LONGEST] for name, value in form.items() if isinstance(value, str)}


Given = Annotated[dict[str, str], Depends(given)]


def show(
    at: House,
    who: Person,
    name: str,
    page: object,
    *,
    here: str = "",
    said: str = "",
    status: int = 200,
    **more: str,
) -> HTMLResponse:
    """The template `name` over the page's data, in its frame; `here` is the entry of the navigation above it."""
    shown = frame(
        at.product,
        who,
        at.people,
        mode=at.mode,
        here=here or name,
        as_of=at.product.as_of(),
        said=said,
        signed=bool(who.id) and at.secured(),
    )
    return HTMLResponse(render(name, at.product.texts, shown, page, **more), status)


def inside(given: str) -> str:
    """A path of this server; anything that could lead elsewhere becomes the first page."""
    parts = urlsplit(given)
    safe = given.startswith("/") and not given.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return given if safe and given.isprintable() else "/"


def back(to: str, said: str, place: str = "", anchor: str = "") -> RedirectResponse:
    """Back to where the form stood, so that nothing is sent twice, with one word of ours about what was kept.

    `said` names a sentence `page.said_…`; `place`, after `anchor`, is the id of the element to go on from.
    """
    parts = urlsplit(inside(to))
    query: Mapping[str, str] = {**dict(parse_qsl(parts.query)), **({"said": said} if said else {})}
    address = parts.path + (f"?{urlencode(query)}" if query else "")
    return RedirectResponse(f"{address}#{anchor}{quote(place)}" if place else address, 303)
