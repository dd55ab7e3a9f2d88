"""The playbook: look at the actions, change one, add one, retire one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi.responses import HTMLResponse, Response

from payoff.brief.conditions import understood
from payoff.brief.editing import PLAYBOOK, with_action, with_new_action, without_action
from payoff.brief.schema import PlaybookAction, Wording
from payoff.brief.wording import own
from payoff.errors import BadInput, BriefFaults, Fault, PayoffError, Unknown
from payoff.http.pages.documents import faults_of, mark_of, status_of
from payoff.http.pages.numbers import written_number
from payoff.http.pages.shared import Given, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people.person import Person
from payoff.records.suggestions import NOTHING
from payoff.use_cases.documents import Look, Meanwhile
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
_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
_STAND_INS = {"id": "being_written", "say": "…"}
"""What is looked at in place of a field that cannot be used and may not be empty."""
LONGEST_NAME = 80


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
    """Nobody is suggested it any more, once somebody said so twice; what was done stays, and the history."""
    known, documents = _known(at, action), at.product.documents
    base = int(given["base"]) if given.get("base", "").isdigit() else documents.document(PLAYBOOK).number
    try:
        if not given.get("confirmed"):
            look = documents.look(PLAYBOOK, lambda text: without_action(text, known.id))
            seen = books.form(at.product, known, effects=look.effects, warnings=look.warnings, base=base)
            return show(at, who, "action", seen, here="playbook", retiring="yes")
        documents.retire_action(known.id, by=who.id, base=base, confirmed=True)
    except PayoffError as error:
        seen = books.form(at.product, known, faults=faults_of(error))
        return show(at, who, "action", seen, here="playbook", status=status_of(error))
    return back("/playbook", "retired")


def _known(at: House, id: str) -> PlaybookAction:
    found = next((a for a in at.product.playbook.actions if a.id == id), None)
    if found is None:
        raise Unknown.among("action", id, [a.id for a in at.product.playbook.actions])
    return found


def _kept(at: House, who: Person, known: PlaybookAction | None, given: dict[str, str]) -> Response:
    documents = at.product.documents
    base = int(given["base"]) if given.get("base", "").isdigit() else documents.document(PLAYBOOK).number
    told = [f"tell.{language}.{part}" for language in books.spoken(at.product.brief, known) for part in books.TOLD]
    values = {name: given.get(name, "") for name in (*books.FIELDS, *told)}
    mark, confirmed = mark_of(*values.values()), given.get("confirmed", "")

    def again(status: int = 200, **more: Any) -> HTMLResponse:
        seen = books.form(at.product, known, values=values, **{"base": base, **more})
        return show(at, who, "action", seen, here="playbook", status=status)

    try:
        fields, faults = _read(values, new=known is None)
        faults += [*_names(at, known, values), *_told(at, known, values, fields)]
        look = _looked(at, known, fields, faults)
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
    return back(
        "/playbook", "saved" if look.lines else "same", "a-" + (known.id if known else values["id"].strip())
    )


def _edited(known: PlaybookAction | None, fields: Mapping[str, Any], text: str) -> str:
    return with_action(text, known.id, fields) if known else with_new_action(text, fields)


def _looked(at: House, known: PlaybookAction | None, fields: dict[str, Any], faults: list[Fault]) -> Look:
    """What the fields would do. Raises `BadInput` with everything that is wrong at once: in the fields themselves
    (`faults`), which other words stand in for here, and in what the playbook makes of the rest."""
    while True:
        amiss = {fault.path[2] for fault in faults if len(fault.path) > 2}
        tried = {name: _STAND_INS.get(name) if name in amiss else value for name, value in fields.items()}
        try:
            look = at.product.documents.look(PLAYBOOK, partial(_edited, known, tried))
        except BriefFaults as error:
            fresh = [fault for fault in error.faults if not amiss & {*fault.path[2:3]}]
            faults = [*faults, *fresh]
            if any(len(fault.path) > 2 for fault in fresh):
                continue  # what lies behind them is looked at, too
        else:
            faults = [*faults, *(fault for fault in look.unmet if not amiss & {*fault.path[2:3]})]
            if not faults:
                return look
        raise BadInput("the action", faults)


def _names(at: House, known: PlaybookAction | None, values: Mapping[str, str]) -> list[Fault]:
    """What is wrong with the two names of an action: people tell actions apart by them."""
    say = at.product.texts.say
    id, name = values["id"].strip(), values["name"].strip()
    others = {a.id: books.called(a) for a in at.product.playbook.actions if known is None or a.id != known.id}
    found = []

    def wrong(field: str, key: str, **more: object) -> None:
        fault = Fault(field, say(f"playbook.{key}", **more), say(f"playbook.{key}_mend"), ("actions", 0, field))
        found.append(fault)

    if known is None:
        if not _ID.fullmatch(id):
            wrong("id", "amiss_id")
        elif id in others or id == NOTHING:
            wrong("id", "amiss_taken", name=others.get(id, id))
    if known is None or name != known.name:
        if len(name) > LONGEST_NAME:
            wrong("name", "amiss_long", n=len(name), most=LONGEST_NAME)
        elif name.casefold() in {other.casefold() for other in others.values()}:
            wrong("name", "amiss_same")
    return found


def _told(
    at: House, known: PlaybookAction | None, values: Mapping[str, str], fields: dict[str, Any]
) -> list[Fault]:
    """Puts what customers read into the fields, by language, where it changed; returns what is wrong with it."""
    brief, say, found = at.product.brief, at.product.texts.say, list[Fault]()
    tell: dict[str, Any] = dict(own(brief, known.tell)) if known else {}
    why: dict[str, Any] = dict(own(brief, known.tell_why)) if known else {}
    before = dict(tell), dict(why)
    for language in books.spoken(brief, known):
        title, button, link, reason = (values[f"tell.{language}.{part}"].strip() for part in books.TOLD)
        if not title and (button or link or reason):
            wrong, mend = say("playbook.amiss_told"), say("playbook.amiss_told_mend")
            found.append(Fault("tell", wrong, mend, ("actions", 0, "tell", language)))
        tell[language] = Wording(title=title, button=button, link=link) if title else None
        why[language] = reason or None
    tell, why = ({k: v for k, v in one.items() if v is not None} for one in (tell, why))
    if tell != before[0]:
        fields["tell"] = {language: _wording(said) for language, said in tell.items()} or None
    if why != before[1]:
        fields["tell_why"] = why or None
    return found


def _wording(said: Wording) -> object:
    """As the file has it: a title alone is a text."""
    parts = {name: text for name, text in said.model_dump().items() if text}
    return parts if len(parts) > 1 else said.title


def _read(values: Mapping[str, str], *, new: bool) -> tuple[dict[str, Any], list[Fault]]:
    """The form's texts as the playbook's values, and everything that is wrong with them at once."""
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
    return fields, faults
