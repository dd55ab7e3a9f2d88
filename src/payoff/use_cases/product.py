"""One open product: every verb as a method. This is what `payoff.open()` returns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from payoff.brief.schema import Brief, Playbook, SourceEntry
from payoff.feedback.items import FeedbackItem
from payoff.ports import Clock, Reading, Storage, Stored
from payoff.records.judgement import Verdict
from payoff.records.releases import Release, Stage
from payoff.records.suggestions import Suggestion
from payoff.texts import Texts
from payoff.use_cases import cycle as cycles
from payoff.use_cases import importing, learn, notes, plan, record, releases, score, suggest, views
from payoff.use_cases.cycle import Turn
from payoff.use_cases.importing import Imported
from payoff.use_cases.learn import LearnReport
from payoff.use_cases.plan import Plan
from payoff.use_cases.score import Card
from payoff.use_cases.workspace import Workspace


class Product:
    """A product with its brief, its log and its clock. Moments default to the clock's now.

    Everything is in the log, committed, when a method returns.
    """

    def __init__(self, workspace: Workspace, *, close: Callable[[], None] = lambda: None) -> None:
        self.workspace = workspace
        self._close = close

    # What it is

    @property
    def name(self) -> str:
        return self.workspace.name

    @property
    def brief(self) -> Brief:
        return self.workspace.brief

    @property
    def playbook(self) -> Playbook:
        return self.workspace.playbook

    @property
    def texts(self) -> Texts:
        return self.workspace.texts

    @property
    def clock(self) -> Clock:
        return self.workspace.clock

    @property
    def storage(self) -> Storage:
        return self.workspace.storage

    def close(self) -> None:
        """Let go of the database."""
        self._close()

    # What comes in

    def facts(
        self,
        rows: pa.Table | Sequence[Mapping[str, Any]],
        *,
        unit: str = "unit",
        at: datetime | None = None,
        source: str = "api",
    ) -> int:
        """What is known about units from `at` on; `unit` names the column with their ids. Returns how many."""
        return record.facts(self.workspace, rows, unit=unit, at=at, source=source)

    def outcome(self, unit: str, name: str, amount: float = 1.0, *, at: datetime | None = None) -> Stored:
        """What happened to a unit: 1 for yes/no (0: known not to have happened), major units for money."""
        event = record.outcome(self.workspace, unit, name, amount, at=at)
        return self.storage.log.append([event])[0]

    def outcomes(self, rows: Iterable[tuple[str, str, float, datetime | None]]) -> list[Stored]:
        """Many outcomes in one transaction: (unit, name, amount, at)."""
        return record.outcomes(self.workspace, rows)

    def record(
        self,
        suggestion: str,
        what: str,
        *,
        why: str = "",
        minutes: float | None = None,
        until: datetime | None = None,
        by: str | None = None,
        at: datetime | None = None,
    ) -> Stored:
        """A person met the suggestion: shown, accepted, done, dismissed or snoozed."""
        event = record.response(
            self.workspace, suggestion, what, at=at, by=by, why=why, minutes=minutes, until=until
        )
        return self.storage.log.append([event])[0]

    def record_many(self, rows: Iterable[tuple[str, str, datetime, Mapping[str, Any]]]) -> list[Stored]:
        """Many responses in one transaction: (suggestion, what, at, {by, why, minutes, until})."""
        return record.responses(self.workspace, rows)

    def feedback(
        self,
        suggestion: str | None = None,
        *,
        unit: str | None = None,
        thumb: int | None = None,
        correction: Mapping[str, Any] | None = None,
        problem: str | None = None,
        idea: str | None = None,
        comment: str | None = None,
        by: str,
        at: datetime | None = None,
    ) -> str:
        """What somebody said; returns the id under which they will hear what became of it."""
        return record.feedback(
            self.workspace,
            suggestion,
            unit=unit,
            thumb=thumb,
            correction=correction,
            problem=problem,
            idea=idea,
            comment=comment,
            by=by,
            at=at,
        )

    def feedback_many(self, rows: Iterable[tuple[str | None, datetime, Mapping[str, Any]]]) -> list[str]:
        """Many items in one transaction: (suggestion, at, the other arguments of `feedback`)."""
        return record.feedbacks(self.workspace, rows)

    def pulse_many(self, rows: Iterable[tuple[str, int | None, datetime]]) -> None:
        """Many answers to the weekly question in one transaction: (by, score, at)."""
        record.pulses(self.workspace, rows)

    def fate(self, feedback: str, state: str, *, by: str, reason: str = "") -> None:
        """What a person decided of feedback by hand: looked_at, or declined with a reason."""
        record.fate(self.workspace, feedback, state, by=by, reason=reason)

    def pulse(self, by: str, score: int | None = None, *, at: datetime | None = None) -> None:
        """A worker's confidence from 1 to 5; without a score, that they were asked."""
        record.pulse(self.workspace, by, score, at=at)

    def events(self, sent: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
        """Events from outside, each answered: (id, stored | duplicate | conflict | refused, why)."""
        return record.received(self.workspace, sent)

    def read_sources(self) -> list[Imported]:
        """Re-read every source of the brief."""
        return importing.read_sources(self.workspace)

    def import_source(self, name: str, entry: SourceEntry) -> Imported:
        """Read one source now, as what its entry says it is."""
        with importing.readable(name):
            reading = self.workspace.open_source(entry, self.workspace.folder).read()
        return importing.bring(self.workspace, name, entry, reading)

    def import_events(self, name: str, reading: Reading) -> Imported:
        """A table of events, one a row, all or nothing."""
        return importing.bring_events(self.workspace, name, reading)

    def import_trial(
        self,
        name: str,
        reading: Reading,
        *,
        unit: str | None = None,
        action: str,
        propensity: str | float,
        outcomes: Sequence[str] | Mapping[str, str],
        control: str,
    ) -> Imported:
        """An experiment run elsewhere: one row a unit, with its action, its propensity and its outcomes."""
        return importing.bring_trial(
            self.workspace,
            name,
            reading,
            unit=unit,
            action=action,
            propensity=propensity,
            outcomes=outcomes,
            control=control,
        )

    # What goes out

    def suggest(self, unit: str) -> Suggestion:
        """One suggestion for one unit; the same one while it is open."""
        return suggest.suggest(self.workspace, str(unit))

    def decide(self, units: Sequence[str] | None = None, now: datetime | None = None) -> list[Suggestion]:
        """A new decision for each unit (all known ones by default), in one transaction."""
        return suggest.decide(self.workspace, None if units is None else [str(u) for u in units], now)

    def queue(self, owner: str | None = None) -> list[views.QueueItem]:
        """Open suggestions somebody should act on, the worthiest first."""
        return views.queue(self.workspace, owner)

    def as_of(self) -> datetime | None:
        """The moment the data speak of; `None` while there are none."""
        return views.as_of(self.workspace)

    def inbox(self) -> list[FeedbackItem]:
        """Everything people said, newest first, with its fate."""
        return views.inbox(self.workspace)

    def said_by(self, person: str) -> list[FeedbackItem]:
        """What one person said and what became of it."""
        return views.said_by(self.workspace, person)

    # Releases

    def releases(self) -> list[Release]:
        """All releases as they stand, oldest first."""
        return list(self.workspace.releases())

    def create_release(self, id: str, title: str, recipe: Mapping[str, Any], *, by: str, why: str) -> Release:
        """A draft. Refused when a metric it would be judged by has no data source."""
        return releases.create(self.workspace, id, title, recipe, by=by, why=why)

    def start(
        self, id: str, *, by: str, why: str, named: Collection[str] | None = None, early: bool = False
    ) -> Release:
        """To the plan's next step, once the present one has had its least days (or early, on the record)."""
        return releases.start(self.workspace, id, by=by, why=why, named=named, early=early)

    def move(
        self,
        id: str,
        stage: Stage,
        *,
        by: str,
        why: str,
        share: float | None = None,
        named: Collection[str] | None = None,
    ) -> Release:
        """To one stage, if that is legal."""
        return releases.move(self.workspace, id, stage, by=by, why=why, share=share, named=named)

    def promote(self, id: str, *, by: str, why: str, unproven: bool = False) -> Verdict:
        """Make it the champion, on a promoting verdict or by name as unproven."""
        return releases.promote(self.workspace, id, by=by, why=why, unproven=unproven)[1]

    def hold(self, id: str, *, by: str, why: str) -> Verdict:
        """Leave it where it is, on the record."""
        return releases.hold(self.workspace, id, by=by, why=why)

    def rollback(self, id: str, *, by: str, why: str) -> Verdict:
        """Take it back, now."""
        return releases.rollback(self.workspace, id, by=by, why=why)[1]

    def scorecard(self, id: str, now: datetime | None = None, *, trial: str | None = None) -> Card:
        """The scorecard of a release with its verdict; `trial="stream"`: of being in care at all."""
        return score.judged(self.workspace, id, now, trial=trial)

    def experiment(self, trial: str, control: str) -> Card:
        """The scorecard of an imported experiment."""
        return score.experiment(self.workspace, trial, control)

    def trials(self) -> dict[str, str]:
        """Imported experiments by name, each with its control action."""
        return score.trials(self.workspace)

    def decisions(self, release: str | None = None) -> list[views.Decision]:
        """What was decided, newest first."""
        return views.decisions(self.workspace, release)

    def refreshes(self, release: str | None = None) -> list[views.Refresh]:
        """What was learned, newest first."""
        return views.refreshes(self.workspace, release)

    def plan(self, *, units: int | None = None, base: float | None = None) -> Plan:
        """What the units at hand can show in the plan's time."""
        return plan.plan(self.workspace, units=units, base=base)

    # What was said in rooms

    def note(
        self, about: str, text: str, *, by: str, title: str = "", themes: Sequence[str] = (), release: str = ""
    ) -> str:
        """Keep an interview, a focus group, a prototype test or a decision; returns its id."""
        return notes.add(self.workspace, about, text, by=by, title=title, themes=themes, release=release)

    def notes(self, theme: str | None = None) -> list[notes.Note]:
        """Notes, newest first."""
        return notes.listed(self.workspace, theme)

    # Learning

    def learn(self, now: datetime | None = None, *, score: bool = True) -> LearnReport:
        """Collect labels and feedback, refresh every living release, and tell people what became of theirs."""
        return learn.learn(self.workspace, now, score=score)

    def cycle(self, now: datetime | None = None, *, decide: bool = True) -> Turn:
        """One weekly turn: sources, scorecards, gates, automatic rollback, learning, new suggestions."""
        return cycles.turn(self.workspace, now, decide=decide)
