"""A product made of plain values, for pages: it keeps what is done to it and knows no models."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests.fake_boards import FakeBoards, standings
from tests.fake_desk import FakeDesk, no_answers

from payoff.adapters.memory import MemoryAccounts
from payoff.brief.schema import Brief, Playbook
from payoff.errors import BadInput, Fault, Refused, Unavailable, Unknown
from payoff.feedback.clusters import Cluster, clusters
from payoff.feedback.items import FINAL, FeedbackItem
from payoff.learning.traces import Trace
from payoff.log.responses import Answer
from payoff.notes.records import Counted
from payoff.people.signing import Signer
from payoff.ports import Storage
from payoff.records.judgement import Estimate, Row, Verdict
from payoff.records.money import Money
from payoff.records.releases import Move, Release
from payoff.records.suggestions import Reason, Suggestion
from payoff.texts import Texts
from payoff.use_cases.lineage import Learned, Taken

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)

BRIEF = Brief.model_validate(
    {
        "product": {"name": "retention", "title": "Harbor Payroll", "simulated": True},
        "unit": {
            "role": "contact_role",
            "industry": "industry",
            "contact": "contact_name",
            "owner": "owner",
            "protected": ["gender"],
        },
        "outcomes": {"first_value": {"meaning": "first payroll run within 14 days", "source": "api"}},
        "people": {
            "nia": {"name": "Nia Okafor", "permissions": ["frontline"]},
            "tom": {"name": "Tom Berg", "permissions": ["frontline"]},
            "paula": {"name": "Paula Stein", "permissions": ["manager"]},
            "dev": {"name": "Dev Patel", "permissions": ["scientist"]},
            "elena": {"name": "Elena Rossi", "permissions": ["expert"]},
            "rui": {"name": "Rui Costa", "permissions": ["researcher"]},
            "ada": {"name": "Ada Lind", "permissions": ["admin"]},
        },
    }
)
PLAYBOOK = Playbook.model_validate(
    {
        "actions": [
            {"id": "setup_call", "name": "Set-up call", "say": "Call {contact}"},
            {"id": "guide", "name": "Send the guide", "say": "Send {contact} the guide"},
            {"id": "review", "name": "Quarterly review", "say": "Plan a review"},
        ]
    }
)
_WHO = (
    ("acct-101", "Bluebird Dental", "Ana Ruiz", "payroll lead", "health", "Nia Okafor"),
    ("acct-102", "Northwind Logistics", "Sam Lee", "finance lead", "transport", "Nia Okafor"),
    ("acct-103", "Kestrel Foods", "Ivy Chen", "HR manager", "food", "Tom Berg"),
    ("acct-104", "Olive & Oak", "Max Vogel", "founder", "retail", "Nia Okafor"),
    ("acct-105", "Meridian Labs", "Lea Novak", "IT admin", "health", "Tom Berg"),
    ("acct-106", "Sundial Travel", "Omar Haddad", "payroll lead", "travel", "Nia Okafor"),
)


@dataclass(frozen=True)
class Item:
    suggestion: Suggestion
    unit: str
    facts: Mapping[str, Any]
    owner: str
    since: datetime
    due: datetime
    state: str = "open"
    snoozed_until: datetime | None = None
    responses: tuple[str, ...] = ()
    taken_by: str = ""
    taken_at: datetime | None = None
    lapsed: str = ""
    corrected: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    wanted: bool = False


@dataclass(frozen=True)
class Decision:
    release: str
    chosen: str
    word: str
    why: str
    by: str
    at: datetime
    card: str = ""


@dataclass(frozen=True)
class Refresh:
    at: datetime
    rows: int
    changed: tuple[str, ...]
    note: str
    artefact: str = ""


@dataclass(frozen=True)
class Trust:
    ok: bool = True
    sentence: str = "The split came out as planned: 412 and 405 units where half and half was meant."
    faults: tuple[str, ...] = ()
    srm_p: float | None = 0.6


@dataclass(frozen=True)
class Scorecard:
    release: str
    title: str
    rows: tuple[Row, ...]
    trust: Trust = Trust()
    trial: str = "r1"
    as_of: datetime = NOW
    tag: str = "simulated"
    estimand: str = "recipe B against recipe A over the trial, at this capacity, both learning from the shared log"
    arms: Mapping[str, int] = field(default_factory=lambda: {"challenger": 412, "champion": 405, "holdout": 96})
    days_elapsed: float = 23
    plan_days: int = 56
    segments: Mapping[str, tuple[Row, ...]] = field(default_factory=lambda: {"industry=health": rows()[1:2]})
    open_questions: tuple[str, ...] = ("what is one renewal worth?",)

    def as_dict(self) -> dict[str, Any]:
        return {"release": self.release, "rows": [row.as_dict() for row in self.rows]}


def suggestion(i: int, **changes: Any) -> Suggestion:
    unit, _, contact, role, _, _ = _WHO[i]
    made = Suggestion(
        id=f"s{i + 1}",
        unit=unit,
        action="setup_call",
        say=f"Call {contact} ({role}): set up the first run together",
        value=Money(18000 - 2200 * i, "USD"),
        low=Money(4000 - 1900 * i, "USD"),
        high=Money(32000 - 1500 * i, "USD"),
        evidence="Tested on 212 similar accounts: +6 points with a first run, 2 to 10.",
        reasons=(
            Reason("No log-in for 23 days; usual is 3.", "days_since_login", 0.8),
            Reason("The playbook says: a first run together takes away the fear of it.", "", 0.0, "rule"),
            Reason("For 212 similar accounts: +6 points with a first run, 2 to 10.", "", 0.0, "effect"),
        ),
        propensity=0.98,
        release="r1",
        arm="challenger",
        stage="ramp",
        explored=i == 2,
        fallback=False,
        risk=0.3,
        at=NOW - 3 * DAY,
        expires=NOW + (1 + i) * DAY,
        contact=contact,
        role=role,
    )
    return replace(made, **changes)


def items() -> list[Item]:
    made = []
    for i, (unit, name, contact, role, industry, owner) in enumerate(_WHO):
        facts = {
            "name": name,
            "contact_name": contact,
            "contact_role": role,
            "industry": industry,
            "owner": owner,
            "gender": "f",
            "days_since_login": 23 - i,
            "setup_steps_done": 2,
            "seats": 40 + 7 * i,
            "mrr": 420.5,
            "dormant": False,
            "plan": "growth",
        }
        said = suggestion(i)
        if i == 4:
            evidence = "No effect of this action has been measured yet; experts expect +5 points."
            said = replace(said, value=None, low=None, high=None, evidence=evidence)
        made.append(Item(said, unit, facts, owner, NOW - 3 * DAY, said.expires))
    made[5] = replace(made[5], state="snoozed", snoozed_until=NOW + 2 * DAY)
    return made


def _estimate(value: float, half: float, n: int, known: int | None = None) -> Estimate:
    return Estimate(value, half / 2, value - half, value + half, n, n if known is None else known, n, "t")


def rows() -> tuple[Row, ...]:
    def row(
        metric: str,
        label: str,
        level: str,
        purpose: str,
        measure: str,
        at: tuple[float, float, float],
        **more: Any,
    ) -> Row:
        sizes = {"challenger": (412, 371), "champion": (405, 366), "holdout": (96, 88)}
        half = more.pop("half", 0.05)
        arms = {arm: _estimate(v, half, *sizes[arm]) for arm, v in zip(sizes, at, strict=True)}
        gap = _estimate(at[0] - at[1], half * 1.1, 817, 737)
        return Row(
            metric, label, level, purpose, more.pop("direction", "up"), measure, arms, gap, "champion",
            tag="simulated", **more,
        )  # type: ignore[arg-type]  # fmt: skip

    return (
        row("renewed", "renewed within 60 days", "business", "goal", "share", (0.88, 0.875, 0.86),
            status="cannot tell", missing="41 of 120 outcomes known", half=0.06),
        row("first_value", "first payroll run within 14 days", "business", "leading goal", "share",
            (0.512, 0.401, 0.398), status="better", target=0.45,
            reading="Of 100 accounts treated, about 11 more ran their first payroll within 14 days."),
        row("complaints", "complaints", "business", "guardrail", "share", (0.031, 0.029, 0.030),
            direction="down", margin=0.02, status="no worse", half=0.012),
        row("done_rate", "suggestions done", "user", "watch", "share", (0.62, 0.55, 0.0), status="watch"),
        row("time_to_done", "hours from suggestion to done", "user", "watch", "hours", (30.5, 52.0, 0.0),
            direction="down", status="better", half=6.0),
        row("auc", "how well risk ranks (AUC)", "technical", "watch", "score", (0.84, 0.85, 0.84), half=0.02,
            reading="Of the 100 accounts flagged, about 31 leave, against 9 of 100 taken at random; whether "
            "helping them changes that is not known yet."),
        Row("accuracy", "accuracy of risk", "technical", "watch", "up", "share", {}, status="cannot tell",
            missing="no outcome is known yet", tag="simulated"),
    )  # fmt: skip


def _release(id: str, title: str, way: list[tuple[str, float, int]], policy: str, **more: Any) -> Release:
    moves = tuple(
        Move(stage, share, NOW - days * DAY, "paula", "as planned")  # type: ignore[arg-type]
        for stage, share, days in way
    )
    return Release(
        id, title, moves[-1].stage, moves[-1].share, {"policy": policy, "goal": "first_value"}, moves, **more
    )


def releases() -> list[Release]:
    return [
        _release("r0", "Most clicked", [("draft", 0, 180), ("full", 1, 175)], "clicks"),
        _release(
            "r1",
            "The right next step",
            [("draft", 0, 60), ("shadow", 0, 51), ("named", 0, 37), ("canary", 0.1, 23), ("ramp", 1.0, 14)],
            "effect",
            against="r0",
        ),
        _release(
            "r2", "Win-back blitz", [("draft", 0, 90), ("canary", 0.1, 80), ("rolled back", 0, 71)], "constant"
        ),
        _release("r3", "By the playbook", [("draft", 0, 2)], "rules"),
    ]


HOLD = Verdict(
    "hold",
    "not enough evidence yet",
    "The leading goal is better; renewal cannot be told yet.",
    ("79 of 120 renewals are still open",),
    12,
)


@dataclass
class FakeProduct(FakeDesk):
    """Everything it was told is in `answered`, `recorded`, `pulses` and `_feedback`."""

    items: list[Item] = field(default_factory=items)
    found: list[Release] = field(default_factory=releases)
    verdict: Verdict = HOLD
    trust: Trust = Trust()
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
        open_ = [i for i, f in enumerate(self._feedback) if f.id in feedback and f.state not in FINAL]
        for at in open_:
            self._feedback[at] = replace(
                self._feedback[at], state=word, reply=reason, decided_at=final, told_at=final, **learned
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
