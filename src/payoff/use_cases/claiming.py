"""Take a suggestion on, or give it back. Of two who take it at once one is first, in whatever process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from payoff.errors import Conflict, Unknown
from payoff.log.claims import GIVEN_BACK, TAKEN, Claim, Move, claim_id, claim_of
from payoff.log.responses import answer_of
from payoff.records.envelope import Event
from payoff.records.suggestions import NOTHING
from payoff.use_cases.workspace import Workspace

_PATIENCE = 5
"""Tries before giving up; each lost one means that somebody else was quicker meanwhile."""


class Taken(Conflict):
    """Somebody else has it. `by` and `since` say who and since when."""

    def __init__(self, what: str, *, by: str, since: datetime, mend: str) -> None:
        self.by, self.since = by, since
        super().__init__(what, mend=mend)


def claim(ws: Workspace, suggestion: str, by: str, *, at: datetime | None = None) -> Claim:
    """Take it. Taking it twice changes nothing. Raises `Taken`, with who has it, for whoever comes second."""
    said = told(ws, suggestion)
    now = at or ws.clock.now()
    for _ in range(_PATIENCE):
        held = held_by(ws.storage.log.about(suggestion), now)
        if held.by == by:
            return held
        if held.by:
            break
        made = taking(ws, said, held, by, now)
        if ws.storage.log.append(made)[-1] != "conflict":
            return held_by(ws.storage.log.about(suggestion), now)
    raise _taken(ws, held_by(ws.storage.log.about(suggestion), now), now)


def give_back(ws: Workspace, suggestion: str, by: str, *, at: datetime | None = None) -> None:
    """Let go of it; nothing happens if it is free already. Raises `Taken` if somebody else has it."""
    said = told(ws, suggestion)
    now = at or ws.clock.now()
    held = held_by(ws.storage.log.about(suggestion), now)
    if held.by and held.by != by:
        raise _taken(ws, held, now)
    if held.by:
        ws.storage.log.append([_event(ws, said, GIVEN_BACK, held.turns, by, now)])


def held_by(events: Sequence[Event], now: datetime) -> Claim:
    """Who has a suggestion, from everything that names it."""
    moves = [Move(e.seq, e.at, e.actor or "", str(e.body["state"])) for e in events if e.kind == "claim"]
    return claim_of(moves, [answer_of(e) for e in events if e.kind == "response"], now)


def taking(ws: Workspace, said: Event, held: Claim, by: str, now: datetime) -> list[Event]:
    """The events that take a free one; the last of them is the taking itself, whose answer says who was first."""
    if not held.lapsed or held.free_at is None:
        return [_event(ws, said, TAKEN, held.turns, by, now)]
    # Whoever finds it lapsed writes the same hand-back, to the letter; it counts once.
    lapse = _event(ws, said, GIVEN_BACK, held.turns, "payoff", held.free_at)
    return [lapse, _event(ws, said, TAKEN, held.turns + 1, by, now)]


def giving(ws: Workspace, said: Event, held: Claim, by: str, now: datetime) -> Event:
    """The event that gives back what somebody holds."""
    return _event(ws, said, GIVEN_BACK, held.turns, by, now)


def told(ws: Workspace, suggestion: str) -> Event:
    """A suggestion somebody was told. Raises `Unknown` for one that never was, or that nobody may hear of."""
    said = ws.storage.log.find(suggestion)
    heard = (
        said is not None
        and said.kind == "suggestion"
        and said.body["mode"] == "answer"
        and said.body["arm"] != "holdout"
        and said.body["action"] != NOTHING
    )
    if said is None or not heard:
        raise Unknown(f"no suggestion {suggestion!r}", mend="Use the id that `suggest` returned.")
    return said


def _event(ws: Workspace, said: Event, state: str, turn: int, by: str, at: datetime) -> Event:
    id = claim_id(ws.name, said.id, turn, state)
    return ws.event("claim", {"suggestion": said.id, "state": state}, at=at, unit=said.unit, actor=by, id=id)


def _taken(ws: Workspace, held: Claim, now: datetime) -> Taken:
    since = held.at or now
    name = ws.brief.people[held.by].name if held.by in ws.brief.people else held.by
    key = "desk.taken_today" if ws.texts.day(since) == ws.texts.day(now) else "desk.taken_on"
    what = ws.texts.say(key, name=name, time=ws.texts.clock(since), day=ws.texts.near_day(since))
    return Taken(what, by=held.by, since=since, mend=ws.texts.say("desk.taken_mend"))
