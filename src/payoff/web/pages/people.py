"""Who may do what and who can get in: people, passwords, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from payoff.errors import Fault
from payoff.people.permissions import PERMISSIONS, needed
from payoff.people.person import Person
from payoff.ports import Account, Key
from payoff.texts import Texts
from payoff.web.pages.desk import Option
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person. `mine`: the one who looks, whose password nobody takes away here."""

    id: str
    name: str
    email: str
    may: str
    able: bool
    state: str
    seen: str
    invite: str
    invite_label: str
    mine: bool


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key: whose or for which sites, by whom it was made, when it was last used."""

    id: str
    label: str
    kind: str
    scope: str
    about: str
    revoked: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A link or a key, at the one moment it can be read."""

    title: str
    text: str
    value: str
    use: str = ""


@dataclass(frozen=True, slots=True)
class KeyForm:
    """What was typed when it could not be kept."""

    kind: str = ""
    label: str = ""
    person: str = ""
    permissions: tuple[str, ...] = ()
    origins: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class PeoplePage:
    headline: str
    open: bool
    people: tuple[PersonLine, ...]
    gone: tuple[PersonLine, ...]
    keys: tuple[KeyLine, ...]
    revoked: tuple[KeyLine, ...]
    revoked_title: str
    persons: tuple[Option, ...]
    permissions: tuple[Option, ...]
    brief: str
    form: KeyForm = field(default_factory=KeyForm)
    shown: Shown | None = None


def people(
    product: Product,
    person: Person,
    known: Mapping[str, Person],
    *,
    secured: bool,
    form: KeyForm | None = None,
    shown: Shown | None = None,
) -> PeoplePage:
    """`known` are the people of this moment; `secured`: everybody has to sign in."""
    texts, form = product.texts, form or KeyForm()
    accounts = {account.person: account for account in product.storage.accounts.accounts()}
    lines = [_person(texts, p, accounts.get(p.id), person) for p in known.values()]
    left = [a for a in accounts.values() if a.person not in known and a.password]
    keys = product.storage.accounts.all_keys()
    living = [_key(texts, key, known) for key in keys if key.revoked_at is None]
    revoked = [_key(texts, key, known) for key in keys if key.revoked_at is not None]
    return PeoplePage(
        headline=texts.say("people.headline", n=len(lines), able=sum(line.able for line in lines)),
        open=not secured,
        people=tuple(lines),
        gone=tuple(_person(texts, Person(a.person, a.person, frozenset()), a, person) for a in left),
        keys=tuple(living),
        revoked=tuple(revoked),
        revoked_title=texts.say("people.revoked_title", n=len(revoked)),
        persons=(
            Option("", texts.say("people.acts_for_nobody"), not form.person),
            *(Option(p.id, p.name, p.id == form.person) for p in known.values()),
        ),
        permissions=tuple(Option(p, _may(texts, [p]), p in form.permissions) for p in PERMISSIONS),
        brief="/brief" if person.may(needed("GET", "/brief") or ()) else "",
        form=form,
        shown=shown,
    )


def link_shown(texts: Texts, name: str, address: str) -> Shown:
    """An invitation, just made."""
    title = texts.say("people.link_title", name=name)
    return Shown(title, texts.say("people.link_text", name=name), address)


def key_shown(texts: Texts, key: Key, text: str) -> Shown:
    """A key, just made."""
    title = texts.say("people.key_title", label=key.label)
    return Shown(title, texts.say("people.key_text"), text, texts.say(f"people.key_use_{key.kind}"))


def permission_words(texts: Texts, person: Person) -> str:
    """What a person may do, in words."""
    return _may(texts, [p for p in PERMISSIONS if p in person.permissions]) or texts.say("people.may_nothing")


def _may(texts: Texts, permissions: Sequence[str]) -> str:
    return " · ".join(texts.say(f"people.may_{p}") for p in permissions)


def _person(texts: Texts, person: Person, account: Account | None, looks: Person) -> PersonLine:
    able = bool(account and account.password)
    seen = account.last_seen if account else None
    again = "_again" if able else ""
    allowed = [p for p in PERMISSIONS if p in person.permissions]
    return PersonLine(
        id=person.id,
        name=person.name,
        email=person.email,
        may=texts.say("people.may", what=_may(texts, allowed)) if allowed else texts.say("people.may_nothing"),
        able=able,
        state=texts.say("people.has_password" if able else "people.no_password"),
        seen=texts.say("people.seen", at=texts.moment(seen)) if seen else texts.say("people.never_seen"),
        invite=texts.say(f"people.invite{again}"),
        invite_label=texts.say(f"people.invite{again}_label", name=person.name),
        mine=person.id == looks.id,
    )


def _key(texts: Texts, key: Key, known: Mapping[str, Person]) -> KeyLine:
    if key.kind == "publishable":
        scope = texts.say("people.key_sites", sites=", ".join(key.origins))
    elif not key.person:
        scope = texts.say("people.key_may", what=_may(texts, key.permissions))
    elif key.person in known:
        scope = texts.say("people.key_acts", name=known[key.person].name)
    else:
        scope = texts.say("people.key_left", name=key.person)
    maker = known[key.made_by].name if key.made_by in known else key.made_by
    made = texts.say("people.key_made", at=texts.day(key.made_at), who=maker)
    used = texts.moment(key.last_used) if key.last_used else ""
    used = texts.say("people.key_used", at=used) if used else texts.say("people.key_unused")
    start = texts.say("people.key_begins", start=f"{'sk' if key.kind == 'secret' else 'pk'}_{key.id}")
    return KeyLine(
        id=key.id,
        label=key.label,
        kind=texts.say(f"people.key_kind_{key.kind}"),
        scope=scope,
        about=f"{start} · {made} · {used}",
        revoked=texts.say("people.key_revoked", at=texts.moment(key.revoked_at)) if key.revoked_at else "",
    )
