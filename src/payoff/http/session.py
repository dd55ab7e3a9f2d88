"""Who is at the other end, and whether they may use the route they asked for.

While nobody had a password yet the server answers this machine alone, and a cookie names one of the brief's people
(without one it is the person the mode starts with; with a name the brief does not know somebody has to be chosen).
From the first password on every page needs a session; a program brings a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from babel.lists import format_list
from fastapi import Request, Response
from starlette.routing import BaseRoute

from payoff.errors import PayoffError, Refused
from payoff.people import keys
from payoff.people.permissions import Permission, needed
from payoff.people.person import NOBODY, Person, first_with, people_of
from payoff.people.sessions import LONGEST, session_of
from payoff.ports import AccountStore, Key
from payoff.web.cards import Cards
from payoff.web.frame import Mode
from payoff.web.pages.people import permissions_in_words
from payoff.web.product import Product

COOKIE = "payoff_person"
PULSE = "payoff_pulse"
SESSION = "payoff_session"
SESSION_HTTPS = f"__Host-{SESSION}"
"""Over HTTPS the browser itself sees to it that no neighbour (a subdomain, an unencrypted page) can set it."""
MOST_ASKED = 3
"""Names a refusal gives at most."""
FROM_SITES = ("/widget/v1/", "/slack/actions")
"""Addresses for pages of other sites: the guard lets their requests in, so no cookie counts there, and each route
checks a publishable key against the site, a proof, or Slack's signature."""


class Forbidden(Refused):
    """The person may not do this, whatever the moment."""


class Nameless(Refused):
    """This browser was one of the brief's people, who is none any more; somebody has to be chosen."""


class SignedOut(PayoffError):
    """Nobody is signed in, and the address needs somebody."""

    code = "signed_out"


@dataclass(frozen=True, slots=True)
class House:
    """What every route works with: the product, its people, the mode, and scorecards made once.

    `origins` are the addresses under which other machines reach this server, the first one for links; with any,
    nobody passes without having signed in, not on this machine either.
    """

    product: Product
    mode: Mode
    cards: Cards = field(compare=False)
    origins: tuple[str, ...] = ()

    @property
    def people(self) -> Mapping[str, Person]:
        """As the brief names them at this moment: who leaves it is signed out."""
        return people_of(self.product.brief.people)

    @property
    def accounts(self) -> AccountStore:
        return self.product.storage.accounts

    @property
    def now(self) -> datetime:
        return self.product.clock.now()

    def secured(self) -> bool:
        """Whether everybody has to sign in."""
        return bool(self.origins) or self.accounts.secured()

    def default(self) -> Person:
        """Demo: the first frontline person. Local: whoever may decide, so that one person can do everything."""
        wanted = ("frontline", "manager") if self.mode == "demo" else ("admin", "manager", "scientist")
        return first_with(self.people, *wanted)


def house(request: Request) -> House:
    found: House = request.app.state.house
    return found


def person(request: Request) -> Person:
    """The person of this request, or the holder of its key. Raises `SignedOut`, `Nameless`."""
    found: Person | None = getattr(request.state, "person", None)
    if found is None:
        found = request.state.person = _by_key(request) or _by_cookie(request)
    return found


def visitor(request: Request) -> Person:
    """The person of this request, and `NOBODY` for one who has not signed in: for pages open to all."""
    try:
        return person(request)
    except PayoffError:
        return NOBODY


def permitted(request: Request) -> None:
    """Refuses a person without one of the permissions the table asks for, and a route it does not list."""
    route: BaseRoute = request.scope["route"]
    path = getattr(route, "path", "")
    wanted = needed(request.method, path)
    if wanted is None:
        raise Forbidden("this address is open to nobody", where=f"{request.method} {path}")
    if not wanted:
        return
    who = person(request)
    if not who.may(wanted):
        raise Forbidden(
            f"{who.name} may not do this",
            where=f"{request.method} {path}",
            mend=_whom_to_ask(request, wanted),
        )


def publishable(request: Request) -> Key:
    """The publishable key of a request from another site's page: for the widget's addresses, and for no others.

    Such a route stands in the table of permissions with the empty set (no person is behind it) and calls this
    first. The key comes as `Authorization: Bearer pk_…`, or as `key=` behind the question mark. The page's site
    (Origin) has to be one of the key's `origins`; the answer may then name that site, and no other, in
    `Access-Control-Allow-Origin`. What such a request keeps has `key:<label>` as its author unless it proves a
    better one. Raises `SignedOut` (401) for a key that is missing, unknown or revoked, `Forbidden` (403) for a
    page of another site. The guard lets requests of other sites through to the addresses in `FROM_SITES` alone.
    """
    at = house(request)
    text = bearer(request) or request.query_params.get("key", "")
    key = keys.key_of(at.accounts, text, "publishable", at.now)
    if key is None:
        mend = "Ask an admin for a new publishable key (pk_…); they are made on the People page."
        if text.startswith("sk_"):
            mend = "A secret key must not stand in a page: revoke it, and use a publishable one (pk_…)."
        raise SignedOut("there is no such publishable key", where="key", mend=mend)
    site = request.headers.get("origin", "")
    if site not in key.origins:
        raise Forbidden(
            f"the key {key.label!r} is not for pages of {site[:80] or 'no site'}",
            where="Origin",
            mend=f"It is for {', '.join(key.origins)}; make another one for this site.",
        )
    return key


def bearer(request: Request) -> str:
    """The key a program brings; "" without one."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def token_of(request: Request) -> str:
    """The token of the session's cookie; "" without one."""
    return request.cookies.get(SESSION_HTTPS if _https(request) else SESSION, "")


def stay(request: Request, answer: Response, token: str) -> None:
    """Give the browser its session. Lax, so that a link in an e-mail or in Slack lands on the page it names."""
    answer.set_cookie(
        SESSION_HTTPS if _https(request) else SESSION,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        secure=_https(request),
        samesite="lax",
    )


def look_as(at: House, answer: Response, person: str) -> None:
    """This browser is that person, as long as nobody has to sign in."""
    if not at.secured():
        answer.set_cookie(COOKIE, person, httponly=True, samesite="strict", max_age=365 * 86400)


def leave(request: Request, answer: Response) -> None:
    """Take the session back from the browser."""
    name = SESSION_HTTPS if _https(request) else SESSION
    answer.delete_cookie(name, httponly=True, secure=_https(request), samesite="lax")


def _whom_to_ask(request: Request, wanted: frozenset[Permission]) -> str:
    """A program hears the permissions it lacks; a person the same in words, and whom to ask: who decides here."""
    at = house(request)
    if request.url.path.startswith("/v1/"):
        return f"It takes the permission {' or '.join(sorted(wanted))}; the brief's [people] give them."
    texts, able = at.product.texts, [p for p in at.people.values() if p.may(wanted)]
    asked = [p.name for p in able if p.may({"manager", "admin"})] or [p.name for p in able]
    takes = texts.say("people.takes", n=len(wanted), what=permissions_in_words(texts, wanted))
    names = format_list(asked[:MOST_ASKED], style="or", locale=texts.language)
    return f"{takes} {texts.say('people.ask', names=names) if asked else texts.say('people.ask_nobody')}"


def _by_key(request: Request) -> Person | None:
    """Keys open `/v1` and no page; one that opens nothing is told so, never passed over."""
    text = bearer(request)
    if not text or not request.url.path.startswith("/v1/"):
        return None
    at = house(request)
    key = keys.key_of(at.accounts, text, "secret", at.now)
    who = keys.holder(key, at.people) if key else None
    if who is None:
        mend = "Ask an admin for a new secret key (sk_…)."
        if text.startswith("pk_"):
            mend = "A publishable key opens the widget's addresses alone; use a secret one (sk_…) on a server."
        raise SignedOut("this key opens nothing", where="Authorization", mend=mend)
    return who


def _by_cookie(request: Request) -> Person:
    at = house(request)
    if request.url.path.startswith(FROM_SITES):
        raise SignedOut("nobody is behind this address", mend="It is for pages of other sites, with their key.")
    if not at.secured():
        chosen, known = request.cookies.get(COOKIE, ""), at.people
        if chosen and chosen not in known:
            say = at.product.texts.say
            raise Nameless(say("page.nameless", name=chosen[:80]), mend=say("page.nameless_choose"))
        return known[chosen] if chosen else at.default()
    token = token_of(request)
    session = session_of(at.accounts, token, at.now) if token else None
    who = at.people.get(session.person) if session else None
    if who is None:
        raise SignedOut("nobody is signed in", mend="Sign in, or send a secret key: Authorization: Bearer sk_…")
    return who


def _https(request: Request) -> bool:
    return request.url.scheme == "https"
