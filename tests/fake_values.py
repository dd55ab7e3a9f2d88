"""Plain values for pages: a brief, a playbook, customers, releases and figures nobody has computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from payoff.brief.schema import Brief, Playbook
from payoff.records.judgement import Estimate, Row, Verdict
from payoff.records.money import Money
from payoff.records.releases import Move, Release
from payoff.records.suggestions import Reason, Suggestion

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
    ours: str = "challenger"
    as_of: datetime = NOW
    tag: str = "simulated"
    estimand: str = "recipe B against recipe A over the trial, at this capacity, both learning from the shared log"
    arms: Mapping[str, int] = field(default_factory=lambda: {"challenger": 412, "champion": 405, "holdout": 96})
    days_elapsed: float = 23
    plan_days: int = 56
    segments: Mapping[str, tuple[Row, ...]] = field(default_factory=lambda: {"industry=health": rows()[1:2]})
    open_questions: tuple[str, ...] = ("what is one renewal worth?",)
    entries: Mapping[str, int] = field(default_factory=dict)

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
