"""What people's words changed in one refresh; as a page, or as a table to take away."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse, Response

from payoff.http.pages.shared import House_, Person_, Text, pages, show
from payoff.web.pages import learned as rows

router = pages()
As = Annotated[str, Query(alias="as", pattern="^(csv)?$")]


@router.get("/learned/{artefact}")
def learned(
    *,
    at: House_,
    who: Person_,
    artefact: str,
    feedback: Text = "",
    unit: Text = "",
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    wanted: As = "",
) -> Response:
    asked = rows.Filters(feedback, unit, start)
    if wanted == "csv":
        return taken_away(rows.as_table(at.product, artefact, asked), f"learned-{artefact[:8]}.csv")
    page: HTMLResponse = show(at, who, "learned", rows.learned(at.product, who, artefact, asked), here="releases")
    return page


def taken_away(text: str, name: str) -> Response:
    """A table as a file; with a mark that tells spreadsheets how it is written."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)
