"""The one sentence on top: is it worth anything?"""

from __future__ import annotations

from payoff.audit.measures import Effect
from payoff.audit.report import Finding
from payoff.audit.view import View
from payoff.audit.worth import words

_VOID = ("trust_equal", "trust_perfect", "trust_constant", "ranks_backwards")


def headline(view: View) -> str:
    """What the sections say together; the effect, where one was measured, speaks before accuracy."""
    found = {f.key: f for section in view.so_far for f in section.findings}
    for key in _VOID:
        if key in found:
            return view.say("headline_stop", finding=found[key].text)
    for key, told in (("effect_some", "headline_moved"), ("effect_harm", "headline_harmed")):
        if key in found:
            return view.say(told, **_effect(view, found[key]))
    right = found.get("accuracy_no_better") or found.get("accuracy_better")
    if "effect_none" in found:
        said = _effect(view, found["effect_none"])
        if right is None:
            return view.say("headline_unmoved_rank", **said)
        return view.say("headline_unmoved", right=view.of_100(right.evidence["accuracy"]), **said)
    if "ranks_badly" in found:
        return view.say("headline_no_skill")
    if "not_random" in found:
        return view.say("headline_not_random")
    if "accuracy_no_better" in found:
        return view.say("headline_constant", right=view.of_100(found["accuracy_no_better"].evidence["accuracy"]))
    return view.say("headline_unknown" if "ranks_well" in found else "headline_no_skill")


def _effect(view: View, finding: Finding) -> dict[str, str]:
    e = finding.evidence
    return words(view, Effect(e["effect"], e["low"], e["high"], e["treated"], e["untreated"]))
