"""One open product: every verb as a method. This is what `payoff.open()` returns."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from payoff.brief.schema import Brief, Playbook, SourceEntry
from payoff.feedback.clusters import Cluster
from payoff.feedback.items import FeedbackItem
from payoff.log.claims import Claim
from payoff.people.signing import Signer
from payoff.ports import Clock, Reading, Storage, Stored
from payoff.records.findings import Health
from payoff.records.judgement import Verdict
from payoff.records.releases import Release, Stage
from payoff.records.suggestions import Suggestion
from payoff.texts import Texts
from payoff.use_cases import (
    answering,
    claiming,
    delivery,
    health,
    importing,
    judging_history,
    learn,
    notes,
    plan,
    record,
    releases,
    score,
    suggest,
    telling,
    views,
)
from payoff.use_cases import cycle as cycles
from payoff.use_cases import inbox as inboxes
from payoff.use_cases.actions import Actions
from payoff.use_cases.annotating import Annotating
from payoff.use_cases.answered import GivenAnswer, answers_by
from payoff.use_cases.answering import Answered
from payoff.use_cases.boards import Boards
from payoff.use_cases.calendars import Calendars
from payoff.use_cases.cycle import Turn
from payoff.use_cases.delivery import Delivered
from payoff.use_cases.documents import Documents
from payoff.use_cases.filled import Tables
from payoff.use_cases.heard import last_words
from payoff.use_cases.importing import Imported
from payoff.use_cases.inbox import Comment
from payoff.use_cases.learn import LearnReport
from payoff.use_cases.lineage import Lineage
from payoff.use_cases.people import People
from payoff.use_cases.plan import Plan
from payoff.use_cases.pressing import Working
from payoff.use_cases.research import Research
from payoff.use_cases.score import Card
from payoff.use_cases.taking_back import take_back
from payoff.use_cases.today import Today
from payoff.use_cases.widget import Customers
from payoff.use_cases.workspace import Workspace


class Product:
    """A product with its brief, its log and its clock. Moments default to the clock's now.

    Everything is in the log, committed, when a method returns.
    """

    def __init__(self, workspace: Workspace, *, close: Callable[[], None] = lambda: None) -> None:
        self.workspace = workspace
        self._close = close
        self._today = Today(workspace)
        # Made at once: from now on it knows which version is in use, and notices when others save another.
        self.documents = Documents(workspace, self._today)
        """The brief and the playbook as files with a history, and their edits."""

    # What it is

    @property
    def name(self) -> str:
        return self.workspace.name

    @property
    def brief(self) -> Brief:
        """As it stands now; looks for edits of others at most once a second."""
        self.documents.reread()
        return self.workspace.brief

    @property
    def playbook(self) -> Playbook:
        """As it stands now; looks for edits of others at most once a second."""
        self.documents.reread()
        return self.workspace.playbook

    @functools.cached_property
    def research(self) -> Research:
        """What people told us: sessions, quotes, themes, and what to ask next."""
        return Research(self.workspace, self._today, self.actions)

    @functools.cached_property
    def actions(self) -> Actions:
        """What is known of each action of the playbook."""
        return Actions(self.workspace, self._today)

    @property
    def texts(self) -> Texts:
        return self.workspace.texts

    @property
    def clock(self) -> Clock:
        return self.workspace.clock

    @property
    def storage(self) -> Storage:
        return self.workspace.storage

    @functools.cached_property
    def people(self) -> People:
        """Who works with it: added, invited, changed and let go."""
        return People(self.workspace, self.documents)

    @property
    def signer(self) -> Signer:
        """Signs links with this product's own secret, the same in every process over one database."""
        return Signer(self.storage.accounts.secret("links"))

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

    def answer(
        self,
        suggestion: str,
        what: answering.What,
        by: str,
        *,
        reason: str = "",
        instead: str | None = None,
        until: date | datetime | None = None,
        comment: str = "",
        via: str = "",
        at: date | datetime | None = None,
    ) -> Answered:
        """What a person answers, in plain words of ours; see `use_cases.answering`."""
        return answering.answer(
            self.workspace, suggestion, what, by,
            reason=reason, instead=instead, until=until, comment=comment, via=via, at=at,
        )  # fmt: skip

    def claim(self, suggestion: str, by: str) -> Claim:
        """Take a suggestion on. Raises `Taken`, a `Conflict`, with who has it and since when."""
        return claiming.claim(self.workspace, suggestion, by)

    def give_back(self, suggestion: str, by: str) -> None:
        """Let go of a suggestion one has taken."""
        claiming.give_back(self.workspace, suggestion, by)

    def answers_by(self, person: str) -> list[GivenAnswer]:
        """What one person answered lately, newest first, and whether it still stands."""
        return answers_by(self.workspace, person)

    def unread(self, person: str) -> int:
        """How many final answers to what a person said they have not read."""
        return views.unread(self.workspace, person)

    def thumbs(self, person: str) -> Mapping[str, int]:
        """By suggestion, the newest thumb of a person: 1 or -1."""
        return views.thumbs(self.workspace, person)

    def told(self, items: Iterable[FeedbackItem], by: str) -> int:
        """Their author has read the final answers to these items; counts once."""
        return telling.told(self.workspace, items, by)

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

    def give(self, feedback: Sequence[str], state: str, *, by: str, reason: str = "", internal: str = "") -> int:
        """What a person decided of feedback: looked_at, or used or declined with words its authors read."""
        return inboxes.give(self.workspace, feedback, state, by=by, reason=reason, internal=internal)

    def take_back(self, feedback: str, by: str) -> None:
        """Words, a thumb or a correction taken back by its author; an answer is taken back with `undo`."""
        take_back(self.workspace, feedback, by)

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
        self.documents.reread()
        return suggest.suggest(self.workspace, str(unit))

    def decide(self, units: Sequence[str] | None = None, now: datetime | None = None) -> list[Suggestion]:
        """A new decision for each unit (all known ones by default), in one transaction."""
        return suggest.decide(self.workspace, None if units is None else [str(u) for u in units], now)

    def queue(self, owner: str | None = None) -> list[views.QueueItem]:
        """Open suggestions somebody should act on, the worthiest first."""
        return views.queue(self.workspace, owner)

    def send(self, person: str | None = None, only: str | None = None, *, dry: bool = False) -> Delivered:
        """Put the week's worthiest where people work, and bring up to date what stands there."""
        return delivery.send(self.workspace, self.workspace.channels, person, only, dry=dry)

    def collect(self) -> Delivered:
        """Take in what people did where they work."""
        return delivery.collect(self.workspace, self.workspace.channels)

    def last_words(self, units: Sequence[str]) -> dict[str, FeedbackItem]:
        """The newest thing anybody said about some units lately, by unit."""
        return last_words(self.workspace, units, self.clock.now())

    def facts_now(self, units: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The newest facts of some units, by unit."""
        return views.facts_now(self.workspace, units)

    def as_of(self) -> datetime | None:
        """The moment the data speak of; `None` while there are none."""
        return views.as_of(self.workspace)

    def health(self, now: datetime | None = None) -> Health:
        """What every monitor says of the log as it stands, worst first."""
        return health.health(self.workspace, now)

    def inbox(self) -> list[FeedbackItem]:
        """Everything people said, newest first, with its fate."""
        return inboxes.items(self.workspace)

    def groups(self) -> list[Cluster]:
        """What many say alike: unanswered first, then what most people say."""
        return inboxes.groups(self.workspace)

    def group(self, id: str) -> Cluster:
        """One group of what many say alike."""
        return inboxes.group(self.workspace, id)

    def comments(self, feedback: Sequence[str]) -> dict[str, list[Comment]]:
        """Internal comments by item: for those who run the product, never for an author."""
        return inboxes.comments(self.workspace, feedback)

    def remark(self, feedback: str, text: str, *, by: str) -> None:
        """An internal comment."""
        inboxes.remark(self.workspace, feedback, text, by=by)

    @property
    def lineage(self) -> Lineage:
        """From what somebody said to the training rows and releases it changed, and back."""
        return Lineage(self.workspace)

    @property
    def annotating(self) -> Annotating:
        """Hard cases for experts to label, and what became of their answers."""
        return Annotating(self.workspace)

    def said_by(self, person: str, most: int | None = None) -> list[FeedbackItem]:
        """What one person said (the newest `most` of it) and what became of it."""
        return views.said_by(self.workspace, person, most)

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
        """Take it back, now; whoever serves then makes a new suggestion for each that was open."""
        verdict = releases.rollback(self.workspace, id, by=by, why=why)[1]
        suggest.instead(self.workspace, id)
        return verdict

    def scorecard(self, id: str, now: datetime | None = None, *, trial: str | None = None) -> Card:
        """The scorecard of a release with its verdict; a finished trial's is the one it was decided on.

        `trial="stream"`: of being in care at all; `"served"`: of the release alone while it serves everybody.
        """
        return judging_history.standing(self.workspace, id, now, trial=trial)

    def experiment(self, trial: str, control: str) -> Card:
        """The scorecard of an imported experiment."""
        return score.experiment(self.workspace, trial, control)

    def trials(self) -> dict[str, str]:
        """Imported experiments by name, each with its control action."""
        return score.trials(self.workspace)

    @property
    def customers(self) -> Customers:
        """What customers see, answer and say, in the widget and by e-mail."""
        return Customers(self.workspace)

    @property
    def working(self) -> Working:
        """What people press where they work, and behind the link of a mail."""
        return Working(self.workspace)

    @property
    def tables(self) -> Tables:
        """The desk as a table to fill in, and filled tables as answers."""
        return Tables(self.workspace)

    @property
    def calendars(self) -> Calendars:
        """What is due, as a calendar for each person."""
        return Calendars(self.workspace)

    @functools.cached_property
    def boards(self) -> Boards:
        """Figures as they stood, links for people outside, and what a release changed."""
        return Boards(self.workspace)

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
        self.documents.reread(now=True)
        return cycles.turn(self.workspace, now, decide=decide)
