"""What the board and the rail read beside a card: how it was judged before, what was shared, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from payoff.brief.declarations import Declarations
from payoff.gates.redeclared import verdict_then
from payoff.records.judgement import Row, Verdict
from payoff.use_cases import agreement, changes, judging_history, score, sharing
from payoff.use_cases.agreement import Agreement
from payoff.use_cases.changes import Changes, Taught
from payoff.use_cases.dropout import Dropped, dropout
from payoff.use_cases.judging_history import Judgement
from payoff.use_cases.pace import Followed
from payoff.use_cases.score import Card
from payoff.use_cases.sharing import Share
from payoff.use_cases.waiting import waiting
from payoff.use_cases.workspace import Workspace


class Boards:
    """The verbs of one product's boards."""

    def __init__(self, workspace: Workspace) -> None:
        self._ws = workspace
        self._dropout = Followed(workspace, dropout)

    def dropout(self) -> Dropped:
        """Where people drop out of what is suggested."""
        return self._dropout()

    def newest(self, release: str, *, trial: str | None = None) -> Judgement | None:
        """The last kept judgement of a release (`trial="stream"`: of being in care); `None` before the first."""
        return judging_history.newest(self._ws, release, trial=trial)

    def decided(self, release: str) -> Judgement | None:
        """The judgement a finished trial was decided on; `None` while it runs."""
        return judging_history.decided(self._ws, release)

    def late(self, release: str) -> tuple[Row, ...]:
        """What has become known of a finished trial's units since it was decided."""
        return score.late(self._ws, release)

    def judgements(self, release: str, trial: str) -> list[Judgement]:
        """How a release was judged in one trial, oldest first."""
        return judging_history.judgements(self._ws, release, trial)

    def card(self, release: str, key: str) -> Card:
        """A card as it stood when it was kept. Raises `Unknown` for any key that is not one of this release."""
        return judging_history.read(self._ws, release, key)

    def waiting(self, release: str) -> int:
        """How many suggestions of a release wait for somebody."""
        return sum(one.row["release"] == release for one in waiting(self._ws, self._ws.clock.now()))

    def brief_changes(self, since: datetime) -> list[tuple[datetime, str]]:
        """When the brief was changed after a moment, and by whom, oldest first."""
        return judging_history.brief_changes(self._ws, since)

    def verdicts(self, card: Card, then: Declarations) -> tuple[Verdict, Verdict | None]:
        """What the gate says of a card's figures as the brief stands, and as it would say under a changed one
        (`None`: that takes another look at the log)."""
        now = self._ws.declarations
        return verdict_then(card.card, now, now) or card.verdict, verdict_then(card.card, now, then)

    def share(self, card: Card, *, by: str, reasons: bool = False) -> Share:
        """Keep the card and a link to it; `reasons` shows what people wrote when they decided, too."""
        return sharing.make(self._ws, card, by=by, reasons=reasons)

    def shares(self) -> list[Share]:
        """All links ever made, newest first."""
        return sharing.listed(self._ws)

    def withdraw(self, share: str, *, by: str) -> None:
        """The link opens nothing from now on."""
        sharing.withdraw(self._ws, share, by=by)

    def opened(self, share: str, release: str, card: str) -> Share:
        """The link somebody holds. Raises `Refused` for one that is no longer good."""
        return sharing.opened(self._ws, share, release, card)

    def agreement(self, release: str) -> Agreement | None:
        """How often it would have said the same as the one it is compared with, while it was in shadow."""
        return agreement.agreement(self._ws, release)

    def changes(self, release: str) -> Changes | None:
        """What it knows that the one before it did not."""
        return changes.changes(self._ws, release)

    def taught(self) -> Mapping[datetime, Taught]:
        """What people said that each learning took in, by its moment."""
        return changes.taught(self._ws)
