"""What stands beside a card, made of plain values: standings, judgements of past weeks, links, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from payoff.errors import Refused, Unknown
from payoff.gates.standing import Standing
from payoff.use_cases.agreement import Agreement, Part
from payoff.use_cases.changes import Changes, Taught
from payoff.use_cases.dropout import Dropped, Steps
from payoff.use_cases.judging_history import Judgement
from payoff.use_cases.sharing import Share

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def standing(metric: str, value: float | None, half: float | None = 0.055, **changes: Any) -> Standing:
    """A leading goal, better when up, against no change."""
    ranged = value is not None and half is not None
    made = Standing(
        metric=metric,
        label="first payroll run within 14 days",
        purpose="leading goal",
        direction="up",
        measure="share",
        of="difference",
        value=value,
        low=value - half if ranged else None,
        high=value + half if ranged else None,
        line=0.0,
        known=371,
        total=412,
        status="better",
    )
    return replace(made, **changes)


def standings() -> tuple[Standing, ...]:
    """The leading goal shown better, complaints within what is tolerable."""
    return (
        standing("first_value", 0.111),
        standing(
            "complaints", 0.002, 0.013, label="complaints", purpose="guardrail", direction="down", line=0.02,
            status="no worse",
        ),
    )  # fmt: skip


def judgement(days: int, goal: float | None, half: float | None, word: str = "hold", **changes: Any) -> Judgement:
    """How r1 stood so many days ago."""
    rows = (standing("first_value", goal, half), replace(standings()[1], value=0.004, low=-0.02, high=0.028))
    made = Judgement(1000 - days, "r1", "r1", word, "as it stood", f"card-{days}", NOW - days * DAY, rows)
    return replace(made, **changes)


@dataclass
class FakeBoards:
    """`cards` are the kept ones by key; `kept` the judgements, oldest first."""

    product: Any
    kept: list[Judgement] = field(default_factory=list)
    cards: dict[str, Any] = field(default_factory=dict)
    links: list[Share] = field(default_factory=list)
    agreed: Agreement | None = None
    new: Changes | None = None
    lessons: Mapping[datetime, Taught] = field(default_factory=dict)
    edits: list[tuple[datetime, str]] = field(default_factory=list)
    rested: dict[str, Judgement] = field(default_factory=dict)
    later: tuple[Any, ...] = ()
    dropped: Dropped | None = None

    def newest(self, release: str, /, *, trial: str | None = None) -> Judgement | None:
        mine = [j for j in self.kept if j.release == release and j.trial == (trial or release)]
        return max(mine, key=lambda j: j.at, default=None)

    def decided(self, release: str, /) -> Judgement | None:
        return self.rested.get(release)

    def late(self, release: str, /) -> tuple[Any, ...]:
        return self.later

    def judgements(self, release: str, trial: str, /) -> list[Judgement]:
        return [j for j in self.kept if (j.release, j.trial) == (release, trial)]

    def card(self, release: str, key: str, /) -> Any:
        if key not in self.cards:
            raise Unknown("no figures were kept under this name", mend="Open the board.")
        return self.cards[key]

    def dropout(self) -> Dropped:
        none = Steps("", 0, 0, 0, 0)
        return self.dropped or Dropped(none, (), (), none, ())

    def waiting(self, release: str, /) -> int:
        return sum(item.suggestion.release == release for item in self.product.queue())

    def brief_changes(self, since: datetime, /) -> list[tuple[datetime, str]]:
        return [edit for edit in self.edits if edit[0] > since]

    def share(self, card: Any, /, *, by: str, reasons: bool = False) -> Share:
        key = f"shared-{len(self.links)}"
        self.cards[key] = card
        made = Share(f"link-{len(self.links)}", card.card.release, key, reasons, by, NOW)
        self.links.append(made)
        return made

    def shares(self) -> list[Share]:
        return self.links[::-1]

    def withdraw(self, share: str, /, *, by: str) -> None:
        self.links = [replace(s, withdrawn=by) if s.id == share else s for s in self.links]

    def opened(self, share: str, release: str, card: str, /) -> Share:
        for link in self.links:
            if (link.id, link.release, link.card) == (share, release, card) and link.in_force(NOW):
                return link
        raise Refused("this link is no longer good", mend="Ask whoever gave it to you for a new one.")

    def agreement(self, release: str, /) -> Agreement | None:
        return self.agreed if release == "r1" else None

    def changes(self, release: str, /) -> Changes | None:
        return self.new if release == "r1" else None

    def taught(self) -> Mapping[datetime, Taught]:
        return self.lessons


def looked_back(product: Any) -> Any:
    """The same product with three weekly judgements of r1, its agreement with r0, and what it changed."""
    boards: FakeBoards = product.boards
    boards.kept = [judgement(20, None, None), judgement(13, 0.09, 0.12), judgement(6, 0.1, 0.08)]
    for kept in boards.kept:
        made = product.scorecard("r1")
        boards.cards[kept.card] = SimpleNamespace(card=made.card, verdict=made.verdict, standings=kept.rows)
    product.judged = 0
    boards.agreed = Agreement(
        release="r1",
        other="r0",
        n=412,
        same=292,
        low=0.663,
        high=0.75,
        since=NOW - 51 * DAY,
        until=NOW - 37 * DAY,
        mine="guide",
        theirs="setup_call",
        times=60,
        parts=(Part("role", "IT admin", 48, 29, "guide", "setup_call", 21),),
        asked=1236,
        fallback=0.0,
        latency_ms=3.2,
    )
    boards.new = Changes("r0", 1240, NOW - 2 * DAY, 1240, NOW - 2 * DAY, ("seats",), ("plan_tier",))
    boards.lessons = {NOW - 2 * DAY: Taught(3, "learned-key")}
    return product
