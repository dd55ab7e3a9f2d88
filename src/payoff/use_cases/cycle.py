"""The weekly turn: re-read the sources, learn, judge, and take back what does harm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payoff.records.releases import STREAM
from payoff.releases import lifecycle
from payoff.use_cases import importing, learn, releases, score
from payoff.use_cases.importing import Imported
from payoff.use_cases.learn import LearnReport
from payoff.use_cases.score import Card
from payoff.use_cases.workspace import Workspace

AUTOMATIC = "payoff"
"""Who rolls back when a guardrail breaks and nobody is asked."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one weekly turn did. `rolled_back` is the id of the release it took back, "" for none."""

    imported: tuple[Imported, ...]
    learned: LearnReport
    cards: tuple[Card, ...]
    rolled_back: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "imported": [i.as_dict() for i in self.imported],
            "learned": self.learned.as_dict(),
            "verdicts": {c.card.release: c.verdict.as_dict() for c in self.cards},
            "rolled_back": self.rolled_back,
        }


def turn(ws: Workspace, now: datetime | None = None) -> Turn:
    """Everything a week needs, in order. Judging comes before learning's next refresh can serve anybody."""
    moment = now or ws.clock.now()
    imported = importing.read_sources(ws)
    cards = []
    taken_back = ""
    on_trial = lifecycle.on_trial(ws.releases())
    if on_trial:
        card = score.judged(ws, on_trial.id, moment)
        cards.append(card)
        if card.verdict.word == "roll back":
            key = score.keep(ws, card)
            why = ws.texts.say("cycle.rolled_back", because=card.verdict.because)
            releases.decide(ws, card, "roll back", by=AUTOMATIC, why=why, key=key)
            releases.move(ws, on_trial.id, "rolled back", by=AUTOMATIC, why=why, share=0.0, card=key)
            taken_back = on_trial.id
    champion = lifecycle.champion(ws.releases())
    if champion and not cards:  # beside a trial the champion already stands on its card
        cards.append(score.judged(ws, champion.id, moment, trial=STREAM))
    return Turn(tuple(imported), learn.learn(ws, moment, score=False), tuple(cards), taken_back)
