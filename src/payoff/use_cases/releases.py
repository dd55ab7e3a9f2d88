"""The verbs of a release: create, start, move, promote, hold, roll back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from payoff.errors import BadInput, Fault, Refused, Unknown
from payoff.records.judgement import Verdict
from payoff.records.releases import STREAM, Release, Stage
from payoff.releases import lifecycle
from payoff.use_cases.score import Card, judged, keep
from payoff.use_cases.workspace import Workspace

LABEL_FREE = ("rules", "nothing")
"""Policies that serve before there is anything to learn from."""
CHOICES = ("promote", "hold", "roll back", "ship unproven", "extend", "stop")


def create(ws: Workspace, id: str, title: str, recipe: Mapping[str, Any], *, by: str, why: str) -> Release:
    """A draft. The recipe must name a policy we have, and every metric the gate will read must have its source.

    Only the very first release may do without, if it needs no labels (`rules`, `nothing`): nothing is claimed
    of it, and its scorecard names what is missing.
    """
    if any(release.id == id for release in ws.releases()):
        raise Refused(f"there is a release {id} already", mend="Choose another id.")
    name = str(recipe.get("policy", ""))
    if name not in ws.plugins.policies:
        raise Unknown.among("policy", name, ws.plugins.policies)
    if ws.releases() or name not in LABEL_FREE:
        refuse_blind(ws)
    body = {"release": id, "stage": "draft", "share": 0.0, "why": why, "title": title, "recipe": dict(recipe)}
    ws.storage.log.append([ws.event("release", body, at=ws.clock.now(), actor=by)])
    return lifecycle.find(ws.releases(), id)


def refuse_blind(ws: Workspace) -> None:
    """Refuse a release that would be judged by a metric nobody feeds: such a gate could never decide."""
    faults = [
        Fault(
            f"metric {m.name}",
            f"it is a {m.purpose}, and its source {m.missing_source!r} does not exist",
            f'Add [sources.{m.missing_source}], or set the outcome\'s source to "api" and send it.',
        )
        for m in ws.declarations.metrics
        if m.purpose != "watch" and m.missing_source
    ]
    if faults:
        raise BadInput("this release could not be judged", faults)


def move(
    ws: Workspace,
    id: str,
    stage: Stage,
    *,
    by: str,
    why: str,
    share: float | None = None,
    named: Collection[str] | None = None,
    card: str = "",
) -> Release:
    """Move a release, if that is legal. `named` sets the units chosen by hand."""
    releases = ws.releases()
    release = lifecycle.find(releases, id)
    target = share if share is not None else _planned_share(ws, stage)
    if (
        stage not in ("retired", "rolled back")
        and ws.brief.product.people_at_stake
        and stage in ("canary", "ramp")
    ):
        raise Refused(
            "people's applications, health or liberty are not randomised",
            where=f"release {id}",
            mend="Go from shadow to named to full, with a person deciding each time.",
        )
    lifecycle.allow(release, stage, target, releases)
    moves = [(release, stage, target, named)]
    champion = lifecycle.champion(releases)
    if stage == "full" and champion and champion.id != id:
        moves.insert(0, (champion, "retired", 0.0, None))
    if stage == "rolled back" and release.stage == "full" and release.against:
        moves.append((lifecycle.find(releases, release.against), "full", 1.0, None))
    ws.storage.log.append(
        [
            ws.event(
                "release",
                {
                    "release": r.id,
                    "stage": to,
                    "share": float(s),
                    "why": why,
                    "from_stage": r.stage,
                    "card": card or None,
                    "named": sorted(n) if n is not None else None,
                },
                at=ws.clock.now(),
                actor=by,
            )
            for r, to, s, n in moves
        ]
    )
    return lifecycle.find(ws.releases(), id)


def start(ws: Workspace, id: str, *, by: str, why: str, named: Collection[str] | None = None) -> Release:
    """To the plan's next step. The step to everybody is `promote`, which takes a verdict."""
    release = lifecycle.find(ws.releases(), id)
    step = lifecycle.next_step(release, ws.brief.release.steps)
    first = lifecycle.champion(ws.releases()) is None and release.stage == "draft" and not release.moves[1:]
    if step is None:
        raise Refused(
            f"it is at {release.stage}, the end of its way", where=f"release {id}", mend="Nothing to do."
        )
    if step.stage == "full" and not first:
        raise Refused(
            "the next step is everybody", where=f"release {id}", mend=f"payoff release promote {id} --why …"
        )
    if step.stage == "named" and not (named or release.named):
        step = next((s for s in ws.brief.release.steps if s.stage not in ("shadow", "named")), step)
    return move(ws, id, step.stage, by=by, why=why, share=step.share, named=named)


def promote(ws: Workspace, id: str, *, by: str, why: str, unproven: bool = False) -> tuple[Release, Verdict]:
    """Make it the champion. Without a promoting verdict only `unproven=True` does, and it stays labelled so."""
    release = lifecycle.find(ws.releases(), id)
    if not why.strip():
        raise BadInput("decision", [Fault("why", "no reason", "Say why in a sentence: it is kept for good.")])
    first = lifecycle.champion(ws.releases()) is None
    card = judged(ws, id)
    if card.verdict.word != "promote" and not unproven and not first:
        raise Refused(
            f"the verdict is “{card.verdict.word}”: {card.verdict.because}",
            where=f"release {id}",
            mend="Wait, roll back, or ship it unproven by name: it then stays labelled unproven.",
        )
    key = keep(ws, card)
    chosen = "promote" if card.verdict.word == "promote" or first else "ship unproven"
    decide(ws, card, chosen, by=by, why=why, key=key)
    return move(ws, release.id, "full", by=by, why=why, share=1.0, card=key), card.verdict


def rollback(ws: Workspace, id: str, *, by: str, why: str) -> tuple[Release, Verdict]:
    """Take it back, now. The next request is served by the release before."""
    card = _today(ws, id)
    key = keep(ws, card)
    decide(ws, card, "roll back", by=by, why=why, key=key)
    return move(ws, id, "rolled back", by=by, why=why, share=0.0, card=key), card.verdict


def hold(ws: Workspace, id: str, *, by: str, why: str) -> Verdict:
    """Leave it where it is, on the record."""
    card = _today(ws, id)
    decide(ws, card, "hold", by=by, why=why, key=keep(ws, card))
    return card.verdict


def decide(ws: Workspace, card: Card, chosen: str, *, by: str, why: str, key: str) -> None:
    """Record a decision with the figures it rested on."""
    if chosen not in CHOICES:
        raise Unknown.among("choice", chosen, CHOICES)
    body = {
        "release": card.card.release,
        "chosen": chosen,
        "word": card.verdict.word,
        "rule": card.verdict.rule,
        "why": why,
        "card": key,
    }
    ws.storage.log.append([ws.event("decision", body, at=ws.clock.now(), actor=by)])


def _today(ws: Workspace, id: str) -> Card:
    """The card a decision of today rests on: a champion's is the stream, not the trial it once won."""
    release = lifecycle.find(ws.releases(), id)
    return judged(ws, id, trial=STREAM if release.stage == "full" else None)


def kept_card(ws: Workspace, key: str) -> dict[str, Any]:
    """A scorecard as it stood when somebody decided on it."""
    kept: dict[str, Any] = json.loads(ws.storage.artefacts.get(key).payload)
    return kept


def _planned_share(ws: Workspace, stage: Stage) -> float:
    return max(
        (s.share for s in ws.brief.release.steps if s.stage == stage), default=1.0 if stage == "full" else 0.0
    )
