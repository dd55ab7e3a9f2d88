"""A release's way: draft → shadow → named → canary → ramp → full → retired, and back at any moment.

The state is folded from the log; nothing else remembers it, so every process sees the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from payoff.brief.schema import Step
from payoff.errors import Refused, Unknown
from payoff.log.tables import LogTables
from payoff.records.releases import STAGES, Move, Release, Stage

_FORWARD: tuple[Stage, ...] = ("draft", "shadow", "named", "canary", "ramp", "full")


def fold(tables: LogTables) -> tuple[Release, ...]:
    """All releases as they stand, oldest first."""
    releases: dict[str, Release] = {}
    for row in tables.arrow("release").to_pylist():
        move = Move(
            stage=row["stage"],
            share=row["share"] or 0.0,
            at=row["at"],
            by=row["actor"] or "",
            why=row["why"] or "",
            card=row["card"] or "",
        )
        known = releases.get(row["release"])
        if known is None:
            releases[row["release"]] = Release(
                id=row["release"],
                title=row["title"] or row["release"],
                stage=move.stage,
                share=move.share,
                recipe=json.loads(row["recipe"] or "{}"),
                moves=(move,),
            )
            continue
        named = known.named if row["named"] is None else frozenset(json.loads(row["named"]))
        against = known.against
        if move.stage in ("canary", "ramp") and not known.on_trial:
            incumbent = champion(tuple(releases.values()))
            against = incumbent.id if incumbent else ""
        releases[known.id] = replace(
            known, stage=move.stage, share=move.share, moves=(*known.moves, move), named=named, against=against
        )
    for row in tables.arrow("learned").to_pylist():
        if row["release"] in releases:
            releases[row["release"]] = replace(releases[row["release"]], artefact=row["artefact"])
    for row in tables.arrow("decision").to_pylist():
        if row["chosen"] == "ship unproven" and row["release"] in releases:
            releases[row["release"]] = replace(releases[row["release"]], unproven=True)
    return tuple(releases.values())


def champion(releases: Sequence[Release]) -> Release | None:
    """The release that serves everybody; `None` before the first one."""
    return next((release for release in releases if release.stage == "full"), None)


def base(release: Release, releases: Sequence[Release]) -> Release | None:
    """What a release is read against: the one it was tried against, else the one that served when it was made."""
    if release.against:
        return next((r for r in releases if r.id == release.against), None)
    made = release.moves[0].at
    for other in releases:
        past = [move for move in other.moves if move.at <= made]
        if other.id != release.id and past and past[-1].stage == "full":
            return other
    return None


def predecessor(release: Release, releases: Sequence[Release]) -> Release | None:
    """Whom it took over from, and who serves again when it is taken back; `None` where nobody can.

    A release that was itself taken back meanwhile stays so, whatever this one was once compared with.
    """
    term = release.term()
    if term is None:
        return None
    earlier = [r for r in releases if r.stage == "retired" and r.id != release.id and r.moved_at <= term[0]]
    return max(earlier, key=lambda r: r.moved_at, default=None)


def is_first(releases: Sequence[Release]) -> bool:
    """Whether no release has ever served everybody: the next one may, for there is nothing to compare it with."""
    return all(release.began("full") is None for release in releases)


def on_trial(releases: Sequence[Release]) -> Release | None:
    """The one release in canary or ramp. Trials are mutually exclusive."""
    return next((release for release in releases if release.on_trial), None)


def named_trial(releases: Sequence[Release]) -> Release | None:
    """The newest release that serves named units: before its canary, and on through its trial."""
    serving = [r for r in releases if r.named and r.stage in ("named", "canary", "ramp")]
    return serving[-1] if serving else None


def shadows(releases: Sequence[Release]) -> tuple[Release, ...]:
    """Releases that are scored and logged, and answer nobody."""
    return tuple(release for release in releases if release.stage == "shadow")


def find(releases: Sequence[Release], id: str) -> Release:
    """One release by its id."""
    for release in releases:
        if release.id == id:
            return release
    raise Unknown.among("release", id, [release.id for release in releases])


def step_of(release: Release, steps: Sequence[Step]) -> Step | None:
    """The plan's step the release is at, in a ramp the one of its share; `None` where the plan has none."""
    for step in steps:
        if step.stage == release.stage and (step.stage != "ramp" or abs(step.share - release.share) < 1e-9):
            return step
    return None


def next_step(release: Release, steps: Sequence[Step]) -> Step | None:
    """The plan's step after the one the release is at; `None` at its end."""
    if release.stage in ("full", "retired", "rolled back"):
        return None
    present = step_of(release, steps)
    if present is not None and present is not steps[-1]:
        return steps[list(steps).index(present) + 1]
    return next((s for s in steps if _rank(s.stage) > _rank(release.stage)), None)


def least_until(release: Release, steps: Sequence[Step]) -> datetime:
    """When the least time at its present step is over."""
    present = step_of(release, steps)
    return release.moved_at + timedelta(days=present.days if present else 0)


def allow(
    release: Release, to: Stage, share: float, releases: Sequence[Release], *, people_at_stake: bool = False
) -> None:
    """Raise `Refused` for a move that is not legal, saying which ones are.

    Where people's applications, health or liberty are at stake nobody is randomised: a release goes from named
    units to everybody, with a person deciding.
    """
    where = f"release {release.id}"
    if people_at_stake and to in ("canary", "ramp"):
        raise Refused(
            "people's applications, health or liberty are not randomised",
            where=where,
            mend="Go from shadow to named to full, with a person deciding each time.",
        )
    if release.stage == "rolled back" or (release.stage == "retired" and to != "full"):
        raise Refused(f"it is {release.stage}", where=where, mend="Create a new release from its recipe.")
    if to in ("rolled back", "retired"):
        if release.stage == "draft":
            raise Refused("it serves nobody yet", where=where, mend="Leave the draft, or start it.")
        return
    if to not in STAGES:
        raise Unknown.among("stage", to, STAGES)
    forward = _rank(to) > _rank(release.stage) or (to == release.stage == "ramp" and share > release.share)
    if not forward and release.stage not in ("retired", "rolled back"):
        raise Refused(
            f"it is at {release.stage} and cannot go back to {to}",
            where=where,
            mend="A trial that shrinks is no longer one trial: roll back, or start a new release.",
        )
    other = on_trial(releases)
    if to in ("canary", "ramp") and other and other.id != release.id:
        raise Refused(
            f"{other.id} is on trial", where=where, mend="One trial at a time: finish or roll back that one first."
        )
    tried = release.on_trial or (people_at_stake and release.stage == "named")
    if to == "full" and not tried and not is_first(releases) and release.stage != "retired":
        raise Refused(
            "it has not been on trial",
            where=where,
            mend="Only the first release may serve everybody at once; start this one as a canary.",
        )


def _rank(stage: Stage) -> int:
    return _FORWARD.index(stage) if stage in _FORWARD else len(_FORWARD)
