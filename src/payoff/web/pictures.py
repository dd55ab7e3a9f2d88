"""Intervals as pictures: geometry only; a template draws it as SVG, and words beside it say the same."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from payoff.records.judgement import Direction, Estimate

WIDTH = 240.0
EDGE = 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval: from `x1` to `x2` with its middle at `x`, on line `y`; `tone` names its colour."""

    x1: float
    x2: float
    x: float
    y: float
    tone: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture `WIDTH` wide: bars, and up to three upright lines (no change, target, what is tolerable).

    `shade` is the part in which a difference would be worse than what is tolerable.
    """

    height: float
    bars: tuple[Bar, ...]
    label: str
    zero: float | None = None
    target: float | None = None
    margin: float | None = None
    shade: tuple[float, float] | None = None
    width: float = WIDTH


class _Scale:
    def __init__(self, values: Iterable[float | None]) -> None:
        seen = [v for v in values if v is not None and math.isfinite(v)]
        low, high = min(seen), max(seen)
        pad = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        self.low, self.high = low - pad, high + pad

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(EDGE + share * (WIDTH - 2 * EDGE), 1)


def difference(
    estimate: Estimate | None, *, direction: Direction, margin: float | None, tone: str, label: str
) -> Picture | None:
    """The difference against no change; with a margin, beyond it is shaded. `None` without an interval."""
    if estimate is None or estimate.value is None or estimate.low is None or estimate.high is None:
        return None
    edge = None if margin is None else (-margin if direction == "up" else margin)
    at = _Scale([estimate.low, estimate.high, 0.0, edge])
    shade = None
    if edge is not None:
        shade = (0.0, at(edge)) if direction == "up" else (at(edge), WIDTH)
    bar = Bar(at(estimate.low), at(estimate.high), at(estimate.value), 14.0, tone)
    return Picture(28.0, (bar,), label, at(0.0), None, None if edge is None else at(edge), shade)


def levels(arms: Iterable[tuple[str, Estimate]], *, target: float | None, label: str) -> Picture | None:
    """One line an arm on a common scale, against the target. `None` when no arm has a value."""
    known = [(name, e) for name, e in arms if e.value is not None]
    if not known:
        return None
    at = _Scale([target, *(v for _, e in known for v in (e.value, e.low, e.high))])
    bars = []
    for i, (name, e) in enumerate(known):
        assert e.value is not None
        low = e.value if e.low is None else e.low
        high = e.value if e.high is None else e.high
        bars.append(Bar(at(low), at(high), at(e.value), 10.0 + 14.0 * i, name))
    height = 20.0 + 14.0 * (len(bars) - 1)
    return Picture(height, tuple(bars), label, None, None if target is None else at(target))
