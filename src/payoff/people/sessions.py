"""Signing in and staying so. The browser holds a token; the store holds its SHA-256 and nothing more.

A session is new at every sign-in, ends 14 days after it was last used and 90 days after it began, and with every
change of the password.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from payoff.errors import Refused, Unavailable
from payoff.people.passwords import aged, check_password, hash_password, matches
from payoff.people.person import Person, find
from payoff.ports import AccountStore, Session

IDLE = timedelta(days=14)
LONGEST = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=10)
FREE_TRIES = 10
"""Wrong tries for one name before it waits; the first wait is a minute, and each is twice the one before."""
FREE_TRIES_ADDRESS = 100
"""The same for one address, behind which a whole office may sit."""
LONGEST_WAIT = timedelta(minutes=15)


class WrongPassword(Refused):
    """Name and password do not go together; it does not say which of the two is wrong."""

    code = "wrong_password"


class TooManyTries(Refused):
    """Too many wrong tries; `wait` says how long until the next one is looked at."""

    code = "too_many_tries"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__("there were too many wrong tries", mend="Wait a little, then try again.")


def digest(token: str) -> bytes:
    """What is kept of a token or a key. Both are long and random: nothing shorter than a look-up finds them."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def sign_in(
    accounts: AccountStore,
    people: Mapping[str, Person],
    name: str,
    password: str,
    *,
    address: str,
    now: datetime,
) -> tuple[Person, str]:
    """The person and the token of a fresh session. Raises `WrongPassword` or `TooManyTries`.

    `name` is a short name or an e-mail address; `address` where the try comes from.
    """
    who = find(people, name)
    place = _counted(accounts, "address", _network(address), FREE_TRIES_ADDRESS, now)
    tried = _counted(accounts, "name", who.id if who else name.strip().casefold(), FREE_TRIES, now)
    account = accounts.account(who.id if who else "")
    stored = account.password if account else ""
    if not matches(stored, password) or who is None or account is None:
        raise _wrong()
    accounts.forgive(tried)
    accounts.forgive(place, 1)
    if aged(stored):
        accounts.rehash(who.id, stored, hash_password(password))
    return who, open_session(accounts, who.id, account.version, now)


def change_password(
    accounts: AccountStore, who: Person, current: str, new: str, again: str, *, about: str = "", now: datetime
) -> str:
    """Another password for oneself; the token of the one session that is left. Raises `BadInput` with all faults.

    Somebody who has none yet needs no `current` one; whoever asks for them must know that it is them.
    """
    account = accounts.account(who.id)
    version = account.version if account else 0
    if account and account.password:
        tried = _counted(accounts, "name", who.id, FREE_TRIES, now)
        if not matches(account.password, current):
            raise WrongPassword("that is not your present password", mend="Type the one you signed in with.")
        accounts.forgive(tried)
    check_password(new, again, (who.id, who.name, who.email, about))
    if not accounts.set_password(who.id, hash_password(new), at=now, version=version):
        raise _meanwhile()
    return open_session(accounts, who.id, version + 1, now)


def open_session(accounts: AccountStore, person: str, version: int, now: datetime) -> str:
    """A fresh token for an account that is still at this version."""
    token = secrets.token_urlsafe(32)
    if not accounts.open_session(digest(token), Session(person, now, now + LONGEST, now), version=version):
        raise _meanwhile()
    return token


def session_of(accounts: AccountStore, token: str, now: datetime) -> Session | None:
    """The session of a token while it lasts, kept fresh by being used; `None` for any other token."""
    key = digest(token)
    found = accounts.session(key)
    if found is None:
        return None
    if now >= found.expires_at or now - found.last_seen >= IDLE:
        accounts.end_session(key)
        return None
    if now - found.last_seen >= SEEN_EVERY:
        with contextlib.suppress(Unavailable):  # a store that takes nothing more must not shut the reading out
            accounts.seen(key, now)
    return found


def wait_after(free: int, tries: int) -> timedelta:
    """Nothing for the free tries; then a minute, and twice as long after each, up to a quarter of an hour."""
    if tries < free:
        return timedelta(0)
    return min(timedelta(minutes=2 ** min(tries - free, 10)), LONGEST_WAIT)


def _counted(accounts: AccountStore, kind: str, what: str, free: int, now: datetime) -> str:
    """Count a try, before the password is looked at. The store cannot be read for who tried, or from where."""
    key = hmac.new(accounts.secret("tries"), f"{kind}:{what}".encode("utf-8", "replace"), "sha256").hexdigest()
    left = accounts.attempt(key, now, lambda tries: wait_after(free, tries))
    if left > timedelta(0):
        raise TooManyTries(left)
    return key


def _network(address: str) -> str:
    """Who has one IPv6 address has 2^64 of them: they count as one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def _wrong() -> WrongPassword:
    return WrongPassword(
        "that name and password do not go together", mend="Ask whoever runs Payoff for a new link."
    )


def _meanwhile() -> Refused:
    return Refused("the account was changed a moment ago", mend="Sign in once more.")
