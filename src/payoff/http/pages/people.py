"""People and keys: adding, inviting and letting go; who may do what; making, replacing and stopping keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.errors import BadInput, BriefFaults, Fault, Refused, Unknown
from payoff.http.pages.shared import Field, House_, Person_, Text, back, pages, show
from payoff.http.session import House, look_as
from payoff.people import keys
from payoff.people.declared import Change, people_in
from payoff.people.person import Person
from payoff.people.proof import signing_secret
from payoff.ports import Key
from payoff.use_cases.people import Leaving
from payoff.web.pages import member as members
from payoff.web.pages import people as views

router = pages()
Several = Annotated[list[str] | None, Form()]


@router.get("/people")
def people(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
    return _page(at, who, said=said)


@router.post("/people/add")
def add(
    request: Request, at: House_, who: Person_, named: Field = "", permissions: Several = None
) -> HTMLResponse:
    """Several people at once, one a line; with a link each, once an admin can sign in. A short name that was
    somebody's before brings no customers back, which is said."""
    team = at.product.people
    try:
        ids = team.add(people_in(named, permissions or []), by=who.id)
    except (BadInput, BriefFaults) as error:
        form = views.Form("add", permissions=tuple(permissions or ()), lines=named, faults=tuple(error.faults))
        return _page(at, who, form=form)
    again = [at.people[id] for id in team.been_here(ids)]
    if team.admins():
        return _links(request, at, who, ids, again)
    return _page(at, who, said="saved", shown=views.been_here(at.product.texts, again) if again else None)


@router.post("/people/permissions")
def permissions(
    *,
    at: House_,
    who: Person_,
    base: Annotated[int, Form(ge=0)],
    person: Several = None,
    email: Several = None,
    may: Several = None,
    confirmed: Field = "",
) -> Response:
    """The whole table: an address and the ticks ("ana:frontline") of each person.

    Whoever would no longer administer is asked once more, and afterwards stands where they may be.
    """
    ticked = [tick.partition(":")[::2] for tick in may or []]
    changes = {
        id: Change(address.strip(), tuple(what for whose, what in ticked if whose == id))
        for id, address in zip(person or [], email or [], strict=False)
    }
    form = views.Form("table", changes=changes)
    resigns = who.may({"admin"}) and who.id in changes and "admin" not in changes[who.id].permissions
    try:
        if resigns and not confirmed:
            at.product.people.change(changes, by=who.id, base=base, dry=True)
            return _page(at, who, form=replace(form, resigns=True))
        at.product.people.change(changes, by=who.id, base=base)
    except (BadInput, BriefFaults) as error:
        return _page(at, who, form=replace(form, faults=tuple(error.faults)))
    except Refused as error:
        return _page(at, who, form=replace(form, faults=(Fault("", error.what, error.mend),)))
    if not resigns:
        return back("/people", "saved")
    answer = back("/account", "resigned")
    look_as(at, answer, who.id)  # without a choice this machine would be whoever administers now
    return answer


@router.get("/people/add")
@router.get("/people/permissions")
@router.get("/keys")
def looked_at_again() -> RedirectResponse:
    """Where a form was sent, opened anew: the page it stands on."""
    return RedirectResponse("/people", 303)


@router.get("/people/{member}")
def member(at: House_, who: Person_, member: str) -> HTMLResponse:
    return _member(at, who, at.product.people.leaving(member))


@router.post("/people/{member}/invite")
def invite(request: Request, at: House_, who: Person_, member: str) -> HTMLResponse:
    """A fresh link, shown in the answer and nowhere else: it is in no address, and in no log."""
    return _links(request, at, who, [member])


@router.post("/people/{member}/take-password")
def take_password(at: House_, member: str) -> RedirectResponse:
    """Their password and every session of theirs end; the last admin's stays."""
    at.product.people.take_password(member)
    return back("/people", "password_gone")


@router.post("/people/{member}/left")
def left(at: House_, who: Person_, member: str, to: Field = "", confirmed: Field = "") -> Response:
    """Somebody has left: sessions, keys, taken cards and shared links end; what they said stays.

    `to` gets their customers, a colleague or nobody for now, and has to be chosen. What ends is asked once more
    before it does.
    """
    if member == who.id:
        raise Refused("this is you", mend="Another admin can do it; make somebody else one first.")
    ends = at.product.people.leaving(member)
    heir = "" if to == members.NOBODY_NOW else to
    if heir and (heir == member or heir not in at.people):
        raise Unknown.among("person", heir, [one for one in at.people if one != member])
    if not confirmed or (ends.owned and not to):
        return _member(at, who, ends, chosen=to)
    at.product.people.left(member, by=who.id, to=heir)
    said = "person_left" if not ends.owned else "person_left_to" if heir else "person_left_free"
    return back("/people", said)


@router.post("/keys")
def make_key(
    *,
    request: Request,
    at: House_,
    who: Person_,
    kind: Annotated[Literal["secret", "publishable"], Form()],
    label: Field = "",
    person: Field = "",
    permissions: Several = None,
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
            origins=keys.sites_in(origins),
        )
    except BadInput as error:
        form = views.Form(kind, label, person, tuple(permissions or ()), origins, tuple(error.faults))
        return _page(at, who, form=form)
    return _key(request, at, who, key, text)


@router.post("/keys/{key}/replace")
def replace_key(request: Request, at: House_, who: Person_, key: str) -> HTMLResponse:
    """Another of the same name and reach, shown once; the old one goes on until it is stopped."""
    made, text = keys.replace_key(at.accounts, key, by=who.id, now=at.now)
    return _key(request, at, who, made, text, replaced=True)


@router.post("/keys/{key}/revoke")
def revoke_key(at: House_, key: str) -> RedirectResponse:
    at.accounts.revoke_key(key, at=at.now)
    return back("/people", "key_revoked", "keys", "s-")


def _base(request: Request, at: House) -> str:
    """The address under which this server is reached."""
    return at.origins[0] if at.origins else str(request.base_url).rstrip("/")


def _links(request: Request, at: House, who: Person, ids: list[str], again: Sequence[Person] = ()) -> HTMLResponse:
    base, team, signer = _base(request, at), at.product.people, at.product.signer
    links = [(id, f"{base}/welcome/{team.invite(id, signer)}") for id in ids]
    names = team.known()
    shown = views.links_shown(at.product.texts, [(names[id].name, link) for id, link in links], again)
    return _page(at, who, shown=shown)


def _member(at: House, who: Person, leaving: Leaving, *, chosen: str | None = None) -> HTMLResponse:
    admins = at.product.people.admins()
    page = members.member(at.product, who, at.people, leaving, admins=admins, chosen=chosen)
    return show(at, who, "member", page, here="people", status=422 if page.fault else 200)


def _key(request: Request, at: House, who: Person, key: Key, text: str, *, replaced: bool = False) -> HTMLResponse:
    signing = signing_secret(at.accounts, key.id) if key.kind == "publishable" else ""
    shown = views.key_shown(at.product.texts, key, text, signing, base=_base(request, at), replaced=replaced)
    return _page(at, who, shown=shown)


def _page(
    at: House,
    who: Person,
    *,
    said: str = "",
    form: views.Form | None = None,
    shown: views.Shown | None = None,
) -> HTMLResponse:
    page = views.people(at.product, who, at.people, secured=at.secured(), form=form, shown=shown)
    return show(at, who, "people", page, said=said, status=422 if page.problems else 200)
