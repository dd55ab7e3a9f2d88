"""Readings shared by several kinds: what a technical figure means for the business, without a word of cause."""

from __future__ import annotations

from collections.abc import Mapping

from payoff.metrics.base import Context, Scored
from payoff.records.judgement import Estimate


def _called(outcome: str) -> str:
    return outcome.replace("_", " ")


def found_at_capacity(scored: Scored | None, outcome: str, context: Context) -> str:
    """Of 100 flagged, how many come to the outcome, against 100 taken at random."""
    if scored is None or scored.score.size < 2:
        return ""
    found = context.stats.precision_at(scored.score, scored.happened, context.capacity)
    if found is None:
        return ""
    return context.texts.say(
        "metrics.flagged",
        unit=context.unit,
        outcome=_called(outcome),
        hits=f"{100 * found[0]:.0f}",
        base=f"{100 * scored.happened.mean():.0f}",
    )


def against_constant(scored: Scored | None, outcome: str, context: Context) -> str:
    """How often always giving the commoner answer is right."""
    if scored is None or scored.score.size < 2:
        return ""
    base = float(scored.happened.mean())
    return context.texts.say(
        "metrics.constant_yes" if base > 0.5 else "metrics.constant_no",
        outcome=_called(outcome),
        right=f"{100 * max(base, 1 - base):.0f}",
    )


def mean_risk(scored: Scored | None, outcome: str, context: Context) -> str:
    """Predicted and real rate in words."""
    if scored is None or scored.score.size < 2:
        return ""
    return context.texts.say(
        "metrics.calibration",
        outcome=_called(outcome),
        said=f"{100 * scored.score.mean():.0f}",
        came=f"{100 * scored.happened.mean():.0f}",
    )


def difference_in_units(arms: Mapping[str, Estimate], difference: Estimate | None, context: Context) -> str:
    """The two rates as units of 100."""
    ours, theirs = arms.get(context.ours), arms.get(context.theirs)
    if difference is None or ours is None or theirs is None or ours.value is None or theirs.value is None:
        return ""
    return context.texts.say(
        "metrics.of_hundred",
        unit=context.unit,
        ours=f"{100 * ours.value:.1f}",
        theirs=f"{100 * theirs.value:.1f}",
    )
