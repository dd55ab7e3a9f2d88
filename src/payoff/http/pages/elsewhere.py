"""What reaches somebody without opening the desk. It only tells; setting up is the brief's and the admins'."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from payoff.http.pages.shared import House_, Person_, pages, show
from payoff.web.pages import elsewhere as elsewheres

router = pages()


@router.get("/desk/elsewhere")
def elsewhere(at: House_, who: Person_) -> HTMLResponse:
    return show(at, who, "elsewhere", elsewheres.elsewhere(at.product, who), here="desk")
