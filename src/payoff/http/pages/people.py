"""People and keys: inviting, taking a password away, making and revoking keys."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from payoff.errors import BadInput, Refused, Unknown
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.people import invitations, keys
from payoff.people.declared import people_in
from payoff.people.person import Person
from payoff.web.pages import people as views

router = pages()


@router.get("/people")
def people(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
    return _page(at, who, said=said)


@router.post("/people/{member}/invite")
def invite(request: Request, at: House_, who: Person_, member: str) -> HTMLResponse:
    """A fresh link, shown in the answer and nowhere else: it is in no address, and in no log."""
    invited = at.people.get(member)
    if invited is None:
        raise Unknown.among("person", member, at.people)
    token = invitations.invite(at.accounts, at.product.signer, invited.id, now=at.now)
    base = at.origins[0] if at.origins else str(request.base_url).rstrip("/")
    shown = views.link_shown(at.product.texts, invited.name, f"{base}/welcome/{token}")
    return _page(at, who, shown=shown)


@router.post("/people/{member}/take-password")
def take_password(at: House_, who: Person_, member: str) -> RedirectResponse:
    """Their password and every session of theirs end; so nobody can take away the last way in, their own."""
    if member == who.id:
        mend = "Another admin can take it away, or `payoff user remove` on the machine Payoff runs on."
        raise Refused("this is your own password", mend=mend)
    if member not in at.people and at.accounts.account(member) is None:
        raise Unknown.among("person", member, at.people)
    at.accounts.set_password(member, "", at=at.now)
    return back("/people", "password_gone")


@router.post("/people/add")
def add(
    at: House_, who: Person_, named: Field, permissions: Annotated[list[str] | None, Form()] = None
) -> RedirectResponse:
    """Several people at once, one a line; each still needs an invitation."""
    at.product.people.add(people_in(named, permissions or []), by=who.id)
    return back("/people", "saved")


@router.post("/people/{member}/left")
def left(at: House_, who: Person_, member: str) -> RedirectResponse:
    """Somebody has left: sessions, keys, taken cards and shared links end; what they said stays."""
    if member == who.id:
        raise Refused("this is you", mend="Another admin can do it.")
    at.product.people.left(member, by=who.id)
    return back("/people", "person_left")


@router.post("/keys")
def make_key(
    *,
    at: House_,
    who: Person_,
    kind: Annotated[Literal["secret", "publishable"], Form()],
    label: Field = "",
    person: Field = "",
    permissions: Annotated[list[str] | None, Form()] = None,
    origins: Field = "",
) -> HTMLResponse:
    """A key, shown in the answer and nowhere else."""
    try:
        key, text = keys.make_key(
            at.accounts,
            at.people,
            kind,
            label,
            by=who.id,
            now=at.now,
            person=person,
            permissions=permissions or (),
            origins=origins.split(),
        )
    except BadInput as error:
        form = views.KeyForm(kind, label, person, tuple(permissions or ()), origins, tuple(error.faults))
        return _page(at, who, form=form)
    return _page(at, who, shown=views.key_shown(at.product.texts, key, text))


@router.post("/keys/{key}/revoke")
def revoke_key(at: House_, key: str) -> RedirectResponse:
    at.accounts.revoke_key(key, at=at.now)
    return back("/people", "key_revoked", "keys")


def _page(
    at: House,
    who: Person,
    *,
    said: str = "",
    form: views.KeyForm | None = None,
    shown: views.Shown | None = None,
) -> HTMLResponse:
    page = views.people(at.product, who, at.people, secured=at.secured(), form=form, shown=shown)
    answer = show(at, who, "people", page, said=said)
    answer.status_code = 422 if form else 200
    return answer
