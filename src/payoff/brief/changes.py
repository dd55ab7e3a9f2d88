"""What a changed brief or playbook does to figures that are being collected: what may not be, and what to know.

A trial is planned before it begins: who takes part, what is counted, how long, with which error. Whoever changes
that after the first figures are in can get any answer they like, so it is refused while a trial runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from payoff.brief.schema import Brief, Metric, Playbook, PlaybookAction
from payoff.errors import Fault
from payoff.texts import Texts

_JUDGED = ("goal", "leading goal", "guardrail")
_PLAN = {
    ("release", "days"): "the day by which somebody must choose",
    ("release", "alpha"): "the error the trial may spend",
    ("release", "minimum_units"): "how many known units it takes before anything is read",
    ("release", "holdout"): "the share of units treated as today",
    ("release", "holdout_drawn"): "which units are treated as today",
    ("unit", "excluded"): "which units are left out",
    ("product", "people_at_stake"): "whether anybody may be left out by lot",
}
"""What may not change while a trial runs, and how people call it."""
_POLICY = ("capacity_per_week", "contact_every_days", "explore", "expires_days")
_WORDS = frozenset(("say", "name", "why", "tell", "tell_why"))
"""Fields of an action that change words alone."""


@dataclass(frozen=True, slots=True)
class Running:
    """What is going on: the release on trial ("" for none), whether anybody was ever served, whether anything at
    all was kept in the product's money."""

    trial: str = ""
    begun: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Disturbance:
    """`refused` stands in the way; `warned` are sentences somebody must have read."""

    refused: list[Fault] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)


def brief_disturbs(old: Brief, new: Brief, running: Running, texts: Texts) -> Disturbance:
    """What replacing one brief by another would do."""
    found = Disturbance()
    _identity(old, new, running, found)
    if running.trial:
        _trial(old, new, running.trial, found)
    elif running.begun:
        before, after = old.release, new.release
        if (before.holdout, before.holdout_drawn) != (after.holdout, after.holdout_drawn):
            found.warned.append(texts.say("briefpage.warn_holdout"))
        if old.unit.excluded != new.unit.excluded:
            found.warned.append(texts.say("briefpage.warn_excluded"))
        if _judged(old) != _judged(new):
            found.warned.append(texts.say("briefpage.warn_metrics"))
    if running.begun:
        _served(old, new, running, found, texts)
    return found


def playbook_disturbs(old: Playbook, new: Playbook, running: Running, texts: Texts) -> Disturbance:
    """What replacing one playbook by another would do. One that does harm has to go; only not all of them."""
    found = Disturbance()
    if old.actions and not new.actions:
        found.refused.append(
            Fault("actions", texts.say("playbook.warn_empty"), texts.say("playbook.warn_empty_mend"))
        )
    if not running.begun:
        return found
    before = {a.id: a for a in old.actions}
    after = {a.id: a for a in new.actions}
    gone = [before[id].name or id for id in before if id not in after]
    fresh = [after[id].name or id for id in after if id not in before]
    other = [after[id].name or id for id in after if id in before and choosing(before[id]) != choosing(after[id])]
    if gone:
        found.warned.append(texts.say("playbook.warn_retired", actions=", ".join(gone)))
    if running.trial and (gone or fresh or other):
        changed = ", ".join([*fresh, *other, *gone])
        found.warned.append(texts.say("playbook.warn_trial", release=running.trial, actions=changed))
    return found


def weighs(old: Brief, new: Brief) -> bool:
    """Whether it changes what a trial is planned with and judged by: words, people and channels do not."""
    found = Disturbance()
    _trial(old, new, "", found)
    return bool(found.refused)


def choosing(action: PlaybookAction) -> dict[str, Any]:
    """Everything of an action that has a say in who gets it."""
    return {name: value for name, value in action.model_dump().items() if name not in _WORDS}


def _identity(old: Brief, new: Brief, running: Running, found: Disturbance) -> None:
    if old.product.name != new.product.name:
        what = f"the short name changes from {old.product.name!r} to {new.product.name!r}"
        mend = "Leave it: everything is kept under it. The title is what people read."
        found.refused.append(Fault("product.name", what, mend))
    if running.kept and old.product.currency != new.product.currency:
        what = f"figures in {old.product.currency} would read as {new.product.currency}"
        found.refused.append(Fault("product.currency", what, "Leave it: one product counts in one currency."))


def _trial(old: Brief, new: Brief, trial: str, found: Disturbance) -> None:
    mend = f"Finish {trial} or take it back first; then change it for the next release."
    for (table, name), meaning in _PLAN.items():
        if getattr(getattr(old, table), name) != getattr(getattr(new, table), name):
            what = f"{trial} is on trial, and this changes {meaning}"
            found.refused.append(Fault(f"{table}.{name}", what, mend, (table, name)))
    before, after = _judged(old), _judged(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            what = f"{trial} is on trial, judged by what was agreed; this changes the {_said(old, new, name)}"
            found.refused.append(Fault(f"metrics.{name}", what, mend, ("metrics", name)))
    outcomes = {m.outcome for m in old.metrics if m.purpose in _JUDGED and m.outcome}
    for name in sorted(outcomes & old.outcomes.keys() & new.outcomes.keys()):
        one, other = old.outcomes[name], new.outcomes[name]
        for key, meaning in (
            ("window_days", "how long it is waited for"),
            ("good", "whether more of it is better"),
            ("measure", "what its amount is"),
            ("source", "where it comes from"),
        ):
            if getattr(one, key) != getattr(other, key):
                what = f"{trial} is judged by {name}, and this changes {meaning}"
                found.refused.append(Fault(f"outcomes.{name}.{key}", what, mend))
    for name in sorted(old.sources.keys() | new.sources.keys()):
        one_, other_ = old.sources.get(name), new.sources.get(name)
        if one_ and (other_ is None or (one_.unit, one_.outcomes) != (other_.unit, other_.outcomes)):
            what = f"{trial} is on trial, and this changes who is counted in the source, or what"
            found.refused.append(Fault(f"sources.{name}", what, mend))


def _judged(brief: Brief) -> dict[str, tuple[Any, ...]]:
    return {m.name: _agreed(m) for m in brief.metrics if m.purpose in _JUDGED}


def _agreed(m: Metric) -> tuple[Any, ...]:
    return m.purpose, m.kind, m.outcome, m.direction, m.margin, m.target


def _said(old: Brief, new: Brief, name: str) -> str:
    metric = next(m for brief in (old, new) for m in brief.metrics if m.name == name)
    return f"{metric.purpose} “{metric.label or name}”"


def _served(old: Brief, new: Brief, running: Running, found: Disturbance, texts: Texts) -> None:
    """What changes for everybody who is served, from the next decision on."""
    policy = any(getattr(old.policy, n) != getattr(new.policy, n) for n in _POLICY)
    worths = {name: outcome.worth for name, outcome in new.outcomes.items()}
    worth = any(outcome.worth != worths.get(name, outcome.worth) for name, outcome in old.outcomes.items())
    facts = ("role", "industry", "protected", "ignore")
    seen = any(getattr(old.unit, n) != getattr(new.unit, n) for n in facts)
    if running.trial and (policy or worth or seen):
        found.warned.append(texts.say("briefpage.warn_mixed", release=running.trial))
    if running.trial and old.release.steps != new.release.steps:
        found.warned.append(texts.say("briefpage.warn_steps", release=running.trial))
