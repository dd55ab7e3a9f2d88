"""Figures in words: every value in its measure, every interval as "between … and …"."""

from __future__ import annotations

import math
from dataclasses import dataclass

from payoff.records.judgement import Estimate
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
        if measure == "hours" and abs(value) >= _DAY_HOURS:
            value, measure, digits = value / 24, "days", 1
        return self.texts.say(f"board.{measure}", value=self.texts.number(value, digits=digits))
