"""The playbook: look at the actions, change one, add one, retire one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import HTMLResponse, Response

from payoff.brief.conditions import understood
from payoff.brief.editing import PLAYBOOK, with_action, with_new_action
from payoff.brief.schema import PlaybookAction
from payoff.errors import BadInput, Fault, PayoffError, Unknown
from payoff.http.pages.documents import faults_of, mark_of, status_of
from payoff.http.pages.numbers import written_number
from payoff.http.pages.shared import Given, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.use_cases.documents import Meanwhile, Unconfirmed
from payoff.web.pages import playbook as books

router = pages()
_TEXTS = ("name", "say", "why")
_LISTS = ("roles", "industries")
_NUMBERS = {
    "cost": (1.0, 0.0, None),
    "minutes": (1.0, 0.0, None),
    "unsure": (100.0, 0.1, 100.0),
    "expects": (100.0, -100.0, 100.0),
}
"""What a number of the form is divided by, and between which it may lie, as it is written."""


@router.get("/playbook")
def playbook(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
    return show(at, who, "playbook", books.playbook(at.product, who), said=said)


@router.get("/playbook/new")
def fresh(at: House_, who: Person_) -> HTMLResponse:
    return show(at, who, "action", books.form(at.product, None), here="playbook")


@router.post("/playbook/new")
def add(at: House_, who: Person_, given: Given) -> Response:
    """One more action; looked at before it is kept."""
    return _kept(at, who, None, given)


@router.get("/playbook/actions/{action}")
def action(at: House_, who: Person_, action: str) -> HTMLResponse:
    return show(at, who, "action", books.form(at.product, _known(at, action)), here="playbook")


@router.post("/playbook/actions/{action}")
def change(at: House_, who: Person_, action: str, given: Given) -> Response:
    """The fields of one action; what it changes is shown before it is kept."""
    return _kept(at, who, _known(at, action), given)


@router.post("/playbook/actions/{action}/retire")
def retire(at: House_, who: Person_, action: str, given: Given) -> Response:
    """Nobody is suggested it any more; what was done with it stays, and so does its history."""
    known, documents = _known(at, action), at.product.documents
    base = int(given["base"]) if given.get("base", "").isdigit() else documents.document(PLAYBOOK).number
    try:
        documents.retire_action(known.id, by=who.id, base=base, confirmed=bool(given.get("confirmed")))
    except Unconfirmed as error:
        seen = books.form(at.product, known, warnings=error.warnings, base=base)
        return show(at, who, "action", seen, here="playbook", retiring="yes")
    return back("/playbook", "saved")


def _known(at: House, id: str) -> PlaybookAction:
    found = next((a for a in at.product.playbook.actions if a.id == id), None)
    if found is None:
        raise Unknown.among("action", id, [a.id for a in at.product.playbook.actions])
    return found


def _kept(at: House, who: Person, known: PlaybookAction | None, given: dict[str, str]) -> Response:
    documents = at.product.documents
    base = int(given["base"]) if given.get("base", "").isdigit() else documents.document(PLAYBOOK).number
    values = {name: given.get(name, "") for name in books.FIELDS}
    mark, confirmed = mark_of(*values.values()), given.get("confirmed", "")

    def again(status: int = 200, **more: Any) -> HTMLResponse:
        seen = books.form(at.product, known, values=values, **{"base": base, **more})
        return show(at, who, "action", seen, here="playbook", status=status)

    try:
        fields = _read(values, new=known is None)
        look = documents.look(
            PLAYBOOK, lambda text: with_action(text, known.id, fields) if known else with_new_action(text, fields)
        )
        if look.unmet:
            raise BadInput("the action", look.unmet)
        if look.matters and confirmed != mark:  # what is kept is what was looked at
            return again(effects=look.effects, warnings=look.warnings, mark=mark, changed=bool(confirmed))
        if known:
            documents.change_action(known.id, fields, by=who.id, base=base, confirmed=True)
        else:
            documents.add_action(fields, by=who.id, base=base, confirmed=True)
    except Meanwhile as error:
        theirs = next((a for a in at.product.playbook.actions if known and a.id == known.id), None)
        return again(409, faults=faults_of(error), base=error.theirs.number, theirs=theirs)
    except PayoffError as error:
        return again(status_of(error), faults=faults_of(error))
    return back("/playbook", "saved", "a-" + (known.id if known else values["id"]))


def _read(values: Mapping[str, str], *, new: bool) -> dict[str, Any]:
    """The form's texts as the playbook's values. Raises `BadInput` with everything that is wrong at once."""
    faults: list[Fault] = []

    def wrong(name: str, what: str, mend: str) -> None:
        faults.append(Fault(name, what, mend, ("actions", 0, name)))

    fields: dict[str, Any] = {name: values[name].strip() or None for name in _TEXTS}
    if not fields["say"]:
        wrong("say", "it is empty", "Write what to do, with the verb first.")
    for name in _LISTS:
        fields[name] = [part.strip() for part in values[name].split(",") if part.strip()] or None
    for name, (per, low, high) in _NUMBERS.items():
        try:
            value = written_number(values[name], low, high)
            fields[name] = None if value is None else value / per
        except ValueError as error:
            wrong(name, *error.args)
    try:
        rank = written_number(values["rank"], whole=True)
        fields["rank"] = None if rank is None else int(rank)
    except ValueError as error:
        wrong("rank", *error.args)
    try:
        fields["when"] = understood(values["when"]) or None
    except BadInput as error:
        for fault in error.faults:
            wrong("when", f"{fault.where}: {fault.what}", fault.mend)
    if new:
        fields = {"id": values["id"].strip(), **fields}
    if faults:
        raise BadInput("the action", faults)
    return fields
