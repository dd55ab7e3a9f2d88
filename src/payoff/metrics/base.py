"""The contract of a metric: which aggregates it needs, and what they become.

A metric never sees a row and never asks a query. It names what it needs; `metrics.query` unites the needs of all
metrics of a card, asks once a grain, and hands back tiny aggregates; the metric makes `Estimate`s of them.
A foreign metric is a class with these methods, offered through the entry-point group `payoff.metrics`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.brief.declarations import MetricDeclaration
from payoff.records.judgement import Estimate
from payoff.texts import Texts

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Sums over units of two columns of an entry, `y` over `w`.

    Columns of behaviour: given, told, seen, accepted, done, hours, thumbs, thumbs_up, corrected, fallback,
    reached, answered. With an outcome: happened, amount, days, and known (its window has passed), all of
    them 0 where not known.
    """

    y: str
    w: str
    outcome: str = ""
    window_days: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """The first risk of each entry with what happened within the window."""

    outcome: str
    window_days: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Answer times."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the people who use it say about it, not by arm."""


Need = Ratio | Scores | Latency | Pulse


@dataclass(frozen=True, slots=True)
class Scored:
    """Risk and what happened, one entry each; `total` entered the arm."""

    score: NDArray[np.float64]
    happened: NDArray[np.float64]
    total: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the log gave for one need. `cells`: arm → stage → sums; the other fields serve the other needs."""

    cells: Mapping[str, Mapping[str, Sums]] = field(default_factory=dict)
    scored: Mapping[str, Scored] = field(default_factory=dict)
    latency: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    pulse: Sums = field(default_factory=Sums)
    units: Mapping[str, int] = field(default_factory=dict)

    def pooled(self, arm: str) -> Sums:
        """One arm over its stages."""
        return sum(self.cells.get(arm, {}).values(), Sums())

    def pairs(self, ours: str, theirs: str) -> list[tuple[Sums, Sums]]:
        """Both arms within each stage; a stage in which one arm has nobody pairs with nothing."""
        a, b = self.cells.get(ours, {}), self.cells.get(theirs, {})
        return [(a.get(stage, Sums()), b.get(stage, Sums())) for stage in sorted({*a, *b})]


class Statistics(Protocol):
    """The arithmetic a metric is handed; it never chooses its own test. What each does: `payoff.stats`."""

    def mean(self, sums: Sums, alpha: float = 0.05, *, share: bool = False) -> Estimate: ...

    def stratified(
        self,
        pairs: Iterable[tuple[Sums, Sums]],
        alpha: float = 0.05,
        *,
        critical: float | None = None,
        share: bool = False,
    ) -> Estimate: ...

    def to_t(self, critical: float, df: float) -> float: ...

    def auc(self, score: Floats, happened: Floats) -> float | None: ...

    def auc_se(self, value: float, positives: float, negatives: float) -> float: ...

    def log_losses(self, score: Floats, happened: Floats) -> Floats: ...

    def calibration_error(self, score: Floats, happened: Floats) -> float | None: ...

    def precision_at(self, score: Floats, happened: Floats, share: float) -> tuple[float, int] | None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a metric may use and a reading may say besides the figures."""

    stats: Statistics
    texts: Texts
    unit: str
    currency: str
    ours: str
    theirs: str
    capacity: float = 0.1
    """Share of units people can reach."""


@runtime_checkable
class Metric(Protocol):
    """One kind of metric, made for one declaration."""

    kind: ClassVar[str]
    against_holdout: ClassVar[bool]
    """Whether the difference is always taken from the holdout, whatever the trial compares."""

    def __init__(self, declared: MetricDeclaration) -> None: ...

    def need(self) -> Need:
        """The aggregates it cannot do without."""
        ...

    def arms(self, found: Found, context: Context) -> dict[str, Estimate]:
        """One estimate an arm."""
        ...

    def difference(
        self, found: Found, ours: str, theirs: str, critical: float | None, context: Context
    ) -> Estimate | None:
        """ours − theirs; `critical` is the z bound of a two-sided sequential interval, `None` for one look."""
        ...

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        """What the figure means for the business, in a sentence; "" where there is nothing to add."""
        ...


class RatioMetric:
    """A metric that is a ratio of sums over units; the kinds name their columns."""

    kind: ClassVar[str] = ""
    against_holdout: ClassVar[bool] = False
    share: ClassVar[bool] = True
    y: ClassVar[str] = ""
    w: ClassVar[str] = ""

    def __init__(self, declared: MetricDeclaration) -> None:
        self.declared = declared

    def need(self) -> Need:
        return Ratio(self.y, self.w)

    def arms(self, found: Found, context: Context) -> dict[str, Estimate]:
        return {arm: context.stats.mean(found.pooled(arm), share=self.share) for arm in found.cells}

    def difference(
        self, found: Found, ours: str, theirs: str, critical: float | None, context: Context
    ) -> Estimate | None:
        return context.stats.stratified(found.pairs(ours, theirs), critical=critical, share=self.share)

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return ""


class OutcomeMetric(RatioMetric):
    """A ratio that needs an outcome within its window."""

    def need(self) -> Need:
        return Ratio(self.y, self.w, self.declared.outcome, self.declared.window_days)


class RiskMetric:
    """A metric on risk against what happened; the kinds compute one figure of an arm."""

    kind: ClassVar[str] = ""
    against_holdout: ClassVar[bool] = False

    def __init__(self, declared: MetricDeclaration) -> None:
        self.declared = declared

    def need(self) -> Need:
        return Scores(self.declared.outcome, self.declared.window_days)

    def figure(self, scored: Scored, context: Context) -> tuple[float, float | None] | None:
        """The value and its standard error, `None` for both where it cannot be told."""
        raise NotImplementedError

    def arms(self, found: Found, context: Context) -> dict[str, Estimate]:
        return {arm: self._estimate(scored, context) for arm, scored in found.scored.items()}

    def _estimate(self, scored: Scored, context: Context) -> Estimate:
        n = int(scored.score.size)
        counts = {"n": n, "known": n, "total": scored.total}
        found = self.figure(scored, context) if n >= 2 else None
        if found is None:
            return Estimate(None, method="too few units", **counts)
        value, se = found
        if se is None:
            return Estimate(value, method="plain", **counts)
        return Estimate(value, se, value - 1.96 * se, value + 1.96 * se, method="normal", **counts)

    def difference(
        self, found: Found, ours: str, theirs: str, critical: float | None, context: Context
    ) -> Estimate | None:
        arms = self.arms(found, context)
        a, b = arms.get(ours), arms.get(theirs)
        if a is None or b is None or a.value is None or b.value is None:
            return None
        value, counts = a.value - b.value, {"n": a.n + b.n, "known": a.known + b.known, "total": a.total + b.total}
        if a.se is None or b.se is None:
            return Estimate(value, method="plain", **counts)
        se = (a.se**2 + b.se**2) ** 0.5
        half = context.stats.to_t(1.96 if critical is None else critical, min(a.n, b.n) - 1) * se
        return Estimate(value, se, value - half, value + half, method="normal", **counts)

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        return ""
