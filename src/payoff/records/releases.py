"""What a release is to everybody: its recipe, its stage, its past. How it may move is in `releases`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Stage = Literal["draft", "shadow", "named", "canary", "ramp", "full", "retired", "rolled back"]
STAGES: tuple[Stage, ...] = ("draft", "shadow", "named", "canary", "ramp", "full", "retired", "rolled back")
STREAM = "stream"
"""The trial that is always on: being in Payoff's care against the holdout, whatever release serves."""
SERVED = "served"
"""One release against the holdout, while it serves everybody: what keeps it there or takes it back."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a release: to which stage, when, by whom, why, on which scorecard (artefact key)."""

    stage: Stage
    share: float
    at: datetime
    by: str
    why: str
    card: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A recipe on its way to people.

    `recipe` is plain data: `{"policy": name, ...parameters}`. `artefact` is the key of what the newest refresh
    learned ("" before the first). `against` is the release that was champion when this one's trial began; ""
    means the holdout alone. `unproven` stays for good when a person shipped without proof.
    """

    id: str
    title: str
    stage: Stage
    share: float
    recipe: Mapping[str, Any]
    moves: tuple[Move, ...]
    artefact: str = ""
    against: str = ""
    named: frozenset[str] = field(default_factory=frozenset)
    unproven: bool = False

    @property
    def moved_at(self) -> datetime:
        return self.moves[-1].at

    @property
    def on_trial(self) -> bool:
        """Serving a share of the admitted units beside the champion."""
        return self.stage in ("canary", "ramp")

    def began(self, *stages: Stage) -> datetime | None:
        """When it first reached one of the stages; `None` if it never did."""
        return next((move.at for move in self.moves if move.stage in stages), None)

    @property
    def ending(self) -> Move | None:
        """The move that ended its trial, one way or the other; `None` while it lasts, and for one never on
        trial.

        One that had nobody to win against goes on being tried against the holdout once it serves everybody.
        """
        began = self.began("canary", "ramp") if self.against or not self.began("full") else None
        over = ("full", "retired", "rolled back")
        return next((m for m in self.moves if began and m.stage in over and m.at >= began), None)

    @property
    def ended(self) -> datetime | None:
        """When its trial ended."""
        return self.ending.at if self.ending else None

    @property
    def trial(self) -> str:
        """The trial it is judged by unless another is asked for; "" before it met anybody."""
        if self.ending:
            return self.id
        if self.began("full"):
            return SERVED
        return self.id if self.began("canary", "ramp") else ""

    def term(self) -> tuple[datetime, datetime | None] | None:
        """The last time it served everybody: since when, and until when (`None` while it lasts).

        One that comes back because its successor was taken back begins a new term.
        """
        return self._last("full")

    def tried(self) -> tuple[datetime, datetime | None] | None:
        """The last time it served a share of the units: since when, and until when (`None` while it lasts)."""
        return self._last("canary", "ramp")

    def _last(self, *stages: Stage) -> tuple[datetime, datetime | None] | None:
        since: datetime | None = None
        until: datetime | None = None
        for move in self.moves:
            if move.stage in stages and (since is None or until is not None):
                since, until = move.at, None
            elif move.stage not in stages and since is not None and until is None:
                until = move.at
        return (since, until) if since is not None else None


def served_alone(release: Release, releases: Sequence[Release]) -> bool:
    """Whether what its term shows can only be its own doing: nothing was tried beside it, and it does not serve
    again because another was taken back, whose doing still comes in."""
    since, until = release.term() or (None, None)
    if since is None:
        return False
    for other in releases:
        tried, over = other.tried() or (None, None)
        if other.id == release.id or tried is None:
            continue
        beside = (until is None or tried < until) and (over is None or over > since)
        if beside or (other.stage == "rolled back" and other.moved_at == since):
            return False
    return True
