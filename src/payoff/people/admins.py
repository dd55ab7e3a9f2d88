"""Two rules that keep the house open to those who run it: before an admin can sign in nobody else is let in, and
the last admin who can sign in stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from payoff.errors import Refused, Unknown
from payoff.people.person import NOBODY_DECLARED, Person
from payoff.ports import AccountStore

_NAME_ONE = 'Name somebody who may administer first: payoff user add NAME --name "Full Name" --may admin'


def admins(accounts: AccountStore, people: Mapping[str, Person]) -> set[str]:
    """The ids of those who may administer and can sign in."""
    able = {account.person for account in accounts.accounts() if account.password}
    return {id for id, person in people.items() if id in able and person.may({"admin"})}


def admit(accounts: AccountStore, people: Mapping[str, Person], id: str) -> Person:
    """Somebody who may be given a way in now.

    Raises `Unknown` for somebody the brief does not name, and `Refused` for anybody but an admin before an admin
    can sign in: from the first password on everybody has to, and nobody could invite the others.
    """
    if people.get(id) is NOBODY_DECLARED:
        raise Refused("the brief names nobody yet", mend=_NAME_ONE)
    if id not in people:
        raise Unknown.among("person", id, people)
    if not people[id].may({"admin"}) and not admins(accounts, people):
        first = [person.id for person in people.values() if person.may({"admin"})]
        mend = f"Begin with {people[first[0]].name}: payoff user password {first[0]}" if first else _NAME_ONE
        raise Refused("somebody who may administer has to choose a password first", where=id, mend=mend)
    return people[id]


def keep_one(accounts: AccountStore, people: Mapping[str, Person], leaving: str) -> None:
    """Raises `Refused` for the last admin who can sign in."""
    if admins(accounts, people) == {leaving}:
        raise the_last()


def keep_any(people: Mapping[str, Person], after: Mapping[str, Collection[str]]) -> None:
    """Raises `Refused` when nobody could administer any more, by what each person may do `after` a change."""
    if any(p.may({"admin"}) for p in people.values()) and not any("admin" in what for what in after.values()):
        mend = "Tick it for somebody first."
        raise Refused("nobody would be left who may administer", mend=mend)


def the_last() -> Refused:
    """Nobody could run the house any more."""
    return Refused(
        "nobody who may administer could sign in any more",
        mend="Let another admin choose a password first; `payoff user password` gives one on this machine.",
    )
