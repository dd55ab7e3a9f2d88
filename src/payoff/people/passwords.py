"""Passwords: kept as Argon2id hashes, compared in constant time, refused when a guess would find them first."""

from __future__ import annotations

import functools
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from payoff.errors import BadInput, Fault

LEAST, MOST = 10, 500
_HASHER = PasswordHasher()  # Argon2id with the library's parameters, which grow with its releases
_AT_ONCE = threading.BoundedSemaphore(4)
"""Each hash takes 64 MB for a moment: a flood of tries waits its turn instead of taking the machine's memory."""
_SILLY = frozenset(
    ("password passwort welcome letmein iloveyou qwertyuiop qwerty qwertz asdfghjkl zxcvbnm abcdefghij admin "
     "administrator changeme changeit secret monkey dragon sunshine princess football baseball superman trustno")
    .split()
)  # fmt: skip
_RUNS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def check_password(password: str, again: str, about: Iterable[str] = ()) -> None:
    """Raises `BadInput` with everything wrong with a new password. `about`: names that must not be all of it."""
    faults = []
    if len(password) < LEAST:
        faults.append(Fault("password", f"it has {len(password)} characters", f"Take {LEAST} or more."))
    if len(password) > MOST:
        faults.append(Fault("password", "it is too long", f"Take {MOST} characters or fewer."))
    if _guessed_first(password, about):
        mend = "Take something only you would think of; a few words that do not belong together are good."
        faults.append(Fault("password", "it is among the first that are tried", mend))
    if password != again:
        faults.append(Fault("again", "the two are not the same", "Type the same password twice."))
    if faults:
        raise BadInput("the password", faults)


def hash_password(password: str) -> str:
    """A salted hash that holds its own parameters."""
    with _AT_ONCE:
        return _HASHER.hash(_form(password))


def matches(stored: str, password: str) -> bool:
    """Whether the password is the one that was hashed.

    Without a hash ("", an unknown name) it works just as long for its no: the time tells nobody who exists.
    """
    nobody = _nobodys()
    try:
        with _AT_ONCE:
            _HASHER.verify(stored or nobody, _form(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def aged(stored: str) -> bool:
    """Whether the hash was made with parameters weaker than today's."""
    return _HASHER.check_needs_rehash(stored)


@functools.cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _form(password: str) -> str:
    """The same password typed on another keyboard or system is the same characters."""
    return unicodedata.normalize("NFC", password)


def _guessed_first(password: str, about: Iterable[str]) -> bool:
    """A silly one, a run along the keyboard, few different characters, or a name with digits around it."""
    plain = re.sub(r"[\W_]", "", password.casefold())
    if len(set(password)) < 5:
        return True
    if any(plain[:8] in run or plain[-8:] in run for run in _RUNS if len(plain) >= 8):
        return True
    words = plain.strip("0123456789")
    half = words[: len(words) // 2]
    names = {re.sub(r"[\W_]", "", name.casefold()).strip("0123456789") for name in about if name}
    return words in _SILLY or words in names - {""} or (half in _SILLY and words == half * 2)
