"""The board, a person's decision on it, and the board as it once stood."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.errors import BadInput, Fault, Unknown
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.web.findings import Findings
from payoff.web.pages import board as boards
from payoff.web.pages.judged import Alarms

router = pages()


@router.get("/board")
def board(request: Request, at: House_, who: Person_, release: Text = "", said: Text = "") -> HTMLResponse:
    page = boards.board(at.product, who, release, at.cards, base=base(request, at), alarms=_alarms(request))
    return show(at, who, "board", page, said=said)


def _alarms(request: Request) -> Alarms | None:
    """What the monitors said last, if anybody asked them: the board does not wait for them."""
    findings: Findings = request.app.state.findings
    said = findings.known
    if said is None:
        return None
    severities = [finding.severity for finding in said.findings]
    return Alarms(severities.count("act"), severities.count("look"))


@router.get("/board/{release}/as-of/{card}")
def as_of(request: Request, at: House_, who: Person_, release: str, card: str, said: Text = "") -> HTMLResponse:
    """The figures as they stood when they were kept."""
    page = boards.as_of(at.product, who, release, card, base=base(request, at))
    return show(at, who, "board", page, said=said)


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


def base(request: Request, at: House) -> str:
    """What an address for people outside begins with."""
    return at.origins[0] if at.origins else str(request.base_url).rstrip("/")
