"""Scorecards as they stood: kept at every weekly turn, every decision and every share, and read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from payoff.brief.editing import BRIEF
from payoff.errors import Unknown
from payoff.gates.standing import Standing
from payoff.records.envelope import Event
from payoff.records.releases import STREAM, Release
from payoff.releases import lifecycle
from payoff.scorecard.kept import read_card, read_verdict
from payoff.use_cases.score import Card, keep
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Judgement:
    """One scorecard as it stood `at` a moment. `card` is the key of the whole one, `seq` its place in the log."""

    seq: int
    release: str
    trial: str
    word: str
    because: str
    card: str
    at: datetime
    rows: tuple[Standing, ...]


def kept(ws: Workspace, card: Card) -> tuple[str, list[Event]]:
    """Keep a card; its key, and the event that says so (none where the very same card is kept already)."""
    key = keep(ws, card)
    if key in ws.tables.arrow("judgement")["card"].to_pylist():
        return key, []
    body = {
        "release": card.card.release,
        "trial": card.card.trial,
        "word": card.verdict.word,
        "because": card.verdict.because,
        "card": key,
        "rows": [row.as_dict() for row in card.standings],
    }
    return key, [ws.event("judgement", body, at=card.card.made_at, actor="payoff")]


def remember(ws: Workspace, cards: Sequence[Card]) -> None:
    """Keep the cards of one turn."""
    if events := [event for card in cards for event in kept(ws, card)[1]]:
        ws.storage.log.append(events)


def judgements(ws: Workspace, release: str, trial: str) -> list[Judgement]:
    """How a release was judged in one trial, oldest first."""
    return [
        Judgement(
            seq=row["seq"],
            release=row["release"],
            trial=row["trial"],
            word=row["word"],
            because=row["because"] or "",
            card=row["card"] or "",
            at=row["at"],
            rows=tuple(Standing.read(one) for one in json.loads(row["rows"] or "[]")),
        )
        for row in ws.tables.arrow("judgement").to_pylist()
        if (row["release"], row["trial"]) == (release, trial)
    ]


def newest(ws: Workspace, id: str, *, trial: str | None = None) -> Judgement | None:
    """The last that was kept of what `score.judged` says of a release; `None` before the first."""
    asked = trial_of(lifecycle.find(ws.releases(), id)) if trial is None else trial
    found = judgements(ws, id, asked) if asked else []
    return max(found, key=lambda j: (j.at, j.seq), default=None)


def trial_of(release: Release) -> str:
    """The trial a release is judged by unless another is asked for; "" before it met anybody."""
    if release.stage == "full" and release.against:
        return release.id
    if release.stage in ("full", "retired") and release.began("full"):
        return STREAM
    return release.id if release.began("canary", "ramp") else ""


def brief_changes(ws: Workspace, since: datetime) -> list[tuple[datetime, str]]:
    """When the brief was changed after a moment, and by whom: a goal moved during a trial is another trial."""
    versions = ws.storage.documents.history(BRIEF)
    return [(v.at, v.by) for v in reversed(versions) if v.at > since and v.number > 1]


def read(ws: Workspace, release: str, key: str) -> Card:
    """A card of a release as it stood when it was kept. Raises `Unknown` for any other key."""
    known = {row["card"] for row in ws.tables.arrow("judgement").to_pylist() if row["release"] == release}
    known |= {row["card"] for row in ws.tables.arrow("decision").to_pylist() if row["release"] == release}
    if key not in known:
        raise Unknown("no figures were kept under this name", where=f"release {release}", mend="Open the board.")
    data = json.loads(ws.storage.artefacts.get(key).payload)
    found = next((j for j in judgements(ws, release, data["trial"]) if j.card == key), None)
    return Card(read_card(data), read_verdict(data["verdict"]), found.rows if found else ())
