"""The desk as a table: out as CSV, and the filled one in, looked at before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import BackgroundTasks, Form, UploadFile
from fastapi.responses import HTMLResponse, Response

from payoff.configuration.tables import text_of
from payoff.errors import BadInput, Fault
from payoff.http.pages.shared import House_, Person_, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.use_cases.filled import Filled
from payoff.use_cases.tables import MOST_CHARACTERS
from payoff.web.pages import table as tables

router = pages()


@router.get("/desk.csv")
def download(at: House_, who: Person_) -> Response:
    """One's own, else everybody's; never kept by a cache on the way."""
    day = at.product.clock.now().date().isoformat()
    name = f"{at.product.name}-{day}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(at.product.tables.written(who.id), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/desk/answers")
def upload_page(at: House_, who: Person_) -> HTMLResponse:
    """Where a filled table is brought."""
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
) -> HTMLResponse:
    """A file is looked at; the text of one that was looked at is kept."""
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
    if filled.kept:
        tasks.add_task(_refresh, at, filled)
    return _shown(at, who, filled, text)


def _refresh(at: House, filled: Filled) -> None:
    """What was answered here is closed elsewhere."""
    for line in filled.of("new"):
        at.product.working.refresh(line.suggestion)


def _shown(
    at: House, who: Person, filled: Filled | None = None, text: str = "", faults: Sequence[Fault] = ()
) -> HTMLResponse:
    return show(at, who, "table", tables.table(at.product, who, filled, text, faults), here="desk")
