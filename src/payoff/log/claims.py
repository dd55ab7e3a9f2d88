"""Who has taken a suggestion on. Owner says who takes care of a customer; taken is about this one suggestion.

The nth taking of a suggestion has an id of its own that everybody can work out, so the log itself decides who was
first: of two events with one id it keeps the first and calls the other a conflict.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from payoff.log.responses import ANSWERS, Answer, standing

TAKEN, GIVEN_BACK = "taken", "given back"
LAPSES = timedelta(days=3)
"""How long a taken suggestion waits for an answer before it is free again."""
_SPACE = uuid.UUID("4b1f0b0a-9a58-5f0e-8a53-5b1e1a2c7d33")


@dataclass(frozen=True, slots=True)
class Move:
    """A `claim` event: taken, or given back."""

    seq: int
    at: datetime
    by: str
    state: str


@dataclass(frozen=True, slots=True)
class Claim:
    """How it stands. `by` is "" while it is free; `turns` counts how often it was given back.

    `free_at` is when a taken one lapses; `lapsed` names who had it, where the three days have passed.
    """

    by: str = ""
    at: datetime | None = None
    turns: int = 0
    free_at: datetime | None = None
    lapsed: str = ""


FREE = Claim()


def claim_of(moves: Iterable[Move], answers: Iterable[Answer], now: datetime) -> Claim:
    """Who has it at a moment. An answer of theirs, or the end of their "not now", gives them three days more."""
    held: Move | None = None
    turns = 0
    for move in sorted(moves, key=lambda m: m.seq):
        if move.at > now:
            continue
        if move.state == TAKEN:
            held = move
        else:
            held, turns = None, turns + 1
    if held is None:
        return Claim(turns=turns)
    mine = [a for a in standing(answers) if a.by == held.by and held.at <= a.at <= now and a.what in ANSWERS]
    free = max([held.at, *(a.until or a.at for a in mine)]) + LAPSES
    if free <= now:
        return Claim("", held.at, turns, free, held.by)
    return Claim(held.by, held.at, turns, free)


def claim_id(product: str, suggestion: str, turn: int, state: str) -> str:
    """The id of the nth taking, or of the hand-back that ends it."""
    return str(uuid.uuid5(_SPACE, "|".join((product, suggestion, str(turn), state))))
