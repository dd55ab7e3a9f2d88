"""Hard cases for experts: a list a week, the same for everybody, and what became of the answers."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payoff.errors import BadInput, Conflict, Fault, Refused, Unknown
from payoff.features.batch import Batch
from payoff.features.build import history
from payoff.feedback.annotations import ASKED, CANNOT_SAY, NEITHER, PAYOFF, Case, cases
from payoff.learning.hard_cases import candidates, hardest
from payoff.log.corrections import GONE
from payoff.log.responses import FINAL, responses
from payoff.policy.base import Proposal
from payoff.policy.fitness import fit
from payoff.policy.setting import Setting
from payoff.records.envelope import Event
from payoff.records.releases import Release
from payoff.records.time import to_micros, week_of
from payoff.releases import lifecycle
from payoff.serving.server import load
from payoff.use_cases.lineage import taught_by
from payoff.use_cases.naming import NAMES
from payoff.use_cases.workspace import Workspace

RECENT = timedelta(days=28)
"""Decisions this young are asked about."""
AGAIN = timedelta(days=56)
"""So long nobody is asked about the same unit again."""
_MOST_UNITS = 4000
_SPACE = uuid.UUID("a1f0a7c4-7f4d-5b5e-9b39-6d6e0f6f3c52")


@dataclass(frozen=True, slots=True)
class Lesson:
    """Labels that a refresh of `release` took in at `at`."""

    release: str
    artefact: str
    at: datetime
    n: int


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one person's answers. Newest lesson first.

    `open` until a learning takes them in; `waiting` for a second person; `blind` because somebody else has
    answered, too, and this person's list is not done; `apart` from what somebody else says, and theirs to settle;
    `kept` apart, as they settled it; `outvoted` where two others agree; `unsaid` where nobody could say.
    """

    lessons: tuple[Lesson, ...]
    open: int
    waiting: int
    blind: int
    apart: int
    kept: int
    outvoted: int
    unsaid: int


@dataclass(frozen=True, slots=True)
class About:
    """A case as it is shown; `name` is "" where nobody may be named. `fit` are the actions that today's playbook
    calls fit for it."""

    name: str
    role: str
    industry: str
    at: datetime | None
    facts: Mapping[str, Any]
    fit: frozenset[str] = frozenset()


class Annotating:
    """Lists, answers and lessons, over one product."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    # The week's list

    @property
    def week(self) -> date:
        """The Monday of the present list."""
        return week_of(self._ws.clock.now(), self._ws.brief.product.zone)

    def batch(self) -> list[Case]:
        """This week's cases. Whoever asks first puts the list up; it then stays as it is for everybody.

        Raises `Refused` where the brief does not allow people to be labelled.
        """
        self._allowed()
        found = self._of(self.week)
        if not found:
            self._ws.storage.log.append(self._chosen())
            found = self._of(self.week)
        return found

    def mine(self, person: str) -> list[Case]:
        """The list in this person's own order, so that nobody's attention wanes at the same case."""
        return sorted(self.batch(), key=lambda case: _hash(person, case.suggestion, "order"))

    def pair(self, case: Case, person: str) -> tuple[str, str]:
        """The two actions as A and B for this person: which is first is a matter of chance."""
        a, b = case.actions
        return (a, b) if _hash(person, case.suggestion, "side")[0] % 2 else (b, a)

    def about(self, case: Case) -> About:
        """What was known at the decision. Protected facts and the contact's name are left out, ignored facts too;
        where people are at stake nobody is named. What the two actions and the risk look at comes first."""
        brief, said = self._ws.brief, self._ws.storage.log.find(case.suggestion)
        if said is None or not case.unit:
            return About("", case.role, "", None, {})
        seen = history(self._ws.tables, brief, [case.unit], [said.at])
        facts = {name: seen.facts[name][0].as_py() for name in seen.facts.column_names}
        nameless = brief.product.people_at_stake
        named = (facts.get(name) for name in NAMES if name not in brief.unit.protected)
        name = "" if nameless else str(next((n for n in named if n), case.unit))
        unit = brief.unit
        hidden = {*unit.protected, *unit.ignore, unit.contact, unit.owner, unit.role, unit.industry, *NAMES}
        first = [c.fact for a in self._ws.playbook.actions if a.id in case.actions for c in a.when]
        first += [r["feature"] for r in said.body.get("reasons") or () if r.get("feature")]
        order = dict.fromkeys(name for name in (*first, *facts) if name in facts and name not in hidden)
        known = {name: facts[name] for name in order if facts[name] is not None and facts[name] != ""}
        fits = fit(seen, self._ws.playbook)[0, 1:]
        able = frozenset(a.id for a, good in zip(self._ws.playbook.actions, fits, strict=True) if good)
        return About(name, case.role, str(seen.industry[0] or ""), said.at, known, able)

    # Answers

    def answer(self, suggestion: str, label: str, *, by: str, instead: str = "", why: str = "") -> Case:
        """What fits better: one of the two actions, `NEITHER` or `CANNOT_SAY`. The newest answer counts.

        Raises `Conflict` once the person has seen what somebody else says, `BadInput` for anything that is no
        answer, `Unknown` for a case that is not on this week's list.
        """
        (case,) = self.answers([(suggestion, label, instead, why)], by=by)
        return case

    def answers(self, given: Sequence[tuple[str, str, str, str]], *, by: str) -> list[Case]:
        """Many at once: (suggestion, label, instead, why). Nothing is kept if one of them cannot be."""
        listed = self.batch()
        found = [self._case(suggestion, listed) for suggestion, *_ in given]
        made = [self._checked(case, *more, by=by) for case, (_, *more) in zip(found, given, strict=True)]
        self._ws.storage.log.append(made)
        return found

    def settle(self, suggestion: str, label: str, *, by: str) -> Case:
        """Settle a difference on one's own answer or on somebody else's. First answers stay as they were."""
        case = self._case(suggestion, cases(self._ws.tables).values())
        if by not in case.first or not self.seen(case, by):
            mend = "Answer the whole list first; then what differs is shown side by side."
            raise Conflict("there is nothing to settle yet", where=f"case {case.place}", mend=mend)
        said = [a.label for a in case.first.values()]
        if label not in said:
            raise BadInput("the answer", [Fault("answer", f"nobody said {label!r}", "Keep yours or take theirs.")])
        instead = next((a.instead for a in case.first.values() if a.label == label and a.instead), "")
        choices = {"actions": list(case.actions), "settled": True, **({"instead": instead} if instead else {})}
        self._ws.storage.log.append([self._event(case, label, choices, by, "")])
        return case

    def next(self, person: str) -> Case | None:
        """The first case of the list they have not answered."""
        return next((case for case in self.mine(person) if person not in case.first), None)

    def last(self, person: str) -> Case | None:
        """The case of this week's list they answered last, while they may still change what they said."""
        mine = [case for case in self._of(self.week) if person in case.first]
        case = max(mine, key=lambda one: (one.first[person].at, one.first[person].seq), default=None)
        return None if case is None or self.seen(case, person) else case

    def finished(self, person: str) -> bool:
        """Whether they have answered the whole of this week's list."""
        found = self._of(self.week)
        return bool(found) and all(person in case.first for case in found)

    def seen(self, case: Case, person: str) -> bool:
        """Whether they may see what others said: both have spoken, and their own list is done, or over."""
        both = person in case.first and len(case.first) > 1
        return both and (case.week < self.week or self.finished(person))

    # What became of them

    def everything(self) -> list[Case]:
        """Every case that was ever asked, newest list first."""
        return sorted(cases(self._ws.tables).values(), key=lambda case: (-case.week.toordinal(), case.place))

    def disagreements(self, person: str = "") -> list[Case]:
        """Cases on which two have spoken and still differ, newest first; for one person, only those they may see
        and have not settled. Without one: for the agenda of a session, lists of the present week left out."""
        apart = [case for case in self.everything() if case.differs and not case.agreed]
        if person:
            return [case for case in apart if person not in case.settled and self.seen(case, person)]
        return [case for case in apart if case.week < self.week]

    def settled(self, person: str) -> list[Case]:
        """Cases on which this person and somebody else differed at first and nothing is left for them to settle:
        of this week, and older ones while others have not settled theirs."""
        differed = [c for c in self.everything() if len({a.label for a in c.first.values()}) > 1]
        done = [c for c in differed if (c.agreed or person in c.settled) and self.seen(c, person)]
        return [c for c in done if c.week == self.week or not c.agreed]

    def lesson_of(self, case: Case) -> Lesson | None:
        """The first refresh that took a case in; `None` while none has."""
        taught = case.lessons()
        if not taught:
            return None
        seq = max(label.seq for label in taught)
        made = self._ws.tables.arrow("learned")
        later = made.filter(pc.greater(made["seq"], seq)).select(["release", "artefact", "at"]).to_pylist()
        wanted = {(label.action, label.role) for label in taught}
        against = {(label.action, label.role) for label in taught if label.says < 0}  # praise reorders no rules
        for row in later:
            moved = taught_by(self._ws, row["artefact"])
            if any((wanted if one.what == "expected" else against) & one.places for one in moved):
                return Lesson(row["release"], row["artefact"], row["at"], 1)
        return None

    def became(self, person: str) -> Became:
        """What became of everything a person answered."""
        found: dict[tuple[str, str, datetime], int] = {}
        counts = dict.fromkeys(("open", "waiting", "blind", "apart", "kept", "outvoted", "unsaid"), 0)
        for case in cases(self._ws.tables).values():
            if person not in case.standing:
                continue
            if where := self._stands(case, person):
                counts[where] += 1
            elif (lesson := self.lesson_of(case)) is not None:
                key = (lesson.release, lesson.artefact, lesson.at)
                found[key] = found.get(key, 0) + 1
            else:
                counts["open"] += 1
        lessons = sorted((Lesson(*key, n) for key, n in found.items()), key=lambda one: one.at, reverse=True)
        return Became(tuple(lessons), **counts)

    # Within

    def _stands(self, case: Case, person: str) -> str:
        """What keeps a case a person answered from teaching; "" where it can. Nothing they may not see decides."""
        mine, agreed = case.standing[person].label, case.agreed
        if len(case.first) < 2:
            return "waiting"
        if not self.seen(case, person):
            return "blind"
        if agreed == CANNOT_SAY or (mine == CANNOT_SAY and not case.differs):
            return "unsaid"
        if not agreed:
            return "kept" if person in case.settled else "apart"
        return "" if mine == agreed else "outvoted"

    def _allowed(self) -> None:
        """Whoever labels people's applications, health or liberty must have said what is protected and who could
        be hurt; and then only decisions that are over, so that no label touches a case that is still open."""
        brief = self._ws.brief
        if not brief.product.people_at_stake:
            return
        faults = []
        if not brief.unit.protected:
            faults.append("which facts are protected ([unit] protected)")
        if not brief.harms:
            faults.append("who could be hurt ([[harms]])")
        if faults:
            raise Refused(
                "people's cases are not labelled before the brief says " + " and ".join(faults),
                where="annotate",
                mend="Answer it in the brief; then decisions that are over can be labelled, without names.",
            )

    def _of(self, week: date) -> list[Case]:
        found = [case for case in cases(self._ws.tables).values() if case.week == week]
        return sorted(found, key=lambda case: case.place)

    def _case(self, suggestion: str, among: Iterable[Case]) -> Case:
        found = next((case for case in among if case.suggestion == suggestion), None)
        if found is None:
            raise Unknown("this case is not on the list", mend="Open “Label” and go on from there.")
        return found

    def _checked(self, case: Case, label: str, instead: str, why: str, *, by: str) -> Event:
        faults = []
        if label not in (*case.actions, NEITHER, CANNOT_SAY):
            faults.append(Fault("answer", f"{label!r} is none", "Choose A, B, neither, or cannot say."))
        if instead and (label != NEITHER or instead not in self._ws.actions()):
            faults.append(Fault("instead", f"{instead!r} cannot be named here", "Choose neither, and an action."))
        if faults:
            raise BadInput("the answer", faults)
        if self.seen(case, by):
            raise Conflict(
                "you have seen what the other person says",
                where=f"case {case.place}",
                mend="What you said before you saw it stays in the count; settle on one under “Where you differ”.",
            )
        choices = {"actions": list(case.actions), **({"instead": instead} if instead else {})}
        return self._event(case, label, choices, by, why)

    def _event(self, case: Case, label: str, choices: Mapping[str, Any], by: str, why: str) -> Event:
        body = {
            "suggestion": case.suggestion, "label": label, "choices": dict(choices), "why": why.strip() or None,
        }  # fmt: skip
        return self._ws.event("annotation", body, at=self._ws.clock.now(), unit=case.unit, actor=by)

    def _chosen(self) -> list[Event]:
        ws, now = self._ws, self._ws.clock.now()
        said = self._askable(now)
        if not said.num_rows:
            return []
        batch = history(ws.tables, ws.brief, said["unit"].to_pylist(), said["at"].cast(pa.int64()).to_numpy())
        proposal = self._proposal(batch)
        every = candidates(proposal, batch.role, batch.industry)
        found, sizes = hardest(every), Counter(case.kind for case in every)
        ids, units, week = said["id"].to_pylist(), said["unit"].to_pylist(), self.week.isoformat()
        events = []
        for place, one in enumerate(found, 1):
            choices = {
                "week": week, "place": place, "actions": sorted(one.actions), "role": one.role,
                "alike": sizes[one.kind],
            }  # fmt: skip
            body = {"suggestion": ids[one.row], "label": ASKED, "choices": choices}
            # Two processes that choose at once write under the same ids, and the log keeps the first of them.
            id = str(uuid.uuid5(_SPACE, f"{ws.name}|{week}|{place}"))
            events.append(ws.event("annotation", body, at=now, unit=units[one.row], actor=PAYOFF, id=id))
        return events

    def _askable(self, now: datetime) -> pa.Table:
        """The newest decision of each unit that nobody was asked about lately."""
        ws = self._ws
        said = ws.tables.recent("suggestion", now - RECENT)
        said = said.filter(
            pc.and_(
                pc.and_(pc.equal(said["mode"], "answer"), pc.not_equal(said["arm"], "holdout")),
                pc.and_(
                    pc.invert(pc.fill_null(said["fallback"], False)),
                    pc.not_equal(pc.fill_null(said["stage"], ""), GONE),
                ),
            )
        ).select(["id", "unit", "at", "expires_us", "seq"])
        if ws.brief.product.people_at_stake:
            answered = responses(ws.tables)
            final = answered.filter(pc.is_in(answered["what"], pa.array(sorted(FINAL))))["suggestion"]
            over = pc.or_(
                pc.less_equal(said["expires_us"], to_micros(now)), pc.is_in(said["id"], pc.unique(final))
            )
            said = said.filter(pc.fill_null(over, False))
        since = (now - AGAIN).date()
        lately = {case.unit for case in cases(ws.tables).values() if case.week > since}
        names = said["unit"].to_pylist()
        last = {unit: i for i, unit in enumerate(names) if unit not in lately}
        return said.take(pa.array(sorted(last.values())[-_MOST_UNITS:], pa.int64()))

    def _proposal(self, batch: Batch) -> Proposal:
        """What the newest release that knows payoffs expects; before there is one, what the playbook does."""
        ws, releases = self._ws, self._ws.releases()
        for release in (lifecycle.on_trial(releases), lifecycle.champion(releases)):
            found = _thought(ws, release, batch) if release else None
            if found is not None and np.isfinite(found.mean[:, 1:]).sum(axis=1).max(initial=0) >= 2:
                return found
        setting = Setting(ws.brief, ws.playbook)
        mean, sd = setting.expected(len(batch))
        if setting.worth is None:  # what nobody has put a price on is compared in its own measure
            said = np.array([0.0, *(np.nan if a.expects is None else a.expects for a in ws.playbook.actions)])
            mean = np.tile(said, (len(batch), 1))
            sd = np.tile(np.array([0.0, *(a.unsure for a in ws.playbook.actions)]), (len(batch), 1))
        return setting.proposal(batch, mean, mean, sd)


def _thought(ws: Workspace, release: Release, batch: Batch) -> Proposal | None:
    """A policy from outside that fails costs nobody the week's list."""
    policies, store = ws.plugins.policies, ws.storage.artefacts
    try:
        server = load(release, policies=policies, store=store, brief=ws.brief, playbook=ws.playbook)
        return server.policy.propose(batch, server.learned)
    except Exception:
        return None


def _hash(*words: str) -> bytes:
    return hashlib.sha256("|".join(words).encode()).digest()
