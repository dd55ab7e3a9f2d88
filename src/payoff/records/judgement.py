"""What the judging half says: estimates with their certainty, rows, verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["technical", "user", "business"]
Purpose = Literal["goal", "leading goal", "guardrail", "watch"]
Direction = Literal["up", "down"]
Tag = Literal["measured", "estimated", "simulated"]
Word = Literal["cannot judge", "roll back", "promote", "safe, no gain shown", "hold"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that says how sure it is.

    `value`, `se`, `low` and `high` are in the metric's own measure and `None` when fewer than two units are
    known ("cannot tell"). `n` units were counted; `known` of `total` outcomes have matured. `method` names
    what made the interval.
    """

    value: float | None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    known: int = 0
    total: int = 0
    method: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "se": self.se,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "known": self.known,
            "total": self.total,
            "method": self.method,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One metric of a scorecard, side by side for every arm, with the difference the verdict rests on.

    `measure` is how to show the value: share, money, seconds, days, number, score. `status` is one word for
    the reader: better, worse, no worse, cannot tell, watch. `reading` says what the figure means for the
    business. `against` names the arm the difference is taken from.
    """

    metric: str
    label: str
    level: Level
    purpose: Purpose
    direction: Direction
    measure: str
    arms: dict[str, Estimate]
    difference: Estimate | None = None
    against: str = ""
    target: float | None = None
    margin: float | None = None
    status: str = "watch"
    reading: str = ""
    tag: Tag = "measured"
    missing: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "metric": self.metric,
            "label": self.label,
            "level": self.level,
            "purpose": self.purpose,
            "direction": self.direction,
            "measure": self.measure,
            "arms": {arm: e.as_dict() for arm, e in self.arms.items()},
            "difference": self.difference.as_dict() if self.difference else None,
            "against": self.against,
            "target": self.target,
            "margin": self.margin,
            "status": self.status,
            "reading": self.reading,
            "tag": self.tag,
            "missing": self.missing,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says, which rule said it, what is missing and for about how long.

    `days_more` is `None` when nothing more will come or nobody can tell.
    """

    word: Word
    rule: str
    because: str
    missing: tuple[str, ...] = ()
    days_more: int | None = None
    rows: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        return {
            "word": self.word,
            "rule": self.rule,
            "because": self.because,
            "missing": list(self.missing),
            "days_more": self.days_more,
            "rows": list(self.rows),
        }
