"""The releases: start the next step, or take one back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.http.pages.board import choose
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.web.pages import releases as rails

router = pages()


@router.get("/releases")
def releases(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
    return show(at, who, "releases", rails.releases(at.product, who, at.cards), said=said)


@router.post("/releases/{release}/revert")
def revert(at: House_, who: Person_, release: str, why: Field) -> RedirectResponse:
    choose(at, who, release, "roll back", why)
    return back("/releases", "decided", release)


@router.post("/releases/{release}/start")
def start(
    at: House_,
    who: Person_,
    release: str,
    why: Field,
    named: Annotated[str, Form(max_length=20_000)] = "",
    early: Field = "",
) -> RedirectResponse:
    """To the next step; `named` are ids of units chosen by hand, one a line or with commas."""
    units = list(dict.fromkeys(filter(None, (part.strip() for part in named.replace(",", "\n").splitlines()))))
    at.product.start(release, by=who.id, why=why.strip(), named=units or None, early=bool(early))
    return back("/releases", "decided", release)
