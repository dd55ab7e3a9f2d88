"""The inbox: groups, items, and the fate a person gives to one or to many at once."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.feedback.items import FINAL
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.web.pages import inbox as inboxes
from payoff.web.pages import item as items

router = pages()
State = Annotated[str, Form(pattern="^(looked_at|used|declined|reply)$")]


@router.get("/inbox")
def inbox(
    *,
    request: Request,
    at: House_,
    who: Person_,
    kind: Text = "",
    state: Text = "",
    author: Text = "",
    release: Text = "",
    learned: Text = "",
    single: Text = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = inboxes.PAGE,
    said: Text = "",
) -> HTMLResponse:
    asked = inboxes.Filters(kind, state, author, release, learned, bool(single), limit)
    page = inboxes.inbox(at.product, who, asked)
    query = [(k, v) for k, v in request.query_params.multi_items() if k not in ("limit", "said")]
    more = f"/inbox?{urlencode([*query, ('limit', limit + inboxes.PAGE)])}"
    return show(at, who, "inbox", page, more=more, said=said)


@router.get("/inbox/group/{group}")
def group(at: House_, who: Person_, group: str, said: Text = "", learned: Text = "") -> HTMLResponse:
    return show(at, who, "group", inboxes.opened_group(at.product, who, group, learned), here="inbox", said=said)


@router.post("/inbox/group/{group}/fate")
def fate_of_all(
    *,
    at: House_,
    who: Person_,
    group: str,
    state: State,
    reason: Field = "",
    internal: Field = "",
    everybody: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """One answer for everybody in the group who has none yet; with `everybody` those who have one read it, too."""
    items = at.product.group(group).items
    answered = [item.id for item in items if item.state in FINAL and not item.taken_back]
    at.product.give([item.id for item in items], state, by=who.id, reason=reason, internal=internal)
    if everybody and answered and state in FINAL:
        at.product.give(answered, "reply", by=who.id, reason=reason)
    return back(f"/inbox/group/{quote(group)}", "fate_all")


@router.get("/inbox/{feedback}")
def item(
    at: House_, who: Person_, feedback: str, said: Text = "", came: Annotated[str, Query(alias="from")] = ""
) -> HTMLResponse:
    page = items.opened(at.product, who, feedback, came)
    return show(at, who, "item", page, here="desk" if page.back == "/said" else "inbox", said=said)


@router.post("/inbox/{feedback}/fate")
def fate(
    at: House_, who: Person_, feedback: str, state: State, reason: Field = "", internal: Field = ""
) -> RedirectResponse:
    """Looked at; used, and how; or declined, with a reason its author can read; or a reply that corrects it."""
    at.product.give([feedback], state, by=who.id, reason=reason, internal=internal)
    return back(f"/inbox/{quote(feedback)}", "fate")


@router.post("/inbox/{feedback}/comment")
def comment(at: House_, who: Person_, feedback: str, internal: Field) -> RedirectResponse:
    """A word among those who run the product; its author never reads it."""
    at.product.remark(feedback, internal, by=who.id)
    return back(f"/inbox/{quote(feedback)}", "comment")
