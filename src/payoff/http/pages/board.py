"""The board, a person's decision on it, and the board as it once stood."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, Response

from payoff.errors import BadInput, Fault, Faults, PayoffError, Refused, Unknown
from payoff.http.faults import status_of
from payoff.http.pages.shared import LONGEST, Field, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.records.releases import SERVED
from payoff.web.findings import Findings
from payoff.web.pages import board as boards
from payoff.web.pages.decisions import Trouble
from payoff.web.pages.judged import Alarms

router = pages()
MOST = 2000
"""Characters of a reason that are kept; a longer one comes back to be shortened, and is never cut off."""
Why = Annotated[str, Form(max_length=LONGEST)]


@router.get("/board")
def board(request: Request, at: House_, who: Person_, release: Text = "", said: Text = "") -> HTMLResponse:
    page = boards.board(
        at.product,
        who,
        release,
        at.cards,
        base=base(request, at),
        alarms=_alarms(request),
        decided_now=said == "decided",
    )
    return show(at, who, "board", page, said="" if page.done else said)


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


@router.post("/board/{release}/decide", response_model=None)
def decide(
    request: Request,
    at: House_,
    who: Person_,
    release: str,
    chosen: Annotated[str, Form(pattern="^(promote|ship unproven|hold|roll back)$")],
    why: Why = "",
    view: Field = "",
) -> Response:
    """A person decides, with a reason, and is recorded; `view` is the board it was decided on.

    What cannot be taken comes back on its page, with what was typed.
    """
    stood = SERVED if view == SERVED else release
    try:
        choose(at, who, release, chosen, why)
    except (BadInput, Refused) as error:
        trouble = Trouble(release, chosen, why, problem(error))
        page = boards.board(
            at.product, who, stood, at.cards, base=base(request, at), alarms=_alarms(request), trouble=trouble
        )
        return show(at, who, "board", page, status=status_of(error))
    return back(f"/board?release={quote(release if chosen == 'roll back' else stood)}", "decided")


def choose(at: House, who: Person, release: str, chosen: str, why: str) -> None:
    """One of the four choices, by a named person, for a reason. Raises `BadInput` without one that can be kept."""
    product, reason = at.product, reasoned(at, why)
    if chosen == "hold":
        product.hold(release, by=who.id, why=reason)
    elif chosen == "roll back":
        product.rollback(release, by=who.id, why=reason)
    elif chosen in ("promote", "ship unproven"):
        product.promote(release, by=who.id, why=reason, unproven=chosen == "ship unproven")
    else:
        raise Unknown.among("choice", chosen, ("promote", "ship unproven", "hold", "roll back"))


def reasoned(at: House, why: str) -> str:
    """The reason as it is kept. Raises `BadInput` for none, and for one that is too long."""
    reason, texts = why.strip(), at.product.texts
    if not reason:
        raise BadInput("decision", [Fault("why", "no reason", texts.say("board.why_none"))])
    if len(reason) > MOST:
        said = texts.say("board.why_long", n=texts.number(len(reason)), most=texts.number(MOST))
        raise BadInput("decision", [Fault("why", "the reason is too long", said)])
    return reason


def problem(error: PayoffError) -> str:
    """What is wrong, for the line beside the field."""
    faults = error.faults if isinstance(error, Faults) else ()
    said = " ".join(fault.mend for fault in faults) or f"{error.what[:1].upper()}{error.what[1:]}. {error.mend}"
    return said.strip()


def base(request: Request, at: House) -> str:
    """What an address for people outside begins with."""
    return at.origins[0] if at.origins else str(request.base_url).rstrip("/")
