"""Is anybody asked too often?

Suggestions a unit got within four weeks, against what the brief allows; and whether those asked again soon are
waved away or left unanswered more often than those asked for the first time in four weeks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.log.responses import responses_view
from payoff.monitors.look import FEW, QUARTER, Look, blameless
from payoff.monitors.shares import numbered, per_unit, share, week_figure
from payoff.records.findings import Finding, Limit, Severity, Target, WeekFigure
from payoff.records.time import to_micros
from payoff.stats import compare

SOURCE = "shares by unit, Deng, Knoblich & Lu 2018; Welch 1947"
ORDER = 50
CHANCE = 0.01
SPAN = 28
"""Days in which contacts add up."""
SMALL, LARGE = 0.05, 0.15
"""Rises of the share waved away or unanswered that are worth a look, and worth acting on."""
MANY = 0.05
"""A share of the contacted units above the limit that is worth acting on."""
_MOST = 3
_WEEKS = 4
_MINUTE = 60_000_000
_DAY = 1440 * _MINUTE


@dataclass(frozen=True)
class Contacts:
    """Suggestions made, one row each, by unit and time: `earlier` counts those the unit had in the four weeks
    before; `bad` is 1 where it was waved away or never answered, NaN while it may still be."""

    unit: NDArray[np.int64]
    at: NDArray[np.int64]
    earlier: NDArray[np.int64]
    bad: NDArray[np.float64]

    def sums(self, mask: NDArray[np.bool_]) -> Sums:
        """Per unit: how many turned out badly, over how many are known."""
        mask = mask & ~np.isnan(self.bad)
        return per_unit(self.unit[mask], self.bad[mask])


def watch(look: Look) -> Iterator[Finding]:
    """One finding: who is above the limit, and what being asked again does to the answer."""
    missing = _WEEKS - look.over
    if missing > 0:
        yield _unknown(look, look.say("weeks_more", n=missing), weeks_more=missing)
        return
    rows = _contacts(look)
    contacted = _last_span(rows, to_micros(look.now))
    if contacted.size < FEW:
        yield _unknown(look, look.say("fatigue_few", n=contacted.size, few=FEW))
        return
    yield _finding(look, rows, contacted)


def _contacts(look: Look) -> Contacts:
    said = look.decisions(named=True)
    said = said.filter(said.told == 1).select("id", "unit", "at", "expires_us")
    heard = responses_view(look.tables)
    heard = heard.filter(heard.at <= look.now)
    met = heard.group_by("suggestion").agg(
        taken=heard.what.isin(["accepted", "done"]).cast("int8").max(),
        away=((heard.what == "dismissed") & ~blameless(heard.why)).cast("int8").max(),
        later=heard.what.isin(["snoozed", "dismissed"]).cast("int8").max(),
    )
    found = look.fetch(said.left_join(met, said.id == met.suggestion).drop("suggestion", "id"))
    unit = numbered(found["unit"])
    at = found["at"].cast(pa.int64()).to_numpy()
    taken, away, later = (found[c].fill_null(0).to_numpy().astype(bool) for c in ("taken", "away", "later"))
    gone = found["expires_us"].fill_null(0).to_numpy() <= to_micros(look.now)
    bad = np.where(taken, 0.0, np.where(away, 1.0, np.where(gone, np.where(later, 0.0, 1.0), math.nan)))
    order = np.lexsort((at, unit))
    unit, at = unit[order], at[order]
    return Contacts(unit, at, _earlier(unit, at), bad[order])


def _earlier(unit: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many contacts each row's unit had in the span before it; rows come by unit, then time."""
    if not unit.size:
        return np.zeros(0, np.int64)
    # One number a (unit, minute), in rising order, units further apart than a span: one search finds where each
    # row's span begins.
    minute = (at - at.min()) // _MINUTE
    key = unit * (int(minute.max()) + 2 * SPAN * 1440) + minute
    first = np.searchsorted(key, key - SPAN * 1440 + 1, "left")
    return np.arange(unit.size) - first


def _last_span(rows: Contacts, until: int) -> NDArray[np.int64]:
    """Contacts in the span up to a moment, one figure a unit that had any."""
    mine = (rows.at <= until) & (rows.at > until - SPAN * _DAY)
    return np.unique(rows.unit[mine], return_counts=True)[1]


def allowed(look: Look) -> int | None:
    """Contacts the brief's days of rest leave room for in four weeks; `None` where it sets none."""
    days = look.brief.policy.contact_every_days
    return math.ceil(SPAN / days) if days else None


def _finding(look: Look, rows: Contacts, contacted: NDArray[np.int64]) -> Finding:
    limit = allowed(look)
    above = float((contacted > limit).mean()) if limit is not None else 0.0
    newest = rows.at > to_micros(look.weeks[max(0, len(look.weeks) - QUARTER)].start)
    first, again = rows.sums(newest & (rows.earlier == 0)), rows.sums(newest & (rows.earlier > 0))
    rise = compare.difference(again, first, CHANCE, share=True)
    sure = rise.value is not None and rise.low is not None and rise.low > 0 and min(first.n, again.n) >= FEW
    tired = sure and (rise.value or 0.0) >= SMALL
    severity, word = _severity(above, rise.value or 0.0, tired=tired)
    sentence = {
        "above": look.say(
            "fatigue_above", n=int((contacted > (limit or 0)).sum()), of=contacted.size, limit=limit, days=SPAN
        ),
        "tired": look.say(
            "fatigue_tired",
            again=look.of_100(again.y / again.w if again.w else 0.0),
            first=look.of_100(first.y / first.w if first.w else 0.0),
        ),
        "fine": look.say(
            "fatigue_fine" if limit is not None else "fatigue_no_limit", mean=_mean_words(look, contacted)
        ),
    }
    said = [sentence[word]] if word != "tired" else []
    if tired:
        said += [sentence["tired"], look.say("not_chance")]
    elif word == "fine":
        said.append(look.say("fatigue_again" if again.n >= FEW else "fatigue_once"))
    return Finding(
        id="fatigue",
        monitor="fatigue",
        severity=severity,
        title=look.say("fatigue_title"),
        sentence=" ".join(said),
        means=look.say(f"fatigue_means_{word}"),
        todo=look.say(f"fatigue_todo_{word}"),
        targets=(Target("brief", look.say("to_limit"), place="rest"),) if word != "fine" else (),
        measure="number",
        figure=look.say("fatigue_figure"),
        weeks=_weeks(look, rows),
        limits=(Limit(float(limit), look.say("fatigue_limit")),) if limit is not None else (),
        details=tuple(_details(look, rows, newest)),
        n=int(contacted.size),
        known=int((~np.isnan(rows.bad)).sum()),
        total=int(rows.bad.size),
        method=look.say("fatigue_method"),
        source=SOURCE,
        order=ORDER,
    )


def _severity(above: float, rise: float, *, tired: bool) -> tuple[Severity, str]:
    if above >= MANY:
        return "act", "above"
    if tired:
        return ("act" if rise >= LARGE else "look"), "tired"
    return ("look", "above") if above > 0 else ("fine", "fine")


def _mean_words(look: Look, contacted: NDArray[np.int64]) -> str:
    return look.texts.number(float(contacted.mean()), digits=1)


def _weeks(look: Look, rows: Contacts) -> tuple[WeekFigure, ...]:
    """Contacts in the four weeks up to the end of each week, a contacted unit."""
    figures = []
    for number, week in enumerate(look.weeks):
        until = min(to_micros(week.end), to_micros(look.now))
        contacted = _last_span(rows, until).astype(float)
        least = FEW if number >= _WEEKS - 1 else len(contacted) + 1  # the first weeks have no four before them
        figures.append(week_figure(look, week, compare.mean(Sums.of(contacted)), least))
    return look.shown(figures)


def _details(look: Look, rows: Contacts, newest: NDArray[np.bool_]) -> list[str]:
    """The share waved away or unanswered, by how many contacts there were in the four weeks before."""
    lines = []
    for earlier in range(_MOST + 1):
        mine = rows.earlier >= earlier if earlier == _MOST else rows.earlier == earlier
        sums = rows.sums(newest & mine)
        if not sums.n:
            continue
        when = look.say(f"fatigue_after_{earlier}")
        if sums.n < FEW:
            lines.append(look.say("fatigue_line_few", when=when, few=FEW))
            continue
        found = share(sums)
        shares = {name: look.of_100(getattr(found, name) or 0.0) for name in ("value", "low", "high")}
        lines.append(look.say("fatigue_line", when=when, **shares))
    return lines


def _unknown(look: Look, why: str, *, weeks_more: int | None = None) -> Finding:
    return Finding(
        id="fatigue",
        monitor="fatigue",
        severity="cannot tell",
        title=look.say("fatigue_title"),
        sentence=why,
        means=look.say("fatigue_means_unknown"),
        todo=look.say("todo_wait") if weeks_more else look.say("fatigue_todo_unknown"),
        weeks_more=weeks_more,
        method=look.say("fatigue_method"),
        source=SOURCE,
        order=ORDER,
    )
