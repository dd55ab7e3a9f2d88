"""A parcel for tests: some of a person's suggestions, as they would be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from payoff.records.deliveries import Addressee, Entry, Offer, Parcel, Placed
from payoff.texts import Texts

TEXTS = Texts("en", "Europe/Berlin")
CLEO = Addressee("cleo", "Cleo Marsh", "cleo@small.example", "UCLEO")


def entry(n: int = 1, **changes: Any) -> Entry:
    made = Entry(
        suggestion=f"0190{n:04d}-0000-7000-8000-000000000000",
        key=f"ours-{n}",
        unit=f"acct-{n}",
        customer=f"Customer {n}",
        headline=f"Call Person {n} (payroll lead): set up the first run together",
        why="No log-in for 23 days; usual is 3.",
        worth="Probably worth about $120, not certain.",
        good_until="Good until Fri 16 Jan.",
        ends=datetime(2026, 1, 16, 22, tzinfo=UTC),
        due=date(2026, 1, 16),
        offers=(Offer(date(2026, 1, 6), "Tomorrow (Tue)"), Offer(date(2026, 1, 8), "Thu 8 Jan")),
    )
    return replace(made, **changes)


def parcel(*entries: Entry, **changes: Any) -> Parcel:
    made = Parcel(
        key="parcel-1",
        to=CLEO,
        entries=entries or (entry(1), entry(2)),
        headline="2 customers could use your help this week",
        link="https://payoff.small.example/answer/abc",
    )
    return replace(made, **changes)


def placed(ref: str, one: Entry) -> Placed:
    return Placed(ref, CLEO, one)


class Waits:
    """A clock and a sleep that only count."""

    def __init__(self) -> None:
        self.at, self.slept = 0.0, []

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
