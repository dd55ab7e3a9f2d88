"""The board, and a person's decision on it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Form
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.errors import BadInput, Fault, Unknown
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.web.pages import board as boards

router = pages()


@router.get("/board")
def board(at: House_, who: Person_, release: Text = "", said: Text = "") -> HTMLResponse:
    return show(at, who, "board", boards.board(at.product, who, release, at.cards), said=said)


@router.post("/board/{release}/decide")
def decide(
    at: House_,
    who: Person_,
    release: str,
    chosen: Annotated[str, Form(pattern="^(promote|ship unproven|hold|roll back)$")],
    why: Field,
) -> RedirectResponse:
    """A person decides, with a reason, and is recorded."""
    choose(at, who, release, chosen, why)
    return back(f"/board?release={quote(release)}", "decided")


def choose(at: House, who: Person, release: str, chosen: str, why: str) -> None:
    """One of the four choices, by a named person, for a reason. Raises `BadInput` without one."""
    if not why.strip():
        raise BadInput("decision", [Fault("why", "no reason", "Say why in a sentence: it is kept for good.")])
    product, reason = at.product, why.strip()
    if chosen == "hold":
        product.hold(release, by=who.id, why=reason)
    elif chosen == "roll back":
        product.rollback(release, by=who.id, why=reason)
    elif chosen in ("promote", "ship unproven"):
        product.promote(release, by=who.id, why=reason, unproven=chosen == "ship unproven")
    else:
        raise Unknown.among("choice", chosen, ("promote", "ship unproven", "hold", "roll back"))
