"""A large product's log, made up and appended in bulk: units, decisions, answers, words, outcomes.

A tenth of the decisions are told to somebody, people answer most of them, some say something. Only sizes and
shares matter here; nothing in it means anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from payoff.adapters.clock import SetClock
from payoff.configuration import open_product
from payoff.demo.story import lay_out
from payoff.log.events import event
from payoff.records.envelope import Event
from payoff.records.ids import uuid7
from payoff.records.time import to_micros
from payoff.use_cases.product import Product

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
TOLD, HOLDOUT = 0.1, 0.1
"""Shares of decisions: somebody is told something; the unit is treated as today."""
ROLES = ("payroll lead", "HR manager", "finance lead", "founder", "IT admin")
INDUSTRIES = ("retail", "healthcare", "hospitality", "construction", "logistics", "services")
OWNERS = ("ana", "ben", "chloe", "dev", "elif", "femi", *(f"cs-{n}" for n in range(54)))
ACTIONS = ("setup_call", "short_guide", "billing_review", "integration_check")
_CHUNK = 20_000


def build(folder: Path, suggestions: int, units: int, seed: int = 1) -> datetime:
    """Fill the product's log; returns the moment at which to look at it."""
    clock = SetClock(BEGAN - timedelta(days=1))
    product = open_product(lay_out(folder), clock=clock, seed=seed)
    rounds = max(1, round(suggestions / units))
    rng = np.random.default_rng(seed)
    _keep(product, _facts(rng, units, BEGAN - timedelta(hours=20)))
    product.create_release("r0", "Most clicked", {"policy": "clicks"}, by="kenji", why="to begin")
    product.promote("r0", by="maya", why="the first one")
    product.create_release("r1", "The right next step", {"policy": "effect"}, by="kenji", why="to compare")
    for week in range(rounds):
        at = BEGAN + week * WEEK
        clock.set(at)
        if week == rounds // 2:
            product.move("r1", "canary", share=0.1, by="maya", why="a tenth of them")
        _keep(product, _week(rng, units, week, rounds, at))
    now = BEGAN + (rounds - 1) * WEEK + timedelta(days=2, hours=2)
    product.close()
    return now


def _keep(product: Product, events: Iterator[Event]) -> None:
    some: list[Event] = []
    for one in events:
        some.append(one)
        if len(some) == _CHUNK:
            product.storage.log.append(some)
            some = []
    product.storage.log.append(some)


def _made(rng: np.random.Generator, kind: str, body: dict[str, object], at: datetime, **more: str) -> Event:
    id = more.pop("id", "") or uuid7(at, rng.bytes)
    return event(kind, body, id=id, at=at, received_at=at, **more)


def _facts(rng: np.random.Generator, units: int, at: datetime) -> Iterator[Event]:
    for i in range(units):
        facts = {
            "name": f"Customer {i:05d}",
            "contact": f"Person {i}",
            "role": ROLES[i % len(ROLES)],
            "industry": INDUSTRIES[i % len(INDUSTRIES)],
            "language": "en",
            "plan": "team",
            "owner": OWNERS[i % len(OWNERS)],
            "seats": int(rng.integers(3, 200)),
            "seats_used_share": round(float(rng.random()), 2),
            "mrr": round(float(rng.random()) * 900, 2),
            "tenure_days": int(rng.integers(10, 2000)),
            "days_to_renewal": int(rng.integers(0, 365)),
            "days_since_login": int(rng.integers(0, 60)),
            "logins_30d": int(rng.integers(0, 60)),
            "setup_steps_done": int(rng.integers(0, 12)),
            "tickets_30d": int(rng.integers(0, 5)),
            "invoices_late": int(rng.integers(0, 2)),
        }
        yield _made(rng, "unit.facts", {"facts": facts, "source": "crm"}, at, unit=f"acct-{i:05d}")


def _week(rng: np.random.Generator, units: int, week: int, rounds: int, at: datetime) -> Iterator[Event]:
    luck = rng.random((units, 6))
    trial = week >= rounds // 2
    for i in range(units):
        unit, held = f"acct-{i:05d}", i % 10 == 0
        mine = trial and i % 10 == 1  # the admitted tenth; every second of them meets the challenger
        arm = (
            "holdout" if held else "challenger" if mine and i % 20 == 1 else "champion" if trial else "challenger"
        )
        if week == 0:
            body = {"trial": "stream", "arm": "holdout" if held else "care", "stage": "2026Q1", "share": 1.0}
            yield _made(rng, "assignment", body, at, unit=unit)
        if week == rounds // 2 and (mine or held):
            body = {"trial": "r1", "arm": arm, "stage": "canary", "share": 0.1}
            yield _made(rng, "assignment", body, at, unit=unit)
        told = not held and luck[i, 0] < TOLD / (1 - HOLDOUT)
        said = _made(rng, "suggestion", _suggestion(rng, i, told, arm, at), at, unit=unit)
        yield said
        if told:
            yield from _answers(rng, said, OWNERS[i % len(OWNERS)], luck[i], at)
        if luck[i, 4] < 0.01:
            days = timedelta(days=float(luck[i, 5] * 14))
            yield _made(rng, "outcome", {"name": "first_value", "amount": 1.0}, at + days, unit=unit)
        if luck[i, 4] > 0.999:
            yield _made(rng, "outcome", {"name": "left", "amount": 1.0}, at + timedelta(days=3), unit=unit)


def _suggestion(rng: np.random.Generator, i: int, told: bool, arm: str, at: datetime) -> dict[str, object]:
    worth = int(rng.integers(1_000, 20_000))
    body: dict[str, object] = {
        "release": "r1" if arm == "challenger" and at > BEGAN + 5 * WEEK else "r0",
        "arm": arm,
        "mode": "answer",
        "action": ACTIONS[i % len(ACTIONS)] if told else "nothing",
        "propensity": 0.98,
        "stage": "canary" if arm == "challenger" else "full",
        "say": f"Call Person {i}: set up the next step together" if told else "Leave them alone for now.",
        "reasons": [],
        "explored": False,
        "fallback": False,
        "risk": float(rng.random()) / 3,
        "contact": f"Person {i}",
        "role": ROLES[i % len(ROLES)],
        "segment": {"role": ROLES[i % len(ROLES)], "industry": INDUSTRIES[i % len(INDUSTRIES)]},
        "expires_us": to_micros(at + timedelta(days=14)),
        "recipe": "0" * 64,
        "latency_us": 900,
        "candidates": {"nothing": 0.0, **{action: float(worth) / 100 for action in ACTIONS}},
    }
    if told:
        days = i % 60
        body |= {
            "value": worth,
            "low": worth // 3,
            "high": worth * 2,
            "currency": "USD",
            "evidence": "Measured on 331 similar cases: +17 points on first value, 11 to 23.",
            "reasons": [
                {
                    "text": f"Days since login: {days}; usual is 3. Goes with a higher risk.",
                    "feature": ("days_since_login", "days_to_renewal", "tickets_30d")[i % 3],
                    "weight": 0.4,
                    "kind": "association",
                },
                {
                    "text": "The playbook says: Most accounts that stall do so alone, at a step we can do.",
                    "feature": "",
                    "weight": 0.1,
                    "kind": "rule",
                },
                {
                    "text": "Measured on 331 of all kinds: +17 points on first value, 11 to 23.",
                    "feature": "setup_call",
                    "weight": 0.17,
                    "kind": "effect",
                },
            ],
        }
    return body


def _answers(rng: np.random.Generator, said: Event, by: str, luck: np.ndarray, at: datetime) -> Iterator[Event]:
    def answered(what: str, hours: float, **more: object) -> Event:
        body = {"suggestion": said.id, "what": what, **more}
        return _made(rng, "response", body, at + timedelta(hours=hours), unit=said.unit or "", actor=by)

    if luck[1] > 0.95:
        return
    yield answered("shown", 1 + 20 * luck[2])
    if luck[1] < 0.4:
        yield answered("accepted", 22.0)
        yield answered("done", 23 + 20 * luck[3], minutes=20.0)
    elif luck[1] < 0.55:
        yield answered("dismissed", 22.0, why="wrong time: they are in the middle of an audit")
    elif luck[1] < 0.62:
        back = to_micros(at + timedelta(days=7))
        yield answered("snoozed", 22.0, why="after the holidays", until_us=back)
    if luck[2] < 0.12:
        words = {"comment": "paid last week"} if luck[3] < 0.3 else {"thumb": 1 if luck[3] < 0.7 else -1}
        if luck[3] > 0.9:
            words = {"correction": {"seats": int(100 * luck[3])}}
        body = {"suggestion": said.id, "release": said.body["release"], **words}
        made = _made(rng, "feedback", body, at + timedelta(hours=24), unit=said.unit or "", actor=by)
        yield made
        if luck[3] < 0.95:
            body = {"feedback": made.id, "state": "used", "reason": "Thank you. It counts from today on."}
            yield _made(rng, "fate", body, at + WEEK, unit=said.unit or "", actor="payoff")
