"""The releases: start the next step, or take one back."""

from __future__ import annotations

from itertools import count
from typing import Annotated
from urllib.parse import quote

from fastapi import Form
from fastapi.responses import HTMLResponse, Response

from payoff.errors import BadInput, Fault, PayoffError, Refused, Unknown
from payoff.http.faults import status_of
from payoff.http.pages.board import Why, choose, problem, reasoned
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.web.pages import record as records
from payoff.web.pages import releases as rails
from payoff.web.pages.decisions import Trouble

router = pages()


@router.get("/releases")
def releases(at: House_, who: Person_, said: Text = "", of: Text = "") -> HTMLResponse:
    """`of` is the release something was just done with."""
    page = rails.releases(at.product, who, at.cards, moved=of if said == "decided" else "")
    return show(at, who, "releases", page, said="" if page.done else said)


@router.get("/releases/record")
def record(at: House_, who: Person_) -> HTMLResponse:
    """Every decision and every step, of all releases."""
    return show(at, who, "record", records.record(at.product), here="releases")


@router.post("/releases/{release}/revert", response_model=None)
def revert(at: House_, who: Person_, release: str, why: Why = "") -> Response:
    try:
        choose(at, who, release, "roll back", why)
    except (BadInput, Refused) as error:
        return _again(at, who, Trouble(release, "roll back", why, problem(error)), error)
    return _on(release)


@router.post("/releases/{release}/start", response_model=None)
def start(
    at: House_,
    who: Person_,
    release: str,
    why: Why = "",
    named: Annotated[str, Form(max_length=20_000)] = "",
    early: Field = "",
) -> Response:
    """To the next step; `named` are ids of units chosen by hand, one a line or with commas."""
    known = [r.id for r in at.product.releases()]
    if release not in known:
        raise Unknown.among("release", release, known)
    units = list(dict.fromkeys(filter(None, (part.strip() for part in named.replace(",", "\n").splitlines()))))
    try:
        at.product.start(release, by=who.id, why=reasoned(at, why), named=units or None, early=bool(early))
    except (BadInput, Refused, Unknown) as error:
        return _again(at, who, Trouble(release, "start", why, problem(error), named), error)
    return _on(release)


@router.post("/releases/{release}/again", response_model=None)
def again(at: House_, who: Person_, release: str, title: Field = "", why: Why = "") -> Response:
    """A draft with the recipe of another release, which stays as it is."""
    known = {r.id: r for r in at.product.releases()}
    if release not in known:
        raise Unknown.among("release", release, known)
    id = next(f"{release}-{n}" for n in count(2) if f"{release}-{n}" not in known)
    texts = at.product.texts
    named = title.strip() or texts.say("releases.again_named", title=known[release].title)
    try:
        reason = reasoned(at, why)
        if named.casefold() in {r.title.casefold() for r in known.values()}:
            raise BadInput("release", [Fault("title", "taken", texts.say("releases.again_taken", title=named))])
        at.product.create_release(id, named, known[release].recipe, by=who.id, why=reason)
    except (BadInput, Refused, Unknown) as error:
        said = texts.say("releases.again_gone") if isinstance(error, Unknown) else problem(error)
        return _again(at, who, Trouble(release, "again", why, said, title), error)
    return _on(id)


def _again(at: House, who: Person, trouble: Trouble, error: PayoffError) -> HTMLResponse:
    """The page with the form that could not be taken, and what was typed into it."""
    page = rails.releases(at.product, who, at.cards, trouble=trouble)
    return show(at, who, "releases", page, status=status_of(error))


def _on(release: str) -> Response:
    return back(f"/releases?of={quote(release, safe='')}", "decided", release)
