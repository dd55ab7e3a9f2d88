"""The inbox, an opened item, and the fate a person gives it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.errors import BadInput, Fault
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.web.pages import inbox as inboxes

router = pages()


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
    return show(at, who, "inbox", page, more=f"/inbox?{urlencode([*query, ('limit', limit + inboxes.PAGE)])}")


@router.get("/inbox/{feedback}")
def item(at: House_, who: Person_, feedback: str, said: Text = "") -> HTMLResponse:
    return show(at, who, "item", inboxes.opened(at.product, who, feedback), here="inbox", said=said)


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
    return back(f"/inbox/{quote(feedback)}", "fate")
