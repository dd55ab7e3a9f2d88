"""Which way of treating does best if everybody gets the same: each against the others and against none."""

from __future__ import annotations

from typing import Any

from payoff.audit.measures import Effect
from payoff.audit.report import Finding
from payoff.audit.sections.worth.effects import Effects, money, supposed
from payoff.audit.sections.worth.means import Means


def constants(effects: Effects) -> list[Finding]:
    """The best constant on the outcome, and on its worth where a value was given."""
    if len(effects.treated) < 2:
        return []
    found = _best(effects, effects.outcome, "outcome")
    return found + (_best(effects, effects.worth, "value") if effects.worth is not None else [])


def _best(effects: Effects, of: Means, measure: str) -> list[Finding]:
    """The best constant against the next, and against leaving everybody alone.

    Whether the best leads is asked one-sided against every other way (multiple comparisons with the best, Hsu
    1981), with Bonferroni's bound for Dunnett's constant.
    """
    view, ways = effects.view, (0, *effects.treated)
    costs = effects.costs if measure == "value" else dict.fromkeys(ways, 0.0)
    goes = {a: effects.sign * of.mean((a,)) - costs[a] for a in ways}
    best, second = sorted(ways, key=lambda a: -goes[a])[:2]
    tries = len(ways) - 1
    against = [
        _ahead(effects, of, best, other, costs[best] - costs[other], tries)
        for other in (second, 0)
        if other != best
    ]
    if not against or any(e is None for e in against):
        return []
    ahead, over = against[0], against[-1]
    assert ahead is not None and over is not None
    key = "best_constant" if ahead.low > 0 else "best_constant_same"

    def shown(value: float) -> str:
        return money(view, value, sign=True) if measure == "value" else view.signed(value)

    rest = ""
    if second != 0 and best != 0:
        figures = {"over": shown(over.value), "low": shown(over.low), "high": shown(over.high)}
        rest = view.say("best_over", control=view.arms[0], **figures)
    n = sum(of.rows((a,)) for a in ways)
    evidence = {
        "measure": measure,
        "best": view.arms[best],
        "second": view.arms[second],
        "ahead": ahead.value,
        "ahead_low": ahead.low,
        "ahead_high": ahead.high,
        "over_control": over.value if best else 0.0,
        "over_low": over.low if best else 0.0,
        "over_high": over.high if best else 0.0,
        "means": {view.arms[a]: of.mean((a,)) for a in ways},
    }
    basis = view.basis("best_constant", n, (ahead.low, ahead.high), n_ways=len(ways))
    said: dict[str, Any] = {
        "arm": view.arms[best],
        "second": view.arms[second],
        "what": view.say("best_on_net" if any(costs.values()) else f"best_on_{measure}"),
        "ahead": shown(ahead.value),
        "low": shown(ahead.low),
        "high": shown(ahead.high),
        "rest": rest,
    }
    found = view.finding("worth", key, "know", basis, touches=n / view.n, evidence=evidence, **said)
    return [supposed(view, effects.chance, found)]


def _ahead(effects: Effects, of: Means, ours: int, theirs: int, dearer: float, tries: int) -> Effect | None:
    """How far one way is ahead of another, in what is welcome, net of cost."""
    e = of.difference((ours,), (theirs,), 2 * 0.05 / tries)
    if e is None:
        return None
    low, high = effects.welcome(e)
    return Effect(effects.sign * e.value - dearer, low - dearer, high - dearer, e.treated, e.untreated)
