"""One person: how they get in, and what ends when they leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.use_cases.people import Leaving
from payoff.web.pages.desk import Option
from payoff.web.pages.people import begins, permission_words
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class MemberPage:
    """`invite` is the button's word, or `no_invite` says why they cannot be invited now; `take` says what taking
    the password away does, "" without one; `ends` is all that ends when they leave; `heirs` who may get the
    customers they look after, none where there are no customers; `mine`: it is who looks, and why they cannot say
    so of themselves."""

    id: str
    name: str
    lead: str
    question: str
    invite: str
    no_invite: str
    take: str
    ends: tuple[str, ...]
    stays: str
    owned: str
    heirs_label: str
    heirs: tuple[Option, ...]
    mine: str


def member(
    product: Product, person: Person, known: Mapping[str, Person], leaving: Leaving, *, admins: Collection[str]
) -> MemberPage:
    """`leaving` is what would end; `admins` those who can sign in: with one of them others can be invited."""
    texts, looked, ruled = product.texts, known.get(leaving.id), bool(admins)
    mine = "people.left_you" if set(admins) - {leaving.id} else "people.left_you_alone"
    owned = len(leaving.owned)
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
        owned=texts.say("people.left_owned", n=owned, waiting=leaving.waiting, name=leaving.name) if owned else "",
        heirs_label=texts.say("people.left_to", n=owned),
        heirs=_heirs(product, leaving, known) if owned else (),
        mine=texts.say(mine) if leaving.id == person.id else "",
    )


def _heirs(product: Product, leaving: Leaving, known: Mapping[str, Person]) -> tuple[Option, ...]:
    """Nobody in particular, and whoever may answer on the desk."""
    answers = needed("POST", "/desk/{suggestion}/answer") or ()
    able = [p for p in known.values() if p.id != leaving.id and p.id in product.brief.people and p.may(answers)]
    return (
        Option("", product.texts.say("people.left_to_nobody"), True),
        *(Option(p.id, p.name, False) for p in able),
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
