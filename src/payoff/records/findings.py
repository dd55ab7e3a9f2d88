"""What a monitor says: one sentence with its weeks behind it, what it means, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Severity = Literal["act", "look", "cannot tell", "fine"]
WORST_FIRST: tuple[Severity, ...] = ("act", "look", "cannot tell", "fine")


@dataclass(frozen=True, slots=True)
class WeekFigure:
    """One figure of one week (its Monday, in the team's zone), in the finding's measure.

    `value` is `None` where it cannot be told; `low` and `high` are its 95% interval where it has one. `n` were
    counted, of whom `known` are known by now; `open` says that the week is not over or not all is known.
    """

    week: date
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    known: int = 0
    open: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "week": self.week.isoformat(),
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "known": self.known,
            "open": self.open,
        }


@dataclass(frozen=True, slots=True)
class Limit:
    """A level the weeks are read against, with its words. `kind`: past it is bad, or only what is usual."""

    value: float
    words: str
    kind: Literal["bad", "usual"] = "bad"

    def as_dict(self) -> dict[str, Any]:
        return {"value": self.value, "words": self.words, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """One group beside the others: its figure over the whole time looked at, and its weeks.

    `value` is `None` for a group too small to tell. `figure` says what its weeks show, where that is something
    else than the finding's own; it then has limits of its own, too.
    """

    name: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    weeks: tuple[WeekFigure, ...] = ()
    figure: str = ""
    limits: tuple[Limit, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "weeks": [w.as_dict() for w in self.weeks],
            "figure": self.figure,
            "limits": [x.as_dict() for x in self.limits],
        }


@dataclass(frozen=True, slots=True)
class Target:
    """Where to go on from here: a page, the words of the link, what it is filtered by, the place on it."""

    page: str
    words: str
    query: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one monitor says now.

    `severity`: act (somebody should do something), look (worth a look), fine, cannot tell. `measure` is how its
    figures are shown: share (of 100) or number. `weeks` is the figure of the picture, `groups` the same by
    group, where there are some. `n` stand behind it, `known` of `total` with their outcome. `weeks_more` is
    about how many weeks are missing until it can be told; `None` where time alone does not help, or nothing is
    missing. `order` sets unlike things in one order that is written down (small first). `method` says in words
    how it was reckoned, `source` which paper or rule that comes from.
    """

    id: str
    monitor: str
    severity: Severity
    title: str
    sentence: str
    means: str
    todo: str
    targets: tuple[Target, ...] = ()
    measure: Literal["share", "number"] = "share"
    figure: str = ""
    weeks: tuple[WeekFigure, ...] = ()
    groups: tuple[GroupFigure, ...] = ()
    limits: tuple[Limit, ...] = ()
    details: tuple[str, ...] = ()
    n: int = 0
    known: int = 0
    total: int = 0
    weeks_more: int | None = None
    method: str = ""
    source: str = ""
    order: int = 90

    @property
    def rank(self) -> tuple[int, int, str]:
        """The worst first; of equally bad ones those that matter most, by `order`."""
        return WORST_FIRST.index(self.severity), self.order, self.id

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "monitor": self.monitor,
            "severity": self.severity,
            "title": self.title,
            "sentence": self.sentence,
            "means": self.means,
            "todo": self.todo,
            "targets": [
                {"page": t.page, "words": t.words, "query": dict(t.query), "place": t.place} for t in self.targets
            ],
            "measure": self.measure,
            "figure": self.figure,
            "weeks": [w.as_dict() for w in self.weeks],
            "groups": [g.as_dict() for g in self.groups],
            "limits": [x.as_dict() for x in self.limits],
            "details": list(self.details),
            "n": self.n,
            "known": self.known,
            "total": self.total,
            "weeks_more": self.weeks_more,
            "method": self.method,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed for people at a moment: a release that began to serve, or was taken back."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Health:
    """Everything the monitors say at one moment, worst first.

    `as_of` is the newest thing the data know of (`None` for an empty log), `made_at` when it was worked out.
    """

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    as_of: datetime | None
    made_at: datetime

    @property
    def acts(self) -> bool:
        """Whether any finding says that somebody should do something."""
        return any(finding.severity == "act" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "findings": [finding.as_dict() for finding in self.findings],
            "changes": [{"at": c.at.isoformat(), "words": c.words} for c in self.changes],
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "made_at": self.made_at.isoformat(),
        }
