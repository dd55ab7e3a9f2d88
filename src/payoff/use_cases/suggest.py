"""Decide what to suggest, log it, and only then say it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.errors import Refused
from payoff.features.batch import Batch
from payoff.features.build import batch as build_batch
from payoff.log.asides import ASIDE
from payoff.log.corrections import GONE
from payoff.log.responses import FINAL, answer_of, current
from payoff.policy.reasons import evidence, reasons
from payoff.records.envelope import Event
from payoff.records.money import Money
from payoff.records.releases import STREAM, Release
from payoff.records.suggestions import Arm, Reason, Suggestion
from payoff.records.time import DAY, from_micros, to_micros
from payoff.releases import lifecycle
from payoff.releases.assignment import Split, split
from payoff.serving.answer import Decided, answer, risks
from payoff.serving.server import Server, load
from payoff.use_cases import left_alone
from payoff.use_cases.learn import CORRECTED
from payoff.use_cases.limits import capacity_left, rested
from payoff.use_cases.waiting import aside, gone, waiting
from payoff.use_cases.workspace import Workspace

_SPACE = uuid.UUID("0c9d5ad5-54e0-5c0e-8f5c-8d3e6b9d2f41")
"""Namespace of assignments: the same entry from two processes has the same id, and counts once."""


def suggest(ws: Workspace, unit: str) -> Suggestion:
    """One suggestion for one unit; while it is open, the same one. Raises `Unknown` for a unit without facts."""
    with ws.lock:
        now = ws.clock.now()
        last = ws.storage.log.latest("suggestion", unit)
        if last is not None and last.body["mode"] == "answer" and _still_open(ws, last, now):
            return read_suggestion({**last.body, "id": last.id, "unit": last.unit, "at": last.at})
        if unit in gone(ws, now):
            _enter(ws, [unit], now)
            return _left_alone(ws, [unit], now)[0]
        return _decide(ws, [unit], now, ws.deadline)[0]


def decide(ws: Workspace, units: Sequence[str] | None = None, now: datetime | None = None) -> list[Suggestion]:
    """A decision for each unit (all known ones by default), logged in one transaction.

    A unit whose suggestion still waits for somebody keeps that one. Units in the holdout get a decision too: to be
    treated as today (action `nothing`, nobody is told). Shadow releases decide for everybody and answer nobody.
    Who is said to be no longer a customer is left alone: told nothing where asked about, and left out otherwise.
    Both enter what is judged all the same, with everybody else: nobody calls those in the holdout gone, and
    nothing waits for them, so that leaving either out would make care look better than it is.
    Whom a person set aside until a day is told nothing before it, see `left_alone.set_aside`.
    Raises `Refused` while no release serves anybody, `Unknown` for a unit without facts.
    """
    with ws.lock:
        moment = now or ws.clock.now()
        void, left = withdrawn(ws), gone(ws, moment)
        mended = corrected(ws)
        kept = {
            one.unit: read_suggestion(one.row)
            for one in waiting(ws, moment)
            if one.row["release"] not in void and mended.get(one.unit, 0) < one.seq
        }
        listed = build_batch(ws.tables, ws.brief, moment).units if units is None else units
        units = [unit for unit in dict.fromkeys(listed) if units is not None or unit not in left]
        _enter(ws, [unit for unit in listed if unit in left or unit in kept], moment, waiting=kept.keys() - left)
        fresh = _decide(ws, [unit for unit in units if unit not in kept and unit not in left], moment, None)
        fresh += _left_alone(ws, [unit for unit in units if unit in left], moment)
        made = {said.unit: said for said in fresh}
        return [made.get(unit) or kept[unit] for unit in units]


def instead(ws: Workspace, release: str) -> list[Suggestion]:
    """What whoever serves now says to those a release that was taken back left waiting; nothing if nobody does."""
    with ws.lock:
        now, releases = ws.clock.now(), ws.releases()
        left = [one.unit for one in waiting(ws, now) if one.row["release"] == release]
        serves = lifecycle.champion(releases) or lifecycle.on_trial(releases)
        if not serves:
            return []
        everybody = build_batch(ws.tables, ws.brief, now).units
        _enter(ws, everybody, now, waiting=everybody)  # a new term begins
        return decide(ws, left, now) if left else []


def _enter(ws: Workspace, units: Sequence[str], now: datetime, waiting: Collection[str] = ()) -> None:
    """Units that are decided nothing about today enter what is judged today; those that wait for an answer to an
    earlier decision enter the stream alone."""
    if units:
        releases, wait = ws.releases(), frozenset(waiting)
        trial = lifecycle.on_trial(releases)
        placed = _placed(ws, units, trial, lifecycle.named_trial(releases))
        events = _entries(ws, units, now, lifecycle.champion(releases), trial, placed)
        ws.storage.log.append([e for e in events if e.unit not in wait or e.body["trial"] == STREAM])


def _placed(ws: Workspace, units: Sequence[str], trial: Release | None, chosen: Release | None) -> Split:
    return split(
        units,
        product=ws.name,
        holdout=0.0 if ws.brief.product.people_at_stake else ws.brief.release.holdout,
        drawn=ws.brief.release.holdout_drawn,
        trial=trial,
        named=chosen.named if chosen else (),
        excluded=ws.brief.unit.excluded,
    )


def _left_alone(ws: Workspace, units: Sequence[str], now: datetime) -> list[Suggestion]:
    """Nothing for those who left, in the log and outside every estimate: a person decided it, not a release."""
    release = lifecycle.champion(ws.releases())
    made = [left_alone.gone(ws, unit, now, release) for unit in units]
    ws.storage.log.append(
        [ws.event("suggestion", _body(s, "answer", "", None, None), at=now, unit=s.unit, id=s.id) for s in made]
    )
    return made


def corrected(ws: Workspace) -> dict[str, int]:
    """When (by sequence) somebody last corrected a fact of a unit."""
    facts = ws.tables.arrow("unit.facts").select(["unit", "seq", "source"])
    mine = facts.filter(pc.fill_null(pc.starts_with(facts["source"], CORRECTED), False))
    return dict(zip(mine["unit"].to_pylist(), mine["seq"].to_pylist(), strict=True))


def withdrawn(ws: Workspace) -> frozenset[str]:
    """Releases whose suggestions nobody should act on any more."""
    return frozenset(r.id for r in ws.releases() if r.stage == "rolled back")


def _decide(ws: Workspace, units: Sequence[str], moment: datetime, deadline: float | None) -> list[Suggestion]:
    releases = ws.releases()
    champion, trial = lifecycle.champion(releases), lifecycle.on_trial(releases)
    chosen = lifecycle.named_trial(releases)
    if champion is None and trial is None and chosen is None:
        raise Refused(
            "no release serves anybody yet",
            mend="Create one and promote it: `payoff release create NAME --policy rules --by YOU`.",
        )
    if not units:
        return []
    batch = build_batch(ws.tables, ws.brief, moment, units)
    placed = _placed(ws, batch.units, trial, chosen)
    day = _Day(ws, moment, rested(ws, batch.units, moment), capacity_left(ws, moment), deadline)
    events = _entries(ws, batch.units, moment, champion, trial, placed)
    said: dict[int, Suggestion] = {}
    quiet = aside(ws, moment)
    asleep = np.array([unit in quiet for unit in batch.units], bool) & ~placed.holdout
    groups: list[tuple[Release | None, NDArray[np.bool_], Arm]] = [
        (champion or trial, placed.holdout, "holdout"),
        (chosen, placed.named, "named"),
        (trial, placed.challenger, "challenger"),
        (champion, ~placed.holdout & ~placed.named & ~placed.challenger, _incumbent(trial)),
    ]
    asked = max(1, int((~placed.holdout & ~asleep).sum()))
    for release, members, arm in groups:
        rows, put_off = np.flatnonzero(members & ~asleep), np.flatnonzero(members & asleep)
        if put_off.size:
            made, suggestions = _asides(day, release, batch.take(put_off), quiet)
            events += made
            said |= dict(zip(put_off.tolist(), suggestions, strict=True))
        if rows.size:
            made, suggestions = _decisions(day, release, batch, rows, "answer", arm, rows.size / asked)
            events += made
            said |= dict(zip(rows.tolist(), suggestions, strict=True))
    # Shadows come first in the log, so that the newest suggestion of a unit is one that answers.
    everybody = np.arange(len(batch))
    shadows = [
        event
        for shadow in lifecycle.shadows(releases)
        for event in _decisions(day, shadow, batch, everybody, "shadow", "shadow", 1.0)[0]
    ]
    ws.storage.log.append([*shadows, *events])
    return [said[i] for i in sorted(said)]


@dataclass(frozen=True, slots=True)
class _Day:
    """What all decisions of one call share: who may be contacted, how much can still be acted on, by when."""

    ws: Workspace
    now: datetime
    rested: NDArray[np.bool_]
    limit: int | None
    deadline: float | None


def _incumbent(trial: Release | None) -> Arm:
    """Without a trial the champion is what is being judged; beside one it is the base of comparison."""
    return "champion" if trial is not None else "challenger"


def _decisions(
    day: _Day,
    release: Release | None,
    whole: Batch,
    rows: NDArray[np.int64],
    mode: str,
    arm: str,
    share: float,
) -> tuple[list[Event], list[Suggestion]]:
    """Decisions of one release for some rows; `share` is the part of what people can still act on it may use."""
    ws, batch, latency = day.ws, whole.take(rows), None
    server = _server(ws, release)
    if release is None or arm == "holdout":
        # Scored all the same: the holdout is where a risk model can be checked on customers nobody touched.
        risk = risks(server, batch)
        made = [
            left_alone.as_today(ws, release, batch, i, day.now, arm, float(risk[i])) for i in range(len(batch))
        ]
    else:
        decided = answer(
            server,
            batch,
            explore=0.0 if ws.brief.product.people_at_stake else ws.brief.policy.explore,
            rng=ws.rng,
            rested=day.rested[rows],
            limit=None if day.limit is None else round(day.limit * share),
            deadline=day.deadline,
            known=ws.actions(),
        )
        silent = mode == "shadow"  # nobody reads a shadow's reasons
        made = _told(day, release, None if silent else server, batch, decided, rows, arm)
        latency = decided.latency_us
    recipe = release.artefact or None if release else None
    events = [
        ws.event(
            "suggestion", _body(s, mode, str(batch.industry[i]), recipe, latency), at=day.now, unit=s.unit, id=s.id
        )
        for i, s in enumerate(made)
    ]
    return events, made


def _asides(
    day: _Day, release: Release | None, batch: Batch, until: Mapping[str, datetime]
) -> tuple[list[Event], list[Suggestion]]:
    """Decisions of nobody but the person who asked for it; scored all the same, like the holdout."""
    ws, risk = day.ws, risks(_server(day.ws, release), batch)
    made = [
        left_alone.set_aside(ws, release, batch, i, day.now, until[unit], float(risk[i]))
        for i, unit in enumerate(batch.units)
    ]
    events = [
        ws.event(
            "suggestion", _body(s, "answer", str(batch.industry[i]), None, None), at=day.now, unit=s.unit, id=s.id
        )
        for i, s in enumerate(made)
    ]
    return events, made


def _told(
    day: _Day,
    release: Release,
    server: Server | None,
    batch: Batch,
    decided: Decided,
    rows: NDArray[np.int64],
    arm: str,
) -> list[Suggestion]:
    ws, proposal, choice = day.ws, decided.proposal, decided.choice
    why, proof = _words(ws, server, batch, decided)
    now, rested = day.now, day.rested[rows]
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
                say=_say(ws, by_id[action].say, batch, i) if a else _silence(ws, bool(rested[i])),
                value=Money.of(round(mean, 4), currency) if known else None,
                low=Money.of(round(mean - 1.96 * sd, 4), currency) if known else None,
                high=Money.of(round(mean + 1.96 * sd, 4), currency) if known else None,
                evidence=proof.get(i, ""),
                reasons=why.get(i, ()),
                propensity=float(choice.propensity[i]),
                release=release.id,
                arm=arm,  # type: ignore[arg-type]
                stage=release.stage,
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


def _words(
    ws: Workspace, server: Server | None, batch: Batch, decided: Decided
) -> tuple[dict[int, tuple[Reason, ...]], dict[int, str]]:
    """Reasons and grounds of the chosen actions, by row; a model that cannot explain itself costs no answer."""
    acting = np.flatnonzero(decided.choice.action > 0)
    if server is None or decided.fallback or not acting.size:
        return {}, {}
    about = (batch, acting, decided.choice, decided.proposal)
    try:
        given = reasons(*about, server.risk, server.policy, server.learned, ws.playbook, ws.texts)
        backed = evidence(*about, server.policy, server.learned, ws.playbook, ws.texts)
    except Exception:
        return {}, dict.fromkeys(acting.tolist(), ws.texts.say("suggest.no_words"))
    rows = acting.tolist()
    return dict(zip(rows, given, strict=True)), dict(zip(rows, backed, strict=True))


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


def _silence(ws: Workspace, rested: bool) -> str:
    """Why nothing is suggested: nothing would help, or they were asked only lately."""
    days = round(ws.brief.policy.contact_every_days)
    return ws.texts.say("suggest.leave_alone") if rested else ws.texts.say("suggest.resting", n=days)


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

    try:
        return say.format_map(Known({**facts, **known}))
    except (ValueError, IndexError, AttributeError, KeyError):
        return say  # a stray brace: `payoff check` names it, and nobody goes without an answer


def _entries(
    ws: Workspace,
    units: Sequence[str],
    now: datetime,
    champion: Release | None,
    trial: Release | None,
    placed: Split,
) -> list[Event]:
    """Assignments of units that enter a trial, or the stream: with every quarter, and with every term of a release
    that serves everybody, so that both arms begin again at the same moment."""
    quarter = f"{now.year}Q{(now.month - 1) // 3 + 1}"
    if champion:
        quarter += f" {champion.id}/{len(champion.moves)}"
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
                id = str(uuid.uuid5(_SPACE, "|".join((ws.name, *key))))
                events.append(ws.event("assignment", body, at=now, unit=unit, id=id))
    return events


def _entered(ws: Workspace) -> set[tuple[str, str, str]]:
    table = ws.tables.arrow("assignment").select(["trial", "unit", "stage"])
    return {
        (trial, unit, stage if trial == STREAM else "")
        for trial, unit, stage in zip(*(table[c].to_pylist() for c in table.column_names), strict=True)
    }


def _still_open(ws: Workspace, said: Event, now: datetime) -> bool:
    if from_micros(said.body["expires_us"]) <= now:
        return False
    facts = ws.storage.log.latest("unit.facts", str(said.unit))
    if facts and facts.seq > said.seq and str(facts.body.get("source", "")).startswith(CORRECTED):
        return False  # somebody corrected what it rested on
    answer = current(answer_of(e) for e in ws.storage.log.about(said.id) if e.kind == "response")
    if answer is not None and answer.what in FINAL:
        return False
    if (str(said.unit) in gone(ws, now)) != (said.body.get("stage") == GONE):
        return False  # said to be no longer a customer, or to be one after all
    if said.body.get("stage") == ASIDE:  # until the day was changed, or they are back
        return aside(ws, now).get(str(said.unit)) == from_micros(said.body["expires_us"])
    return said.body["release"] not in withdrawn(ws)


def _server(ws: Workspace, release: Release | None) -> Server | None:
    """The release made ready; `None` where that fails, which is a fallback and never the caller's trouble."""
    if release is None:
        return None
    try:
        return load(
            release,
            policies=ws.plugins.policies,
            store=ws.storage.artefacts,
            brief=ws.brief,
            playbook=ws.playbook,
        )
    except Exception:
        return None
