"""A card under other declarations: what the gate would say of the same figures if the brief were changed.

Targets, margins, purposes and labels say how figures are read; they can be exchanged without a look at the log.
What is counted, for whom and for how long makes the figures themselves: then nothing can be said beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from payoff.brief.declarations import Declarations, MetricDeclaration, TrialPlan
from payoff.gates.judge import judge
from payoff.records.judgement import Row, Verdict
from payoff.scorecard.card import Scorecard


def verdict_then(card: Scorecard, now: Declarations, then: Declarations) -> Verdict | None:
    """What the gate says of the card's figures under `then`; `None` where they have to be worked out anew."""
    read = redeclared(card, now, then)
    return judge(read, then) if read is not None else None


def redeclared(card: Scorecard, now: Declarations, then: Declarations) -> Scorecard | None:
    """The card with every row read as `then` reads it; `None` where other figures would stand in it.

    A metric that is only watched, then as now, may come, go or change: no rule reads it.
    """
    before, after = ({m.name: m for m in d.metrics} for d in (now, then))
    if _span(now.plan) != _span(then.plan):
        return None
    for name, metric in after.items():
        old = before.get(name)
        if metric.purpose != "watch" and (old is None or _counted(old) != _counted(metric)):
            return None
        if metric.purpose != "watch" and card.rows and name not in {row.metric for row in card.rows}:
            return None
    return replace(
        card,
        rows=_rows(card.rows, after),
        final=_rows(card.final, after),
        segments={name: _rows(rows, after) for name, rows in card.segments.items()},
    )


def judged_otherwise(now: Declarations, then: Declarations) -> bool:
    """Whether anything a rule of the gate reads is declared otherwise."""
    return now.plan != then.plan or _read(now) != _read(then)


def _read(declarations: Declarations) -> list[tuple[object, ...]]:
    return [
        (*_counted(m), m.name, m.purpose, m.target, m.margin) for m in declarations.metrics if m.purpose != "watch"
    ]


def _counted(metric: MetricDeclaration) -> tuple[object, ...]:
    """What makes the figure itself."""
    worth = metric.worth if metric.measure == "money" else None
    figure = (metric.kind, metric.outcome, metric.window_days, metric.direction, metric.measure, worth)
    return (*figure, metric.missing_source)


def _span(plan: TrialPlan) -> tuple[int, float]:
    return plan.days, plan.holdout


def _rows(rows: Iterable[Row], declared: dict[str, MetricDeclaration]) -> tuple[Row, ...]:
    return tuple(
        replace(row, label=m.label, purpose=m.purpose, target=m.target, margin=m.margin)
        for row in rows
        if (m := declared.get(row.metric)) is not None
    )
