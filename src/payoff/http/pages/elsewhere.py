"""What reaches somebody without opening the desk, and asking for the rest; setting it up is the admins'."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.http.pages.shared import House_, Person_, Text, back, pages, show
from payoff.web.pages import elsewhere as elsewheres

router = pages()


@router.get("/desk/elsewhere")
def elsewhere(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
    return show(at, who, "elsewhere", elsewheres.elsewhere(at.product, who), here="desk", said=said)


@router.post("/desk/elsewhere")
def ask(at: House_, who: Person_, way: Annotated[str, Form(max_length=40)]) -> RedirectResponse:
    """A request is a problem like any other: it stands in the inbox until somebody answers it. Once is enough."""
    words = elsewheres.request_of(at.product, way)
    if any(one.way == way for one in elsewheres.elsewhere(at.product, who).missing):
        at.product.feedback(by=who.id, problem=words)
    return back("/desk/elsewhere", "asked")
