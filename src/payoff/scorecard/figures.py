"""Figures as people write them: shares in percent, differences in points, money in its currency."""

from __future__ import annotations

import math

from payoff.records.judgement import Estimate
from payoff.records.money import Money
from payoff.texts import Texts


def value(texts: Texts, measure: str, number: float | None, currency: str) -> str:
    """One figure of an arm; a dash where there is none."""
    if number is None or not math.isfinite(number):
        return "–"
    if measure == "share":
        return texts.share(number, digits=1)
    if measure == "money":
        return texts.money(Money.of(round(number, 4), currency))
    if measure in ("days", "hours", "milliseconds"):
        return texts.say(f"scorecard.{measure}", value=texts.number(number, digits=1 if abs(number) < 100 else 0))
    return texts.number(number, digits=3 if measure == "score" else 2)


def change(texts: Texts, measure: str, number: float | None, currency: str) -> str:
    """One difference, with its sign."""
    if number is None or not math.isfinite(number):
        return "–"
    if measure == "share":
        return texts.points(number)
    if measure == "money":
        return texts.money(Money.of(round(number, 4), currency), sign=True)
    plain = value(texts, measure, number, currency)
    return f"+{plain}" if number > 0 else plain


def interval(texts: Texts, measure: str, estimate: Estimate | None, currency: str) -> str:
    """A difference with its interval: +6.1 points (2.0 to 10.2)."""
    if estimate is None or estimate.value is None:
        return "–"
    middle = change(texts, measure, estimate.value, currency)
    if estimate.low is None or estimate.high is None:
        return middle
    ends = (estimate.low, estimate.high)
    if measure == "share":
        ends = (max(ends[0], -1.0), min(ends[1], 1.0))  # no share is more than all of them
        low, high = (f"{'+' if x > 0 else ''}{texts.number(100 * x, digits=1)}" for x in ends)
    else:
        low, high = (change(texts, measure, x, currency) for x in ends)
    return texts.say("scorecard.interval", value=middle, low=low, high=high)
