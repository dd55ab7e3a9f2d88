"""Links that prove where they come from: a value, what it is for and when it was made, signed.

A link of one purpose opens nothing of another, and none opens anything after its time. Signed is not secret:
whoever has the link can read what is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from payoff.errors import Refused

DAY = 86_400


class Signer:
    """Signs and reads with one product's secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, purpose: str, value: Mapping[str, Any]) -> str:
        """A token that is safe in an address."""
        return self._serializer(purpose).dumps(dict(value))

    def read(self, purpose: str, token: str, *, days: float) -> dict[str, Any]:
        """What was signed, no longer than `days` ago. Raises `Refused` for anything else."""
        try:
            value = self._serializer(purpose).loads(token, max_age=int(days * DAY))
        except SignatureExpired:
            raise Refused("this link is no longer good", mend="Ask for a new one.") from None
        except BadSignature:
            raise Refused("this link is not one of ours, or was cut off", mend="Open it once more.") from None
        return dict(value)

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret, salt=f"payoff.{purpose}")
