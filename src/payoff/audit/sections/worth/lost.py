"""Whether outcomes got lost more often in one arm: then a difference may come from who was lost."""

from __future__ import annotations

from payoff.audit.measures import Effect
from payoff.audit.report import Finding
from payoff.audit.sections.worth.means import means
from payoff.audit.sections.worth.treated import KNOWN, rows_treated
from payoff.audit.view import FEW, View

_LEVEL = 0.001
_MATTERS = 0.01
"""A difference in how many outcomes are known, below which it is let be."""


def lost(view: View) -> Finding | None:
    """Over all treated rows, before those without an outcome are left out; `None` where no arm lost more."""
    if not view.health.unknown_outcomes:
        return None
    of = means(view, KNOWN, rows_treated(view, known=False))
    arms = [a for a in range(1, len(view.arms)) if of.size((a,)) >= FEW]
    found: list[tuple[Effect, int]] = []
    for arm in arms:
        e = of.difference((arm,), (0,), _LEVEL / len(arms))
        if e is not None and abs(e.value) > _MATTERS and e.low * e.high > 0:
            found.append((e, arm))
    if not found:
        return None
    worst, arm = max(found, key=lambda f: abs(f[0].value))
    wide = of.difference((arm,), (0,))
    assert wide is not None
    ours, theirs = of.mean((arm,)), of.mean((0,))
    n = worst.treated + worst.untreated
    who = view.say("who_arm", arm=view.arms[arm]) if len(view.arms) > 2 else view.say("who_treated")
    return view.finding(
        "worth",
        "treated_lost",
        "costs",
        view.basis("welch", n, (wide.low, wide.high)),
        touches=n / view.n,
        evidence={"treated": ours, "alone": theirs, "difference": worst.value, "arm": view.arms[arm]},
        who=who,
        ours=view.of_100(ours),
        alone=view.of_100(theirs),
    )
