"""Ids that leave the house: UUIDv7 (RFC 9562), so that they sort by time and insert at the right edge.

The moment and the randomness come from outside: a replay under its own clock and seed gives the same ids.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from datetime import datetime

from payoff.records.time import to_micros

Entropy = Callable[[int], bytes]


def uuid7(at: datetime, entropy: Entropy = os.urandom) -> str:
    """48 bits of milliseconds, 12 bits of the sub-millisecond (method 3 of the RFC), 62 random bits."""
    micros = to_micros(at)
    millis, rest = divmod(micros, 1000)
    random = int.from_bytes(entropy(8), "big") >> 2
    fraction = rest * 4096 // 1000
    value = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random
    return str(uuid.UUID(int=value))
