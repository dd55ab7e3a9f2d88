"""The brief and the playbook as files: edit the text, look at its history, take a change back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.brief.differences import difference
from payoff.errors import BadInput, Conflict, Fault, Faults, PayoffError, Refused
from payoff.http.pages.shared import House_, Person_, Text, back, pages, show
from payoff.use_cases.documents import Meanwhile
from payoff.web.pages import documents
from payoff.web.pages.verdicts import become

router = pages()
LONGEST = 400_000
Words = Annotated[str, Form(max_length=LONGEST)]
Mark = Annotated[str, Form(max_length=64)]
"""The `mark_of` what somebody was shown, and says yes to."""
Base = Annotated[int, Form(ge=0)]


def problems_of(error: PayoffError) -> tuple[str, ...]:
    """What stands in the way, a line each."""
    return tuple(map(str, error.faults)) if isinstance(error, Faults) else (str(error),)


def faults_of(error: PayoffError) -> Sequence[Fault]:
    """The same as faults, which know where they are."""
    return error.faults if isinstance(error, Faults) else (Fault(error.where, error.what, error.mend),)


def mark_of(*given: str) -> str:
    """A short mark of what somebody was shown before it is kept: a form that comes back changed has another one.

    Ends of lines and of the text do not count: a browser writes them its own way.
    """
    plain = json.dumps([text.replace("\r\n", "\n").strip() for text in given])
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def status_of(error: PayoffError) -> int:
    """409 where somebody else was quicker or it is not the time; 422 where the words cannot be used."""
    return 409 if isinstance(error, (Conflict, Refused)) else 422


def _routes(router: APIRouter, page: str) -> None:
    name = documents.FILES[page]

    @router.get(f"/{page}/file", name=f"{page}_file")
    def file(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
        return show(at, who, "file", documents.file(at.product, who, page), here=page, said=said)

    @router.post(f"/{page}/file", name=f"save_{page}")
    def save(at: House_, who: Person_, base: Base, text: Words = "", confirmed: Mark = "") -> Response:
        """The whole text at once: looked at, then kept as a version with its author, then in use.

        What is kept is what was looked at: a text that was changed since is shown once more.
        """
        kept, mark = at.product.documents, mark_of(text)

        def again(status: int = 200, base: int = base, **more: Any) -> HTMLResponse:
            seen = documents.file(at.product, who, page, text=text, base=base, **more)
            return show(at, who, "file", seen, here=page, status=status)

        try:
            admin, mending = who.may({"admin"}), name in kept.troubles
            seen = kept.look(name, lambda _: text, admin=admin)
            if typos := [fault for fault in seen.unmet if {"roles", "industries"} & {*fault.path}]:
                raise BadInput(
                    name, typos
                )  # a fact, or a value of one, may be sent later: of those it is only told
            verdicts = become(at.product, at.cards, seen.declared)
            if (seen.matters or verdicts) and confirmed != mark:
                effects = (*seen.effects, *verdicts)
                return again(
                    effects=effects, warnings=seen.warnings, lines=seen.lines, mark=mark, changed=bool(confirmed)
                )
            kept.save(name, text, by=who.id, base=base, confirmed=True, admin=admin, mending=mending)
        except Meanwhile as error:
            lines = difference(error.theirs.text, error.yours)
            return again(409, error.theirs.number, problems=(str(error),), lines=lines)
        except PayoffError as error:
            return again(status_of(error), problems=problems_of(error))
        return back(f"/{page}", "saved" if seen.lines else "same")

    @router.get(f"/{page}/history", name=f"{page}_history")
    def history(at: House_, who: Person_, version: int = 0, said: Text = "") -> HTMLResponse:
        return show(at, who, "history", documents.history(at.product, who, page, version), here=page, said=said)

    @router.post(f"/{page}/history/{{number}}", name=f"restore_{page}")
    def restore(
        at: House_,
        who: Person_,
        number: int,
        how: Annotated[Literal["undo", "back"], Form()],
        base: Base,
        confirmed: bool = Form(False),
    ) -> Response:
        """Take one change back, or go back to how everything was then; shown first."""
        kept, admin = at.product.documents, who.may({"admin"})
        try:
            text = kept.then(name, number, how)
            look = kept.look(name, lambda _: text, admin=admin)
            if look.lines and not confirmed:
                look = replace(look, effects=(*look.effects, *become(at.product, at.cards, look.declared)))
                seen = documents.history(at.product, who, page, number, look=look, how=how)
                return show(at, who, "history", seen, here=page)
            if not look.lines:
                return back(f"/{page}/history", "same")
            kept.save(name, text, by=who.id, base=base, confirmed=True, admin=admin)
        except PayoffError as error:
            seen = documents.history(at.product, who, page, number, problems=problems_of(error))
            return show(at, who, "history", seen, here=page, status=status_of(error))
        return RedirectResponse(f"/{page}/history?version={kept.document(name).number}&said=saved", 303)


for _page in documents.FILES:
    _routes(router, _page)
