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
def annotate(at: House_, who: Person_, case: Text = "", later: Text = "", said: Text = "") -> Response:
    """Each case has its own address, so that the browser's Back leads to the one before, with its answer."""
    page = one.annotate(at.product, who, case=case, later=bool(later))
    if page.case and not case:
        return RedirectResponse(one.address(page.case.id), 303)
    shown: HTMLResponse = show(at, who, "annotate", page, said=said)
    return shown


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
    desk = at.product.annotating
    desk.answer(suggestion, answer, by=who.id, instead=instead, why=why)
    following = desk.next(who.id)
    return back(one.address(following.suggestion if following else ""), "", "case" if following else "", anchor="")


@router.post("/annotate/{suggestion}/settle")
def settle(at: House_, who: Person_, suggestion: str, answer: Answer) -> RedirectResponse:
    """Back to what is left to settle, in the middle of a list, too."""
    desk = at.product.annotating
    desk.settle(suggestion, answer, by=who.id)
    return back("/annotate" if desk.finished(who.id) else one.LATER, "label", "apart", anchor="")
