"""The brief: answer its questions, change what is aimed at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import HTMLResponse, Response

from payoff.brief.editing import BRIEF, with_values
from payoff.brief.lines import Path
from payoff.brief.schema import OPEN
from payoff.errors import BadInput, Fault, PayoffError
from payoff.http.pages.documents import problems_of, status_of
from payoff.http.pages.shared import Given, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.use_cases.documents import Meanwhile
from payoff.web.pages import brief as briefs

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
        return _again(at, who, 422, problems=problems_of(error), given=given)
    return _kept(at, who, given, values, "/brief/aims")


def _aims(at: House, given: Mapping[str, str]) -> dict[Path, Any]:
    faults: list[Fault] = []
    values: dict[Path, Any] = {}
    now = at.product.brief
    for name, text in given.items():
        kind, _, key = name.partition(".")
        path: Path
        if kind in ("target", "margin") and key.isdigit() and int(key) < len(now.metrics):
            path, per = ("metrics", int(key), kind), briefs.times_of(at.product, int(key))
            old = getattr(now.metrics[int(key)], kind)
        elif kind == "worth" and key in now.outcomes:
            path, per, old = ("outcomes", key, "worth"), 1.0, now.outcomes[key].worth
        elif name == "rhythm":
            path, per, old = ("rhythm", "focus_group_days"), 1.0, float(now.rhythm.focus_group_days)
        else:
            continue
        try:
            value = float(text.replace(",", ".")) / per if text.strip() else None
        except ValueError:
            faults.append(Fault(name, f"{text[:40]!r} is no number", "Write a number, or leave it empty."))
            continue
        if value != old and not (value is not None and old is not None and abs(value - old) < 1e-12):
            whole = path[-1] == "focus_group_days" and value is not None
            values[path] = int(value) if whole and value is not None else value
    if faults:
        raise BadInput("what you aim at", faults)
    return values


def _again(at: House, who: Person, status: int, **more: Any) -> HTMLResponse:
    return show(at, who, "brief", briefs.brief(at.product, who, **more), here="brief", status=status)


def _kept(at: House, who: Person, given: dict[str, str], values: dict[Path, Any], to: str) -> Response:
    documents = at.product.documents
    base = int(given["base"]) if given.get("base", "").isdigit() else documents.document(BRIEF).number
    confirmed = bool(given.pop("confirmed", ""))
    waiting = {"given": given, "to": to, "base": base}
    try:
        look = documents.look(BRIEF, lambda text: with_values(text, values))
        if look.matters and not confirmed:
            return _again(at, who, 200, effects=look.effects, warnings=look.warnings, **waiting)
        documents.put(values, by=who.id, base=base, confirmed=True)
    except Meanwhile as error:
        return _again(at, who, 409, **{**waiting, "problems": (str(error),), "base": error.theirs.number})
    except PayoffError as error:
        return _again(at, who, status_of(error), problems=problems_of(error), **waiting)
    return back("/brief", "saved")
