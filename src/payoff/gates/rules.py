"""The rules of the gate, each a small function, asked in order; the first that answers is the verdict.

To add one: write a function from `Case` to `Verdict | None`, and give it its place in `RULES`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from payoff.brief.declarations import Declarations, MetricDeclaration
from payoff.metrics.kinds import KIND_INFO
from payoff.records.judgement import Row, Verdict, Word
from payoff.scorecard import figures
from payoff.scorecard.card import Scorecard
from payoff.scorecard.evidence import Evidence, looking
from payoff.stats.power import days_more
from payoff.texts import Texts

GOALS = ("goal", "leading goal")
ALONE = frozenset(kind for kind, info in KIND_INFO.items() if not info.per_arm)
OF_SUGGESTIONS = frozenset(kind for kind, info in KIND_INFO.items() if info.of_suggestions)


@dataclass(frozen=True, slots=True)
class Case:
    """A card of one arm against another, with what the gate may spend.

    One-sided errors, all over the whole plan: a gain α/2, shared by the goals that can be read within it; harm
    α shared by the goals and guardrails; no worse than the margin α each, since all of them must hold together.
    """

    card: Scorecard
    declarations: Declarations
    texts: Texts

    @property
    def closed(self) -> Case:
        """The case as it stood at the deadline, once that is past; else itself."""
        if not self.card.final:
            return self
        return replace(
            self, card=replace(self.card, rows=self.card.final, final=(), days_elapsed=self.card.plan_days)
        )

    @property
    def judged(self) -> tuple[Evidence, ...]:
        """Goals, leading goals and guardrails."""
        return tuple(self.evidence(row) for row in self.card.rows if row.purpose != "watch")

    @property
    def goals(self) -> tuple[Evidence, ...]:
        return tuple(e for e in self.judged if e.row.purpose in GOALS)

    @property
    def guardrails(self) -> tuple[Evidence, ...]:
        return tuple(e for e in self.judged if e.row.purpose == "guardrail")

    @property
    def readable(self) -> tuple[Evidence, ...]:
        """Goals whose window leaves at least a day of the plan."""
        return tuple(
            e
            for e in self.goals
            if self.card.design != "planned" or self.declared(e.row.metric).window_days < self.card.plan_days
        )

    @property
    def gain_alpha(self) -> float:
        return self.declarations.plan.alpha / 2 / max(1, len(self.readable))

    @property
    def harm_alpha(self) -> float:
        return self.declarations.plan.alpha / max(1, len(self.judged))

    @property
    def margin_alpha(self) -> float:
        return self.declarations.plan.alpha

    @property
    def days_left(self) -> int | None:
        """Days to the deadline; `None` where there is none."""
        return max(0, self.card.plan_days - self.card.days_elapsed) if self.card.plan_days else None

    def declared(self, metric: str) -> MetricDeclaration:
        return next(d for d in self.declarations.metrics if d.name == metric)

    def evidence(self, row: Row) -> Evidence:
        window = self.declared(row.metric).window_days
        looks = looking(self.card.design, self.card.days_elapsed, self.card.plan_days, window)
        return Evidence(row, self.card.ours, looks, self.declarations.plan.minimum_units)

    def change(self, row: Row) -> str:
        """The difference with its interval, in words."""
        return figures.interval(self.texts, row.measure, row.difference, self.declarations.currency)

    def say(self, key: str, **values: object) -> str:
        return self.texts.say(f"gate.{key}", **values)


Rule = Callable[[Case], Verdict | None]


def no_goal(case: Case) -> Verdict | None:
    """Nothing can be won that nobody named."""
    return None if case.goals else Verdict("cannot judge", "no goal", case.say("no_goal"))


def no_source(case: Case) -> Verdict | None:
    """A judged metric without data would hold the gate for ever: name the source at once."""
    lost = [e.row for e in case.judged if case.declared(e.row.metric).missing_source]
    if not lost:
        return None
    missing = " ".join(dict.fromkeys(row.missing for row in lost))
    names = ", ".join(row.label for row in lost)
    because = case.say("no_source", metrics=names, missing=missing)
    needs = tuple(case.say("need_data", metric=row.label, missing=row.missing) for row in lost)
    return Verdict("cannot judge", "no source", because, needs, rows=tuple(row.metric for row in lost))


def no_units(case: Case) -> Verdict | None:
    """Nobody has entered, or nobody is there to compare with."""
    if not case.card.arms.get(case.card.ours):
        return Verdict("cannot judge", "no units", case.say("no_units"))
    if not case.card.arms.get(case.card.theirs):
        return Verdict("cannot judge", "no comparison", case.say("no_comparison"))
    return None


def void(case: Case) -> Verdict | None:
    """A split that did not come out as planned makes every figure below it meaningless."""
    trust = case.card.trust
    if trust.ok:
        return None
    return Verdict("cannot judge", "trust", case.say("void", sentence=trust.sentence), trust.faults)


def harm(case: Case) -> Verdict | None:
    """A goal or a guardrail is worse, unless it is shown to stay within its margin."""
    hurt = [
        e
        for e in case.judged
        if e.worse(case.harm_alpha) and not (e.row.margin is not None and e.no_worse(case.margin_alpha))
    ]
    if not hurt:
        return None
    said = " ".join(case.say("worse", metric=e.row.label, change=case.change(e.row)) for e in hurt)
    rule = "guardrail worse" if any(e.row.purpose == "guardrail" for e in hurt) else "goal worse"
    return Verdict("roll back", rule, said, rows=tuple(e.row.metric for e in hurt))


def gain(case: Case) -> Verdict | None:
    """A goal is better and every guardrail shown to be no worse than its margin, by the deadline and not after."""
    case = case.closed
    won = [e for e in case.readable if e.better(case.gain_alpha)]
    if not won or _unsafe(case):
        return None
    best = max(won, key=lambda e: e.value / e.se if e.se else math.inf).row
    because = case.say("better", metric=best.label, change=case.change(best)) + " " + _guarded(case)
    return Verdict("promote", "gain and no harm", because, rows=tuple(e.row.metric for e in won))


def safe(case: Case) -> Verdict | None:
    """Every guardrail holds, enough is known of a goal, and no gain is shown."""
    case = case.closed
    if not case.guardrails or _unsafe(case) or not any(e.enough for e in case.readable):
        return None
    names = ", ".join(e.row.label for e in case.readable)
    because = f"{case.say('safe', metrics=names)} {_guarded(case)}"
    return _waiting(case, "safe, no gain shown", "no gain yet", because)


def hold(case: Case) -> Verdict:
    """Nothing learnt never ships by itself."""
    case = case.closed
    won = [e for e in case.readable if e.better(case.gain_alpha)]
    because = case.say("hold_harmless", metric=won[0].row.label) if won else case.say("hold")
    return _waiting(case, "hold", "not enough evidence", because)


RULES: tuple[Rule, ...] = (no_goal, no_source, no_units, void, harm, gain, safe, hold)
"""Asked in this order; the last one always answers."""


def _unsafe(case: Case) -> list[Evidence]:
    return [e for e in case.guardrails if not _holds(case, e)]


def _guarded(case: Case) -> str:
    """What was checked beside the goals; a figure that could not have failed is not said to have held."""
    if not case.guardrails:
        return case.say("guarded_none")
    unbound = [e.row.label for e in case.guardrails if incomparable(case, e.row) and e.row.target is None]
    if len(unbound) == len(case.guardrails):
        return case.say("guarded_unbound", metrics=", ".join(unbound))
    return case.say("guarded_others", metrics=", ".join(unbound)) if unbound else case.say("guarded")


def incomparable(case: Case, row: Row) -> bool:
    """Whether there is nothing to compare a figure with: there is only one of it, or those left alone, who were
    told nothing, cannot have it. It is then held against its target."""
    kind = case.declared(row.metric).kind
    return kind in ALONE or (case.card.theirs == "holdout" and kind in OF_SUGGESTIONS)


def _holds(case: Case, guardrail: Evidence) -> bool:
    row = guardrail.row
    if incomparable(case, row):
        return _absolute(row, case.card.ours, case.declarations.plan.minimum_units)
    return guardrail.no_worse(case.margin_alpha)


def _absolute(row: Row, ours: str, minimum: int) -> bool:
    """A figure with nothing to compare it with is held against its target, less the margin.

    Without a figure it does not hold: nothing learnt is no proof. Without a target, knowing it is enough.
    """
    found = row.arms.get(ours) or next(iter(row.arms.values()), None)
    if found is None or found.value is None or (ours in row.arms and found.known < minimum):
        return False
    if row.target is None:
        return True
    distance = found.value - row.target if row.direction == "up" else row.target - found.value
    return distance >= -(row.margin or 0.0)


def _waiting(case: Case, word: Word, rule: str, because: str) -> Verdict:
    """What is missing, and for about how long; past the deadline a person must choose."""
    won = any(e.better(case.gain_alpha) for e in case.readable)
    wanted = [] if won else [(e, 0.0, case.gain_alpha) for e in case.readable]
    wanted += [(e, e.row.margin or 0.0, case.margin_alpha) for e in _unsafe(case)]
    missing = tuple(_need(case, e) for e, _, _ in wanted)
    left = case.days_left
    if left == 0:
        said = f"{because} {case.say('deadline', days=case.card.plan_days)}"
        return Verdict(word, "deadline", said, missing)
    gains = [d for e, m, a in wanted if e.row.purpose in GOALS and (d := _days(case, e, m, a)) is not None]
    guards = [_days(case, e, m, a) for e, m, a in wanted if e.row.purpose == "guardrail"]
    days: int | None = None
    if None not in guards and (won or gains):
        # one goal is enough, every guardrail is needed
        days = max([*(d for d in guards if d is not None), *([min(gains)] if gains else [])], default=None)
    if left is not None:
        days = left if days is None else min(days, left)
    return Verdict(word, rule, because, missing, days, tuple(e.row.metric for e, _, _ in wanted))


def _days(case: Case, e: Evidence, margin: float, alpha: float) -> int | None:
    """Until the first window has passed at the least; then by the present estimate and its error."""
    window = case.declared(e.row.metric).window_days
    first = math.ceil(window - case.card.days_elapsed) + 1
    if first > 0 and not e.enough:
        return first
    elapsed = case.card.days_elapsed - window
    critical = e.critical(alpha)
    if e.se is None or not math.isfinite(critical):
        return None
    return days_more(e.se, e.value, margin, critical, elapsed)


def _need(case: Case, e: Evidence) -> str:
    row = e.row
    if row.difference is None or not e.enough:
        return case.say("need_data", metric=row.label, missing=row.missing)
    if row.purpose in GOALS:
        return case.say("need_gain", metric=row.label, change=case.change(row))
    if row.margin is None:
        return case.say("need_margin", metric=row.label, change=case.change(row))
    margin = figures.change(case.texts, row.measure, row.margin, case.declarations.currency).lstrip("+")
    return case.say("need_harmless", metric=row.label, margin=margin, change=case.change(row))
