"""The brief compiled: each requirement becomes a metric, a gate rule or a guardrail, as plain declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from payoff.brief.declarations import Declarations, HarmDeclaration, MetricDeclaration, TrialPlan
from payoff.brief.gaps import meaning, open_questions, sourced, spoken
from payoff.brief.kinds import KindInfo
from payoff.brief.schema import OPEN, Brief, Metric
from payoff.errors import Unknown
from payoff.records.judgement import Direction
from payoff.texts import Texts

_MEASURES = {"yes_no": "share", "money": "money", "number": "number"}
Say = Callable[..., str]
_TURNED: dict[Direction, Direction] = {"up": "down", "down": "up"}


def compile_brief(brief: Brief, kinds: Mapping[str, KindInfo], *, texts: Texts | None = None) -> Declarations:
    """Everything the judging half needs, as plain data.

    A metric whose outcome has no source yet is declared all the same, with `missing_source` set, so that a
    release judged by it can be refused by name. `segments` hold `role` and `industry` (the keys every suggestion
    is logged with) where the brief says which facts they are, then the brief's other facts. Raises `Unknown`
    for a metric kind or an outcome that does not exist; `check` reports those, and all else, together.
    """
    texts = texts or Texts(brief.product.language, brief.product.zone)
    unit, plan = brief.unit, brief.release
    named = [key for key, fact in (("role", unit.role), ("industry", unit.industry)) if fact]
    other = [fact for fact in unit.segments if fact not in (unit.role, unit.industry)]
    return Declarations(
        product=brief.product.name,
        currency=brief.product.currency,
        zone=brief.product.zone,
        language=brief.product.language,
        tag="simulated" if brief.product.simulated else "measured",
        unit=unit.name,
        segments=tuple(dict.fromkeys([*named, *other])),
        protected=tuple(unit.protected),
        metrics=tuple(_metric(brief, metric, kinds) for metric in brief.metrics),
        plan=TrialPlan(days=plan.days, alpha=plan.alpha, minimum_units=plan.minimum_units, holdout=plan.holdout),
        capacity_per_week=brief.policy.capacity_per_week,
        open_questions=tuple(open_questions(brief, texts)),
        harms=tuple(HarmDeclaration(who=h.who, shows=h.shows, stopped_by=h.stopped_by) for h in brief.harms),
    )


def _metric(brief: Brief, metric: Metric, kinds: Mapping[str, KindInfo]) -> MetricDeclaration:
    kind = kinds.get(metric.kind)
    if kind is None:
        raise Unknown.among("metric kind", metric.kind, kinds)
    outcome = brief.outcomes.get(metric.outcome)
    if outcome is None and (metric.outcome or kind.needs_outcome):
        raise Unknown.among("outcome", metric.outcome, brief.outcomes)
    turned = kind.follows_outcome and outcome is not None and not outcome.good
    own = _TURNED[kind.direction] if turned else kind.direction
    measure = kind.measure
    missing = ""
    if outcome is not None:
        measure = _MEASURES[outcome.measure] if measure == "outcome" else measure
        if not sourced(brief, outcome):
            missing = metric.outcome if outcome.source == OPEN else outcome.source
    return MetricDeclaration(
        name=metric.name,
        kind=metric.kind,
        label=metric.label or kind.label.format(outcome=meaning(brief, metric.outcome) if outcome else ""),
        level=metric.level if "level" in metric.model_fields_set else kind.level,
        purpose=metric.purpose,
        direction=metric.direction or own,
        outcome=metric.outcome,
        window_days=outcome.window_days if outcome is not None else 0.0,
        worth=outcome.worth if outcome is not None else None,
        measure=measure,
        target=metric.target,
        margin=metric.margin,
        missing_source=missing,
    )


class Requirement(NamedTuple):
    """A wish in words and the rule it became; `code` is how a metric is computed."""

    wish: str
    rule: str
    code: str = ""

    @property
    def whole(self) -> str:
        """The rule with its code behind it."""
        return f"{self.rule} · {self.code}" if self.code else self.rule


def requirements(declarations: Declarations, *, texts: Texts | None = None) -> list[Requirement]:
    """What the brief asks for beside what it compiled to; one a metric, harm and rule."""
    d = declarations
    texts = texts or Texts(d.language, d.zone)
    say = texts.say
    found = [Requirement(_wish(m, say), _rule(d, m, say), _code(m)) for m in d.metrics]
    found += [
        Requirement(
            say("brief.wish_harm", who=harm.who, shows=harm.shows),
            say("brief.rule_harm", metric=_label(d, harm.stopped_by)),
        )
        for harm in d.harms
    ]
    found += [
        Requirement(
            say("brief.wish_protected", fact=spoken(fact)),
            say("brief.rule_protected", fact=spoken(fact)),
        )
        for fact in d.protected
    ]
    if d.plan.holdout:
        found.append(
            Requirement(say("brief.wish_holdout"), say("brief.rule_holdout", share=f"{d.plan.holdout:.0%}"))
        )
    plan = say("brief.rule_plan", days=d.plan.days, units=d.plan.minimum_units)
    found.append(Requirement(say("brief.wish_plan"), plan))
    weekly = d.capacity_per_week
    if weekly is not None:
        rule = say("brief.rule_capacity", n=weekly, shown=texts.number(weekly))
        found.append(Requirement(say("brief.wish_capacity"), rule))
    return found


def _wish(metric: MetricDeclaration, say: Say) -> str:
    key = metric.purpose.replace(" ", "_")
    return say(f"brief.wish_{key}", metric=metric.label, way=say(f"brief.way_{metric.direction}"))


def _rule(declarations: Declarations, metric: MetricDeclaration, say: Say) -> str:
    if metric.missing_source:
        return say("brief.rule_missing", source=spoken(metric.missing_source))
    if metric.purpose == "guardrail" and metric.margin is not None:
        return say("brief.rule_guardrail", margin=_shown(declarations, metric))
    return say(f"brief.rule_{metric.purpose.replace(' ', '_')}")


def _code(metric: MetricDeclaration) -> str:
    if metric.missing_source:
        return ""
    return f"{metric.kind}({metric.outcome}, {metric.window_days:g} d)" if metric.outcome else metric.kind


def _shown(declarations: Declarations, metric: MetricDeclaration) -> str:
    assert metric.margin is not None
    if metric.measure == "share":
        return f"{metric.margin * 100:g} points"
    if metric.measure == "money":
        return f"{metric.margin:g} {declarations.currency}"
    return f"{metric.margin:g}" if metric.measure in ("score", "number") else f"{metric.margin:g} {metric.measure}"


def _label(declarations: Declarations, name: str) -> str:
    return next((m.label for m in declarations.metrics if m.name == name), name)
