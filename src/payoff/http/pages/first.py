"""The first page, and whom one looks as."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import RedirectResponse

from payoff.errors import Unknown
from payoff.http.pages.shared import Field, House_, Person_, inside, pages
from payoff.http.session import look_as as choose
from payoff.web.frame import home

router = pages()


@router.get("/")
def first_page(who: Person_) -> RedirectResponse:
    return RedirectResponse(home(who), 303)


@router.post("/look-as")
def look_as(at: House_, person: Annotated[str, Form(max_length=100)], back: Field = "/") -> RedirectResponse:
    """Another of the brief's people; they land on a page they may open. Gone once people sign in."""
    if at.secured():
        raise Unknown("everybody signs in here", mend="Sign out, and sign in as somebody else.")
    if person not in at.people:
        raise Unknown.among("person", person, at.people)
    answer = RedirectResponse(home(at.people[person]) if at.mode == "demo" else inside(back), 303)
    choose(at, answer, person)
    return answer
