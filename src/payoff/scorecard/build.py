"""From the log to a scorecard: every declared metric is asked for at once, and every gap says why it is one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from payoff.brief.declarations import Declarations, MetricDeclaration
from payoff.errors import Unknown
from payoff.log import analysis
from payoff.log.tables import LogTables
from payoff.metrics.base import Context, Found, Metric, Need, Ratio, Scores
from payoff.metrics.catalogue import BUILT_IN
from payoff.metrics.incremental_value import IncrementalValue
from payoff.metrics.query import answer, answer_rows, units
from payoff.records.judgement import Estimate, Row
from payoff.records.releases import Release
from payoff.scorecard.arithmetic import Arithmetic
from payoff.scorecard.card import Scorecard, Trust
from payoff.scorecard.comparison import Comparison, compare, trust
from payoff.scorecard.evidence import Design, Evidence, looking, status
from payoff.stats.sequential import Once
from payoff.texts import Texts

_REACHED = Ratio("reached", "given")
_APART = 0.25
"""Standard errors between a difference and that of its two figures from which on it is explained."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all rows of a card share."""

    declarations: Declarations
    texts: Texts
    context: Context
    ours: str
    theirs: str
    arms: Mapping[str, int]
    days_elapsed: int
    plan_days: int
    design: Design
    since: datetime
    foreign: bool = False


def build(
    tables: LogTables,
    declarations: Declarations,
    release: Release,
    releases: tuple[Release, ...],
    now: datetime,
    *,
    trial: str | None = None,
    late: bool = False,
    catalogue: Mapping[str, type[Metric]] = BUILT_IN,
) -> Scorecard:
    """The card of a release as of `now`.

    On trial it compares challenger with champion (with the holdout where there was no champion) and shows the
    holdout beside; once it serves everybody, care with the holdout during its own term. `trial=release.id` asks
    for the finished trial at any stage, `"served"` for the term, `"stream"` for being in care at all, since a
    first release serves and whatever serves. `late` goes on with a finished trial's units, to read what was not
    known when it was decided. Stages of a ramp are never pooled.
    """
    texts = Texts(declarations.language, declarations.zone)
    found_for = compare(tables, declarations, release, releases, now, trial, texts, late=late)
    metrics = {d.name: _make(d, catalogue) for d in declarations.metrics}
    needs = [metric.need() for metric in metrics.values() if metric is not None]
    found = answer(tables, found_for.scope, [*needs, _REACHED], found_for.came)
    context = _context(declarations, texts, found_for.ours, found_for.theirs, found_for.came.units)
    frame = _Frame(
        declarations,
        texts,
        context,
        found_for.ours,
        found_for.theirs,
        found_for.came.units,
        found_for.days_elapsed,
        found_for.plan_days,
        found_for.design,
        found_for.came.first or found_for.scope.since,
    )
    reached = int(found[_REACHED].pooled("holdout").y)
    rows = tuple(_row(frame, d, metrics[d.name], found) for d in declarations.metrics)
    card = _card(release, found_for, declarations, rows, trust(found_for, declarations, reached, texts), now)
    if not card.plan_days or card.days_elapsed <= card.plan_days:
        return card
    deadline = found_for.scope.since + timedelta(days=card.plan_days)
    at_deadline = build(tables, declarations, release, releases, deadline, trial=trial, catalogue=catalogue)
    return replace(card, final=at_deadline.rows)


def _card(
    release: Release,
    compared: Comparison,
    declarations: Declarations,
    rows: tuple[Row, ...],
    trusted: Trust,
    now: datetime,
) -> Scorecard:
    order = [compared.ours, compared.theirs, "holdout"]
    known = compared.came.units
    arms = {arm: known[arm] for arm in dict.fromkeys([*order, *known]) if arm in known}
    return Scorecard(
        release=release.id,
        title=compared.title,
        trial=compared.trial,
        made_at=now,
        as_of=compared.scope.until,
        tag=declarations.tag,
        estimand=compared.estimand,
        arms=arms,
        rows=rows,
        trust=trusted,
        days_elapsed=compared.days_elapsed,
        plan_days=compared.plan_days,
        open_questions=declarations.open_questions,
        ours=compared.ours,
        theirs=compared.theirs,
        design=compared.design,
        entries={arm: compared.came.entries[arm] for arm in arms},
    )


def build_trial_rows(
    tables: LogTables,
    declarations: Declarations,
    trial: str,
    control: str,
    now: datetime,
    *,
    catalogue: Mapping[str, type[Metric]] = BUILT_IN,
) -> Scorecard:
    """The card of an experiment run elsewhere: every action as an arm against the control action, looked at once.

    Its rows come once for every metric and action (`Scorecard.pair` gives one action's). Raises `Unknown` for a
    trial or a control that is not there.
    """
    texts = Texts(declarations.language, declarations.zone)
    rows = analysis.trial_rows(tables, trial)
    if rows is None:
        names = set(tables.arrow("trial.row")["trial"].to_pylist())
        raise Unknown.among("experiment", trial, names)
    metrics = {d.name: _make(d, catalogue) for d in declarations.metrics}
    found = answer_rows(rows, [metric.need() for metric in metrics.values() if metric is not None])
    arms = units(found)
    if found and control not in arms:
        raise Unknown.among("arm", control, arms)
    arms = {arm: arms[arm] for arm in (*sorted(set(arms) - {control}), control) if arm in arms}
    made = []
    for action in [arm for arm in arms if arm != control]:
        pair = {arm: arms[arm] for arm in (action, control)}
        context = _context(declarations, texts, action, control, pair)
        frame = _Frame(declarations, texts, context, action, control, pair, 0, 0, "once", now, foreign=True)
        for d in declarations.metrics:
            row = _row(frame, d, metrics[d.name], found)
            made.append(replace(row, label=f"{row.label}: {action}") if len(arms) > 2 else row)
    sentence = texts.say("scorecard.trust_unplanned")
    return Scorecard(
        release=trial,
        title=trial,
        trial=trial,
        made_at=now,
        as_of=now,
        tag=declarations.tag,
        estimand=texts.say("scorecard.estimand_rows", control=control),
        arms=arms,
        rows=tuple(made),
        trust=Trust(True, sentence),
        days_elapsed=0,
        plan_days=0,
        open_questions=declarations.open_questions,
        ours=next(iter(arms)) if len(arms) == 2 else "",
        theirs=control,
        design="once",
    )


def _make(declared: MetricDeclaration, catalogue: Mapping[str, type[Metric]]) -> Metric | None:
    made = catalogue.get(declared.kind)
    return None if made is None else made(declared)


def _context(declarations: Declarations, texts: Texts, ours: str, theirs: str, arms: Mapping[str, int]) -> Context:
    weekly, mine = declarations.capacity_per_week, arms.get(ours, 0)
    capacity = min(1.0, weekly / mine) if weekly and mine else 0.1
    return Context(Arithmetic(), texts, declarations.unit, declarations.currency, ours, theirs, capacity)


def _row(frame: _Frame, d: MetricDeclaration, metric: Metric | None, found: Mapping[Need, Found]) -> Row:
    theirs = "holdout" if metric is not None and metric.against_holdout and not frame.foreign else frame.theirs
    row = Row(
        metric=d.name,
        label=d.label or d.name.replace("_", " "),
        level=d.level,
        purpose=d.purpose,
        direction=d.direction,
        measure=d.measure,
        arms={},
        against=theirs,
        target=d.target,
        margin=d.margin,
        status="watch" if d.purpose == "watch" else "cannot tell",
        tag=frame.declarations.tag,
    )
    if metric is None:
        return replace(row, missing=frame.texts.say("scorecard.missing_kind", kind=d.kind))
    one = found.get(metric.need())
    if one is None:
        return replace(row, missing=frame.texts.say("scorecard.missing_rows"))
    looks = looking(frame.design, frame.days_elapsed, frame.plan_days, d.window_days)
    seen = frozenset(frame.arms)
    arms = {arm: e for arm, e in metric.arms(one, frame.context).items() if arm in seen or not d.outcome}
    n = sum(e.known for e in arms.values())
    critical = None if isinstance(looks, Once) else looks.critical(frame.declarations.plan.alpha / 2, n)
    difference = _finite(metric.difference(one, frame.ours, theirs, critical, frame.context))
    said = metric.reading(one, arms, difference, frame.context)
    row = replace(row, arms=_ordered(arms, frame.ours, theirs), difference=difference)
    row = replace(row, reading=" ".join(filter(None, (said, _staged(frame, metric, one, row)))))
    evidence = Evidence(row, frame.ours, looks, frame.declarations.plan.minimum_units)
    return replace(
        row,
        status=status(evidence, frame.declarations.plan.alpha),
        missing=_missing(frame, d, row, _matures(metric.need())),
    )


def _staged(frame: _Frame, metric: Metric, one: Found, row: Row) -> str:
    """Why a difference is not that of the two figures beside it: it is taken within each stage of the trial. Said
    where somebody who subtracts would wonder."""
    ours, theirs, gap = row.arms.get(frame.ours), row.arms.get(row.against), row.difference
    stages = set(one.cells.get(frame.ours, {})) & set(one.cells.get(row.against, {}))
    if len(stages) < 2 or metric.kind == IncrementalValue.kind or gap is None or not gap.se:
        return ""
    if ours is None or theirs is None or ours.value is None or theirs.value is None or gap.value is None:
        return ""
    apart = abs(gap.value - (ours.value - theirs.value))
    return frame.texts.say("scorecard.staged") if apart > _APART * gap.se else ""


def _ordered(arms: Mapping[str, Estimate], ours: str, theirs: str) -> dict[str, Estimate]:
    return {arm: arms[arm] for arm in dict.fromkeys([ours, theirs, *sorted(arms)]) if arm in arms}


def _finite(estimate: Estimate | None) -> Estimate | None:
    """No difference rather than an empty one, and no interval rather than an endless one."""
    if estimate is None or estimate.value is None:
        return None
    if estimate.low is None or estimate.high is None or math.isfinite(estimate.high - estimate.low):
        return estimate
    return replace(estimate, low=None, high=None)


def _matures(need: Need) -> bool:
    """Whether its units become known one by one as windows pass."""
    return isinstance(need, Scores) or (isinstance(need, Ratio) and need.w == "known")


def _missing(frame: _Frame, d: MetricDeclaration, row: Row, matures: bool) -> str:
    """Why a figure is not there, or what it still waits for; "" when all is known."""

    def say(key: str, **values: object) -> str:
        return frame.texts.say(f"scorecard.missing_{key}", unit=frame.declarations.unit, **values)

    if d.missing_source:
        return say("source", source=d.missing_source)
    if d.kind == "incremental_value" and d.worth is None:
        return say("worth", outcome=d.outcome.replace("_", " "))
    if d.kind == "pulse":
        return "" if row.arms else say("data")
    if not sum(frame.arms.values()):
        return say("units")
    ours, theirs = row.arms.get(frame.ours), row.arms.get(row.against)
    if ours is None and theirs is None:
        return say("data")
    if row.against and row.against not in frame.arms:
        return say("arm", arm=row.against)
    pair = [e for e in (ours, theirs) if e is not None]
    known, total = sum(e.known for e in pair), sum(e.total for e in pair)
    window = f"{d.window_days:g}"
    if frame.plan_days and d.window_days >= frame.plan_days:
        return say("window", window=window, plan=frame.plan_days)
    if d.outcome and known == 0:
        day = frame.texts.day(frame.since + timedelta(days=d.window_days))
        return say("first", total=total, window=window, day=day)
    if row.difference is None and row.against and d.outcome == "":
        return say("no_arm") if row.against == "holdout" else say("data")
    smaller, minimum = min(e.known for e in pair), frame.declarations.plan.minimum_units
    if row.difference is not None and smaller < minimum:
        return say("few", known=smaller, minimum=minimum)
    return say("known", known=known, total=total) if matures and known < total else ""
