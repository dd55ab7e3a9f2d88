"""The brief: answer its questions, change what is aimed at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import HTMLResponse, Response

from payoff.brief.editing import BRIEF, with_values
from payoff.brief.lines import Path
from payoff.brief.schema import OPEN
from payoff.errors import BadInput, Fault, PayoffError
from payoff.http.pages.documents import faults_of, mark_of, status_of
from payoff.http.pages.numbers import written_number
from payoff.http.pages.shared import Given, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.use_cases.documents import Meanwhile
from payoff.web.pages import brief as briefs
from payoff.web.pages.verdicts import become

router = pages()


@router.get("/brief")
def brief(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
    return show(at, who, "brief", briefs.brief(at.product, who), said=said)


@router.post("/brief/answers")
def answers(at: House_, who: Person_, given: Given) -> Response:
    """The four questions, in the users' words; an empty answer leaves a question open."""
    values: dict[Path, Any] = {
        ("questions", name): given[name].strip() or OPEN for name in briefs.QUESTIONS if name in given
    }
    return _kept(at, who, given, values, "/brief/answers")


@router.post("/brief/aims")
def aims(at: House_, who: Person_, given: Given) -> Response:
    """Targets, margins, what an outcome is worth, and the rhythm; what it changes is shown before it is kept."""
    try:
        values = _aims(at, given)
    except BadInput as error:
        return _again(at, who, 422, faults=error.faults, given=given, to="/brief/aims")
    return _kept(at, who, given, values, "/brief/aims")


def _aims(at: House, given: Mapping[str, str]) -> dict[Path, Any]:
    """What differs from what stands there. Raises `BadInput` with all that is wrong, in the fields' units."""
    faults: list[Fault] = []
    values: dict[Path, Any] = {}
    fields = briefs.figures(at.product.brief)
    for name, text in given.items():
        field = fields.get(name)
        if field is None:
            continue
        try:
            written = written_number(text, field.low, field.high, whole=field.whole)
            if written is None and field.needed:
                raise ValueError("it is empty", field.needed)
        except ValueError as error:
            what, mend = error.args
            faults.append(Fault(name, what, mend, field.path))
            continue
        value = None if written is None else round(written / field.per, 12)
        if value != field.now and not (
            value is not None and field.now is not None and abs(value - field.now) < 1e-12
        ):
            values[field.path] = int(value) if field.whole and value is not None else value
    if faults:
        raise BadInput("what you aim at", faults)
    return values


def _again(at: House, who: Person, status: int, **more: Any) -> HTMLResponse:
    return show(at, who, "brief", briefs.brief(at.product, who, **more), here="brief", status=status)


def _kept(at: House, who: Person, given: dict[str, str], values: dict[Path, Any], to: str) -> Response:
    documents = at.product.documents
    base = int(given["base"]) if given.get("base", "").isdigit() else documents.document(BRIEF).number
    mark, confirmed = mark_of(*map(str, sorted(values.items(), key=str))), given.pop("confirmed", "")
    waiting = {"given": given, "to": to, "base": base}
    try:
        look = documents.look(BRIEF, lambda text: with_values(text, values))
        verdicts = become(at.product, at.cards, look.declared)
        if (look.matters or verdicts) and confirmed != mark:  # what is kept is what was looked at
            waiting |= {"mark": mark, "changed": bool(confirmed)}
            return _again(at, who, 200, effects=(*look.effects, *verdicts), warnings=look.warnings, **waiting)
        if not look.lines:
            return back("/brief", "same")
        documents.put(values, by=who.id, base=base, confirmed=True)
    except Meanwhile as error:
        return _again(at, who, 409, **{**waiting, "faults": faults_of(error), "base": error.theirs.number})
    except PayoffError as error:
        return _again(at, who, status_of(error), faults=faults_of(error), **waiting)
    return back("/brief", "saved")
