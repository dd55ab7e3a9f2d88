"""The desk as a table: out as CSV, and the filled one in, looked at before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import BackgroundTasks, Form, Query, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.configuration.tables import text_of
from payoff.errors import BadInput, Fault
from payoff.http.pages.shared import House_, Person_, Text, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.use_cases.filled import Filled
from payoff.use_cases.tables import MOST_CHARACTERS, MOST_ROWS
from payoff.web.pages import desk as desks
from payoff.web.pages import table as tables

router = pages()
Count = Annotated[int, Query(ge=0, le=MOST_ROWS)]
_ROWS = 40
"""Numbers of rows that were not kept, as many as an address takes."""


@router.get("/desk.csv")
def download(
    *,
    at: House_,
    who: Person_,
    owner: Text = "",
    role: Text = "",
    industry: Text = "",
    reason: Text = "",
    snoozed: Text = "",
) -> Response:
    """What the desk shows under the same filters; without any, one's own, else everybody's. Never kept by a cache
    on the way."""
    filters = desks.Filters(owner, role, industry, reason, bool(snoozed))
    asked = owner or filters.any or filters.snoozed
    only = desks.listed(at.product, who, filters) if asked else None
    day = at.product.clock.now().date().isoformat()
    name = f"{at.product.name}-{day}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    text = at.product.tables.written(who.id, only)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/desk/answers")
def upload_page(
    *, at: House_, who: Person_, kept: Count = 0, already: Count = 0, blank: Count = 0, odd: Text = ""
) -> HTMLResponse:
    """Where a filled table is brought; and what was kept of one just now."""
    if kept or odd:
        page = tables.table_kept(at.product, who, kept=kept, already=already, blank=blank, odd=odd)
        return show(at, who, "table", page, here="desk")
    return _shown(at, who)


@router.post("/desk/answers")
def upload(
    *,
    at: House_,
    who: Person_,
    tasks: BackgroundTasks,
    file: UploadFile | None = None,
    text: Annotated[str, Form(max_length=MOST_CHARACTERS + 1000)] = "",
    save: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """A file is looked at; the text of one that was looked at is kept, and a page one can come back to says so."""
    where = "table.csv"
    try:
        if file is not None:
            where = (file.filename or where)[:100]
            payload = file.file.read(4 * MOST_CHARACTERS + 1)
            text = text_of(payload, where)
        elif not text:
            raise BadInput(where, [Fault(where, "no file was chosen", "Choose the table you filled in.")])
        tables_ = at.product.tables
        filled = tables_.keep(text, who.id) if save and file is None else tables_.look(text, who.id)
    except BadInput as error:
        answer = _shown(at, who, faults=error.faults)
        answer.status_code = 422
        return answer
    if filled.kept and (filled.of("new") or filled.of("odd")):
        tasks.add_task(_refresh, at, filled)
        return RedirectResponse(f"/desk/answers?{_told(filled)}", 303)
    looked = _shown(at, who, filled, text)
    # The way back to it leads to the copy the browser has: a form's answer cannot be asked for again.
    looked.headers["Cache-Control"] = "private, no-cache"
    return looked


def _told(filled: Filled) -> str:
    """How much was kept, and the rows that were not, behind the address of the page that says so."""
    rows = ",".join(str(line.row) for line in filled.of("odd")[:_ROWS])
    given = {"kept": len(filled.of("new")), "already": len(filled.of("already")), "blank": len(filled.of("blank"))}
    return urlencode({**given, "odd": rows})


def _refresh(at: House, filled: Filled) -> None:
    """What was answered here is closed elsewhere."""
    for line in filled.of("new"):
        at.product.working.refresh(line.suggestion)


def _shown(
    at: House, who: Person, filled: Filled | None = None, text: str = "", faults: Sequence[Fault] = ()
) -> HTMLResponse:
    return show(at, who, "table", tables.table(at.product, who, filled, text, faults), here="desk")
