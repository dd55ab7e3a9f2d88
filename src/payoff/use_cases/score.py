"""Scorecards and verdicts of a release, and of an experiment run elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payoff.gates.judge import judge
from payoff.gates.standing import Standing, decided, standings
from payoff.log.tables import LogTables
from payoff.records.judgement import Row, Verdict
from payoff.records.releases import STREAM
from payoff.releases import lifecycle
from payoff.scorecard.build import build, build_trial_rows
from payoff.scorecard.card import Scorecard
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard with its verdict, and where each judged figure stands against the line its rule draws."""

    card: Scorecard
    verdict: Verdict
    standings: tuple[Standing, ...] = ()

    def plot(self) -> Any:
        """The card as an Altair chart: every metric's interval against its margin."""
        return self.card.plot()

    def as_dict(self) -> dict[str, Any]:
        return {**self.card.as_dict(), "verdict": self.verdict.as_dict()}


def judged(ws: Workspace, id: str, now: datetime | None = None, *, trial: str | None = None) -> Card:
    """The scorecard of a release and what the gate says.

    `trial="stream"`: of being in Payoff's care at all, whatever served; `"served"`: of the release alone, while it
    serves everybody. One that came through a trial is judged by that trial unless another is asked for.
    """
    releases = ws.releases()
    release = lifecycle.find(releases, id)
    card = build(
        whole(ws),
        ws.declarations,
        release,
        releases,
        now or ws.clock.now(),
        trial=trial,
        catalogue=ws.plugins.metrics,
    )
    card = decided(card, ws.declarations)
    return Card(card, judge(card, ws.declarations), standings(card, ws.declarations))


def late(ws: Workspace, id: str) -> tuple[Row, ...]:
    """What has become known of a finished trial's units since it was decided; none while it runs.

    By then everybody is served by one release, so that a difference fades: to read, never to decide on.
    """
    releases = ws.releases()
    release = lifecycle.find(releases, id)
    if not release.ended:
        return ()
    card = build(
        whole(ws),
        ws.declarations,
        release,
        releases,
        ws.clock.now(),
        trial=id,
        late=True,
        catalogue=ws.plugins.metrics,
    )
    return card.rows


def whole(ws: Workspace) -> LogTables:
    """The log for whoever reads all of it.

    The first look at a long log takes its time and holds its tables' lock: with tables of their own, judging and
    pages do not wait for one another. A process that only serves pages holds no whole kind twice.
    """
    return ws.tables.kept("whole", lambda: LogTables(ws.tables.log))


def stream(ws: Workspace, now: datetime | None = None) -> Card | None:
    """What being in Payoff's care has changed, against the holdout; `None` before the first champion."""
    champion = lifecycle.champion(ws.releases())
    return judged(ws, champion.id, now, trial=STREAM) if champion else None


def experiment(ws: Workspace, trial: str, control: str, now: datetime | None = None) -> Card:
    """The scorecard of an imported experiment: every action against the control."""
    card = build_trial_rows(ws.tables, ws.declarations, trial, control, now or ws.clock.now())
    return Card(card, judge(card, ws.declarations))


def trials(ws: Workspace) -> dict[str, str]:
    """Imported experiments by name, each with its control action."""
    rows = ws.tables.arrow("trial.row").select(["trial", "control"])
    groups = rows.group_by("trial").aggregate([("control", "max")]).to_pylist()
    return {group["trial"]: group["control_max"] for group in groups}


def keep(ws: Workspace, card: Card) -> str:
    """Keep a scorecard byte for byte; returns its key."""
    payload = json.dumps(card.as_dict(), sort_keys=True, separators=(",", ":")).encode()
    about = {"release": card.card.release, "made_at": card.card.made_at.isoformat()}
    return ws.storage.artefacts.put("scorecard", payload, about)
