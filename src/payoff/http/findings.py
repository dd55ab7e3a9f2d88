"""What the monitors said last, for programs."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends

from payoff.errors import Unavailable
from payoff.http.pages.health import Findings_
from payoff.http.session import permitted

router = APIRouter(prefix="/v1", dependencies=[Depends(permitted)])


@router.get("/findings")
def findings(said: Findings_) -> dict[str, Any]:
    """Every finding with its weeks, worst first; `renewing` says that newer ones are being worked out."""
    found = said()
    if found is None:
        raise Unavailable("the first findings are being worked out", mend="Ask again in a minute.")
    return {**found.as_dict(), "renewing": said.renewing}
