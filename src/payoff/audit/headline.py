"""The one sentence on top: is it worth anything?"""

from __future__ import annotations

from payoff.audit.measures import Effect
from payoff.audit.report import Finding
from payoff.audit.view import View
from payoff.audit.worth import signed, words

_VOID = ("trust_equal", "trust_perfect", "trust_constant", "ranks_backwards")


def headline(view: View) -> str:
    """What the sections say together; the effect, where one was measured, speaks before accuracy."""
    found = {f.key: f for section in view.so_far for f in section.findings}
    for key in _VOID:
        if key in found:
            return view.say("headline_stop", finding=found[key].text)
    for key in ("effect_some", "effect_harm"):
        if key in found:
            return _effect(view, found[key], "headline_moved" if key == "effect_some" else "headline_harmed")
    right = found.get("accuracy_no_better") or found.get("accuracy_better")
    if "effect_none" in found:
        if right is None:
            return view.say("headline_unmoved_rank")
        return view.say("headline_unmoved", right=view.of_100(right.evidence["accuracy"]))
    if "ranks_badly" in found:
        return view.say("headline_no_skill")
    if "not_random" in found:
        return view.say("headline_not_random")
    if "accuracy_no_better" in found and right is not None:
        return view.say("headline_constant", right=view.of_100(right.evidence["accuracy"]))
    return view.say("headline_unknown")


def _effect(view: View, finding: Finding, key: str) -> str:
    e = finding.evidence
    effect = Effect(e["effect"], e["low"], e["high"], e["treated"], e["untreated"])
    said = words(view, effect)
    return view.say(
        key,
        points=said["value"],
        fewer_more=said["direction"],
        low=signed(view, effect.low),
        high=signed(view, effect.high),
    )
