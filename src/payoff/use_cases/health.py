"""Is anything going wrong: what every monitor says of the log as it stands."""

from __future__ import annotations

from datetime import datetime

from payoff.monitors.catalogue import watched
from payoff.monitors.look import Look
from payoff.records.findings import Change, Health
from payoff.use_cases import views
from payoff.use_cases.workspace import Workspace

NOTICED = ("canary", "ramp", "full", "rolled back")
"""Moves people notice: from these stages on, or no longer, a release answers them."""


def health(ws: Workspace, now: datetime | None = None) -> Health:
    """All findings, worst first. It reads the whole log; a page keeps what it said and asks again now and then."""
    moment = now or ws.clock.now()
    look = Look(ws.tables, ws.brief, ws.texts, ws.releases(), moment, actions=ws.actions())
    try:
        return Health(watched(look), _changes(ws, moment), views.as_of(ws), moment)
    finally:
        look.close()


def _changes(ws: Workspace, until: datetime) -> tuple[Change, ...]:
    found = []
    for release in ws.releases():
        for move in release.moves:
            if move.stage in NOTICED and move.at <= until:
                key = f"monitors.moved_{move.stage.replace(' ', '_')}"
                share = ws.texts.share(move.share)
                found.append(Change(move.at, ws.texts.say(key, title=release.title, share=share)))
    return tuple(sorted(found, key=lambda change: change.at))
