"""Scorecards as they stood: kept at every weekly turn, every decision and every share, and read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce

import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief.changes import weighs
from payoff.brief.editing import BRIEF
from payoff.brief.read import read_brief
from payoff.errors import PayoffError, Unknown
from payoff.gates.standing import Standing
from payoff.records.envelope import Event
from payoff.records.releases import SERVED, STREAM
from payoff.releases import lifecycle
from payoff.scorecard.kept import read_card, read_verdict
from payoff.use_cases import score
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
    if _of(ws, "judgement", card=key).num_rows:
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
    """How a release was judged in one trial, oldest first; the stream's are those of all that ever served."""
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
        for row in _of(ws, "judgement", trial=trial).to_pylist()
        if trial == STREAM or row["release"] == release
    ]


def _of(ws: Workspace, kind: str, **equal: str) -> pa.Table:
    rows = ws.tables.arrow(kind)
    return rows.filter(reduce(pc.and_, [pc.equal(rows[name], value) for name, value in equal.items()]))


def newest(ws: Workspace, id: str, *, trial: str | None = None) -> Judgement | None:
    """The last that was kept of what `standing` says of a release; `None` before the first."""
    release = lifecycle.find(ws.releases(), id)
    asked = release.trial if trial is None else trial
    found = judgements(ws, id, asked) if asked else []
    if asked == SERVED and (term := release.term()):
        found = [j for j in found if j.at > term[0]]
    return max(found, key=lambda j: (j.at, j.seq), default=None)


def decided(ws: Workspace, id: str) -> Judgement | None:
    """The judgement a finished trial was decided on; `None` while it runs, and where none was kept."""
    ending = lifecycle.find(ws.releases(), id).ending
    if ending is None or not ending.card:
        return None
    return next((j for j in judgements(ws, id, id) if j.card == ending.card), None)


def standing(ws: Workspace, id: str, now: datetime | None = None, *, trial: str | None = None) -> Card:
    """What is known of a release: a finished trial stands as it was decided, anything else is judged now.

    News that came late (an outcome of before, an answer of that very morning) must not change what was decided on.
    """
    asked = lifecycle.find(ws.releases(), id).trial if trial is None else trial
    rested = decided(ws, id) if asked == id else None
    if rested is not None and (now is None or now >= rested.at):
        return read(ws, id, rested.card)
    return score.judged(ws, id, now, trial=trial)


def brief_changes(ws: Workspace, since: datetime) -> list[tuple[datetime, str]]:
    """When what is judged was changed after a moment, and by whom: a goal moved during a trial is another trial.

    New words, people or channels change nothing of it, and are passed over.
    """
    versions = ws.storage.documents.history(BRIEF)
    load = ws.storage.documents.load
    return [
        (v.at, v.by)
        for v in reversed(versions)
        if v.at > since and v.number > 1 and _weighs(load(BRIEF, v.number - 1), load(BRIEF, v.number))
    ]


@lru_cache(maxsize=256)  # versions never change, and reading one takes longer than a page may
def _weighs(old: str | None, new: str | None) -> bool:
    try:
        return old is None or new is None or weighs(read_brief(old), read_brief(new))
    except PayoffError:
        return True  # one of them cannot be read any more: say rather too much


def read(ws: Workspace, release: str, key: str) -> Card:
    """A card of a release as it stood when it was kept. Raises `Unknown` for any other key."""
    if not any(_of(ws, kind, release=release, card=key).num_rows for kind in ("judgement", "decision")):
        raise Unknown("no figures were kept under this name", where=f"release {release}", mend="Open the board.")
    data = json.loads(ws.storage.artefacts.get(key).payload)
    found = next((j for j in judgements(ws, release, data["trial"]) if j.card == key), None)
    return Card(read_card(data), read_verdict(data["verdict"]), found.rows if found else ())
