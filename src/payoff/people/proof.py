"""A proof: the operator's own server says which unit (and which person) is in front of a page.

    v1.<expiry>.<hex>     hex = HMAC-SHA256(secret, "v1\\n" + unit + "\\n" + person + "\\n" + expiry)

`expiry` is the moment it ends, in whole seconds since 1970 (UTC); `person` is empty where nobody is named; all is
UTF-8 text, the secret too, as it stands. A proof opens one unit until it ends; whoever holds it can use it until
then, so it is made for one page and sent to nobody else.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, Protocol

from payoff.errors import BadInput, Fault, Refused

GOOD_FOR = 15 * 60
"""Seconds a proof is good for unless somebody asks for more."""
LONGEST = 24 * 60 * 60
SLACK = 60
"""Seconds by which two clocks may disagree."""
LONGEST_NAME = 500
_FORM = re.compile(r"v1\.(0|[1-9][0-9]{0,11})\.([0-9a-f]{64})", re.ASCII)

Why = Literal["form", "signature", "expired", "too far ahead", "other unit", "other person", "other key"]


class Secrets(Protocol):
    """Where a product keeps its secrets."""

    def secret(self, name: str, /) -> bytes: ...


class BadProof(Refused):
    """A proof that opens nothing; `why` says why not, in a word for programs."""

    code = "bad_proof"

    def __init__(self, why: Why, what: str, mend: str) -> None:
        self.why = why
        super().__init__(what, where="proof", mend=mend)

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "why": self.why}


def signing_secret(store: Secrets, key: str) -> str:
    """The secret that goes with one publishable key (by its id): the same whenever it is asked for."""
    return f"ws_{store.secret(f'widget:{key}').hex()}"


def sign(secret: str, unit: str, person: str = "", *, now: datetime, seconds: int = GOOD_FOR) -> str:
    """A proof from this moment on. Raises `BadInput` with all faults for names or a time that cannot be proved."""
    faults = [Fault(what, why, "Give a plain name.") for what, why in _name_faults(unit, person)]
    if not 0 < seconds <= LONGEST:
        faults.append(Fault("seconds", f"{seconds} cannot be", f"Give 1 to {LONGEST} (a day)."))
    if faults:
        raise BadInput("the proof", faults)
    expiry = str(int(now.timestamp()) + seconds)
    return f"v1.{expiry}.{_signature(secret, unit, person, expiry)}"


def check(proof: str, secret: str, unit: str, person: str = "", *, now: datetime) -> None:
    """Raises `BadProof` unless the proof is good for exactly this unit and person at this moment."""
    found = _FORM.fullmatch(proof)
    if found is None:
        raise _formless()
    for what, why in _name_faults(unit, person):
        raise BadProof("form", f"the {what} cannot be proved: {why}", "Take a plain name on one line.")
    expiry = found[1]
    if not hmac.compare_digest(_signature(secret, unit, person, expiry), found[2]):
        raise BadProof(
            "signature",
            "the signature is not one for this unit, this person and this key",
            "Find out with `payoff widget check`; the unit must be the same text in the proof and in the page.",
        )
    left = int(expiry) - now.timestamp()
    if left < -SLACK:
        raise BadProof("expired", f"the proof ended {-left:.0f} seconds ago", "Make one with each page you serve.")
    if left > LONGEST + SLACK:
        raise BadProof(
            "too far ahead",
            "the proof would be good for more than a day",
            "Count the expiry in seconds, not milliseconds, and at most a day ahead.",
        )


def explained(
    proof: str,
    secrets: Sequence[tuple[str, str]],
    unit: str = "",
    person: str = "",
    *,
    units: Iterable[str],
    now: datetime,
    bound: bool = True,
) -> tuple[str, str]:
    """The id of the key and the unit of a good proof: for a developer's eyes, so it says what it *would* open.

    `secrets` are (key id, secret), the wanted one first (where one is, `bound`); without a `unit` every one of
    `units` is tried. Raises `BadProof` with the closest truth: another key, another unit, another person, or none.
    """
    for id, secret in secrets:
        for name in dict.fromkeys([*([unit] if unit else []), *units]):
            for who in dict.fromkeys((person, "")):
                try:
                    check(proof, secret, name, who, now=now)
                except BadProof as bad:
                    if bad.why == "signature" or (bad.why == "form" and name != unit and _FORM.fullmatch(proof)):
                        continue
                    raise
                if unit and name != unit:
                    what = f"it is good for the unit {name!r}, not for {unit!r}"
                    raise BadProof("other unit", what, "Sign the unit that stands in the page.")
                if who != person:
                    mend = "Sign the person too, or leave the attribute `person` out of the page."
                    raise BadProof("other person", f"it was signed without the person {person!r}", mend)
                if bound and id != secrets[0][0]:
                    mend = "Use a key and its own secret together."
                    raise BadProof("other key", f"it was signed with the secret of the key {id}", mend)
                return id, name
    if _FORM.fullmatch(proof) is None:
        raise _formless()
    raise BadProof(
        "signature",
        "the signature fits none of the keys and units there are",
        "Sign with the text `payoff widget secret` shows, trim nothing, and name the person with --person.",
    )


def _formless() -> BadProof:
    mend = "It is v1.<expiry>.<64 small hexadecimal digits>, the expiry in whole seconds since 1970."
    return BadProof("form", "this has not the form of a proof", mend)


def _signature(secret: str, unit: str, person: str, expiry: str) -> str:
    message = f"v1\n{unit}\n{person}\n{expiry}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _name_faults(unit: str, person: str) -> list[tuple[str, str]]:
    faults = [] if unit else [("unit", "it is empty")]
    for what, name in (("unit", unit), ("person", person)):
        if "\n" in name or "\r" in name:
            faults.append((what, "it has a line break"))
        elif len(name) > LONGEST_NAME:
            faults.append((what, f"it is longer than {LONGEST_NAME} characters"))
        elif any("\ud800" <= sign <= "\udfff" for sign in name):
            faults.append((what, "it is no whole text"))
    return faults
