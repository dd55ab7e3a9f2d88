"""The experiment that would settle whether acting on the score helps, sized."""

from __future__ import annotations

import math

from payoff.audit.report import Finding
from payoff.audit.sections.worth.capacity import said_share, shown_share
from payoff.audit.view import View
from payoff.stats import power

TOP = 0.30
_CHANGE = 0.2
"""The experiment is sized for a fifth fewer (or more) outcomes: about what good retention work reaches."""


def experiment(view: View) -> Finding:
    """Half of the highest scores treated, chosen by chance: how many a side, and what these rows could show."""
    part = said_share(view, TOP)
    top = view.ranked.highest(max(1, math.ceil(part * view.known - 1e-9)))
    n, base = top.rows, top.precision
    if not 0 < base < 1:
        base = view.base
    change = _CHANGE * base if view.bad else -min(_CHANGE * base, (1 - base) / 2)
    sd = math.sqrt(base * (1 - base))
    needed, have = math.ceil(power.units_needed(sd, change, looks=False) / 2), n // 2
    least = power.detectable(sd, have, have, looks=False).detectable
    return view.finding(
        "worth",
        "experiment",
        "costs",
        view.basis("experiment", n),
        touches=n / view.n,
        evidence={
            "units_a_side": needed,
            "have_a_side": have,
            "base": base,
            "target": base - change,
            "least": least,
        },
        top=view.number(n),
        share=shown_share(view, part),
        needed=view.number(needed),
        base=view.of_100(base),
        better=view.of_100(base - change),
        enough=_enough(view, needed, have, base - least if view.bad else base + least),
    )


def _enough(view: View, needed: int, have: int, seen: float) -> str:
    if have >= needed:
        return view.say("experiment_enough")
    if not 0 < seen < 1:
        return view.say("experiment_too_few", have=view.number(have))
    key = "experiment_few" if view.bad else "experiment_up_few"
    return view.say(key, have=view.number(have), least=view.of_100(seen))
