"""Getting in: the sign-in, the invitation, one's own account."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from payoff.errors import Fault
from payoff.people.person import Person
from payoff.web.pages.people import permission_words
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`name` is what was typed before; `next` a path of this server; `fault` why it did not work, "" at first."""

    title: str
    name: str
    next: str
    fault: str


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """Choosing a password: at the first visit by an invitation, or in one's own account.

    `action` is where the form is sent; `current`: whether the present password is asked for; `name` what a
    password keeper files the new one under. `blocked` says why none can be chosen now, "" mostly.
    """

    title: str
    question: str
    lead: str
    heading: str
    note: str
    button: str
    action: str
    name: str
    current: bool
    faults: tuple[Fault, ...]
    blocked: str = ""


def title_of(product: Product) -> str:
    """The product's name for people."""
    return product.brief.product.title or product.brief.product.name


def sign_in(
    product: Product, *, name: str = "", next: str = "/", wrong: bool = False, wait: timedelta | None = None
) -> SignInPage:
    """`wrong`: the last try did not work; `wait`: how long no other one is looked at."""
    texts = product.texts
    fault = texts.say("people.sign_in_wrong") if wrong else ""
    if wait is not None:
        fault = texts.say("people.sign_in_wait", n=max(1, math.ceil(wait.total_seconds() / 60)))
    return SignInPage(texts.say("people.sign_in_title", product=title_of(product)), name, next, fault)


def welcome(product: Product, person: Person, token: str, faults: tuple[Fault, ...] = ()) -> PasswordPage:
    """A person with an invitation."""
    texts = product.texts
    email = texts.say("people.welcome_email", email=person.email) if person.email else ""
    lead = texts.say("people.welcome_text", product=title_of(product), id=person.id, email=email)
    return PasswordPage(
        title=texts.say("people.welcome_title", name=person.name),
        question="",
        lead=lead,
        heading="",
        note="",
        button=texts.say("people.welcome_button"),
        action=f"/welcome/{token}",
        name=person.email or person.id,
        current=False,
        faults=faults,
    )


def account(product: Product, person: Person, *, secured: bool, faults: tuple[Fault, ...] = ()) -> PasswordPage:
    """One's own account. While nobody has a password, the first one is chosen here."""
    texts = product.texts
    kept = product.storage.accounts.account(person.id)
    able = bool(kept and kept.password)
    email = texts.say("people.welcome_email", email=person.email) if person.email else ""
    what = permission_words(texts, person)
    lead = texts.say("people.account_text", id=person.id, email=email, what=what)
    return PasswordPage(
        title=texts.say("people.account_title", name=person.name),
        question=texts.say("people.account_question"),
        lead=lead,
        heading=texts.say("people.account_change" if able else "people.account_first"),
        note=texts.say("people.account_note" if secured else "people.account_open"),
        button=texts.say("people.account_button"),
        action="/account/password",
        name=person.email or person.id,
        current=able,
        faults=faults,
        blocked="" if secured or person.may({"admin"}) else texts.say("people.link_admin_first"),
    )
