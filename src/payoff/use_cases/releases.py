"""The verbs of a release: create, start, move, promote, hold, roll back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from payoff.errors import BadInput, Fault, Refused, Unknown
from payoff.records.envelope import Event
from payoff.records.judgement import Verdict
from payoff.records.releases import SERVED, Release, Stage
from payoff.releases import lifecycle
from payoff.use_cases.importing import newest_facts
from payoff.use_cases.judging_history import kept
from payoff.use_cases.learn import prepare
from payoff.use_cases.score import Card, judged
from payoff.use_cases.workspace import Workspace

LABEL_FREE = ("rules", "nothing")
"""Policies that serve before there is anything to learn from."""

LONGEST_TITLE = 120


def create(ws: Workspace, id: str, title: str, recipe: Mapping[str, Any], *, by: str, why: str) -> Release:
    """A draft. The recipe must name a policy we have, and every metric the gate will read must have its source.

    Only the very first release may do without, if it needs no labels (`rules`, `nothing`): nothing is claimed
    of it, and its scorecard names what is missing.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", id):
        mend = "Use letters, digits, dots, dashes: for example r2."
        raise BadInput("release", [Fault("id", f"{id!r} is no short name", mend)])
    if len(title) > LONGEST_TITLE:
        mend = f"Say it in {LONGEST_TITLE} characters or less."
        raise BadInput("release", [Fault("title", f"it has {len(title)} characters", mend)])
    if any(release.id == id for release in ws.releases()):
        raise Refused(f"there is a release {id} already", mend="Choose another id.")
    name = str(recipe.get("policy", ""))
    if name not in ws.plugins.policies:
        raise Unknown.among("policy", name, ws.plugins.policies)
    named = recipe.get("action") or (recipe.get("params") or {}).get("action")
    if named and named not in ws.actions():
        raise Unknown.among("action", str(named), ws.actions())
    if ws.releases() or name not in LABEL_FREE:
        refuse_blind(ws)
    body = {"release": id, "stage": "draft", "share": 0.0, "why": why, "title": title, "recipe": dict(recipe)}
    ws.storage.log.append([ws.event("release", body, at=ws.clock.now(), actor=by)])
    prepare(ws, lifecycle.find(ws.releases(), id))
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
) -> Release:
    """Move a release, if that is legal. `named` sets the units chosen by hand. To everybody: `promote`."""
    if stage == "full":
        raise Refused("serving everybody is a decision", where=f"release {id}", mend="Promote it, with a reason.")
    ws.storage.log.append(_moves(ws, id, stage, by=by, why=why, share=share, named=named))
    return lifecycle.find(ws.releases(), id)


def _moves(
    ws: Workspace,
    id: str,
    stage: Stage,
    *,
    by: str,
    why: str,
    share: float | None = None,
    named: Collection[str] | None = None,
    card: str = "",
    at: datetime | None = None,
) -> list[Event]:
    """The events of a legal move and of what it does to the champion, all of one moment; `Refused` before anything
    is kept."""
    releases = ws.releases()
    release = lifecycle.find(releases, id)
    target = share if share is not None else _planned_share(ws, stage)
    lifecycle.allow(release, stage, target, releases, people_at_stake=ws.brief.product.people_at_stake)
    moves: list[tuple[Release, Stage, float, Collection[str] | None]] = [(release, stage, target, named)]
    champion = lifecycle.champion(releases)
    if stage == "full" and champion and champion.id != id:
        moves.insert(0, (champion, "retired", 0.0, None))
    before = (
        lifecycle.predecessor(release, releases) if stage == "rolled back" and release.stage == "full" else None
    )
    if before is not None:
        moves.append((before, "full", 1.0, None))
    moment = at or ws.clock.now()
    return [
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
            at=moment,
            actor=by,
        )
        for r, to, s, n in moves
    ]


def start(
    ws: Workspace, id: str, *, by: str, why: str, named: Collection[str] | None = None, early: bool = False
) -> Release:
    """To the plan's next step, once the present one has had its least days; `early` goes before, on the record.

    Units chosen by hand are passed over where none are named. The step to everybody is `promote`.
    """
    release = lifecycle.find(ws.releases(), id)
    _reasoned(why)
    step = lifecycle.next_step(release, ws.brief.release.steps)
    if step is None:
        raise Refused(
            f"it is at {release.stage}, the end of its way", where=f"release {id}", mend="Nothing to do."
        )
    if step.stage == "full":
        raise Refused(
            "the next step is everybody", where=f"release {id}", mend=f"payoff release promote {id} --why …"
        )
    least = lifecycle.least_until(release, ws.brief.release.steps) - ws.clock.now()
    left = max(0, -(-least // timedelta(days=1)))
    if left and not early:
        raise Refused(
            f"its least time at {release.stage} is not over: {left} more {'day' if left == 1 else 'days'}",
            where=f"release {id}",
            mend="Wait, or start it early by name (--early): the record says so.",
        )
    if named:
        known = set(newest_facts(ws))
        strange = [unit for unit in named if unit not in known]
        if strange:
            raise Unknown.among("unit", strange[0], known)
    if step.stage == "named" and not (named or release.named):
        step = next((s for s in ws.brief.release.steps if s.stage not in ("shadow", "named")), step)
    said = f"{why} (before its {release.stage} days were over)" if left else why
    return move(ws, id, step.stage, by=by, why=said, share=step.share, named=named)


def promote(ws: Workspace, id: str, *, by: str, why: str, unproven: bool = False) -> tuple[Release, Verdict]:
    """Make it the champion. Without a promoting verdict only `unproven=True` does, and it stays labelled so.

    Only the first release of a product needs no verdict: there is nothing to compare it with yet.
    """
    lifecycle.find(ws.releases(), id)
    _reasoned(why)
    first = lifecycle.is_first(ws.releases())
    card = judged(ws, id)
    if card.verdict.word != "promote" and not unproven and not first:
        raise Refused(
            f"the verdict is “{card.verdict.word}”: {card.verdict.because}",
            where=f"release {id}",
            mend="Wait, roll back, or ship it unproven by name: it then stays labelled unproven.",
        )
    chosen = "promote" if card.verdict.word == "promote" or first else "ship unproven"
    _decide(ws, card, chosen, "full", by=by, why=why, share=1.0)
    return lifecycle.find(ws.releases(), id), card.verdict


def rollback(ws: Workspace, id: str, *, by: str, why: str) -> tuple[Release, Verdict]:
    """Take it back, now. The next request is served by the release before."""
    _reasoned(why)
    card = take_back(ws, _today(ws, id), by=by, why=why)
    return lifecycle.find(ws.releases(), id), card.verdict


def take_back(ws: Workspace, card: Card, *, by: str, why: str) -> Card:
    """Roll back the card's release on that card: decision and move in one transaction."""
    _decide(ws, card, "roll back", "rolled back", by=by, why=why, share=0.0)
    return card


def hold(ws: Workspace, id: str, *, by: str, why: str) -> Verdict:
    """Leave it where it is, on the record."""
    _reasoned(why)
    card = _today(ws, id)
    key, judgement = kept(ws, card)
    ws.storage.log.append([*judgement, _decision(ws, card, "hold", by=by, why=why, key=key, at=ws.clock.now())])
    return card.verdict


def _decide(ws: Workspace, card: Card, chosen: str, to: Stage, *, by: str, why: str, share: float) -> None:
    """The decision and the move it makes, of one moment and in one transaction."""
    (key, judgement), at = kept(ws, card), ws.clock.now()
    moves = _moves(ws, card.card.release, to, by=by, why=why, share=share, card=key, at=at)
    ws.storage.log.append([*judgement, _decision(ws, card, chosen, by=by, why=why, key=key, at=at), *moves])


def _reasoned(why: str) -> None:
    if not why.strip():
        raise BadInput("decision", [Fault("why", "no reason", "Say why in a sentence: it is kept for good.")])


def _decision(ws: Workspace, card: Card, chosen: str, *, by: str, why: str, key: str, at: datetime) -> Event:
    """A decision with the figures it rested on."""
    body = {
        "release": card.card.release,
        "chosen": chosen,
        "word": card.verdict.word,
        "rule": card.verdict.rule,
        "why": why,
        "card": key,
    }
    return ws.event("decision", body, at=at, actor=by)


def _today(ws: Workspace, id: str) -> Card:
    """The card a decision of today rests on: a champion's is of its term, not of the trial it once won."""
    release = lifecycle.find(ws.releases(), id)
    return judged(ws, id, trial=SERVED if release.stage == "full" else None)


def _planned_share(ws: Workspace, stage: Stage) -> float:
    return max(
        (s.share for s in ws.brief.release.steps if s.stage == stage), default=1.0 if stage == "full" else 0.0
    )
