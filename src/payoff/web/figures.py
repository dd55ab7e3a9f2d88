"""Figures in words: every value in its measure, every interval as "between … and …"."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from payoff.records.judgement import Estimate, Row
from payoff.records.money import Money
from payoff.texts import Texts

_DAY_HOURS = 48


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes numbers the way the product's language and currency do."""

    texts: Texts
    currency: str

    def value(self, value: float | None, measure: str) -> str:
        """A level: 41%, $180, 3.2 days, 0.84. "cannot tell yet" where there is none."""
        if value is None or not math.isfinite(value):
            return self.texts.say("common.cannot_tell")
        if measure == "share":
            return self.texts.share(value, digits=0 if abs(value) >= 0.1 else 1)
        if measure == "money":
            return self.money(value)
        if measure in ("seconds", "milliseconds", "hours", "days"):
            return self._time(value, measure)
        if measure == "score":
            return self.texts.number(value, digits=2)
        return self.texts.number(value, digits=0 if abs(value) >= 100 else 1)

    @staticmethod
    def readable(row: Row) -> Row:
        """The row in days where hours are many, so that all its figures share one measure; and no difference of
        shares beyond all of them, however wide its range."""
        gap = row.difference
        if row.measure == "share" and gap and gap.low is not None and gap.high is not None:
            return replace(row, difference=replace(gap, low=max(gap.low, -1.0), high=min(gap.high, 1.0)))
        values = [e.value for e in row.arms.values() if e.value is not None]
        if row.measure != "hours" or not values or max(map(abs, values)) < _DAY_HOURS:
            return row

        def days(e: Estimate) -> Estimate:
            scaled = {f: v / 24 for f in ("value", "se", "low", "high") if (v := getattr(e, f)) is not None}
            return replace(e, **scaled)

        return replace(
            row,
            measure="days",
            arms={arm: days(e) for arm, e in row.arms.items()},
            difference=days(row.difference) if row.difference else None,
            target=row.target / 24 if row.target is not None else None,
            margin=row.margin / 24 if row.margin is not None else None,
        )

    def change(self, value: float | None, measure: str) -> str:
        """A difference, signed: +6.1 points, −$4, +0.3 days."""
        if value is None or not math.isfinite(value):
            return self.texts.say("common.cannot_tell")
        if measure == "share":
            return self.texts.points(value)
        shown = self.value(value, measure)
        return f"+{shown}" if value > 0 else shown

    def money(self, major: float, *, sign: bool = False) -> str:
        return self.texts.money(Money.of(round(major, 2), self.currency), sign=sign)

    def between(self, estimate: Estimate, measure: str, *, change: bool = False) -> str:
        """The interval in words; "" where there is none."""
        if estimate.low is None or estimate.high is None:
            return ""
        show = self.change if change else self.value
        low, high = show(estimate.low, measure), show(estimate.high, measure)
        if measure == "share" and change:
            low = self.texts.number(estimate.low * 100, digits=1)
            low = f"+{low}" if estimate.low > 0 else low
        return self.texts.say("board.between", low=low, high=high)

    def known(self, estimate: Estimate) -> str:
        """Maturity: "41 of 120 outcomes known"."""
        if not estimate.total:
            return self.texts.say("board.units", n=estimate.n) if estimate.n else ""
        if estimate.known >= estimate.total:
            return self.texts.say("board.all_known", n=estimate.total)
        return self.texts.say(
            "board.known", known=self.texts.number(estimate.known), total=self.texts.number(estimate.total)
        )

    def _time(self, value: float, measure: str) -> str:
        digits = 0 if abs(value) >= 10 or measure == "milliseconds" else 1
        return self.texts.say(f"board.{measure}", value=self.texts.number(value, digits=digits))
