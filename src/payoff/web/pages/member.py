"""One person: how they get in, and what ends when they leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from payoff.people.person import Person
from payoff.use_cases.people import Leaving
from payoff.web.pages.people import begins, permission_words
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class MemberPage:
    """`invite` is the button's word, or `no_invite` says why they cannot be invited now; `take` says what taking
    the password away does, "" without one; `ends` is all that ends when they leave; `mine`: it is who looks."""

    id: str
    name: str
    lead: str
    question: str
    invite: str
    no_invite: str
    take: str
    ends: tuple[str, ...]
    stays: str
    mine: bool


def member(
    product: Product, person: Person, known: Mapping[str, Person], leaving: Leaving, *, ruled: bool
) -> MemberPage:
    """`leaving` is what would end; `ruled`: an admin can sign in, so others can be invited."""
    texts, looked = product.texts, known.get(leaving.id)
    sessions = texts.say("people.sessions", n=leaving.sessions)
    may_enter = looked is not None and (ruled or looked.may({"admin"}))
    word = "people.invite_again" if leaving.password else "people.invite"
    lead = texts.say("people.member_gone")
    if looked is not None:
        email = texts.say("people.welcome_email", email=looked.email) if looked.email else ""
        what = permission_words(texts, looked)
        lead = texts.say("people.member_lead", id=leaving.id, email=email, what=what)
    return MemberPage(
        id=leaving.id,
        name=leaving.name,
        lead=lead,
        question=texts.say("people.member_question", name=leaving.name),
        invite=texts.say(word) if may_enter else "",
        no_invite=texts.say("people.link_admin_first" if looked else "people.member_gone"),
        take=texts.say("people.take_text", sessions=sessions, name=leaving.name) if leaving.password else "",
        ends=_ends(product, leaving, listed=looked is not None),
        stays=texts.say("people.left_stays", id=leaving.id),
        mine=leaving.id == person.id,
    )


def _ends(product: Product, leaving: Leaving, *, listed: bool) -> tuple[str, ...]:
    texts = product.texts
    sessions = texts.say("people.sessions", n=leaving.sessions)
    ends = [texts.say("people.left_access", sessions=sessions)]
    ends += [texts.say("people.left_key", label=key.label, start=begins(key)) for key in leaving.keys]
    if leaving.taken:
        units = ", ".join(unit for _, unit in leaving.taken)
        ends.append(texts.say("people.left_taken", n=len(leaving.taken), units=units))
    ends += [
        texts.say("people.left_share", release=share.release, until=texts.day(share.until))
        for share in leaving.shares
    ]
    if listed:
        ends.append(texts.say("people.left_brief"))
    return tuple(ends)
