"""Getting in and out: the sign-in, the invitation, one's own password."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.errors import BadInput, Fault
from payoff.http.pages.shared import House_, Person_, Text, back, inside, pages, show
from payoff.http.session import House, leave, stay, token_of, visitor
from payoff.people import invitations, sessions
from payoff.people.admins import admit
from payoff.people.passwords import MOST
from payoff.people.person import NOBODY
from payoff.people.sessions import TooManyTries, WrongPassword
from payoff.web.frame import frame, home
from payoff.web.pages import signin
from payoff.web.render import render

router = pages()
Name = Annotated[str, Form(max_length=200)]
Password = Annotated[str, Form(max_length=MOST)]


@router.get("/sign-in")
def sign_in_page(request: Request, at: House_, next: Text = "/", said: Text = "") -> Response:
    """The door. Whoever is in already goes on to where they were going."""
    if visitor(request).id:
        return RedirectResponse(inside(next), 303)
    return _outside(at, "signin", signin.sign_in(at.product, next=inside(next)), said=said)


@router.post("/sign-in")
def sign_in(
    *,
    request: Request,
    at: House_,
    name: Name,
    password: Password,
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Name and password become a fresh session; one that was open in this browser ends."""
    goal, away = inside(next), request.client.host if request.client else ""
    if not at.secured():
        return RedirectResponse(goal, 303)
    try:
        who, token = sessions.sign_in(at.accounts, at.people, name, password, address=away, now=at.now)
    except WrongPassword:
        page = signin.sign_in(at.product, name=name, next=goal, wrong=True)
        return _outside(at, "signin", page, status=401)
    except TooManyTries as error:
        page = signin.sign_in(at.product, name=name, next=goal, wait=error.wait)
        answer = _outside(at, "signin", page, status=429)
        answer.headers["Retry-After"] = str(max(1, round(error.wait.total_seconds())))
        return answer
    return _inside(request, at, RedirectResponse(home(who) if goal == "/" else goal, 303), token)


@router.post("/sign-out")
def sign_out(request: Request, at: House_) -> RedirectResponse:
    """The session ends here and in the store."""
    at.accounts.end_session(sessions.digest(token_of(request)))
    answer = back("/sign-in", "signed_out")
    leave(request, answer)
    return answer


@router.get("/welcome/{token}")
def welcome_page(at: House_, token: str) -> HTMLResponse:
    """An invitation, opened; nothing happens before a password is chosen."""
    who, _ = invitations.invited(at.accounts, at.product.signer, at.people, token)
    return _outside(at, "welcome", signin.welcome(at.product, who, token))


@router.post("/welcome/{token}")
def welcome(request: Request, at: House_, token: str, new: Password, again: Password) -> Response:
    """The chosen password is kept, and its person is in."""
    try:
        who, opened = invitations.accept(
            at.accounts,
            at.product.signer,
            at.people,
            token,
            new,
            again,
            about=signin.title_of(at.product),
            now=at.now,
        )
    except BadInput as error:
        who, _ = invitations.invited(at.accounts, at.product.signer, at.people, token)
        page = signin.welcome(at.product, who, token, tuple(error.faults))
        return _outside(at, "welcome", page, status=422)
    return _inside(request, at, RedirectResponse(home(who), 303), opened)


@router.get("/account")
def account_page(at: House_, who: Person_, said: Text = "") -> HTMLResponse:
    page = signin.account(at.product, who, secured=at.secured())
    return show(at, who, "welcome", page, here="account", said=said)


@router.post("/account/password")
def change_password(
    *, request: Request, at: House_, who: Person_, new: Password, again: Password, current: Password = ""
) -> Response:
    """Another password for oneself; every other session of theirs ends. The first of all is an admin's."""
    if not at.secured():
        admit(at.accounts, at.people, who.id)
    try:
        token = sessions.change_password(
            at.accounts, who, current, new, again, about=signin.title_of(at.product), now=at.now
        )
    except BadInput as error:
        return _again(at, who, tuple(error.faults), 422)
    except WrongPassword as error:
        return _again(at, who, (Fault("current", error.what, error.mend),), 401)
    return _inside(request, at, back("/account", "password"), token)


def _again(at: House, who: Person_, faults: tuple[Fault, ...], status: int) -> HTMLResponse:
    page = signin.account(at.product, who, secured=at.secured(), faults=faults)
    return show(at, who, "welcome", page, here="account", status=status)


def _inside(request: Request, at: House, answer: RedirectResponse, token: str) -> RedirectResponse:
    """The browser's old session ends, so that nobody who knew it is in with the new one."""
    old = token_of(request)
    if old:
        at.accounts.end_session(sessions.digest(old))
    stay(request, answer, token)
    return answer


def _outside(at: House, name: str, page: object, *, said: str = "", status: int = 200) -> HTMLResponse:
    """A page for somebody nobody knows yet: no way to other pages, nothing about the data."""
    shown = frame(at.product, NOBODY, {}, mode=at.mode, here=name, said=said)
    return HTMLResponse(render(name, at.product.texts, shown, page), status)
