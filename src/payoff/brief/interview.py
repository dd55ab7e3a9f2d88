"""The questions of a first brief as data; `draft` writes their answers down."""

from __future__ import annotations

from dataclasses import dataclass

from payoff.brief.draft import KEYS, draft
from payoff.brief.guess import Guesses
from payoff.texts import Texts

__all__ = ["KEYS", "Question", "draft", "questions"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `default` is what an empty answer means ("" leaves it open), `because` where it is from."""

    key: str
    ask: str
    why: str
    default: str = ""
    because: str = ""


def questions(texts: Texts, *, name: str = "", guesses: Guesses | None = None) -> tuple[Question, ...]:
    """The interview: what to ask, why we ask, and what we would guess from the columns."""
    defaults = {"name": name or "retention", "currency": "USD", "zone": "UTC"}
    reasons: dict[str, str] = {}
    for key in ("unit", "outcome", "role", "industry"):
        found = getattr(guesses, key) if guesses is not None else None
        if found is not None:
            defaults[key], reasons[key] = found.spec, found.because
    return tuple(
        Question(
            key,
            texts.say(f"brief.ask_{key}"),
            texts.say(f"brief.why_{key}"),
            defaults.get(key, ""),
            reasons.get(key, ""),
        )
        for key in KEYS
    )
