"""Who works with a product: added, invited, changed and let go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from payoff.brief.editing import BRIEF
from payoff.brief.read import read_brief
from payoff.errors import Conflict, Unknown
from payoff.people import admins, declared, invitations
from payoff.people.declared import Change, New
from payoff.people.keys import revoke_keys_of
from payoff.people.passwords import check_password, hash_password
from payoff.people.person import Person, people_of
from payoff.people.signing import Signer
from payoff.ports import AccountStore, Key
from payoff.use_cases import claiming, owners, sharing, views
from payoff.use_cases.documents import Documents
from payoff.use_cases.naming import names_now
from payoff.use_cases.sharing import Share
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Leaving:
    """What ends when somebody leaves: whether they could sign in, and the rest one by one.

    `taken` are suggestions they have taken on and not answered, each (id, how the unit is called). Links they were
    sent, invitations among them, end with their entry in the brief and need no counting. `owned` are the units
    they take care of: somebody else has to get them. `waiting` of those would be theirs on the desk at once: what
    was put off comes later, and what another person has taken stays with that person.
    """

    id: str
    name: str
    password: bool
    sessions: int
    keys: tuple[Key, ...]
    taken: tuple[tuple[str, str], ...]
    shares: tuple[Share, ...]
    owned: tuple[str, ...]
    waiting: int


class People:
    """The verbs of one product's people."""

    def __init__(self, ws: Workspace, documents: Documents) -> None:
        self._ws, self._documents = ws, documents

    @property
    def _accounts(self) -> AccountStore:
        return self._ws.storage.accounts

    def known(self) -> dict[str, Person]:
        """Those the brief names; empty where it names nobody."""
        self._documents.reread()
        declared_ = self._ws.brief.people
        return people_of(declared_) if declared_ else {}

    def admins(self) -> set[str]:
        """The ids of those who may administer and can sign in."""
        return admins.admins(self._accounts, self.known())

    # Getting in

    def invite(self, id: str, signer: Signer) -> str:
        """The token of a link with which they choose a password. Raises what `admins.admit` raises."""
        person = admins.admit(self._accounts, self.known(), id)
        return invitations.invite(self._accounts, signer, person.id, now=self._ws.clock.now())

    def give_password(self, id: str, password: str, again: str) -> None:
        """A password chosen at the console. Raises what `admins.admit` raises, `BadInput` with all its faults."""
        person = admins.admit(self._accounts, self.known(), id)
        product = self._ws.brief.product
        check_password(password, again, (id, person.name, person.email, product.title, product.name))
        self._accounts.set_password(id, hash_password(password), at=self._ws.clock.now())

    def take_password(self, id: str) -> None:
        """Signed out everywhere, and back only with a new link. Raises `Refused` for the last admin."""
        if id not in self.known() and self._accounts.account(id) is None:
            raise Unknown.among("person", id, self.known())
        admins.keep_one(self._accounts, self.known(), id)
        if id in self.known():  # a brief that cannot be edited is told before anything has ended
            self._documents.look(BRIEF, lambda text: declared.remove_person(text, id), admin=True)
        self._accounts.set_password(id, "", at=self._ws.clock.now())

    # Who may do what

    def version(self) -> int:
        """The version of the brief in use; `change` starts from one."""
        return self._documents.document(BRIEF).number

    def add(self, new: Sequence[New], *, by: str) -> list[str]:
        """Write people into the brief; their short names. Raises `BadInput` with all faults at once."""
        ids: list[str] = []

        def added(text: str) -> str:
            text, found = declared.add_people(text, self.known(), new)
            ids.extend(found)
            return text

        self._edit(added, by=by)
        return ids

    def change(self, changes: Mapping[str, Change], *, by: str, base: int, dry: bool = False) -> None:
        """Other addresses and permissions, from version `base` of the brief; `dry`: raise, and keep nothing.

        Raises `BadInput` with all faults, `Conflict` when somebody else changed the people since, `Refused` when
        no admin would be left, or none who can sign in.
        """
        with self._ws.lock:  # what is compared must be what is written over
            self._documents.reread(now=True)
            self._change(changes, by=by, base=base, dry=dry)

    def _change(self, changes: Mapping[str, Change], *, by: str, base: int, dry: bool) -> None:
        known = self.known()
        admins.keep_any(
            known, {id: changes[id].permissions if id in changes else p.permissions for id, p in known.items()}
        )
        before = self.admins()
        after = {id for id in before if id not in changes or "admin" in changes[id].permissions}
        if before and not after:
            raise admins.the_last()
        now = self._documents.document(BRIEF)
        if base != now.number:
            old = read_brief(self._documents.document(BRIEF, base).text).people if base else None
            if old != self._ws.brief.people:
                raise Conflict("somebody changed the people meanwhile", mend="Look at the page again.")
        if dry:
            declared.change_people(now.text, known, changes)
            return
        self._edit(lambda text: declared.change_people(text, self.known(), changes), by=by)

    def been_here(self, ids: Sequence[str]) -> list[str]:
        """Those of some people just added whose short name somebody had before, and who have no customers now."""
        return [id for id in ids if self._accounts.account(id) is not None and not owners.owned(self._ws, id)]

    # Leaving

    def leaving(self, id: str) -> Leaving:
        """What `left` would end. Raises `Unknown` for somebody neither the brief nor the accounts know."""
        known, account = self.known(), self._accounts.account(id)
        if id not in known and account is None:
            raise Unknown.among("person", id, known)
        now = self._ws.clock.now()
        keys = [key for key in self._accounts.all_keys() if key.person == id and key.revoked_at is None]
        queue = views.queue(self._ws)
        mine = [item for item in queue if item.taken_by == id]
        called, owned = names_now(self._ws, [item.unit for item in mine]), owners.owned(self._ws, id)
        theirs = frozenset(owned)
        shares = [share for share in sharing.listed(self._ws) if share.by == id and share.in_force(now)]
        return Leaving(
            id=id,
            name=known[id].name if id in known else id,
            password=bool(account and account.password),
            sessions=len(self._accounts.sessions(id)),
            keys=tuple(keys),
            taken=tuple((item.suggestion.id, called[item.unit]) for item in mine),
            shares=tuple(shares),
            owned=tuple(owned),
            waiting=sum(
                item.unit in theirs and item.suggestion.told and item.state == "open" and item.taken_by in ("", id)
                for item in queue
            ),
        )

    def left(self, id: str, *, by: str, to: str | None = None) -> Leaving:
        """Everything of theirs ends: what it was. What they said and decided stays under their short name.

        `to` gets the customers they take care of; "" leaves these to everybody, `None` leaves them as they are.
        Raises `Refused` for the last admin who can sign in, `Unknown` for a `to` the brief does not name.
        """
        ends, now = self.leaving(id), self._ws.clock.now()
        if to and (to == id or to not in self.known()):
            raise Unknown.among("person", to, [one for one in self.known() if one != id])
        admins.keep_one(self._accounts, self.known(), id)
        self._accounts.set_password(id, "", at=now)  # first: whatever comes after, they are out
        revoke_keys_of(self._accounts, id, now=now)
        for suggestion, _ in ends.taken:
            claiming.give_back(self._ws, suggestion, id)
        for share in ends.shares:
            sharing.withdraw(self._ws, share.id, by=by)
        if ends.owned and to is not None:  # while the brief still knows their full name
            owners.hand_over(self._ws, id, to, by=by)
        if id in self.known():
            self._edit(lambda text: declared.remove_person(text, id), by=by)
        return ends

    def _edit(self, change: Callable[[str], str], *, by: str) -> None:
        self._documents.reread(now=True)
        now = self._documents.document(BRIEF)
        self._documents.save(BRIEF, change(now.text), by=by, base=now.number, confirmed=True, admin=True)
