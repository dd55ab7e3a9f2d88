"""Invitations: a signed link with which one person chooses their password, once, within three days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from payoff.errors import Refused
from payoff.people.passwords import check_password, hash_password
from payoff.people.person import Person
from payoff.people.sessions import open_session
from payoff.people.signing import Signer
from payoff.ports import AccountStore

DAYS = 3
_PURPOSE = "invitation"


def invite(accounts: AccountStore, signer: Signer, person: str, *, now: datetime) -> str:
    """The token of a link. It opens nothing once it was used, another was made, or the password changed."""
    return signer.sign(_PURPOSE, {"person": person, "version": accounts.invite(person, at=now)})


def invited(
    accounts: AccountStore, signer: Signer, people: Mapping[str, Person], token: str
) -> tuple[Person, int]:
    """Whom a link is for, and the state of the account it was made for. Raises `Refused` when it opens nothing."""
    value = signer.read(_PURPOSE, token, days=DAYS)
    who, version = people.get(str(value.get("person"))), value.get("version")
    account = accounts.account(who.id) if who else None
    if who is None or account is None or account.version != version:
        raise _used()
    return who, account.version


def accept(
    accounts: AccountStore,
    signer: Signer,
    people: Mapping[str, Person],
    token: str,
    password: str,
    again: str,
    *,
    about: str = "",
    now: datetime,
) -> tuple[Person, str]:
    """Keep the chosen password: the person and the token of their first session.

    Raises `BadInput` with everything wrong with the password (the link stays good), `Refused` for a link that
    opens nothing, also when somebody else was quicker with it.
    """
    who, version = invited(accounts, signer, people, token)
    check_password(password, again, (who.id, who.name, who.email, about))
    if not accounts.set_password(who.id, hash_password(password), at=now, version=version):
        raise _used()
    return who, open_session(accounts, who.id, version + 1, now)


def _used() -> Refused:
    return Refused("this link was used already, or a newer one was made", mend="Ask for a new one, or sign in.")
