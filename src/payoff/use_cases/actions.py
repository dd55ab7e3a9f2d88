"""What is known of each action: for how many it is fit today, what the data say of it, how often it was wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief.editing import PLAYBOOK
from payoff.brief.read import read_playbook
from payoff.brief.schema import Playbook, PlaybookAction
from payoff.errors import BriefFaults, Unknown
from payoff.log.responses import responses
from payoff.models.evidence import Evidence, Tally
from payoff.policy.fitness import fit
from payoff.policy.setting import Setting
from payoff.ports import Version
from payoff.records.releases import Release
from payoff.records.suggestions import NOTHING
from payoff.use_cases.pace import Followed
from payoff.use_cases.today import Today
from payoff.use_cases.workspace import Workspace

_LOOKED_BACK = 200
"""Versions of the playbook in which retired actions are looked for."""
_LIVING = ("full", "ramp", "canary", "named", "shadow", "draft")
_ENDED = ("rolled back", "retired")


@dataclass(frozen=True, slots=True)
class Learned:
    """What a release's model makes of an action, over all customers who got it: a model that starts from what the
    experts expect and lets the data move it, not a plain comparison.

    `mean`, `low`, `high` (95%) are in the goal's measure, above 0 where it helps. `n` customers had the action.
    `randomised`: enough with it and without any were drawn by chance. `moved_on`: experts have changed their
    expectation since it was learned.
    """

    release: str
    title: str
    n: int
    mean: float
    low: float
    high: float
    randomised: bool
    moved_on: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What the playbook expected of an action when it was first suggested to anybody; `written` is from when."""

    expects: float | None
    unsure: float
    written: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """One action of the playbook. `fit` of `units` customers today; suggested to `tried` customers so far; shown
    `shown` times, of which people answered Wrong `wrong` times. `learned` is `None` while too few had it,
    `expected` before it was suggested to anybody."""

    action: str
    fit: int
    units: int
    tried: int
    shown: int
    wrong: int
    learned: Learned | None
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class Retired:
    """An action the playbook has no more, as it stood last; `version` took it out, at `at`. Counts are as in
    `Known`; `learned` is `None` where the model that serves no longer knows it."""

    action: PlaybookAction
    version: int
    at: datetime
    tried: int
    shown: int
    wrong: int
    learned: Learned | None


class Actions:
    """Asks the log once for each state of it, and less often where asking takes long."""

    def __init__(self, ws: Workspace, today: Today) -> None:
        self._ws, self._today = ws, today
        self._counted = Followed(ws, _met)
        self._effects: dict[str, dict[str, Any] | None] = {}
        self._written: dict[int, Playbook | None] = {}
        self._said: tuple[tuple[object, ...], dict[str, Learned]] | None = None

    def __call__(self) -> dict[str, Known]:
        """Every action of the playbook, in its order."""
        ws, batch = self._ws, self._today()
        none = [0] * (len(ws.playbook.actions) + 1)
        fitting = fit(batch, ws.playbook).sum(axis=0).tolist() if len(batch) else none
        met, learned = self._counted(), self._learned()
        versions = ws.storage.documents.history(PLAYBOOK)[::-1]
        return {
            action.id: Known(
                action.id,
                int(fitting[k]),
                len(batch),
                met.tried[action.id],
                met.shown[action.id],
                met.wrong[action.id],
                learned.get(action.id),
                self._expected(versions, action.id, met.first.get(action.id)),
            )
            for k, action in enumerate(ws.playbook.actions, start=1)
        }

    def retired(self) -> tuple[Retired, ...]:
        """Actions the playbook had once and has no more, the one that went last first."""
        here = {action.id for action in self._ws.playbook.actions}
        met, learned, found = self._counted(), self._learned(), dict[str, Retired]()
        after: Version | None = None
        for version in self._ws.storage.documents.history(PLAYBOOK, most=_LOOKED_BACK):
            playbook = self._as_written(version)
            for action in playbook.actions if playbook and after else ():
                if action.id not in here and action.id not in found and after:
                    counts = met.tried[action.id], met.shown[action.id], met.wrong[action.id]
                    found[action.id] = Retired(action, after.number, after.at, *counts, learned.get(action.id))
            after = version
        return tuple(found.values())

    def learned(self) -> Mapping[str, Learned]:
        """What the data say of each action, as it was learned last: nothing is counted, so any page may ask."""
        return self._learned()

    def _expected(self, versions: Sequence[Version], action: str, first: datetime | None) -> Expected | None:
        """As it stood in the playbook of that day; of an action that came later, as it stood first."""
        if first is None:
            return None
        before = [v for v in versions if v.at <= first]
        for version in [*before[-1:], *versions[len(before) :]]:
            playbook = self._as_written(version)
            said = next((a for a in playbook.actions if a.id == action), None) if playbook else None
            if said is not None:
                return Expected(said.expects, said.unsure, version.at)
        return None

    def _as_written(self, version: Version) -> Playbook | None:
        """The playbook of one version, read once; `None` for one that cannot be read any more."""
        if version.number not in self._written:
            try:
                text = self._ws.storage.documents.load(PLAYBOOK, version.number)
                self._written[version.number] = read_playbook(text or "")
            except BriefFaults:
                self._written[version.number] = None
        return self._written[version.number]

    def _learned(self) -> dict[str, Learned]:
        """From the champion, or else from the furthest living release that has an effect model; where none has,
        from the one that ended last: what was learned of an action outlives the release."""
        releases = self._ws.releases()
        living = sorted((r for r in releases if r.stage in _LIVING), key=lambda r: _LIVING.index(r.stage))
        ended = sorted((r for r in releases if r.stage in _ENDED), key=lambda r: r.moved_at, reverse=True)
        for release in (*living, *ended):
            effect = self._effect(release.artefact) if release.artefact else None
            if effect is not None:
                state = (release, self._ws.playbook, effect)
                if self._said is None or any(a is not b for a, b in zip(self._said[0], state, strict=True)):
                    self._said = (state, _of_model(self._ws, release, effect))
                return self._said[1]
        return {}

    def _effect(self, key: str) -> dict[str, Any] | None:
        """The parts of a learned effect model that are read here; artefacts never change, so each is read once."""
        if key not in self._effects:
            try:
                kept = json.loads(self._ws.storage.artefacts.get(key).payload)
            except Unknown:
                kept = {}
            effect = (kept.get("policy") or {}).get("effect")
            names = ("actions", "prior_mean", "prior_sd", "tallies")
            self._effects[key] = {name: effect[name] for name in names} if effect else None
        return self._effects[key]


class _Met(NamedTuple):
    """By action: customers it was suggested to, suggestions somebody saw, suggestions answered with Wrong, and
    when it was first suggested."""

    tried: Counter[str]
    shown: Counter[str]
    wrong: Counter[str]
    first: dict[str, datetime]


def _met(ws: Workspace) -> _Met:
    said = ws.tables.arrow("suggestion").select(["id", "unit", "action", "mode", "arm", "at"])
    told = said.filter(pc.and_(pc.equal(said["mode"], "answer"), pc.not_equal(said["arm"], "holdout")))
    heard = responses(ws.tables).select(["suggestion", "what"])
    dismissed = heard.filter(pc.equal(heard["what"], "dismissed"))
    found = told.group_by("action").aggregate([("unit", "count_distinct"), ("at", "min")]).to_pylist()
    return _Met(
        Counter({row["action"]: row["unit_count_distinct"] for row in found}),
        _by_action(told, pc.unique(heard["suggestion"])),
        _by_action(told, pc.unique(dismissed["suggestion"])),
        {row["action"]: row["at_min"] for row in found},
    )


def _by_action(told: pa.Table, ids: pa.Array) -> Counter[str]:
    mine = told.filter(pc.is_in(told["id"], ids))["action"]
    return Counter({row["values"]: row["counts"] for row in pc.value_counts(mine).to_pylist()})


def _of_model(ws: Workspace, release: Release, effect: dict[str, Any]) -> dict[str, Learned]:
    setting = Setting(ws.brief, ws.playbook)
    tallies = {key: Tally(**value) for key, value in effect["tallies"].items()}
    places = {action: k for k, action in enumerate(effect["actions"])}
    found: dict[str, Learned] = {}
    listed = {action.id: action for action in ws.playbook.actions}
    for id, k in places.items():  # retired ones too, as long as the model knows them
        evidence = Evidence.nearest(tallies, "", "", id) if id != NOTHING else None
        if evidence is None:
            continue
        began, action = (effect["prior_mean"][k], effect["prior_sd"][k]), listed.get(id)
        now = (setting.sign * (action.expects or 0.0), action.unsure) if action else began
        ends = sorted((setting.sign * evidence.low, setting.sign * evidence.high))
        found[id] = Learned(
            release.id,
            release.title,
            evidence.n,
            setting.sign * evidence.mean,
            ends[0],
            ends[1],
            evidence.randomised,
            any(abs(a - b) > 1e-9 for a, b in zip(began, now, strict=True)),
        )
    return found
