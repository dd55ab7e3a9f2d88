"""A product made of plain values, for pages: it keeps what is done to it and knows no models."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.fake_boards import FakeBoards, standings
from tests.fake_desk import FakeDesk, no_answers
from tests.fake_values import (
    BRIEF,
    DAY,
    HOLD,
    NOW,
    PLAYBOOK,
    Decision,
    Item,
    Refresh,
    Scorecard,
    Trust,
    items,
    releases,
    rows,
)

from payoff.adapters.memory import MemoryAccounts
from payoff.brief.schema import Brief
from payoff.errors import BadInput, Fault, Refused, Unavailable, Unknown
from payoff.feedback.clusters import Cluster, clusters
from payoff.feedback.items import FINAL, FeedbackItem, Reply
from payoff.learning.traces import Trace
from payoff.log.responses import Answer
from payoff.notes.records import Counted
from payoff.people.signing import Signer
from payoff.ports import Storage
from payoff.records.judgement import Verdict
from payoff.records.releases import Move, Release
from payoff.records.suggestions import Suggestion
from payoff.texts import Texts
from payoff.use_cases.lineage import Learned, Taken


@dataclass
class FakeProduct(FakeDesk):
    """Everything it was told is in `answered`, `recorded`, `pulses` and `_feedback`."""

    items: list[Item] = field(default_factory=items)
    found: list[Release] = field(default_factory=releases)
    verdict: Verdict = HOLD
    trust: Trust = field(default_factory=Trust)
    recorded: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    pulses: list[tuple[str, int | None]] = field(default_factory=list)
    decided: list[Decision] = field(default_factory=list)
    brief: Brief = BRIEF
    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    away: bool = False
    judged: int = 0
    learned: list[Refresh] = field(
        default_factory=lambda: [
            Refresh(NOW - 2 * DAY, 1240, ("3 corrected facts", "acct-88: seasonal pause (Nia Okafor)"), ""),
            Refresh(NOW - 9 * DAY, 1105, ("1 thumb down on Quarterly review",), ""),
        ]
    )
    remarks: dict[str, list[Any]] = field(default_factory=dict)
    answered: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=no_answers)
    refreshed: list[str] = field(default_factory=list)
    _number: int = 0
    _feedback: list[FeedbackItem] = field(default_factory=list)

    name = "retention"
    playbook = PLAYBOOK
    texts = Texts()
    clock = SimpleNamespace(now=lambda: NOW)

    @functools.cached_property
    def research(self) -> Any:
        """Nobody has said anything of anything."""
        return SimpleNamespace(about=lambda on: Counted(), targets=tuple)

    @functools.cached_property
    def actions(self) -> Any:
        """Nothing has been learned of any action."""
        return SimpleNamespace(learned=dict)

    @functools.cached_property
    def working(self) -> Any:
        """What was shown anew elsewhere is in `refreshed`."""
        return SimpleNamespace(refresh=self.refreshed.append)

    @functools.cached_property
    def calendars(self) -> Any:
        """Nobody wanted to come back to anybody."""
        return SimpleNamespace(returning=lambda person: [])

    @functools.cached_property
    def boards(self) -> FakeBoards:
        return FakeBoards(self)

    @property
    def storage(self) -> Storage:
        def head() -> int:
            if self.away:
                raise Unavailable("the store cannot be reached", mend="Try again.")
            return len(self.recorded) + len(self._feedback) + len(self.decided)

        log = SimpleNamespace(head=head, generation=lambda: 0)
        return SimpleNamespace(log=log, accounts=self.accounts)  # type: ignore[return-value]

    @property
    def signer(self) -> Signer:
        return Signer(self.accounts.secret("links"))

    def as_of(self) -> datetime:
        return NOW - timedelta(hours=3)

    def queue(self, owner: str | None = None, /) -> list[Item]:
        closed = ("done", "dismissed", "snoozed")
        open_ = [i for i in self.items if self.standing(i.suggestion.id) not in closed]
        return [i for i in open_ if owner in (None, i.owner)]

    def record(self, suggestion: str, what: str, /, **more: Any) -> str:
        self.storage.log.head()
        if suggestion not in [i.suggestion.id for i in self.items]:
            raise Unknown(f"no suggestion {suggestion!r}", mend="Use the id that `suggest` returned.")
        self.recorded.append((suggestion, what, more))
        return "stored"

    def record_many(self, rows: Any, /) -> list[str]:
        return [self.record(s, what, at=at, **more) for s, what, at, more in rows]

    def feedback(
        self,
        suggestion: str | None = None,
        /,
        *,
        by: str,
        unit: str | None = None,
        thumb: int | None = None,
        correction: Mapping[str, Any] | None = None,
        problem: str | None = None,
        idea: str | None = None,
        comment: str | None = None,
    ) -> str:
        about = next((i for i in self.items if i.suggestion.id == suggestion), None)
        made = FeedbackItem(
            id=f"f{len(self._feedback) + 1}",
            seq=len(self._feedback) + 1,
            by=by,
            at=NOW,
            unit=about.unit if about else unit or "",
            suggestion=suggestion or "",
            action=about.suggestion.action if about else "",
            role=about.suggestion.role if about else "",
            release=about.suggestion.release if about else "",
            thumb=thumb,
            correction=correction or {},
            problem=problem or "",
            idea=idea or "",
            comment=comment or "",
        )
        self._feedback.append(made)
        return made.id

    def give(
        self, feedback: Sequence[str], state: str, /, *, by: str, reason: str = "", internal: str = ""
    ) -> int:
        if state != "looked_at" and not reason.strip():
            raise BadInput("answer", [Fault("reason", "no reason", "Say it in words its author can read.")])
        word: Any = state.replace("_", " ")
        final = NOW if word in FINAL else None
        learned = {"learned": "key", "learned_in": "r1"} if state == "used" else {}
        said = Reply(NOW, by, reason)
        if state == "reply":
            for at, one in enumerate(self._feedback):
                if one.id in feedback and one.state in FINAL:
                    self._feedback[at] = replace(one, reply=reason, replies=(*one.replies, said), told_at=None)
            return len(feedback)
        open_ = [i for i, f in enumerate(self._feedback) if f.id in feedback and f.state not in FINAL]
        for at in open_:
            decided = {"decided_by": by, "replies": (said,)} if final else {}
            self._feedback[at] = replace(
                self._feedback[at], state=word, reply=reason, decided_at=final, told_at=final, **learned, **decided
            )
            if internal:
                self.remark(self._feedback[at].id, internal, by=by)
        return len(open_)

    def remark(self, feedback: str, text: str, /, *, by: str) -> None:
        self.remarks.setdefault(feedback, []).append(SimpleNamespace(by=by, at=NOW, text=text))

    def comments(self, feedback: Sequence[str], /) -> dict[str, list[Any]]:
        return {id: self.remarks[id] for id in feedback if id in self.remarks}

    def groups(self) -> list[Cluster]:
        """Those alike who use the very same words."""
        return clusters(self.inbox(), lambda texts: [texts.index(text) for text in texts], {}, {})

    def group(self, id: str, /) -> Cluster:
        found = next((c for c in self.groups() if c.id == id), None)
        if found is None:
            raise Unknown("there is no such group", mend="Open the inbox.")
        return found

    def inbox(self) -> list[FeedbackItem]:
        return self._feedback[::-1]

    @property
    def lineage(self) -> Any:
        """One refresh: every correction that was used changed the row it was said about."""

        def refresh(artefact: str, /) -> Learned:
            if artefact != "key":
                raise Unknown(f"no refresh {artefact!r}", mend="Open the releases.")
            made = tuple(
                Trace(f.suggestion, f.unit, NOW - 3 * DAY, "fact", name, f.role, 23, value, (f.id,))
                for f in self.inbox()
                if f.learned
                for name, value in f.correction.items()
            )
            return Learned("key", NOW - 2 * DAY, ("r1",), ("r1",), 1240, True, made)

        def of(feedback: str, /, learned: str = "") -> tuple[Taken, ...]:
            made = refresh("key")
            rows = len(made.by(feedback))
            return (Taken("key", made.at, made.releases, rows),) if rows else ()

        return SimpleNamespace(refresh=refresh, of=of)

    def said_by(self, person: str, most: int | None = None, /) -> list[FeedbackItem]:
        return [i for i in self.inbox() if i.by == person][:most]

    def pulse(self, by: str, score: int | None = None, /) -> None:
        self.pulses.append((by, score))

    def releases(self) -> list[Release]:
        return self.found

    def scorecard(self, id: str, /, *, trial: str | None = None) -> Any:
        self.judged += 1
        release = next((r for r in self.found if r.id == id), None)
        if release is None:
            raise Unknown.among("release", id, [r.id for r in self.found])
        if release.stage == "draft":
            raise Refused("nobody has met it yet", where=f"release {id}", mend="Start it.")
        card = Scorecard(id, release.title, rows(), self.trust, trial=trial or id)
        return SimpleNamespace(card=card, verdict=self.verdict, standings=standings())

    def decisions(self, release: str | None = None, /) -> list[Decision]:
        return [d for d in self.decided[::-1] if release in (None, d.release)]

    def refreshes(self, release: str, /) -> list[Refresh]:
        return self.learned if release == "r1" else []

    def _decide(self, id: str, chosen: str, by: str, why: str) -> None:
        self.scorecard(id)
        self.decided.append(Decision(id, chosen, self.verdict.word, why, by, NOW))

    def create_release(self, id: str, title: str, recipe: Mapping[str, Any], /, *, by: str, why: str) -> None:
        draft = Move("draft", 0.0, NOW, by, why)
        self.found.append(Release(id, title, "draft", 0.0, recipe, (draft,)))

    def promote(self, id: str, /, *, by: str, why: str, unproven: bool = False) -> None:
        if self.verdict.word != "promote" and not unproven:
            raise Refused(f"the verdict is “{self.verdict.word}”", where=f"release {id}", mend="Wait.")
        self._decide(id, "ship unproven" if unproven else "promote", by, why)

    def hold(self, id: str, /, *, by: str, why: str) -> None:
        self._decide(id, "hold", by, why)

    def rollback(self, id: str, /, *, by: str, why: str) -> None:
        self._decide(id, "roll back", by, why)
        at = next(i for i, r in enumerate(self.found) if r.id == id)
        moves = (*self.found[at].moves, Move("rolled back", 0.0, NOW, by, why))
        self.found[at] = replace(self.found[at], stage="rolled back", share=0.0, moves=moves)

    def start(self, id: str, /, *, by: str, why: str, named: Any = None, early: bool = False) -> None:
        at = next(i for i, r in enumerate(self.found) if r.id == id)
        moves = (*self.found[at].moves, Move("shadow", 0.0, NOW, by, why))
        self.found[at] = replace(self.found[at], stage="shadow", moves=moves)

    def suggest(self, unit: str, /) -> Suggestion:
        for item in self.items:
            if item.unit == unit:
                return item.suggestion
        raise Unknown.among("unit", unit, [i.unit for i in self.items])

    def decide(self, units: Any = None, /) -> list[Suggestion]:
        return [self.suggest(unit) for unit in units or [i.unit for i in self.items]]

    def events(self, sent: Any, /) -> list[tuple[str, str, str]]:
        return [(str(e.get("id", "")), "stored" if "kind" in e else "refused", "") for e in sent]


def talked(product: FakeProduct) -> FakeProduct:
    """The same product after people have said a few things and some of it was learned."""
    said = product.feedback("s1", by="nia", correction={"days_since_login": 2})
    product.give(
        [said], "used", by="payoff", reason="Used: days since login = 2 for acct-101. The next refresh saw it."
    )
    product.feedback("s2", by="nia", thumb=-1, comment="They are on holiday until December.")
    problem = product.feedback("s3", by="tom", problem="The phone number is missing on half of these.")
    handed = "A model cannot learn this; it was handed to the team."
    product.give([problem], "declined", by="payoff", reason=handed)
    product.feedback("s4", by="tom", idea="Offer the guide before the call.")
    product.decided += [
        Decision("r1", "hold", "hold", "Renewals are not in yet.", "paula", NOW - 5 * DAY),
        Decision("r2", "roll back", "roll back", "Complaints went up.", "paula", NOW - 71 * DAY),
    ]
    return product


def won(product: FakeProduct, days: int = 5) -> None:
    """r1 won its trial so many days ago, and serves everybody since."""
    r0, r1, *others = product.found
    at = NOW - days * DAY
    over = replace(r0, stage="retired", moves=(*r0.moves, Move("retired", 0.0, at, "paula", "better")))
    full = replace(r1, stage="full", share=1.0, moves=(*r1.moves, Move("full", 1.0, at, "paula", "better")))
    product.found = [over, full, *others]


def undone(product: FakeProduct, days: int = 1) -> None:
    """What `won` did is taken back: r0 serves again."""
    r0, r1, *others = product.found
    at = NOW - days * DAY
    back = replace(r0, stage="full", share=1.0, moves=(*r0.moves, Move("full", 1.0, at, "paula", "no")))
    gone = replace(r1, stage="rolled back", moves=(*r1.moves, Move("rolled back", 0.0, at, "paula", "no")))
    product.found = [back, gone, *others]
