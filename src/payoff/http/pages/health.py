"""Health: what the monitors said last."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from payoff.feedback.items import FINAL
from payoff.http.pages.shared import House_, Person_, pages, show
from payoff.web.findings import Findings
from payoff.web.pages import dropout as dropouts
from payoff.web.pages import health as healths

router = pages()


def findings(request: Request) -> Findings:
    """The one memory of what the monitors said."""
    found: Findings = request.app.state.findings
    return found


Findings_ = Annotated[Findings, Depends(findings)]


@router.get("/dropout")
def dropout(at: House_, who: Person_) -> HTMLResponse:
    """Where people drop out of what is suggested."""
    return show(at, who, "dropout", dropouts.dropout(at.product), here="health")


@router.get("/health")
def health(at: House_, who: Person_, said: Findings_) -> HTMLResponse:
    found = said()
    waiting = sum(item.state not in FINAL for item in at.product.inbox())
    page = healths.health(
        at.product.texts, who, found, renewing=said.renewing, moved=said.moved, unanswered=waiting
    )
    return show(at, who, "health", page)
