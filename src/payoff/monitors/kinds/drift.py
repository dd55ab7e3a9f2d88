"""Do units look as they did when the running model learned?

Each fact's values are counted in cells, among the decisions the running model learned from and among those of the
newest weeks. How far apart they are is said as units of 100 that would have to be different, and as the stability
index with what chance adds to it taken off. A fact is named only where chance would hardly do so to any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pyarrow.compute as pc

from payoff.brief.goals import goal_of
from payoff.monitors.control import since
from payoff.monitors.facts import Cells, Decided, Mask, decided
from payoff.monitors.look import FEW, QUARTER, Look
from payoff.monitors.moved import LITTLE, Moved, compared
from payoff.records.findings import Finding, GroupFigure, Limit, Severity, Target, WeekFigure
from payoff.records.time import from_micros
from payoff.stats import distance
from payoff.stats.concentration import chance_distance

SOURCE = (
    "stability index, Siddiqi 2006, less what chance adds (Yurdakul & Naranjo 2020); "
    "chi-square, Pearson 1900, wider where units repeat (Rao & Scott 1981); Bonferroni"
)
BROKEN, ORDER = 0, 30
RECENT = 4
"""Newest weeks that are set beside what was learned from."""
_ENOUGH = 5 * FEW
_NAMED = 3
_LISTED = 12


def watch(look: Look) -> Iterator[Finding]:
    """One finding: the fact that moved most, and how many others did."""
    missing = RECENT - look.over
    if missing > 0:
        yield _unknown(look, look.say("weeks_more", n=missing), weeks_more=missing)
        return
    rows = decided(look)
    before, learned = _learned_from(look, rows)
    now = _recent(look, rows)
    if _units(rows, before) < _ENOUGH or _units(rows, now) < _ENOUGH:
        n = min(_units(rows, before), _units(rows, now))
        yield _unknown(look, look.say("drift_few", n=n, least=_ENOUGH))
        return
    moved, clocks = compared(look, rows, before, now)
    if not moved:
        yield _unknown(look, look.say("drift_no_facts"))
        return
    yield _finding(look, rows, before, now, moved, clocks, learned)


def _recent(look: Look, rows: Decided) -> Mask:
    """Four weeks to the hour, so that units looked at once in four weeks are all in them, once."""
    return rows.at > look.now.timestamp() / 86_400 - 7 * RECENT


def _units(rows: Decided, mask: Mask) -> int:
    return len(np.unique(rows.unit[mask]))


def _learned_from(look: Look, rows: Decided) -> tuple[Mask, datetime | None]:
    """The decisions the running model learned from (their outcome was known by then) and when it learned.

    Where it has learned from nothing yet that was decided here, the first weeks stand for it.
    """
    recent = _recent(look, rows)
    serving, learned = look.serving, look.tables.arrow("learned")
    if serving is not None:
        mine = learned.filter(pc.equal(learned["release"], serving.id))
        mine = mine.filter(pc.less_equal(mine["at"], look.now))
        if mine.num_rows:
            at: datetime = mine["at"][mine.num_rows - 1].as_py()
            goal = goal_of(look.brief)
            days = look.brief.outcomes[goal].window_days if goal else 0.0
            until = (at - timedelta(days=days)).timestamp() / 86_400
            known = (rows.at <= until) & ~recent
            if _units(rows, known) >= _ENOUGH:
                return known, at
    return (rows.week < RECENT) & ~recent, None


def _finding(
    look: Look,
    rows: Decided,
    before: Mask,
    now: Mask,
    moved: list[Moved],
    clocks: list[str],
    learned: datetime | None,
) -> Finding:
    order: tuple[Severity, ...] = ("act", "look", "fine")
    ranked = sorted(moved, key=lambda m: (order.index(m.severity()), -m.index, m.name))
    worst, severity = ranked[0], ranked[0].severity()
    sure = [m for m in ranked if m.severity() != "fine"]
    newest = look.texts.day(from_micros(int(rows.at[before].max() * 86_400e6)))
    since = look.say("drift_since_learned", until=newest) if learned else look.say("drift_since_first", n=RECENT)
    details = [_line(look, m) for m in sure[1:_NAMED]]
    if len(sure) > _NAMED:
        details.append(look.say("drift_more", n=len(sure) - _NAMED))
    if sure or worst.sure:
        details.insert(0, look.say("drift_since", since=_began(look, rows, worst)))
    details.append(_each(look, ranked))
    if learned:
        at = look.texts.day(learned)
        details.append(look.say("drift_learned", n=_units(rows, before), until=newest, at=at))
    if clocks:
        details.append(look.say("drift_clock", n=len(clocks), facts=_spoken(clocks)))
    if severity == "fine":
        sentence = look.say("drift_fine", n=len(moved), since=since, most=_most(look, worst))
    else:
        sentence = look.say("drift_moved", line=_line(look, worst), since=since)
    word = "dry" if severity != "fine" and worst.dry else severity
    return Finding(
        id="drift",
        monitor="drift",
        severity=severity,
        title=look.say("drift_title"),
        sentence=sentence,
        means=look.say(f"drift_means_{word}", fact=_spoken([worst.name])),
        todo=look.say(f"drift_todo_{word}", fact=_spoken([worst.name])),
        targets=_targets(look) if severity != "fine" else (),
        figure=look.say("drift_figure", fact=_spoken([worst.name])),
        weeks=_weeks(look, rows, worst),
        groups=tuple(GroupFigure(_spoken([m.name]), m.changed, n=int(m.sides[1].sum())) for m in ranked[:_NAMED]),
        limits=_limit(look, rows, worst),
        details=tuple(details),
        n=_units(rows, now),
        known=_units(rows, now),
        total=_units(rows, now),
        method=look.say("drift_method"),
        source=SOURCE,
        order=BROKEN if word == "dry" else ORDER,
    )


def _line(look: Look, moved: Moved) -> str:
    fact = _spoken([moved.name])
    if moved.dry:
        before, now = moved.missing
        return look.say("drift_dry", fact=fact, before=look.of_100(before), now=look.of_100(now))
    cell, before, now = moved.most_moved()
    return look.say(
        "drift_line",
        fact=fact,
        changed=look.of_100(moved.changed),
        cell=_cell_words(look, moved.cells, cell),
        before=look.of_100(before),
        now=look.of_100(now),
    )


def _most(look: Look, moved: Moved) -> str:
    """The fact that moved most, with the limit it stayed below, and by which test."""
    return look.say(
        "drift_most",
        fact=_spoken([moved.name]),
        changed=look.of_100(moved.changed),
        index=look.texts.number(moved.index, digits=2),
        least=look.texts.number(LITTLE, digits=1),
        test=look.say("drift_test_small" if moved.sure else "drift_test_chance"),
    )


def _each(look: Look, ranked: list[Moved]) -> str:
    """Every fact in a few words, worst first."""
    worst = sorted(ranked, key=lambda m: -m.changed)[:_LISTED]
    told = [f"{_spoken([m.name])} {look.of_100(m.changed)}" for m in worst]
    by_chance = float(np.median([m.by_chance() for m in ranked]))
    return look.say("drift_each", facts=", ".join(told), chance=look.of_100(by_chance))


def _began(look: Look, rows: Decided, moved: Moved) -> str:
    """The week since which the cell that moved most has been off."""
    cell, share, _ = moved.most_moved()
    mine = moved.cells.filled == cell
    weeks = np.maximum(rows.week, 0)
    inside = rows.week >= 0
    n = np.bincount(weeks[inside], minlength=len(look.weeks)).astype(float)
    hits = np.bincount(weeks[inside], mine[inside].astype(float), len(look.weeks))
    begin = since(hits - n * share, n * max(share * (1 - share), 1 / max(1.0, moved.sides[0].sum())))
    return look.texts.day(look.weeks[begin].monday)


def _cell_words(look: Look, found: Cells, cell: int) -> str:
    if cell >= len(found.names):
        return look.say("not_known")
    if not found.numeric:
        return (
            look.say("value", value=found.names[cell]) if found.names[cell][:1] != "\x00" else look.say("others")
        )
    low, high = found.bounds[cell]
    number = look.texts.number

    def shown(v: float) -> str:
        return number(v, digits=0 if abs(v) >= 100 or v == round(v) else 1 if abs(v) >= 1 else 3)

    if cell == 0:
        return look.say("at_most", value=shown(high))
    if cell == len(found.names) - 1:
        return look.say("at_least", value=shown(low))
    return look.say("from_to", low=shown(low), high=shown(high))


def _weeks(look: Look, rows: Decided, moved: Moved) -> tuple[WeekFigure, ...]:
    """Week by week, how many of 100 units would have to be different to look like those learned from."""
    size = len(moved.cells.names) + 1
    cell = moved.cells.filled
    figures = []
    for number, week in enumerate(look.weeks):
        mine = cell[rows.week == number]
        told = mine.size >= FEW
        value = distance.total_variation(moved.sides[0], np.bincount(mine, minlength=size)) if told else None
        figures.append(WeekFigure(week.monday, value, n=mine.size, known=mine.size, open=week.end > look.now))
    return look.shown(figures)


def _limit(look: Look, rows: Decided, moved: Moved) -> tuple[Limit, ...]:
    """What chance makes of a usual week's number of units, on average."""
    sizes = [int((rows.week == number).sum()) for number in range(len(look.weeks))]
    large = [s for s in sizes[-QUARTER:] if s >= FEW]
    if not large:
        return ()
    learned = moved.sides[0]
    by_chance = chance_distance(learned / learned.sum(), int(np.median(large)))
    return (Limit(by_chance, look.say("drift_chance"), "usual"),)


def _targets(look: Look) -> tuple[Target, ...]:
    where = [Target("brief", look.say("to_sources"))]
    if look.serving is not None:
        where.append(Target("releases", look.say("to_release", title=look.serving.title), place=look.serving.id))
    return tuple(where)


def _spoken(names: list[str]) -> str:
    return ", ".join(f"“{name.replace('_', ' ')}”" for name in names)


def _unknown(look: Look, why: str, *, weeks_more: int | None = None) -> Finding:
    return Finding(
        id="drift",
        monitor="drift",
        severity="cannot tell",
        title=look.say("drift_title"),
        sentence=why,
        means=look.say("drift_means_unknown"),
        todo=look.say("todo_wait") if weeks_more else look.say("drift_todo_unknown"),
        weeks_more=weeks_more,
        method=look.say("drift_method"),
        source=SOURCE,
        order=ORDER,
    )
