"""Whether the way from nobody to everybody, the holdout and the exploration make sense, and are allowed."""

from __future__ import annotations

from itertools import pairwise

from payoff.brief.faults import Finder
from payoff.brief.schema import Brief
from payoff.records.releases import STAGES
from payoff.texts import Texts

_WAY = STAGES[STAGES.index("shadow") : STAGES.index("full") + 1]


def check_rollout(brief: Brief, finder: Finder, texts: Texts) -> list[str]:
    """Adds faults of the release plan and the policy; returns remarks."""
    _check_stakes(brief, finder)
    _check_steps(brief, finder)
    if brief.policy.capacity_per_week == 0:
        finder.add(
            ("policy", "capacity_per_week"),
            "nobody can act on a suggestion, so none would be made",
            "Give the number people can act on in a week, or leave it out.",
        )
    notes = []
    if not brief.release.holdout and not brief.product.people_at_stake:
        notes.append(texts.say("brief.note_no_holdout"))
    if not brief.sources and not any(outcome.source == "api" for outcome in brief.outcomes.values()):
        notes.append(texts.say("brief.note_no_source"))
    return notes


def _check_stakes(brief: Brief, finder: Finder) -> None:
    """No holdout and no exploration on people's applications, health or liberty."""
    if not brief.product.people_at_stake:
        return
    if brief.release.holdout:
        finder.add(
            ("release", "holdout"),
            f"people are at stake, and {brief.release.holdout:.0%} of them would be left out by lot",
            "Set release.holdout = 0.",
        )
    if brief.policy.explore:
        finder.add(
            ("policy", "explore"),
            "people are at stake, and some would be treated at random to learn from them",
            "Set policy.explore = 0.",
        )


def _check_steps(brief: Brief, finder: Finder) -> None:
    steps = brief.release.steps
    place = ("release", "steps")
    if not steps or steps[-1].stage != "full":
        finder.add(place, "the way does not end at full", 'Let the last step be { stage = "full", share = 1.0 }.')
    for i, step in enumerate(steps):
        if step.stage not in _WAY:
            finder.add((*place, i, "stage"), f"{step.stage!r} is no step of the way", f"Steps: {', '.join(_WAY)}.")
        elif step.stage in ("shadow", "named") and step.share:
            finder.add(
                (*place, i, "share"),
                f"{step.stage} admits nobody by lot",
                f"Leave the share of {step.stage} at 0.",
            )
        elif step.stage in ("canary", "ramp") and not step.share:
            finder.add((*place, i, "share"), f"{step.stage} would reach nobody", "Give a share above 0.")
        elif step.stage == "full" and step.share != 1:
            finder.add((*place, i, "share"), "full is everybody", "Set its share to 1.0.")
    for i, (before, after) in enumerate(pairwise(steps), start=1):
        if before.stage not in _WAY or after.stage not in _WAY:
            continue
        rank, next_rank = _WAY.index(before.stage), _WAY.index(after.stage)
        repeats = before.stage == after.stage and after.stage != "ramp"
        if next_rank < rank or repeats:
            finder.add(
                (*place, i, "stage"),
                f"{after.stage} comes after {before.stage}",
                f"Keep the order {', '.join(_WAY)}; only ramp may stand several times.",
            )
        elif after.share < before.share:
            finder.add(
                (*place, i, "share"),
                f"the share falls from {before.share:g} to {after.share:g}",
                "Let it grow: people who were admitted stay in.",
            )
    days = sum(step.days for step in steps if step.stage in ("canary", "ramp"))
    if days > brief.release.days:
        finder.add(
            ("release", "days"),
            f"canary and ramp take at least {days} days, and the trial ends after {brief.release.days}",
            f"Raise release.days to {days} or more, or shorten the steps.",
        )
