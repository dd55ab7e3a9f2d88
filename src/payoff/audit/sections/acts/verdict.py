"""Who was right where people overruled the score: people, the score, or nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from payoff.aggregates import Sums
from payoff.audit import measures
from payoff.audit.measures import Share
from payoff.audit.report import Basis, Finding, Kind
from payoff.audit.sections.acts.alike import Alike, alike
from payoff.audit.sections.acts.funnel import share_basis
from payoff.audit.sections.harm.known import Lopsided, lopsided
from payoff.audit.view import View

SIDES = {"turned_down": 1, "added": 0}
"""Both ways of overruling, with what the model said."""
_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """What the outcome says of both ways of overruling, as far as it can be told.

    `uneven` is where outcomes are known more often for those decided one way than for those decided the other:
    then nothing is compared.
    """

    sides: Mapping[str, Alike]
    uneven: Lopsided | None = None

    def sure(self, people: bool) -> dict[str, Alike]:
        """The ways in which the outcome went with people for sure, or against them."""
        signs = {side: -1 if advised else 1 for side, advised in SIDES.items()}
        turned = {side: signs[side] * (1 if people else -1) for side in self.sides}
        return {
            side: found
            for side, found in self.sides.items()
            if (found.low > 0 if turned[side] > 0 else found.high < 0)
        }


def judged(view: View) -> Judged:
    """Both ways of overruling; intervals allow for two comparisons."""
    if "label" not in view.rows:
        return Judged({})
    for side, advised in SIDES.items():
        here = f"score is not null and decision < 2 and {view.advised} = {advised}"
        known = view.rows.sums("(label < 2)::int", "decision", where=here)
        uneven = lopsided("", side, known.get((1,), Sums()), known.get((0,), Sums()))
        if uneven:
            return Judged({}, uneven)
    found = {side: alike(view, advised, _EVERY / len(SIDES)) for side, advised in SIDES.items()}
    return Judged({side: told for side, told in found.items() if told})


def who_was_right(view: View, sums: Mapping[str, Sums], overruled: Share, found: Judged) -> Finding:
    """How often people overrule it, and whether they knew something it does not."""
    right = measures.share_of(sums["right"])
    key, kind, text, named = _key(found, overruled, right)
    words: dict[str, Any] = {
        "n": view.of_100(overruled.value),
        "known": view.number(right.n if right else 0),
        "sides": " ".join(_side(view, side, told) for side, told in named.items()),
    }
    if found.uneven:
        words |= {"picked": view.of_100(found.uneven.picked.value), "left": view.of_100(found.uneven.left.value)}
    sides = {side: measures.share_of(sums[side]) for side in SIDES}
    evidence: dict[str, Any] = {
        "overruled": overruled.value,
        "overruled_n": overruled.n,
        **{side: share.value if share else None for side, share in sides.items()},
        "people_right": right.value if right else None,
        "model_right": 1 - right.value if right else None,
        "low": right.low if right else None,
        "high": right.high if right else None,
        "known": right.n if right else 0,
        "at_similar_scores": {side: as_dict(told) for side, told in found.sides.items()},
    }
    basis = _basis(view, named or found.sides, overruled)
    touches = overruled.hits / view.n
    made = view.finding("acts", key, kind, basis, touches=touches, evidence=evidence, **words)
    return made if text == key else replace(made, text=view.say(text, **words))


def _key(found: Judged, overruled: Share, right: Share | None) -> tuple[str, Kind, str, Mapping[str, Alike]]:
    """The finding's key and kind, the text that says it, and the ways it names."""
    people, model = found.sure(people=True), found.sure(people=False)
    if not overruled.hits:
        return "overrules_never", "know", "overrules_never", {}
    if right is None:
        return "overrules_unknown", "know", "overrules_unknown", {}
    if people and not model:
        return "overrules_people_right", "know", "overrules_people_right", people
    if model and not people:
        return "overrules_model_right", "costs", "overrules_model_right", model
    text = "overrules_cannot_tell" if found.sides else "overrules_few"
    text = f"overrules_lopsided_{found.uneven.group}" if found.uneven else text
    return "overrules_cannot_tell", "know", "overrules_both" if people else text, {**people, **model}


def _side(view: View, side: str, found: Alike) -> str:
    return view.say(
        f"overrules_side_{side}",
        overruled=view.of_100(found.overruled),
        followed=view.of_100(found.followed),
        value=view.signed(found.value),
        low=view.signed(found.low),
        high=view.signed(found.high),
    )


def _basis(view: View, sides: Mapping[str, Alike], overruled: Share) -> Basis:
    if not sides:
        return share_basis(view, overruled)
    first = max(sides.values(), key=lambda found: found.n)
    return view.basis("overruled", first.n, (first.low, first.high))


def as_dict(found: Alike) -> dict[str, float]:
    """A comparison for machines."""
    return {
        "n": found.n,
        "overruled": found.overruled,
        "followed": found.followed,
        "difference": found.value,
        "low": found.low,
        "high": found.high,
    }
