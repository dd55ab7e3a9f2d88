"""The weekly turn: re-read the sources, learn, judge, and take back what does harm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payoff.records.releases import SERVED, served_alone
from payoff.records.suggestions import NOTHING
from payoff.releases import lifecycle
from payoff.use_cases import delivery, importing, judging_history, learn, releases, score, suggest
from payoff.use_cases.delivery import Delivered
from payoff.use_cases.importing import Imported
from payoff.use_cases.learn import LearnReport
from payoff.use_cases.score import Card
from payoff.use_cases.workspace import Workspace

AUTOMATIC = "payoff"
"""Who rolls back when a guardrail breaks and nobody is asked."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one weekly turn did: `rolled_back` is the release it took back ("" for none), `suggested` how many new
    suggestions it put on the desk. `collected` came back from the channels and `delivered` went out to them;
    `None` where the product has none."""

    imported: tuple[Imported, ...]
    learned: LearnReport
    cards: tuple[Card, ...]
    rolled_back: str = ""
    suggested: int = 0
    collected: Delivered | None = None
    delivered: Delivered | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "imported": [i.as_dict() for i in self.imported],
            "learned": self.learned.as_dict(),
            "verdicts": {c.card.release: c.verdict.as_dict() for c in self.cards},
            "rolled_back": self.rolled_back,
            "suggested": self.suggested,
            "collected": self.collected.as_dict() if self.collected else None,
            "delivered": self.delivered.as_dict() if self.delivered else None,
        }


def turn(ws: Workspace, now: datetime | None = None, *, decide: bool = True) -> Turn:
    """Everything a week needs, in order: sources, judgement, learning, new suggestions for whoever has none open.

    What is on trial is judged by its trial, the champion by what it did since it serves; a verdict "roll back" is
    carried out at once, before the next suggestion, unless another release may have done the harm: then a person
    decides. Every card is kept, and beside them that of being in care at all, which takes nothing back.
    `decide=False` leaves the suggesting to the caller.
    """
    moment = now or ws.clock.now()
    imported = importing.read_sources(ws)
    reached = bool(ws.channels.ready or ws.channels.faults)
    collected = delivery.collect(ws, ws.channels, moment) if reached else None  # before anything is judged by it
    releases_now = ws.releases()
    on_trial, champion = lifecycle.on_trial(releases_now), lifecycle.champion(releases_now)
    cards = [score.judged(ws, on_trial.id, moment)] if on_trial else []
    if champion:
        cards.append(score.judged(ws, champion.id, moment, trial=SERVED))
    care = score.stream(ws, moment)
    taken_back = ""
    for card in cards:
        own = card.card.trial != SERVED or (champion is not None and served_alone(champion, releases_now))
        if card.verdict.word == "roll back" and own and not taken_back:
            why = ws.texts.say("cycle.rolled_back", because=card.verdict.because)
            releases.take_back(ws, card, by=AUTOMATIC, why=why)
            taken_back = card.card.release
    judging_history.remember(ws, [*cards, care] if care else cards)
    learned = learn.learn(ws, moment, score=False)
    serving = lifecycle.champion(ws.releases()) or lifecycle.on_trial(ws.releases())
    made = suggest.decide(ws, None, moment) if decide and serving else []
    told = sum(s.action != NOTHING for s in made)
    delivered = delivery.send(ws, ws.channels, now=moment) if reached and decide else None
    return Turn(tuple(imported), learned, tuple(cards), taken_back, told, collected, delivered)
