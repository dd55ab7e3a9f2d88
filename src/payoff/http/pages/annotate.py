"""Labelling hard cases: one answer at a time, settling what differs, and all labels for those who measure."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.feedback.annotations import NEITHER
from payoff.http.pages.learned import As, taken_away
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.web.pages import annotate as one
from payoff.web.pages import annotate_all as all_

router = pages()
Answer = Annotated[str, Form(max_length=80)]


@router.get("/annotate")
def annotate(at: House_, who: Person_, case: Text = "", later: Text = "", said: Text = "") -> HTMLResponse:
    return show(at, who, "annotate", one.annotate(at.product, who, case=case, later=bool(later)), said=said)


@router.get("/annotate/all")
def everything(at: House_, who: Person_, wanted: As = "") -> Response:
    if wanted == "csv":
        return taken_away(all_.as_table(at.product), "labels.csv")
    page: HTMLResponse = show(at, who, "annotate_all", all_.everything(at.product), here="annotate")
    return page


@router.post("/annotate/{suggestion}")
def answer(
    at: House_, who: Person_, suggestion: str, answer: Answer, instead: Field = "", why: Field = ""
) -> RedirectResponse:
    """Kept at once; the next case they have not answered follows. An action instead goes with neither."""
    instead = instead if answer == NEITHER else ""
    at.product.annotating.answer(suggestion, answer, by=who.id, instead=instead, why=why)
    return back("/annotate", "", "case", anchor="")


@router.post("/annotate/{suggestion}/settle")
def settle(at: House_, who: Person_, suggestion: str, answer: Answer) -> RedirectResponse:
    at.product.annotating.settle(suggestion, answer, by=who.id)
    return back("/annotate", "label")
