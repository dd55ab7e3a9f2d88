"""Is everybody suggested something as often, and the action worth most as often, whatever group they are in?

For each fact the brief protects: the share of decisions with a suggestion, and the share with the action whose
suggestions are expected to be worth most, by group, every unit one cluster. Each group is set beside all others.
It says whether chance explains a gap; never why there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.monitors.facts import OTHERS, Cells, Decided, Mask, cells, decided
from payoff.monitors.look import FEW, QUARTER, SHOWN, Look
from payoff.monitors.shares import per_unit, share, week_figure
from payoff.records.findings import Finding, GroupFigure, Severity, Target
from payoff.records.judgement import Estimate
from payoff.records.suggestions import NOTHING
from payoff.stats import compare

SOURCE = (
    "shares by unit, Deng, Knoblich & Lu 2018; Wilson 1927; Welch 1947 for the gap; Bonferroni; "
    "four fifths, 29 CFR 1607.4 D"
)
ORDER = 10
CHANCE = 0.01
"""How likely chance alone may be to raise any gap of any fact, at one look."""
SMALL, LARGE = 0.05, 0.10
FOUR_FIFTHS = 0.8
_WEEKS = 4
_EACH = 5
_LISTED = 6
Rate = str
TOLD, BEST = "told", "best"


@dataclass(frozen=True, slots=True)
class Gap:
    """One group beside all others, on one rate."""

    rate: Rate
    cell: int
    ours: Estimate
    theirs: Estimate
    gap: Estimate
    sure: bool

    @property
    def severity(self) -> Severity:
        """How much a sure gap matters, to either side."""
        value = abs(self.gap.value or 0.0)
        low, high = sorted((self.ours.value or 0.0, self.theirs.value or 0.0))
        if not self.sure or value < SMALL:
            return "fine"
        return "act" if value >= LARGE or low < FOUR_FIFTHS * high else "look"

    @property
    def most(self) -> float:
        """The widest gap that is still likely (95%)."""
        return max(abs(self.gap.low or 0.0), abs(self.gap.high or 0.0))


@dataclass(frozen=True)
class Compared:
    """One protected fact: its groups, and every comparison that can be made."""

    fact: str
    found: Cells
    gaps: tuple[Gap, ...]
    small: tuple[str, ...]
    best: str
    rows: Decided
    now: Mask


def watch(look: Look) -> Iterator[Finding]:
    """One finding a protected fact."""
    protected = look.brief.unit.protected
    if not protected:
        yield _unknown(look, "", look.say("fairness_none"), targets=(Target("brief", look.say("to_brief")),))
        return
    missing = _WEEKS - look.over
    if missing > 0:
        for fact in protected:
            yield _unknown(look, fact, look.say("weeks_more", n=missing), weeks_more=missing)
        return
    rows = decided(look)
    now = (rows.week >= len(look.weeks) - QUARTER) & (rows.arm != "holdout")
    n = len(np.unique(rows.unit[now]))
    if n < FEW:
        for fact in protected:
            yield _unknown(look, fact, look.say("fairness_nobody", n=n, few=FEW))
        return
    best = _best(rows, now)
    coded = [(fact, cells(rows.values(fact), now, bands=4) if fact in rows.names else None) for fact in protected]
    several = sum(_comparisons(rows, now, found, best) for _, found in coded if found)
    for fact, found in coded:
        if found is None:
            yield _unknown(look, fact, look.say("fairness_not_known", fact=_spoken(fact)))
            continue
        yield _finding(look, _compared(look, fact, found, rows, now, best, several))


def _best(rows: Decided, now: Mask) -> str:
    """The action whose suggestions are expected to be worth most on average; "" where no worth is known."""
    worth = {}
    for action in sorted(set(rows.action[now & rows.told]) - {NOTHING}):
        mine = now & rows.told & (rows.action == action) & np.isfinite(rows.value)
        if len(np.unique(rows.unit[mine])) >= FEW:
            worth[action] = float(rows.value[mine].mean())
    return max(worth, key=lambda a: worth[a]) if len(worth) > 1 else ""


def _large(rows: Decided, now: Mask, found: Cells) -> list[int]:
    """Groups with enough units to be set beside the others."""
    return [i for i in range(len(found.names)) if len(np.unique(rows.unit[now & (found.cell == i)])) >= FEW]


def _comparisons(rows: Decided, now: Mask, found: Cells, best: str) -> int:
    groups = len(_large(rows, now, found))
    return (groups if groups > 2 else max(0, groups - 1)) * (2 if best else 1)


def _compared(look: Look, fact: str, found: Cells, rows: Decided, now: Mask, best: str, several: int) -> Compared:
    large = _large(rows, now, found)
    gaps = []
    hits: dict[Rate, NDArray[np.float64]] = {TOLD: rows.told.astype(float)}
    if best:
        hits[BEST] = (rows.told & (rows.action == best)).astype(float)
    known = now & np.isin(found.cell, large)
    for rate, hit in hits.items():
        for cell in large if len(large) > 1 else []:
            mine = known & (found.cell == cell)
            ours, theirs = _sums(rows, hit, mine), _sums(rows, hit, known & ~mine)
            test = compare.difference(ours, theirs, CHANCE / max(1, several), share=True)
            sure = test.low is not None and test.high is not None and (test.low > 0 or test.high < 0)
            gap = compare.difference(ours, theirs, share=True)
            gaps.append(Gap(rate, cell, share(ours), share(theirs), gap, sure))
    small = tuple(_name(look, found, i) for i in range(len(found.names)) if i not in large)
    return Compared(fact, found, tuple(gaps), small, best, rows, now)


def _sums(rows: Decided, hit: NDArray[np.float64], mask: Mask) -> Sums:
    """Per unit: how many of its decisions hit, over how many it had."""
    return per_unit(rows.unit[mask], hit[mask])


def _finding(look: Look, c: Compared) -> Finding:
    if not c.gaps:
        n = min((int((c.found.cell[c.now] == i).sum()) for i in range(len(c.found.names))), default=0)
        return _unknown(look, c.fact, look.say("fairness_few", fact=_spoken(c.fact), n=n, few=FEW))
    order: tuple[Severity, ...] = ("act", "look", "fine")
    # Worse off first: of two groups that mirror each other the one with less is named.
    ranked = sorted(
        c.gaps, key=lambda g: (order.index(g.severity), (g.gap.value or 0.0) >= 0, -abs(g.gap.value or 0))
    )
    worst = ranked[0]
    severity: Severity = worst.severity
    most = max(c.gaps, key=lambda g: g.most)
    open_ = severity == "fine" and most.most > LARGE
    if open_:
        severity = "cannot tell"
        sentence = look.say(
            "fairness_open", fact=_spoken(c.fact), most=look.of_100(most.most), what=_what(look, c, most)
        )
    elif severity == "fine":
        sentence = look.say(
            "fairness_fine", fact=_spoken(c.fact), most=look.of_100(most.most), what=_what(look, c, most)
        )
    else:
        sentence = f"{_gap_line(look, c, worst)} {look.say('not_chance')}"
    word = "open" if open_ else "fine" if severity == "fine" else "gap"
    details = [line for rate in dict.fromkeys([worst.rate, TOLD, BEST]) for line in _rate_lines(look, c, rate)]
    details += [_gap_line(look, c, g) for g in _others(ranked, worst)]
    if severity in ("act", "look"):
        details += _within(look, c, worst)
    if c.small:
        details.append(look.say("fairness_small", n=len(c.small), groups=", ".join(c.small), few=FEW))
    units = len(np.unique(c.rows.unit[c.now & (c.found.cell >= 0)]))
    every = len(np.unique(c.rows.unit[c.now]))
    if every > units:
        details.append(look.say("fairness_unknown", n=every - units, total=look.texts.number(every)))
    if look.brief.unit.contact:
        details.append(look.say("fairness_whose", fact=_spoken(c.fact)))
    details.append(look.say("fairness_unseen", fact=_spoken(c.fact)))
    details += [
        look.say("fairness_fear", who=harm.who, shows=harm.shows)
        for harm in look.brief.harms
        if _spoken(c.fact) in f"{harm.who} {harm.shows}".lower()
    ]
    return Finding(
        id=f"fairness.{c.fact}",
        monitor="fairness",
        severity=severity,
        title=look.say("fairness_title", fact=_spoken(c.fact)),
        sentence=sentence,
        means=look.say(f"fairness_means_{word}"),
        todo=look.say(f"fairness_todo_{word}", fact=_spoken(c.fact)),
        targets=_targets(look) if word == "gap" else (),
        figure=look.say(f"fairness_figure_{worst.rate}", action=look.called(c.best)),
        groups=_groups(look, c, worst),
        details=tuple(details),
        n=units,
        known=units,
        total=every,
        method=look.say("fairness_method", n=len(c.gaps)),
        source=SOURCE,
        order=ORDER,
    )


def _others(ranked: Sequence[Gap], worst: Gap) -> list[Gap]:
    """Further gaps worth a line: those who get less; those who get more only where nobody gets less for sure."""
    sure = [g for g in ranked if g.severity != "fine" and g is not worst]
    less = {g.rate for g in (*sure, worst) if (g.gap.value or 0.0) < 0}
    return [g for g in sure if (g.gap.value or 0.0) < 0 or g.rate not in less][:_LISTED]


def _rate_lines(look: Look, c: Compared, rate: Rate) -> list[str]:
    """Every comparison of one rate."""
    mine = [gap for gap in c.gaps if gap.rate == rate]
    if not mine:
        return []
    what = _what(look, c, mine[0])
    return [
        look.say("fairness_rate", What=what[:1].upper() + what[1:]),
        *(_group_line(look, c, gap) for gap in mine[:_LISTED]),
    ]


def _group_line(look: Look, c: Compared, gap: Gap) -> str:
    shares = {name: look.of_100(getattr(gap.ours, name) or 0.0) for name in ("value", "low", "high")}
    return look.say("fairness_group", group=_name(look, c.found, gap.cell), n=gap.ours.n, **shares)


def _gap_line(look: Look, c: Compared, gap: Gap) -> str:
    less = (gap.gap.value or 0.0) < 0
    return look.say(
        f"fairness_{gap.rate}_{'less' if less else 'more'}",
        group=_name(look, c.found, gap.cell),
        Fact=_spoken(c.fact)[:1].upper() + _spoken(c.fact)[1:],
        action=look.called(c.best),
        ours=look.of_100(gap.ours.value or 0.0),
        theirs=look.of_100(gap.theirs.value or 0.0),
        low=look.of_100(gap.ours.low or 0.0),
        high=look.of_100(gap.ours.high or 0.0),
        their_low=look.of_100(gap.theirs.low or 0.0),
        their_high=look.of_100(gap.theirs.high or 0.0),
    )


def _what(look: Look, c: Compared, gap: Gap) -> str:
    return look.say(f"fairness_what_{gap.rate}", action=look.called(c.best))


def _within(look: Look, c: Compared, gap: Gap) -> list[str]:
    """The same gap among units of one role and industry, over all of them."""
    hit = c.rows.told & ((c.rows.action == c.best) if gap.rate == BEST else True)
    known = c.now & (c.found.cell >= 0)
    mine, pairs = c.found.cell == gap.cell, []
    for segment in np.unique(c.rows.segment[known].astype(str)):
        here = known & (c.rows.segment == segment)
        pairs.append(
            (_sums(c.rows, hit.astype(float), here & mine), _sums(c.rows, hit.astype(float), here & ~mine))
        )
    if len(pairs) < 2:
        return []
    found = compare.stratified(pairs, share=True)
    if found.value is None or found.low is None or found.high is None:
        return []
    key = "fairness_within_still" if found.low > 0 or found.high < 0 else "fairness_within_open"
    value, low, high = found.value, found.low, found.high
    if (gap.gap.value or 0.0) < 0:
        value, low, high = -value, -high, -low
    return [look.say(key, value=look.of_100(value), low=look.of_100(low), high=look.of_100(high))]


def _groups(look: Look, c: Compared, worst: Gap) -> tuple[GroupFigure, ...]:
    """Every group with its weeks, the named one first; groups too small keep their place without a figure."""
    hit = (c.rows.told & ((c.rows.action == c.best) if worst.rate == BEST else True)).astype(float)
    by_cell = {g.cell: g.ours for g in c.gaps if g.rate == worst.rate}
    order = sorted(range(len(c.found.names)), key=lambda i: (i != worst.cell, i not in by_cell, i))
    made = []
    for cell in order:
        mine = (c.found.cell == cell) & (c.rows.arm != "holdout")
        name, whole = _name(look, c.found, cell), by_cell.get(cell)
        n = len(np.unique(c.rows.unit[mine & c.now]))
        if whole is None:
            made.append(GroupFigure(name, n=n))
            continue
        figures = []
        for number, week in enumerate(look.weeks[-SHOWN:], start=max(0, len(look.weeks) - SHOWN)):
            one = share(_sums(c.rows, hit, mine & (c.rows.week == number)))
            figures.append(week_figure(look, week, one, _EACH))
        made.append(GroupFigure(name, whole.value, whole.low, whole.high, n, tuple(figures)))
    return tuple(made)


def _name(look: Look, found: Cells, cell: int) -> str:
    name = found.names[cell]
    return look.say("others") if name == OTHERS else look.say("value", value=name)


def _spoken(fact: str) -> str:
    return fact.replace("_", " ")


def _targets(look: Look) -> tuple[Target, ...]:
    where = [Target("playbook", look.say("to_playbook"))]
    if look.serving is not None:
        where.append(Target("releases", look.say("to_release", title=look.serving.title), place=look.serving.id))
    return tuple(where)


def _unknown(
    look: Look, fact: str, why: str, *, weeks_more: int | None = None, targets: tuple[Target, ...] = ()
) -> Finding:
    title = look.say("fairness_title", fact=_spoken(fact)) if fact else look.say("fairness_title_bare")
    return Finding(
        id=f"fairness.{fact}" if fact else "fairness",
        monitor="fairness",
        severity="cannot tell",
        title=title,
        sentence=why,
        means=look.say("fairness_means_unknown"),
        todo=look.say("todo_wait") if weeks_more else look.say("fairness_todo_unknown"),
        targets=targets,
        weeks_more=weeks_more,
        method=look.say("fairness_method", n=0),
        source=SOURCE,
        order=ORDER,
    )
