"""Does the risk mean what it says?

Of the units decided on in a week: how many of 100 it said the outcome would come to, and to how many it came,
once the outcome's window is over. Asked of units nobody touched (the holdout), because helping changes what
happens; only where those are too few, of everybody, and then it says so and raises no alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import special

from payoff.aggregates import Sums
from payoff.brief.goals import risk_of
from payoff.log import analysis
from payoff.monitors.control import since
from payoff.monitors.look import FEW, QUARTER, Look, Week
from payoff.monitors.shares import numbered, per_unit, share
from payoff.records.findings import Finding, GroupFigure, Severity, Target, WeekFigure

SOURCE = "calibration in the large, Cox 1958; clustered by unit, Deng, Knoblich & Lu 2018; Bonferroni"
ORDER = 20
CHANCE = 0.01
"""How likely chance alone may be to put any of the figures off, at one look."""
SMALL, LARGE = 0.02, 0.10
"""Gaps (as shares) from which on a sure one is worth a look, and worth acting on."""
TWICE = 1.5
"""Or: so many times more, or fewer, than it said."""
_ENOUGH = 50
_EACH = 5
_BANDS = 3
_FIELDS = {"came": "value", "low": "low", "high": "high"}
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """Decisions whose outcome is known, one row each: the unit's number, the week, the role, what was said, what
    came."""

    unit: NDArray[np.int64]
    week: NDArray[np.int64]
    role: NDArray[np.object_]
    said: Floats
    came: Floats

    def pick(self, mask: NDArray[np.bool_]) -> Known:
        return Known(self.unit[mask], self.week[mask], self.role[mask], self.said[mask], self.came[mask])

    @property
    def units(self) -> int:
        return len(np.unique(self.unit))

    def enough(self) -> bool:
        """Enough units, and enough of either end said or come: where 40 were said and none came, that is news."""
        ends = [max(self.came.sum(), self.said.sum()), max((1 - self.came).sum(), (1 - self.said).sum())]
        return self.units >= _ENOUGH and min(ends) >= _EACH

    def sums(self, values: Floats) -> Sums:
        """Per unit: its values added up, over how many decisions it brings."""
        return per_unit(self.unit, values)

    def chance(self) -> float:
        """How often outcomes would be so far from what was said if it were true (p, both sides).

        The binomial with the mean of what was said, which scatters a little more than the said chances
        themselves; wider by as much as the units' sums scatter more than independent decisions would.
        """
        rows, said, came = len(self.said), float(self.said.mean()), float(self.came.sum())
        _, place = np.unique(self.unit, return_inverse=True)
        off = np.bincount(place, self.came - self.said)
        wider = max(1.0, float((off**2).sum()) / max(float((self.said * (1 - self.said)).sum()), 1e-9))
        x, n = came / wider, rows / wider
        more = 1.0 if x <= 0 else float(special.betainc(x, max(n - x, 0.0) + 1, said))
        fewer = 1.0 if x >= n else float(special.betaincc(x + 1, max(n - x, 1e-9), said))
        return min(1.0, 2 * min(more, fewer))


def watch(look: Look) -> Iterator[Finding]:
    """One finding: what the risk said beside what came."""
    name = risk_of(look.brief)
    if not name:
        yield _unknown(look, look.say("calibration_no_risk"), targets=(Target("brief", look.say("to_brief")),))
        return
    days = look.brief.outcomes[name].window_days
    weeks = _over(look, days)
    if not weeks:
        more = _weeks_more(look, days)
        yield _unknown(look, look.say("weeks_more", n=more), weeks_more=more)
        return
    held, total = _known(look, name, days, held=True)
    rows, alone = held, True
    if not held.pick(_late(held, weeks)).enough():
        rows, total = _known(look, name, days, held=False)
        alone = False
    newest = rows.pick(_late(rows, weeks))
    if not newest.enough():
        yield _unknown(look, look.say("calibration_few", n=newest.units, least=_ENOUGH, each=_EACH))
        return
    yield _finding(look, name, rows, newest, total, weeks, alone=alone)


def _over(look: Look, days: float) -> list[int]:
    """The weeks all of whose outcomes are known."""
    until = look.now - timedelta(days=days)
    return [i for i, week in enumerate(look.weeks) if week.end <= until]


def _weeks_more(look: Look, days: float) -> int:
    """Weeks until the first week of decisions has all its outcomes."""
    passed = look.now - look.weeks[0].end if look.weeks else timedelta(weeks=-1)
    return max(1, -((passed - timedelta(days=days)) // timedelta(weeks=1)))


def _late(rows: Known, weeks: list[int]) -> NDArray[np.bool_]:
    """A quarter of weeks up to the newest of which all is known."""
    return (rows.week > weeks[-1] - QUARTER) & (rows.week <= weeks[-1])


def _known(look: Look, name: str, days: float, *, held: bool) -> tuple[Known, int]:
    """Decisions with a risk whose window is over, and how many were given a risk at all in the weeks looked at."""
    said = look.decisions()
    said = said.filter(said.risk.notnull(), said.risk >= 0, said.risk <= 1)
    if held:
        said = said.filter(said.arm == "holdout")
    total = look.fetch(look.by_week(said).aggregate(n=said.id.count()))["n"][0].as_py() if look.weeks else 0
    ripe = said.filter(said.at <= look.now - timedelta(days=days)).select("unit", "at", "risk", "role")
    ripe = ripe.group_by("unit", "at").agg(risk=ripe.risk.mean(), role=ripe.role.min())
    news = analysis.happened(look.tables, ripe, name, days, look.now).rename(news_unit="unit", news_at="at")
    met = ripe.left_join(news, [ripe.unit == news.news_unit, ripe.at == news.news_at])
    found = look.fetch(look.by_week(met.select("unit", "at", "risk", "role", happened=met.happened.fill_null(0))))
    known = Known(
        numbered(found["unit"]),
        found["week"].to_numpy(),
        np.array(found["role"].to_pylist(), object),
        found["risk"].to_numpy(),
        found["happened"].to_numpy().astype(float),
    )
    return known, int(total)


def _finding(
    look: Look, name: str, rows: Known, newest: Known, total: int, weeks: list[int], *, alone: bool
) -> Finding:
    """The whole and three bands of risk are looked at, and allowed for."""
    bands = _banded(newest)
    alpha = CHANCE / (1 + len(bands))
    judged = [(None, newest), *enumerate(bands)]
    severities = [(_severity(part, alpha), band, part) for band, part in judged]
    order: tuple[Severity, ...] = ("act", "look", "fine")
    severity, band, worst = min(severities, key=lambda s: order.index(s[0]))
    if not alone and severity == "act":
        severity = "look"
    said, came = float(newest.said.mean()), share(newest.sums(newest.came))
    assert came.value is not None
    sure = severity != "fine"
    part_said, part_came = float(worst.said.mean()), float(worst.came.mean())
    key = "over" if part_said > part_came else "under"
    outside = [(i, part) for i, part in enumerate(bands) if not _inside(part)]
    if not sure:
        key = "near" if outside or not _inside(newest) else "fine"
    shown = share(worst.sums(worst.came)) if sure else came
    where = "" if band is None or not sure else look.say(f"calibration_band_{band}")
    whom = look.say("calibration_whom" if alone else "calibration_whom_touched")
    sentence = look.say(
        f"calibration_{key}",
        whom=whom,
        outcome=name.replace("_", " "),
        where=where,
        said=look.of_100(part_said if sure else said),
        came=look.of_100(part_came if sure else came.value),
        low=look.of_100(shown.low or 0.0),
        high=look.of_100(shown.high or 0.0),
        n=len(judged),
        when=_when(look, weeks),
    )
    if key == "near":
        named = [_line(look, f"calibration_line_{i}", part) for i, part in outside]
        sentence = " ".join([sentence, *named, look.say("calibration_near_why", n=len(judged))])
    return Finding(
        id="calibration",
        monitor="calibration",
        severity=severity,
        title=look.say("calibration_title"),
        sentence=sentence if alone else f"{sentence} {look.say('calibration_touched')}",
        means=look.say(f"calibration_means_{key}" if alone else "calibration_means_touched"),
        todo=look.say(f"calibration_todo_{key}" if alone or not sure else "calibration_todo_touched"),
        targets=_targets(look) if sure else (),
        figure=look.say("calibration_figure", whom=whom, outcome=name.replace("_", " ")),
        weeks=_weeks(look, rows),
        groups=_groups(look, rows),
        details=(*_began(look, rows, weeks, sure=sure), *_lines(look, newest, bands)),
        n=newest.units,
        known=len(rows.said),
        total=max(total, len(rows.said)),
        method=look.say("calibration_method" if alone else "calibration_method_touched"),
        source=SOURCE,
        order=ORDER,
    )


def _inside(part: Known) -> bool:
    """Whether what was said lies within the range of what came."""
    came = share(part.sums(part.came))
    return (came.low or 0.0) <= float(part.said.mean()) <= (1.0 if came.high is None else came.high)


def _when(look: Look, weeks: list[int]) -> str:
    """The weeks whose decisions are judged."""
    first = max(0, weeks[-1] - QUARTER + 1)
    return look.say("calibration_when", begin=_day(look, look.weeks[first]), end=_day(look, look.weeks[weeks[-1]]))


def _day(look: Look, week: Week) -> str:
    return look.texts.day(week.monday)


def _severity(part: Known, alpha: float) -> Severity:
    said, came = float(part.said.mean()), float(part.came.mean())
    if abs(came - said) < SMALL or part.chance() >= alpha:
        return "fine"
    ratio = max(came, 1e-9) / max(said, 1e-9)
    return "act" if abs(came - said) >= LARGE or not 1 / TWICE < ratio < TWICE else "look"


def _banded(newest: Known) -> list[Known]:
    """The lowest, the middle and the highest third by risk; none where a third is too small to tell."""
    cuts = np.quantile(newest.said, [1 / 3, 2 / 3])
    place = np.searchsorted(cuts, newest.said, "left")
    parts = [newest.pick(place == i) for i in range(_BANDS)]
    return parts if all(part.units >= FEW for part in parts) else []


def _lines(look: Look, newest: Known, bands: list[Known]) -> list[str]:
    """What was said and what came in each band, and in each role, the widest gap first."""
    lines = [_line(look, f"calibration_line_{i}", part) for i, part in enumerate(bands)]
    roles = [(str(r), newest.pick(newest.role == r)) for r in sorted({str(r) for r in newest.role if r})]
    large = [(role, part) for role, part in roles if part.units >= FEW]
    large.sort(key=lambda found: -abs(float((found[1].came - found[1].said).mean())))
    lines += [_line(look, "calibration_line_role", part, role=role) for role, part in large]
    small = [role for role, part in roles if part.units < FEW]
    if small:
        lines.append(look.say("calibration_small", roles=", ".join(small), few=FEW))
    return lines


def _line(look: Look, key: str, part: Known, **values: object) -> str:
    came = share(part.sums(part.came))
    shares = {name: look.of_100(getattr(came, field) or 0.0) for name, field in _FIELDS.items()}
    return look.say(key, said=look.of_100(float(part.said.mean())), **shares, **values)


def _began(look: Look, rows: Known, weeks: list[int], *, sure: bool) -> list[str]:
    """Since which week it has been off, where it is."""
    if not sure:
        return []
    off, variance = (
        np.asarray(np.bincount(rows.week, values, len(look.weeks))[: weeks[-1] + 1], np.float64)
        for values in (rows.came - rows.said, rows.said * (1 - rows.said))
    )
    monday = look.weeks[since(off, variance)].monday
    return [look.say("calibration_since", since=look.texts.day(monday))]


def _weeks(look: Look, rows: Known) -> tuple[WeekFigure, ...]:
    """How many it came to, by the week of the decision."""
    figures = []
    for number, week in enumerate(look.weeks):
        mine = rows.pick(rows.week == number)
        if mine.units < _EACH:
            figures.append(WeekFigure(week.monday, n=mine.units, known=mine.units, open=True))
            continue
        came = share(mine.sums(mine.came))
        figures.append(WeekFigure(week.monday, came.value, came.low, came.high, mine.units, mine.units))
    return look.shown(figures)


def _groups(look: Look, rows: Known) -> tuple[GroupFigure, ...]:
    """What was said, as a line of its own beside what came."""
    said = []
    for number, week in enumerate(look.weeks):
        mine = rows.pick(rows.week == number)
        value = float(mine.said.mean()) if mine.units >= _EACH else None
        said.append(WeekFigure(week.monday, value, n=mine.units, known=mine.units, open=value is None))
    whole = float(rows.said.mean()) if len(rows.said) else None
    return (GroupFigure(look.say("calibration_said"), whole, n=rows.units, weeks=look.shown(said)),)


def _targets(look: Look) -> tuple[Target, ...]:
    if look.serving is None:
        return ()
    words = look.say("to_release", title=look.serving.title)
    return (Target("releases", words, place=look.serving.id),)


def _unknown(look: Look, why: str, *, weeks_more: int | None = None, targets: tuple[Target, ...] = ()) -> Finding:
    return Finding(
        id="calibration",
        monitor="calibration",
        severity="cannot tell",
        title=look.say("calibration_title"),
        sentence=why,
        means=look.say("calibration_means_unknown"),
        todo=look.say("todo_wait") if weeks_more else look.say("calibration_todo_unknown"),
        targets=targets,
        weeks_more=weeks_more,
        method=look.say("calibration_method"),
        source=SOURCE,
        order=ORDER,
    )
