"""A line over time with its band, as geometry; `series.html` draws it, and the same figures stand in its table.

Drawn so that type stays readable where the picture is 300 pixels wide: few ticks, letters instead of words at
upright lines, and lines told apart by dash and mark, not by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

WIDTH, HEIGHT = 360.0, 176.0
TOP, RIGHT, BOTTOM = 16.0, 10.0, 26.0
_CHARACTER = 7.4
"""The width of one character of the largest type a tick is written in."""
_EPOCH = date(1970, 1, 1).toordinal()
_APART = 13.0
_CLEAR = 10
"""A mark so near to words (from their middle) would be written over."""
"""Two lines of words closer than this would touch."""
SHAPES = ("circle", "square", "diamond", "triangle", "cross")
"""The marks of the first, second … line; dashes go with them."""
MOST = len(SHAPES)


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of one moment. `value` is `None` where it cannot be told: the line has a gap there.

    `low` and `high` are its interval, where it has one. `open` says that it may still change (not all is known
    yet), and is drawn hollow. `words` is how the table says it.
    """

    at: date
    value: float | None
    low: float | None = None
    high: float | None = None
    words: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its name ("" where there is only one)."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A level line with its words: a limit, a target, no change. `tone` is bad, good or quiet."""

    value: float
    words: str
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Marker:
    """An upright line: something changed at this moment."""

    at: date
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """A time of which nothing is known, with its words: drawn grey."""

    begin: date
    end: date
    words: str


@dataclass(frozen=True, slots=True)
class SpanShown:
    x: float
    width: float
    words: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    open: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a range goes on outside the picture: at its upper edge, or at its lower one."""

    x: float
    y: float
    up: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    """`path` and `band` are SVG paths ("" where there is nothing to draw); `mark` names its shape and dash.

    `cuts` mark where the band is cut off."""

    name: str
    mark: str
    path: str
    band: str
    dots: tuple[Dot, ...]
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    words: str
    anchor: str = "end"


@dataclass(frozen=True, slots=True)
class RuleShown:
    """`x` and `anchor` place the words at the end of the line where they are in nobody's way."""

    y: float
    x: float
    words_y: float
    words: str
    tone: str
    anchor: str


@dataclass(frozen=True, slots=True)
class MarkerShown:
    x: float
    letter: str
    words: str


@dataclass(frozen=True, slots=True)
class TableRow:
    when: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """A picture and its table. `label` is the sentence for whoever does not see it; `cut` says what the arrows at
    its edges are ("" where there are none)."""

    label: str
    left: float
    right: float
    bottom: float
    lines: tuple[LineShown, ...]
    rules: tuple[RuleShown, ...]
    markers: tuple[MarkerShown, ...]
    up: tuple[Tick, ...]
    along: tuple[Tick, ...]
    when: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    spans: tuple[SpanShown, ...] = ()
    cut: str = ""
    width: float = WIDTH
    height: float = HEIGHT
    top: float = TOP


Show = Callable[[float], str]
Axis = Callable[[float], float]


def series(
    lines: Sequence[Line],
    *,
    label: str,
    value: Show,
    day: Callable[[date], str],
    when: str = "",
    column: str = "",
    rules: Iterable[Rule] = (),
    markers: Iterable[Marker] = (),
    least: float | None = None,
    most: float | None = None,
    holds: Iterable[float] = (),
    spans: Iterable[Span] = (),
    cut: str = "",
) -> Series | None:
    """The picture of one or more lines over the same time; `None` where no line has a figure.

    `value` and `day` write a figure and a moment; `when` and `column` head the table (a line's own name heads its
    column where there are several). `least` and `most` keep a scale from running past what can be (a share past
    0 and 1); `holds` are values the scale takes in besides, such as 0. Only the first `MOST` lines are drawn; the
    table has them all. `spans` are drawn grey. Markers outside the time are left out. `cut` says that a range goes
    on outside the picture, which an arrow marks.
    """
    drawn = lines[:MOST]
    told = [p for line in drawn for p in line.points if _real(p.value)]
    if not told:
        return None
    kept_rules = [r for r in rules if math.isfinite(r.value)]
    at_y, ticks, ends = _upright(told, [*holds, *(r.value for r in kept_rules)], least, most)
    up = [Tick(at_y(t), value(t)) for t in ticks]
    left = max(len(t.words) for t in up) * _CHARACTER + 8
    days = sorted({_days(p.at) for line in drawn for p in line.points})
    at_x = _along(days[0], days[-1], left)
    moments = sorted({p.at for line in lines for p in line.points}, key=_days)
    shown = tuple(_line(line, SHAPES[i], at_x, at_y, ends) for i, line in enumerate(drawn))
    upright = _markers(markers, days, at_x)
    return Series(
        label=label,
        left=round(left, 1),
        right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM,
        lines=shown,
        rules=_rules(kept_rules, at_y, [d for line in shown for d in line.dots], left, lettered=bool(upright)),
        markers=upright,
        up=tuple(up),
        along=_days_along(moments, at_x, day),
        when=when,
        columns=tuple(line.name or column for line in lines),
        rows=_table(lines, moments, value, day),
        spans=_spans(spans, days, at_x),
        cut=cut if any(line.cuts for line in shown) else "",
    )


def _real(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _days(at: date) -> float:
    """Days on one axis, whether a moment or a day was given."""
    if isinstance(at, datetime):
        return at.timestamp() / 86_400
    return float(at.toordinal() - _EPOCH)


def _upright(
    told: Sequence[Point], holds: Sequence[float], least: float | None, most: float | None
) -> tuple[Axis, list[float], tuple[float, float]]:
    """The axis, its round numbers, and the values at its two ends."""
    seen = [v for p in told for v in (p.value, p.low, p.high) if v is not None and math.isfinite(v)]
    seen += holds
    low, high = min(seen), max(seen)
    if high - low < 1e-12:
        low, high = low - (abs(low) * 0.1 or 1.0), high + (abs(high) * 0.1 or 1.0)
    low = low if least is None else max(low, least)
    high = high if most is None else min(high, most)
    ticks = _nice(low, high, least, most)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    span = high - low or 1.0

    def at(v: float) -> float:
        inside = min(max(v, low), high)
        return round(TOP + (high - inside) / span * (HEIGHT - TOP - BOTTOM), 1)

    return at, ticks, (low, high)


def _nice(low: float, high: float, least: float | None, most: float | None) -> list[float]:
    """Three to five round numbers that take in both ends, as far as `least` and `most` allow."""
    span = high - low
    if span <= 0:
        span = abs(high) or 1.0
    step = 10.0 ** math.floor(math.log10(span / 3))
    step = next(step * m for m in (1, 2, 2.5, 5, 10) if span / (step * m) <= 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(i * step, 12) for i in range(first, max(last, first + 1) + 1)]
    inside = [t for t in ticks if (least is None or t >= least) and (most is None or t <= most)]
    return inside if len(inside) > 1 else [low, high]


def _along(first: float, last: float, left: float) -> Axis:
    span = last - first
    inner = left + 6

    def at(day: float) -> float:
        if span <= 0:
            return round((inner + WIDTH - RIGHT) / 2, 1)
        return round(inner + (day - first) / span * (WIDTH - RIGHT - 5 - inner), 1)

    return at


def _line(line: Line, mark: str, at_x: Axis, at_y: Axis, ends: tuple[float, float]) -> LineShown:
    pieces: list[list[Point]] = [[]]
    for point in sorted(line.points, key=lambda p: _days(p.at)):
        if _real(point.value):
            pieces[-1].append(point)
        elif pieces[-1]:
            pieces.append([])
    path, band, dots = [], [], []
    for piece in filter(None, pieces):
        xy = [(at_x(_days(p.at)), at_y(p.value)) for p in piece if p.value is not None]
        path.append("M" + " L".join(f"{x} {y}" for x, y in xy))
        dots += [Dot(x, y, p.open) for (x, y), p in zip(xy, piece, strict=True)]
        band += _band(piece, at_x, at_y)
    cuts = tuple(_cuts(line.points, at_x, ends))
    return LineShown(line.name, mark, " ".join(path), " ".join(band), tuple(dots), cuts)


def _cuts(points: Iterable[Point], at_x: Axis, ends: tuple[float, float]) -> Iterable[Cut]:
    """Where a range is longer than the picture is high."""
    for point in points:
        if not _real(point.value) or point.low is None or point.high is None:
            continue
        x = at_x(_days(point.at))
        if point.high > ends[1]:
            yield Cut(x, TOP, True)
        if point.low < ends[0]:
            yield Cut(x, HEIGHT - BOTTOM, False)


def _band(piece: Sequence[Point], at_x: Axis, at_y: Axis) -> list[str]:
    """The interval along a piece of line; one point alone gets an upright bar."""
    edges = [
        (at_x(_days(p.at)), at_y(p.low), at_y(p.high))
        for p in piece
        if p.low is not None and p.high is not None and _real(p.low) and _real(p.high)
    ]
    if not edges:
        return []
    if len(edges) == 1:
        x, low, high = edges[0]
        edges = [(round(x - 2, 1), low, high), (round(x + 2, 1), low, high)]
    there = " L".join(f"{x} {high}" for x, _, high in edges)
    back = " L".join(f"{x} {low}" for x, low, _ in reversed(edges))
    return [f"M{there} L{back} Z"]


def _rules(
    rules: Sequence[Rule], at_y: Axis, dots: Sequence[Dot], left: float, *, lettered: bool
) -> tuple[RuleShown, ...]:
    """Words stand above their line; below it where letters or other words are in the way."""
    top = TOP + 8 if lettered else TOP - 4
    shown: list[RuleShown] = []
    for rule in sorted(rules, key=lambda r: -r.value):
        y = at_y(rule.value)
        free = (y - 4, y + 12, y + 25, y + 38)
        heights = [w for w in free if w >= top and all(abs(w - s.words_y) >= _APART for s in shown)] or [y - 4]
        long = len(rule.words) * _CHARACTER
        places = [(w, *_sides(dots, left, long, w)) for w in heights[:3]]
        # The first height will do, unless marks are in the way at both ends and another one is clear of them.
        words, at_start, at_end = next((p for p in places if max(p[1:]) >= _CLEAR), places[0])
        anchor, x = ("start", left + 2) if at_start > at_end else ("end", WIDTH - RIGHT)
        shown.append(RuleShown(y, round(x, 1), round(words, 1), rule.words, rule.tone, anchor))
    return tuple(shown)


def _sides(dots: Sequence[Dot], left: float, long: float, words: float) -> tuple[float, float]:
    """How far marks are from words that stand at the start of the line, and at its end."""
    at_start = _clearance(dots, left, left + long, words - 4)
    return at_start, _clearance(dots, WIDTH - RIGHT - long, WIDTH - RIGHT, words - 4)


def _clearance(dots: Sequence[Dot], begin: float, end: float, y: float) -> float:
    """How far the nearest mark between two places along is from words at a height."""
    return min((abs(d.y - y) for d in dots if begin - 6 <= d.x <= end + 6), default=HEIGHT)


def _spans(spans: Iterable[Span], days: Sequence[float], at_x: Axis) -> tuple[SpanShown, ...]:
    """Words stay away where the span is too narrow for them."""
    shown = []
    for span in spans:
        begin, end = max(_days(span.begin), days[0]), min(_days(span.end), days[-1])
        if begin <= end:
            x = at_x(begin) - 4
            width = round(at_x(end) + 4 - x, 1)
            words = span.words if width > len(span.words) * _CHARACTER else ""
            shown.append(SpanShown(round(x, 1), width, words))
    return tuple(shown)


def _markers(markers: Iterable[Marker], days: Sequence[float], at_x: Axis) -> tuple[MarkerShown, ...]:
    """One letter a moment, in order of time; what fell on one day shares a letter."""
    inside = sorted((m for m in markers if days[0] <= _days(m.at) <= days[-1]), key=lambda m: _days(m.at))
    shown: list[MarkerShown] = []
    last: list[float] = []
    for marker in inside:
        x = at_x(_days(marker.at))
        if last and abs(x - last[-1]) < 9:
            before = shown[-1]
            shown[-1] = MarkerShown(before.x, before.letter, f"{before.words} · {marker.words}")
            continue
        last.append(x)
        shown.append(MarkerShown(x, _letter(len(shown)), marker.words))
    return tuple(shown)


def _letter(i: int) -> str:
    return chr(ord("A") + i) if i < 26 else f"{_letter(i // 26 - 1)}{_letter(i % 26)}"


def _days_along(moments: Sequence[date], at_x: Axis, day: Callable[[date], str]) -> tuple[Tick, ...]:
    """The first and the last moment, and the middle one where there is room for it."""
    first, last = moments[0], moments[-1]
    if len(moments) == 1:
        return (Tick(at_x(_days(first)), day(first), "middle"),)
    ticks = [Tick(at_x(_days(first)), day(first), "start"), Tick(at_x(_days(last)), day(last), "end")]
    middle = moments[len(moments) // 2]
    x, words = at_x(_days(middle)), day(middle)
    half = len(words) * _CHARACTER / 2 + 6
    room = (ticks[0].at + len(ticks[0].words) * _CHARACTER, ticks[1].at - len(ticks[1].words) * _CHARACTER)
    if len(moments) > 2 and room[0] < x - half and x + half < room[1]:
        ticks.insert(1, Tick(x, words, "middle"))
    return tuple(ticks)


def _table(
    lines: Sequence[Line], moments: Sequence[date], value: Show, day: Callable[[date], str]
) -> tuple[TableRow, ...]:
    """Newest first: what somebody looks for in a table of weeks."""
    known = [{_days(p.at): p for p in line.points} for line in lines]
    rows = []
    for moment in reversed(moments):
        cells = []
        for points in known:
            point = points.get(_days(moment))
            bare = value(point.value) if point and point.value is not None and _real(point.value) else ""
            cells.append(point.words or bare if point else "")
        rows.append(TableRow(day(moment), tuple(cells)))
    return tuple(rows)
