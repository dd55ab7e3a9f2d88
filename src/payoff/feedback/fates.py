"""One final answer an item: whoever gives it first, a person or the weekly turn, has given it."""

from __future__ import annotations

import uuid

_SPACE = uuid.UUID("5d0c1c3e-0b43-5d5b-8a3e-3f0a4a0f7d11")


def final_id(feedback: str) -> str:
    """The id of an item's final fate: two who answer at once meet in it, and the log keeps the first."""
    return str(uuid.uuid5(_SPACE, feedback))


def note_id(feedback: str) -> str:
    """The id of the note an item's words are copied to: it is found, and forgotten, with the item."""
    return str(uuid.uuid5(_SPACE, f"note {feedback}"))
