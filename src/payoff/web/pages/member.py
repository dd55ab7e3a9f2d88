"""One person: how they get in, and what ends when they leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from payoff.people.person import Person
from payoff.use_cases.people import Leaving
from payoff.use_cases.pressing import may_answer
from payoff.web.pages.desk import Option
from payoff.web.pages.people import begins, permission_words
from payoff.web.product import Product

NOBODY_NOW = "-"
"""The choice that leaves somebody's customers to everybody; no short name looks like it."""


@dataclass(frozen=True, slots=True)
class Sure:
    """The question before the one step: its title, what becomes of the customers ("" without any), the two
    buttons, and the choice the form sends on."""

    title: str
    becomes: str
    yes: str
    to: str


@dataclass(frozen=True, slots=True)
class MemberPage:
    """`invite` is the button's word, or `no_invite` says why they cannot be invited now, neither for somebody who
    is gone; `take` says what taking the password away does, "" without one; `heading` stands over what ends,
    `ends` is all of it; `heirs` who may get the customers they look after, none where there are no customers;
    `button` is "" where nothing of theirs is left; `fault` what the form still needs; `mine`: it is who looks, and
    why they cannot say so of themselves; `sure` is asked instead of all of this."""

    id: str
    name: str
    lead: str
    question: str
    invite: str
    no_invite: str
    take: str
    heading: str
    text: str
    ends: tuple[str, ...]
    stays: str
    owned: str
    heirs_label: str
    heirs: tuple[Option, ...]
    button: str
    mine: str
    fault: str = ""
    sure: Sure | None = None


def member(
    product: Product,
    person: Person,
    known: Mapping[str, Person],
    leaving: Leaving,
    *,
    admins: Collection[str],
    chosen: str | None = None,
) -> MemberPage:
    """`leaving` is what would end; `admins` those who can sign in: with one of them others can be invited.

    `chosen` is what the form said of the customers: `None` before it was sent, "" where it left that open.
    """
    texts, looked, ruled = product.texts, known.get(leaving.id), bool(admins)
    mine = "people.left_you" if set(admins) - {leaving.id} else "people.left_you_alone"
    owned, listed = len(leaving.owned), looked is not None
    sessions = texts.say("people.sessions", n=leaving.sessions)
    may_enter = looked is not None and (ruled or looked.may({"admin"}))
    word = "people.invite_again" if leaving.password else "people.invite"
    lead = texts.say("people.member_gone")
    if looked is not None:
        email = texts.say("people.welcome_email", email=looked.email) if looked.email else ""
        what = permission_words(texts, looked)
        lead = texts.say("people.member_lead", id=leaving.id, email=email, what=what)
    ends = _ends(product, leaving, listed=listed)
    rest = "" if listed else "_rest" if ends or owned else "_nothing"
    open_choice = bool(owned) and chosen == ""
    return MemberPage(
        id=leaving.id,
        name=leaving.name,
        lead=lead,
        question=texts.say("people.member_question" if listed else "people.gone_question", name=leaving.name),
        invite=texts.say(word) if may_enter else "",
        no_invite=texts.say("people.link_admin_first") if listed else "",
        take=_take(product, leaving, sessions, last=set(admins) == {leaving.id}),
        heading=texts.say("people.left_heading" if listed else f"people.left_heading{rest}"),
        text=texts.say(f"people.left_text{rest}") if ends or not owned else "",
        ends=ends,
        stays=texts.say("people.left_stays", id=leaving.id),
        owned=texts.say("people.left_owned", n=owned, waiting=leaving.waiting, name=leaving.name) if owned else "",
        heirs_label=texts.say("people.left_to", n=owned),
        heirs=_heirs(product, leaving, known) if owned else (),
        button=texts.say(f"people.left_button{rest}", name=leaving.name) if rest != "_nothing" else "",
        mine=texts.say(mine) if leaving.id == person.id else "",
        fault=texts.say("people.left_unchosen") if open_choice else "",
        sure=_sure(product, leaving, known, chosen, rest) if chosen is not None and not open_choice else None,
    )


def _take(product: Product, leaving: Leaving, sessions: str, *, last: bool) -> str:
    """The last admin who can sign in keeps their password: nobody could run the house any more."""
    if not leaving.password or last:
        return ""
    return product.texts.say("people.take_text", sessions=sessions, name=leaving.name)


def _heirs(product: Product, leaving: Leaving, known: Mapping[str, Person]) -> tuple[Option, ...]:
    """Nothing chosen, nobody for now, and whoever may answer on the desk: nobody gets customers by default."""
    able = [p for id, p in known.items() if id in product.brief.people and may_answer(p)]
    return (
        Option("", product.texts.say("people.left_choose"), True),
        Option(NOBODY_NOW, product.texts.say("people.left_to_nobody"), False),
        *(Option(p.id, p.name, False) for p in able if p.id != leaving.id),
    )


def _sure(product: Product, leaving: Leaving, known: Mapping[str, Person], to: str, rest: str) -> Sure:
    texts, becomes, n = product.texts, "", len(leaving.owned)
    if n and to == NOBODY_NOW:
        becomes = texts.say("people.left_becomes_free", n=n)
    elif n:
        becomes = texts.say("people.left_becomes", n=n, to=known[to].name)
    title = texts.say(f"people.left_sure{rest}", name=leaving.name)
    return Sure(title, becomes, texts.say(f"people.left_yes{rest}", name=leaving.name), to)


def _ends(product: Product, leaving: Leaving, *, listed: bool) -> tuple[str, ...]:
    texts = product.texts
    sessions = texts.say("people.sessions", n=leaving.sessions)
    ends = [texts.say("people.left_access", sessions=sessions)] if listed or leaving.password else []
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
