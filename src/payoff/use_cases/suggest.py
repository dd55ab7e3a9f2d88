"""Decide what to suggest, log it, and only then say it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.errors import Refused
from payoff.features.batch import Batch
from payoff.features.build import batch as build_batch
from payoff.policy.reasons import evidence, reasons
from payoff.records.envelope import Event
from payoff.records.money import Money
from payoff.records.releases import STREAM, Release
from payoff.records.suggestions import NOTHING, Arm, Reason, Suggestion
from payoff.records.time import DAY, from_micros, to_micros, week_of
from payoff.releases import lifecycle
from payoff.releases.assignment import split
from payoff.serving.answer import Decided, answer
from payoff.serving.server import Server, load
from payoff.use_cases.workspace import Workspace

DEADLINE = 0.15
"""Seconds a single request waits for a model before it gets the safe fallback."""


def suggest(ws: Workspace, unit: str) -> Suggestion:
    """One suggestion for one unit; while it is open, the same one. Raises `Unknown` for a unit without facts."""
    now = ws.clock.now()
    last = ws.storage.log.latest("suggestion", unit)
    if last is not None and last.body["mode"] == "answer" and _still_open(ws, last, now):
        return read_suggestion({**last.body, "id": last.id, "unit": last.unit, "at": last.at})
    return decide(ws, [unit], now, deadline=DEADLINE)[0]


def decide(
    ws: Workspace,
    units: Sequence[str] | None = None,
    now: datetime | None = None,
    *,
    deadline: float | None = None,
) -> list[Suggestion]:
    """One decision a unit: who serves it, which action, with which probability; logged in one transaction.

    Units in the holdout get a decision too: to be treated as today (action `nothing`, nobody is told). Shadow
    releases decide for everybody and answer nobody. Raises `Refused` while no release serves anybody.
    """
    moment = now or ws.clock.now()
    releases = ws.releases()
    champion, trial = lifecycle.champion(releases), lifecycle.on_trial(releases)
    chosen = lifecycle.named_trial(releases)
    if champion is None and trial is None and chosen is None:
        raise Refused(
            "no release serves anybody yet",
            mend="Start one: `payoff release create first --policy rules`, then `payoff release start first`.",
        )
    batch = build_batch(ws.tables, ws.brief, moment, units)
    if not len(batch):
        return []
    placed = split(
        batch.units,
        product=ws.name,
        holdout=ws.brief.release.holdout,
        drawn=ws.brief.release.holdout_drawn,
        trial=trial,
        named=chosen.named if chosen else (),
        excluded=ws.brief.unit.excluded,
    )
    rested = _rested(ws, batch.units, moment)
    limit = _capacity_left(ws, moment)
    events = _entries(ws, batch.units, moment, champion, trial, placed)
    for shadow in lifecycle.shadows(releases):
        everybody = np.arange(len(batch))
        events += _decisions(ws, shadow, batch, everybody, moment, "shadow", "shadow", rested, limit, deadline)[0]
    said: dict[int, Suggestion] = {}
    groups: list[tuple[Release | None, NDArray[np.bool_], Arm]] = [
        (champion or trial, placed.holdout, "holdout"),
        (chosen, placed.named, "named"),
        (trial, placed.challenger, "challenger"),
        (champion, ~placed.holdout & ~placed.named & ~placed.challenger, _incumbent(trial)),
    ]
    for release, members, arm in groups:
        rows = np.flatnonzero(members)
        if not rows.size:
            continue
        share = (
            None
            if limit is None or arm == "holdout"
            else round(limit * rows.size / max(1, int((~placed.holdout).sum())))
        )
        made, suggestions = _decisions(ws, release, batch, rows, moment, "answer", arm, rested, share, deadline)
        events += made
        said |= dict(zip(rows.tolist(), suggestions, strict=True))
    ws.storage.log.append(events)
    return [said[i] for i in sorted(said)]


def _incumbent(trial: Release | None) -> Arm:
    """Without a trial the champion is what is being judged; beside one it is the base of comparison."""
    return "champion" if trial is not None else "challenger"


def _decisions(
    ws: Workspace,
    release: Release | None,
    whole: Batch,
    rows: NDArray[np.int64],
    now: datetime,
    mode: str,
    arm: str,
    rested: NDArray[np.bool_],
    limit: int | None,
    deadline: float | None,
) -> tuple[list[Event], list[Suggestion]]:
    batch = whole.take(rows)
    server = None if release is None else _server(ws, release)
    latency = None
    if server is None or arm == "holdout":
        # Scored all the same: the holdout is where a risk model can be checked on customers nobody touched.
        risk = (
            np.full(len(batch), np.nan) if server is None or not server.risk else server.risk.predict(batch.facts)
        )
        made = [_as_today(ws, release, batch, i, now, arm, float(risk[i])) for i in range(len(batch))]
    else:
        explore = 0.0 if ws.brief.product.people_at_stake else ws.brief.policy.explore
        decided = answer(
            server, batch, explore=explore, rng=ws.rng, rested=rested[rows], limit=limit, deadline=deadline
        )
        made = _told(ws, server, batch, decided, now, arm)
        latency = decided.latency_us
    recipe = release.artefact or None if release else None
    events = [
        ws.event(
            "suggestion", _body(s, mode, str(batch.industry[i]), recipe, latency), at=now, unit=s.unit, id=s.id
        )
        for i, s in enumerate(made)
    ]
    return events, made


def _told(
    ws: Workspace, server: Server, batch: Batch, decided: Decided, now: datetime, arm: str
) -> list[Suggestion]:
    proposal, choice = decided.proposal, decided.choice
    acting = np.flatnonzero(choice.action > 0)
    why: dict[int, tuple[Reason, ...]] = {}
    proof: dict[int, str] = {}
    if acting.size and not decided.fallback:
        about = (batch, acting, choice, proposal)
        given = reasons(*about, server.risk, server.policy, server.learned, ws.playbook, ws.texts)
        backed = evidence(*about, server.policy, server.learned, ws.playbook, ws.texts)
        why = dict(zip(acting.tolist(), given, strict=True))
        proof = dict(zip(acting.tolist(), backed, strict=True))
    currency = ws.brief.product.currency
    by_id = {a.id: a for a in ws.playbook.actions}
    told = []
    for i, unit in enumerate(batch.units):
        a = int(choice.action[i])
        action = proposal.actions[a]
        mean, sd = float(proposal.mean[i, a]), float(proposal.sd[i, a])
        known = a > 0 and np.isfinite(mean) and np.isfinite(sd)
        risk = float(decided.risk[i])
        told.append(
            Suggestion(
                id=ws.new_id(now),
                unit=unit,
                action=action,
                say=_say(ws, by_id[action].say, batch, i) if a else ws.texts.say("suggest.leave_alone"),
                value=Money.of(round(mean, 4), currency) if known else None,
                low=Money.of(round(mean - 1.96 * sd, 4), currency) if known else None,
                high=Money.of(round(mean + 1.96 * sd, 4), currency) if known else None,
                evidence=proof.get(i, ""),
                reasons=why.get(i, ()),
                propensity=float(choice.propensity[i]),
                release=server.release.id,
                arm=arm,  # type: ignore[arg-type]
                stage=server.release.stage,
                explored=bool(choice.explored[i]),
                fallback=decided.fallback,
                risk=risk if np.isfinite(risk) else None,
                at=now,
                expires=now + ws.brief.policy.expires_days * DAY,
                contact=str(batch.contact[i]),
                role=str(batch.role[i]),
                candidates={
                    name: round(float(m), 4)
                    for name, m, fit in zip(proposal.actions, proposal.mean[i], proposal.fit[i], strict=True)
                    if fit and np.isfinite(m)
                },
            )
        )
    return told


def _as_today(
    ws: Workspace, release: Release | None, batch: Batch, i: int, now: datetime, arm: str, risk: float
) -> Suggestion:
    return Suggestion(
        id=ws.new_id(now),
        unit=batch.units[i],
        action=NOTHING,
        say=ws.texts.say("suggest.as_today"),
        value=None,
        low=None,
        high=None,
        evidence="",
        reasons=(),
        propensity=1.0,
        release=release.id if release else "",
        arm=arm,  # type: ignore[arg-type]
        stage=release.stage if release else "",
        explored=False,
        fallback=False,
        risk=risk if np.isfinite(risk) else None,
        at=now,
        expires=now + ws.brief.policy.expires_days * DAY,
        contact=str(batch.contact[i]),
        role=str(batch.role[i]),
    )


def _body(
    s: Suggestion, mode: str, industry: str, recipe: str | None, latency_us: int | None
) -> Mapping[str, Any]:
    return {
        "release": s.release,
        "arm": s.arm,
        "mode": mode,
        "action": s.action,
        "propensity": s.propensity,
        "stage": s.stage,
        "say": s.say,
        "value": s.value.minor if s.value else None,
        "low": s.low.minor if s.low else None,
        "high": s.high.minor if s.high else None,
        "currency": s.value.currency if s.value else None,
        "evidence": s.evidence or None,
        "reasons": [{"text": r.text, "feature": r.feature, "weight": r.weight, "kind": r.kind} for r in s.reasons],
        "candidates": s.candidates or None,
        "explored": s.explored,
        "fallback": s.fallback,
        "risk": s.risk,
        "contact": s.contact or None,
        "role": s.role or None,
        "segment": {"role": s.role, "industry": industry},
        "expires_us": to_micros(s.expires),
        "latency_us": latency_us,
        "recipe": recipe,
    }


def read_suggestion(row: Mapping[str, Any]) -> Suggestion:
    """A suggestion as it stands in the log (JSON fields as text or already read)."""

    def nested(name: str, empty: str) -> Any:
        value = row.get(name)
        return json.loads(value or empty) if value is None or isinstance(value, str) else value

    def money(name: str) -> Money | None:
        return None if row.get(name) is None else Money(int(row[name]), row["currency"])

    return Suggestion(
        id=row["id"],
        unit=row["unit"],
        action=row["action"],
        say=row.get("say") or "",
        value=money("value"),
        low=money("low"),
        high=money("high"),
        evidence=row.get("evidence") or "",
        reasons=tuple(Reason(**reason) for reason in nested("reasons", "[]")),
        propensity=row["propensity"],
        release=row["release"],
        arm=row["arm"],
        stage=row.get("stage") or "",
        explored=bool(row.get("explored")),
        fallback=bool(row.get("fallback")),
        risk=row.get("risk"),
        at=row["at"],
        expires=from_micros(row["expires_us"]),
        contact=row.get("contact") or "",
        role=row.get("role") or "",
        candidates=nested("candidates", "{}"),
    )


def _say(ws: Workspace, say: str, batch: Batch, i: int) -> str:
    """The playbook's sentence with names filled in; an unknown name stays readable."""
    known = {
        "contact": str(batch.contact[i]) or ws.texts.say("suggest.the_contact"),
        "role": str(batch.role[i]) or ws.texts.say("suggest.the_contact"),
        "industry": str(batch.industry[i]),
        "unit": batch.units[i],
    }
    facts = {n: batch.facts[n][i].as_py() for n in batch.facts.column_names} if "{" in say else {}

    class Known(dict[str, Any]):
        def __missing__(self, name: str) -> str:
            return name.replace("_", " ")

    return say.format_map(Known({**facts, **known}))


def _entries(
    ws: Workspace,
    units: Sequence[str],
    now: datetime,
    champion: Release | None,
    trial: Release | None,
    placed: Any,
) -> list[Event]:
    """Assignments of units that enter a trial, or this quarter's stream, with this decision."""
    quarter = f"{now.year}Q{(now.month - 1) // 3 + 1}"
    # A champion that won a trial is judged by that trial, which is closed, and by the stream from then on.
    judged = trial or (champion if champion and not champion.against else None)
    entered = _entered(ws)
    events = []
    for i, unit in enumerate(units):
        if placed.named[i] or unit in ws.brief.unit.excluded:
            continue
        held = bool(placed.holdout[i])
        wanted = [(STREAM, "holdout" if held else "care", quarter, 1.0)]
        if judged and (trial is None or held or placed.admitted[i]):
            arm = "holdout" if held else "challenger" if trial is None or placed.challenger[i] else "champion"
            wanted.append((judged.id, arm, judged.stage, judged.share))
        for name, arm, stage, share in wanted:
            key = (name, unit, stage if name == STREAM else "")
            if key not in entered:
                entered.add(key)
                body = {"trial": name, "arm": arm, "stage": stage, "share": float(share)}
                events.append(ws.event("assignment", body, at=now, unit=unit))
    return events


def _entered(ws: Workspace) -> set[tuple[str, str, str]]:
    table = ws.tables.arrow("assignment").select(["trial", "unit", "stage"])
    return {
        (trial, unit, stage if trial == STREAM else "")
        for trial, unit, stage in zip(*(table[c].to_pylist() for c in table.column_names), strict=True)
    }


def _rested(ws: Workspace, units: Sequence[str], now: datetime) -> NDArray[np.bool_]:
    """Units nobody was asked to contact within the brief's days of rest."""
    days = ws.brief.policy.contact_every_days
    if not days:
        return np.ones(len(units), bool)
    said = ws.tables.arrow("suggestion").select(["unit", "at", "action", "mode"])
    recent = said.filter(
        pc.and_(
            pc.and_(pc.equal(said["mode"], "answer"), pc.not_equal(said["action"], NOTHING)),
            pc.greater(said["at"], now - timedelta(days=days)),
        )
    )
    tired = set(recent["unit"].to_pylist())
    return np.array([unit not in tired for unit in units], bool)


def _capacity_left(ws: Workspace, now: datetime) -> int | None:
    """Suggestions people can still act on this week; `None` where the brief sets no limit."""
    capacity = ws.brief.policy.capacity_per_week
    if capacity is None:
        return None
    said = ws.tables.arrow("suggestion").select(["at", "action", "mode"])
    acted = said.filter(pc.and_(pc.equal(said["mode"], "answer"), pc.not_equal(said["action"], NOTHING)))
    zone = ws.brief.product.zone
    recent = acted.filter(pc.greater(acted["at"], now - 8 * DAY))["at"].to_pylist()
    this_week = week_of(now, zone)
    return max(0, capacity - sum(week_of(at, zone) == this_week for at in recent))


def _still_open(ws: Workspace, said: Event, now: datetime) -> bool:
    if from_micros(said.body["expires_us"]) <= now:
        return False
    answered = ws.tables.arrow("response")
    mine = answered.filter(pc.equal(answered["suggestion"], said.id))["what"].to_pylist()
    if {"done", "dismissed"} & set(mine):
        return False
    release = next((r for r in ws.releases() if r.id == said.body["release"]), None)
    return release is None or release.stage not in ("rolled back", "retired")


def _server(ws: Workspace, release: Release) -> Server:
    return load(
        release,
        policies=ws.plugins.policies,
        store=ws.storage.artefacts,
        brief=ws.brief,
        playbook=ws.playbook,
    )
