"""Where every judged figure stands against the line its rule draws: what a picture over time is made of.

The rules say yes or no; this says how far. Until the plan's deadline a range lies beyond its line exactly when its
rule is content, so that a picture and the verdict beside it never say two things.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from payoff.brief.declarations import Declarations
from payoff.gates.rules import GOALS, Case, incomparable
from payoff.records.judgement import Direction, Purpose, Row
from payoff.scorecard.card import Scorecard
from payoff.scorecard.evidence import Evidence
from payoff.texts import Texts

Of = Literal["difference", "level"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One goal or guardrail as the gate saw it, in the metric's own measure.

    `of` is the difference between two arms, or the level of one where there is nothing to compare it with. `low`
    and `high` are the range the rule decides by, under its own share of the error: `None` where nothing may be
    said yet, and where a figure has no standard error. `line` is what the whole range has to pass (upwards or
    downwards, as `direction` says); `None` where any figure will do. `known` of `total` outcomes are in it.
    """

    metric: str
    label: str
    purpose: Purpose
    direction: Direction
    measure: str
    of: Of
    value: float | None
    low: float | None
    high: float | None
    line: float | None
    known: int
    total: int
    status: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Standing:
        """The same, from its JSON; fields of a later version are passed over."""
        return cls(**{name: data[name] for name in cls.__slots__})


def decided(card: Scorecard, declarations: Declarations) -> Scorecard:
    """The card with the ranges the gate decides by, each under its own share of the error, and what they show.

    Otherwise a figure could read "better" beside a verdict that shows no gain. What is only watched has the range
    of a goal; what nothing may be said of yet keeps its own.
    """
    if not card.ours:
        return card
    case = Case(card, declarations, Texts(declarations.language, declarations.zone))
    closed = case.closed
    final = tuple(_decided(closed, row) for row in card.final)
    return replace(card, rows=tuple(_decided(case, row) for row in card.rows), final=final)


def _decided(case: Case, row: Row) -> Row:
    gap, e = row.difference, case.evidence(row)
    watched = row.purpose == "watch"
    alpha = case.margin_alpha if row.purpose == "guardrail" else case.gain_alpha
    reach = _reach(e, alpha)
    if gap is None or gap.value is None or reach is None:
        return row
    status = "watch" if watched else "cannot tell"
    if e.worse(alpha if watched else case.harm_alpha):
        status = "worse"
    elif e.better(alpha):
        status = "better"
    elif row.margin is not None and e.no_worse(case.margin_alpha):
        status = "no worse"
    return replace(row, difference=replace(gap, low=gap.value - reach, high=gap.value + reach), status=status)


def standings(card: Scorecard, declarations: Declarations) -> tuple[Standing, ...]:
    """The goals first, then the guardrails, in the card's order. None for a card of several actions."""
    if not card.ours:
        return ()
    case = Case(card, declarations, Texts(declarations.language, declarations.zone))
    return tuple(_standing(case, e) for e in (*case.goals, *case.guardrails))


def _standing(case: Case, e: Evidence) -> Standing:
    row, gap = e.row, e.row.difference
    goal, sign = row.purpose in GOALS, -1.0 if row.direction == "up" else 1.0
    reach = _reach(e, case.gain_alpha if goal else case.margin_alpha)
    value = gap.value if gap else None
    tolerated = row.margin or 0.0
    pair = [arm for name in (case.card.ours, row.against) if (arm := row.arms.get(name)) is not None]
    against = Standing(
        metric=row.metric,
        label=row.label,
        purpose=row.purpose,
        direction=row.direction,
        measure=row.measure,
        of="difference",
        value=value,
        low=None if value is None or reach is None else value - reach,
        high=None if value is None or reach is None else value + reach,
        line=0.0 if goal else sign * tolerated + 0.0,
        known=gap.known if gap else sum(arm.known for arm in pair),
        total=gap.total if gap else sum(arm.total for arm in pair),
        status=row.status,
    )
    if goal or not incomparable(case, row):
        return against
    level = row.arms.get(case.card.ours) or next(iter(row.arms.values()), None)
    return replace(
        against,
        of="level",
        value=level.value if level else None,
        low=None,
        high=None,
        line=None if row.target is None else row.target + sign * tolerated,
        known=level.known if level else 0,
        total=level.total if level else 0,
    )


def _reach(e: Evidence, alpha: float) -> float | None:
    """Half the range's width; `None` where the rule may not say anything yet."""
    if not e.enough or e.se is None:
        return None
    reach = e.critical(alpha) * e.se
    return reach if math.isfinite(reach) else None
