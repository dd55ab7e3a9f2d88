"""What every section looks at: the coded rows, what their codes stand for, and what the caller said."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import numpy as np

from payoff.audit.methods import method
from payoff.audit.report import Basis, Finding, Kind, Section
from payoff.audit.table.coding import MISSING, Coded
from payoff.audit.table.roles import Roles
from payoff.audit.table.rows import Rows
from payoff.stats.scores import BINS, CLIP, SPAN, Binned, Ranked, Sorted
from payoff.texts import Texts

FEW = 30
"""A group smaller than this reads "cannot tell"."""
EXACT = 20_000_000
"""Rows up to which scores are ranked one by one; beyond it in bins, with the most a figure can be off by."""
Assigned = Literal["random", "rule", "unknown"]


@dataclass(frozen=True, slots=True)
class Health:
    """What was wrong with the rows as they came. `leaks` maps a column to how well it alone ranks (AUC)."""

    rows: int
    unknown_outcomes: int
    missing_scores: int
    logits: bool
    double_rows: int = 0
    leaks: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What the caller said beside which column is which; nothing is guessed of it but `bad`.

    `value` and `cost` are amounts for every row (a column is a part). `capacity` is how many rows can be acted
    on (a share below 1), `threshold` the score from which on the model says yes, `split` the planned share of
    each arm by name, `picked_good` whether being picked is good for the person, `brief` the product's four
    answers by question.
    """

    value: float | None = None
    cost: float | None = None
    positive: object = None
    bad: bool | None = None
    control: str | None = None
    assigned: Assigned = "unknown"
    threshold: float | None = None
    capacity: float | None = None
    split: Mapping[str, float] | None = None
    picked_good: bool | None = None
    brief: Mapping[str, Any] | None = None
    name: str = ""


@dataclass(frozen=True)
class View:
    """The table as sections see it.

    `rows` are the coded rows: columns named like the parts (`score`, `challenger`, `value`, `cost`,
    `propensity`, `unit`, `action`, `wait_hours`, `lag_days` as they are; `label`, `decision`, `seen`, `done`,
    `feedback` as 1, 0 or 255 for unknown; `treated` as the arm's place in `arms`, the one left alone first;
    `period` as the place in `periods`), and one code a column of `groups` and `features`. Names to use in
    braces: `{known}` (score and outcome are there), `{picked}` (1, 0, 255), `{late}` (1 in the later half of
    the time).

    `probability` says whether the score reads as one; else only its order means anything. `bad` says whether the
    outcome is one to prevent. `so_far` holds the sections already made, and grows.
    """

    rows: Rows
    roles: Roles
    said: Said
    texts: Texts
    health: Health
    n: int
    positives: int
    negatives: int
    bad: bool
    probability: bool = True
    arms: tuple[str, ...] = ()
    periods: tuple[datetime, ...] = ()
    groups: Mapping[str, Coded] = field(default_factory=dict)
    features: Mapping[str, Coded] = field(default_factory=dict)
    so_far: list[Section] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.said.name

    @property
    def known(self) -> int:
        """Rows whose outcome (and score, where there is one) is known."""
        return self.positives + self.negatives

    @property
    def base(self) -> float:
        """The share of known rows with the outcome."""
        return self.positives / self.known if self.known else math.nan

    @property
    def outcome(self) -> str:
        return self.roles["label"] or self.roles["decision"]

    @functools.cached_property
    def ranked(self) -> Ranked:
        """Score beside outcome. Ask only where both are there."""
        return self.ranking("score", "{known}")

    def ranking(self, score: str, where: str) -> Ranked:
        """One column of scores beside the outcome: row by row up to `EXACT` rows, else in bins."""
        if self.n <= EXACT:
            yes, no = (self.rows.sorted(score, f"{where} and label = {y}") for y in (1, 0))
            return Sorted(yes, no)
        return self._binned(score, where)

    def _binned(self, score: str, where: str) -> Ranked:
        if self.probability:
            clipped = f"least(greatest({score}, 1e-12), 1 - 1e-12)"
            place = f"ln({clipped} / (1 - {clipped})) * {BINS / 2 / SPAN}"
        else:
            place = self._spread(score, where)
        p = f"least(greatest({score}, {CLIP!r}), {1 - CLIP!r})"
        loss = f"-ln(case when label = 1 then {p} else 1 - {p} end)" if self.probability else "0"
        square = f"(label - {score}) * (label - {score})"
        found = self.rows.counts(
            f"floor({place})::int",
            where=where,
            sums=("label", score, square, loss),
        )
        n, yes = found["n"].astype(np.int64), np.rint(found["sum0"]).astype(np.int64)
        mean = found["sum1"].astype(np.float64) / n
        keys = np.asarray(next(iter(found.values())), float)
        low_edge = 1 / (1 + np.exp(-keys * 2 * SPAN / BINS)) if self.probability else mean
        return Binned(low_edge, mean, yes, n - yes, float(found["sum2"].sum()), float(found["sum3"].sum()))

    def _spread(self, score: str, where: str) -> str:
        """SQL for the bin of a score that is no probability: even around its middle, wider far out, so that a few
        large scores do not push all others into one bin."""
        few = f"{where} and hash(rowid) % {max(1, self.n // 1_000_000)} = 0"
        low, middle, high = self.rows.quantiles(score, (0.25, 0.5, 0.75), where=few)[()]
        bent = f"asinh(({score} - {middle!r}) / {max((high - low) / 2, 1e-300)!r})"
        first, last = self.rows.one(f"min({bent})", where), self.rows.one(f"max({bent})", where)
        return f"({bent} - {first!r}) * {(BINS - 1) / max(last - first, 1e-300)!r}"

    @functools.cached_property
    def cut(self) -> float:
        """The score from which on the model says yes: as told, else one half where that parts the rows, else the
        score of the row three tenths from the top. Infinite without a score."""
        if self.said.threshold is not None:
            return self.said.threshold
        if "score" not in self.roles:
            return math.inf
        if self.probability:
            share = self.rows.one("avg((score >= 0.5)::int)", "score is not null")
            if 0.01 <= share <= 0.99:
                return 0.5
        if self.known and "label" in self.roles:
            return self.ranked.highest(math.ceil(0.3 * self.known)).cut
        return self.rows.quantiles("score", (0.7,), where="score is not null")[()][0]

    @property
    def advised(self) -> str:
        """SQL for what the model says: 1, 0 or 255."""
        return f"(case when score >= {self.cut!r} then 1 when score is null then {MISSING} else 0 end)"

    @property
    def picked(self) -> str:
        """SQL for who is picked out: by the decision where the table has one, else by the model."""
        return "decision" if "decision" in self.roles else self.advised

    def has(self, part: str) -> bool:
        """Whether the table has what a section says it needs."""
        if part in ("segments", "protected"):
            return bool(getattr(self.roles, part))
        if part == "groups":
            return bool(self.groups)
        if part in ("value", "cost") and getattr(self.said, part) is not None:
            return True
        return part in self.roles

    @property
    def value(self) -> str:
        """SQL for what an outcome of the row is worth."""
        return "coalesce(value, 0)" if "value" in self.roles else repr(self.said.value)

    @functools.cached_property
    def cost(self) -> float:
        """What acting on one row costs, on average; 0 where nothing was said.

        Of a column, where some rows were treated, the mean of those: rows left alone often hold a cost of 0.
        """
        if "cost" in self.roles:
            if self.arms:
                acted = self.rows.one("avg(cost)", "cost is not null and treated > 0 and treated < 250")
                if not math.isnan(acted):
                    return acted
            return self.rows.one("avg(cost)", "cost is not null")
        return self.said.cost or 0.0

    def coded(self, column: str) -> Coded:
        """A column among the groups or features; `KeyError` if it is neither."""
        return self.groups[column] if column in self.groups else self.features[column]

    def say(self, key: str, **values: Any) -> str:
        """A sentence of the audit; `outcome` is filled in."""
        return self.texts.say(f"audit.{key}", **{"outcome": self.outcome, **values})

    def of_100(self, value: float) -> str:
        """0.664 → 66; below ten and near a hundred with one decimal, where it would matter."""
        hundred = value * 100
        whole = hundred == round(hundred) or 9.95 <= hundred <= 99.05
        return self.texts.number(hundred, digits=0 if whole else 1)

    def number(self, value: float, digits: int = 0) -> str:
        return self.texts.number(value, digits=digits)

    def signed(self, value: float) -> str:
        """A difference of shares in hundredths, with its sign: -0.061 → −6.1; smaller ones with more digits."""
        hundred = abs(value) * 100
        shown = self.texts.number(hundred, digits=1 if hundred >= 0.1 or hundred < 0.0005 else 3)
        nil = all(c in "0.," for c in shown)
        return shown if nil else f"{'−' if value < 0 else '+'}{shown}"

    def basis(self, how: str, n: int, interval: tuple[float, float] | None = None, **words: Any) -> Basis:
        """How a claim was come by: a method by name, the rows behind it, its interval."""
        found = method(how)
        return Basis(int(n), self.texts.say(f"methods.{how}", **words), interval, found.source, found.same_as)

    def finding(
        self,
        section: str,
        key: str,
        kind: Kind,
        basis: Basis,
        *,
        touches: float,
        evidence: Mapping[str, Any] | None = None,
        money: float | None = None,
        **words: Any,
    ) -> Finding:
        """One sentence with what it rests on."""
        return Finding(key, kind, self.say(key, **words), min(1.0, touches), section, evidence or {}, basis, money)
