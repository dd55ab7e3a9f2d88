"""Does everybody get the same?

The share of suggestions that are the most frequent action, and how many actions used equally often would be as
varied, over all and by role. A narrow choice may be right (one action may be the best for all), so it is worth a
look, not an alarm, unless hardly anything else is suggested at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.monitors.look import FEW, QUARTER, Look
from payoff.monitors.shares import numbered, per_unit, share, week_figure
from payoff.records.findings import Finding, GroupFigure, Limit, Severity, Target, WeekFigure
from payoff.records.judgement import Estimate
from payoff.stats import compare
from payoff.stats.concentration import effective_number

SOURCE = "inverse of Simpson's index, Simpson 1949, Hill 1973; Wilson 1927, clustered by unit (Deng et al. 2018)"
ORDER = 40
CHANCE = 0.01
NARROW, ONE = 2 / 3, 0.95
"""Shares of the most frequent action from which on it is worth a look, and from which on there is no choice."""
ROLE = 0.9
"""A share within a role from which on the role alone decides, where it is so in most of them."""
NARROWER = 0.15
"""A rise of that share (in shares) from the quarter before to the newest weeks that is worth a look."""
RECENT = 4
_EACH = 10


@dataclass(frozen=True)
class Told:
    """Suggestions made, by unit, week, role and action; `drawn` of the `n` were chosen by chance, to learn."""

    unit: NDArray[np.int64]
    week: NDArray[np.int64]
    role: NDArray[np.object_]
    action: NDArray[np.object_]
    n: NDArray[np.float64]
    drawn: NDArray[np.float64]

    def pick(self, mask: NDArray[np.bool_]) -> Told:
        parts = (self.unit, self.week, self.role, self.action, self.n, self.drawn)
        return Told(*(part[mask] for part in parts))  # type: ignore[arg-type]

    @property
    def units(self) -> int:
        return len(np.unique(self.unit))

    def counts(self) -> dict[str, float]:
        """How often each action was suggested, the most frequent first."""
        names, place = np.unique(self.action.astype(str), return_inverse=True)
        found = dict(zip(names.tolist(), np.bincount(place, self.n, names.size).tolist(), strict=True))
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def sums(self, action: str) -> Sums:
        """Per unit: how many of its suggestions were this action, over how many it had."""
        return per_unit(self.unit, self.n * (self.action == action), self.n)

    def top(self) -> tuple[str, Estimate]:
        """The most frequent action and its share."""
        action = next(iter(self.counts()))
        return action, share(self.sums(action))

    def within(self, few: int) -> Estimate:
        """The share of suggestions that are the most frequent one of their role, over roles of so many units."""
        parts = [part for role in _named_roles(self) if (part := self.pick(self.role == role)).units >= few]
        if not parts:
            return Estimate(None)
        unit, n = (np.concatenate([getattr(part, name) for part in parts]) for name in ("unit", "n"))
        same = np.concatenate([part.n * (part.action == part.top()[0]) for part in parts])
        return share(per_unit(unit, same, n))

    def effective(self) -> float:
        return effective_number(list(self.counts().values()))


def watch(look: Look) -> Iterator[Finding]:
    """One finding: how concentrated the newest weeks are, and whether that grew."""
    missing = RECENT - look.over
    if missing > 0:
        yield _unknown(look, look.say("weeks_more", n=missing), weeks_more=missing)
        return
    told = _told(look)
    last = look.over
    now = told.pick((told.week >= last - RECENT) & (told.week < last))
    if now.units < FEW:
        yield _unknown(look, look.say("variety_few", n=now.units, few=FEW))
        return
    before = told.pick((told.week < last - RECENT) & (told.week >= last - RECENT - QUARTER))
    yield _finding(look, told, now, before)


def _told(look: Look) -> Told:
    rows = look.by_week(look.decisions())
    rows = rows.filter(rows.told == 1)
    found = look.fetch(
        rows.group_by("unit", "week", "role", "action").agg(n=rows.id.count(), drawn=rows.explored.sum())
    )
    return Told(
        numbered(found["unit"]),
        found["week"].to_numpy(),
        np.array(found["role"].to_pylist(), object),
        np.array(found["action"].to_pylist(), object),
        found["n"].to_numpy().astype(float),
        found["drawn"].to_numpy().astype(float),
    )


def _finding(look: Look, told: Told, now: Told, before: Told) -> Finding:
    action, top = now.top()
    rise = _rise(now, before)
    narrower = rise is not None and rise[0] >= NARROWER
    decided = _decided_by_role(now)
    severity, word = _severity(look, top, narrower=narrower, by_role=2 * decided[0] > decided[1] > 1)
    meant = word != "fine" and look.serving is not None and look.serving.recipe.get("policy") == "constant"
    if meant:
        severity, word = "fine", "meant"
    whole, limits = _weeks(look, told), (Limit(NARROW, look.say("variety_limit")),)
    figure, weeks, groups = look.say("variety_figure"), whole, _roles(now)
    if word == "by_role":  # what is said is about roles, and so is what is drawn; the whole stands behind it
        groups = (*groups, GroupFigure("", weeks=whole, figure=figure, limits=limits))
        figure, weeks = look.say("variety_figure_role"), _within(look, told)
        limits = (Limit(ROLE, look.say("variety_limit_role")),)
    began = _since(look, weeks, limits[0].value) if severity in ("act", "look") and word != "narrower" else ()
    assert top.value is not None
    values: Mapping[str, object] = {
        "action": look.called(action),
        "share": look.of_100(top.value),
        "low": look.of_100(top.low or 0.0),
        "high": look.of_100(top.high or 0.0),
        "was": look.of_100(rise[1]) if rise else "",
        "n_roles": decided[0],
        "roles": decided[1],
        "most": look.of_100(ROLE),
    }
    return Finding(
        id="variety",
        monitor="variety",
        severity=severity,
        title=look.say("variety_title"),
        sentence=look.say(f"variety_{word}", **values),
        means=look.say(f"variety_means_{word}"),
        todo=look.say(f"variety_todo_{word}"),
        targets=_targets(look, word) if severity in ("act", "look") else (),
        figure=figure,
        weeks=weeks,
        groups=groups,
        limits=limits,
        details=(*began, *_by_role(look, now), *_actions(look, now)),
        n=now.units,
        known=now.units,
        total=now.units,
        method=look.say("variety_method", n=RECENT),
        source=SOURCE,
        order=ORDER,
    )


def _severity(look: Look, top: Estimate, *, narrower: bool, by_role: bool) -> tuple[Severity, str]:
    low = top.low or 0.0
    if low >= ONE and len(look.actions) > 1:
        return "act", "one"
    if low >= NARROW and len(look.actions) > 1:
        return "look", "narrow"
    if narrower:
        return "look", "narrower"
    return ("look", "by_role") if by_role else ("fine", "fine")


def _decided_by_role(now: Told) -> tuple[int, int]:
    """In how many roles one action takes nearly all, of how many with enough units to tell."""
    parts = [part for role in _named_roles(now) if (part := now.pick(now.role == role)).units >= FEW]
    return sum((part.top()[1].low or 0.0) >= ROLE for part in parts), len(parts)


def _since(look: Look, weeks: tuple[WeekFigure, ...], limit: float) -> tuple[str, ...]:
    """Since which week every one that could be told was at the limit or past it; nothing where the last is not."""
    known = [week for week in weeks if week.value is not None and not week.open]
    past = list(takewhile(lambda week: (week.value or 0.0) >= limit, reversed(known)))
    if not past:
        return ()
    key = "variety_since_ever" if len(past) == len(known) else "variety_since"
    return (look.say(key, day=look.texts.day(past[-1].week)),)


def _rise(now: Told, before: Told) -> tuple[float, float] | None:
    """By how much the share of the most frequent action rose for sure (its lower end), and what it was; `None`
    where it did not, or nothing is known of before."""
    if min(now.units, before.units) < 2 * FEW:
        return None
    ours, theirs = now.sums(now.top()[0]), before.sums(before.top()[0])
    found = compare.difference(ours, theirs, CHANCE, share=True)
    if found.value is None or found.low is None or found.low <= 0:
        return None
    return found.value, theirs.y / theirs.w


def _targets(look: Look, word: str) -> tuple[Target, ...]:
    playbook = Target("playbook", look.say("to_playbook"))
    tried = Target("brief", look.say("to_explore"), place="explore")
    return (playbook, tried) if word in ("by_role", "narrower") else (playbook,)


def _within(look: Look, told: Told) -> tuple[WeekFigure, ...]:
    figures = [
        week_figure(look, week, told.pick(told.week == number).within(_EACH), _EACH)
        for number, week in enumerate(look.weeks)
    ]
    return look.shown(figures)


def _weeks(look: Look, told: Told) -> tuple[WeekFigure, ...]:
    figures = []
    for number, week in enumerate(look.weeks):
        mine = told.pick(told.week == number)
        figures.append(week_figure(look, week, mine.top()[1] if mine.units else Estimate(None), _EACH))
    return look.shown(figures)


def _roles(now: Told) -> tuple[GroupFigure, ...]:
    """The most frequent action's share within each role."""
    made = []
    for role in _named_roles(now):
        mine = now.pick(now.role == role)
        if mine.units < FEW:
            made.append(GroupFigure(role, n=mine.units))
            continue
        top = mine.top()[1]
        made.append(GroupFigure(role, top.value, top.low, top.high, mine.units))
    return tuple(made)


def _named_roles(now: Told) -> list[str]:
    return sorted({str(role) for role in now.role if role})


def _by_role(look: Look, now: Told) -> list[str]:
    lines = []
    for role in _named_roles(now):
        mine = now.pick(now.role == role)
        if mine.units < FEW:
            lines.append(look.say("variety_role_few", role=role, few=FEW))
            continue
        action, top = mine.top()
        lines.append(
            look.say(
                "variety_role",
                role=role,
                action=look.called(action),
                share=look.of_100(top.value or 0.0),
            )
        )
    return lines


def _actions(look: Look, now: Told) -> list[str]:
    """How often each action was suggested, of 100; and which of them only chance still suggests."""
    counts = now.counts()
    total, drawn = sum(counts.values()), float(now.drawn.sum())
    told = [f"{look.called(action)} {look.of_100(n / total)}" for action, n in counts.items()]
    effective = look.texts.number(now.effective(), digits=1)
    lines = [
        look.say("variety_actions", actions=", ".join(told)),
        look.say("variety_effective", effective=effective),
    ]
    only = [look.called(a) for a, n in counts.items() if now.drawn[now.action == a].sum() >= n]
    if drawn:
        lines.append(look.say("variety_drawn", share=look.of_100(drawn / total)))
    if only:
        lines.append(look.say("variety_only_drawn", actions=", ".join(only), n=len(only)))
    return lines


def _unknown(look: Look, why: str, *, weeks_more: int | None = None) -> Finding:
    return Finding(
        id="variety",
        monitor="variety",
        severity="cannot tell",
        title=look.say("variety_title"),
        sentence=why,
        means=look.say("variety_means_unknown"),
        todo=look.say("todo_wait") if weeks_more else look.say("variety_todo_unknown"),
        weeks_more=weeks_more,
        method=look.say("variety_method", n=RECENT),
        source=SOURCE,
        order=ORDER,
    )
