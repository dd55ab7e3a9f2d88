"""The one sentence on top, what it decides, and the message to forward.

It says one of three things about worth: measured and helps (or harms), measured and no effect larger than so much,
or never measured; and the last must not read as "it does not work". Where nobody said that chance gave the
treatment, it sets both sides beside each other and has no word of cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from payoff.audit.report import Finding
from payoff.audit.sections.accuracy.section import always
from payoff.audit.sections.worth.effects import money
from payoff.audit.table.parts import YES
from payoff.audit.view import View

_VOID = ("trust_equal", "trust_perfect", "trust_constant", "trust_few", "ranks_backwards")
_MEASURED = {"effect_some": "helps", "effect_harm": "harms", "effect_none": "no_effect"}

_UNTOLD = {"not_random": "fair", "difference_only": "unsaid", "treated_few": "enough", "treated_lost": "lost"}
"""Findings after which an effect cannot be told, though somebody was treated."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Two groups of one column whose shares picked differ for sure; `first` is picked more often."""

    column: str
    first: str
    second: str
    high: float
    low: float
    least: float
    most: float


class Headline:
    """The sections read together: which case it is, and the words for it."""

    def __init__(self, view: View) -> None:
        self.view = view
        ranked = sorted((f for section in view.so_far for f in section.findings), key=lambda f: f.rank)
        self.found: dict[str, Finding] = {}
        for finding in ranked:
            self.found.setdefault(finding.key, finding)
        self.gap = next(filter(None, map(_gap, ranked)), None)
        self.grave = self._grave()
        self.case = self._case()

    def _grave(self) -> Finding | None:
        """The finding that makes the figures void; an uneven split does so only where an effect was reckoned."""
        uneven = ("trust_uneven",) if self._measured() else ()
        return next((self.found[key] for key in (*_VOID, *uneven) if key in self.found), None)

    def _measured(self) -> Finding | None:
        return next((self.found[key] for key in _MEASURED if key in self.found), None)

    def _case(self) -> str:
        roles, effect = self.view.roles, self._measured()
        if self.grave:
            return "stop"
        if effect and not effect.evidence.get("told", True):
            return "tested"
        if effect:
            found = _MEASURED[effect.key]
            if found == "no_effect" and "arm_harm" in self.found:
                return "harms"
            return "loses" if found == "helps" and self._loss() else found
        if "score" in roles and "label" in roles:
            return "no_skill" if "ranks_badly" in self.found else "never"
        if "treated" in roles and "label" in roles:
            return "only_never"
        if "score" not in roles and "decision" not in roles:
            return "shown"
        return "gap" if self.gap else "picked"

    def line(self) -> str:
        """The headline itself, in one or two sentences."""
        view = self.view
        match self.case:
            case "stop":
                assert self.grave is not None
                return view.say("headline_stop", finding=self.grave.text)
            case "tested":
                return self._tested()
            case "helps" | "loses" | "harms" | "no_effect":
                return self._effect()
            case "no_skill":
                return f"{view.say('headline_no_skill')} {view.say(self._never('headline_never_but'))}"
            case "never":
                return f"{self._right()} {view.say(self._never('headline_never'))}"
            case "only_never":
                return self._only_never()
            case "shown":
                return self._shown()
            case _:
                return self._picks()

    def _loss(self) -> Finding | None:
        """What treating costs more than it brings, where value and cost were given and it does for sure."""
        found = self.found.get("effect_money")
        sure = found is not None and self.view.has("cost") and found.evidence["high"] < 0
        return found if sure else None

    def _effect(self) -> str:
        finding, view = self._measured(), self.view
        assert finding is not None
        if self.case == "no_effect":
            said = view.say("headline_no_effect", most=self._most())
            return f"{self._right()} {said}" if "score" in view.roles else said
        harmful = self.found.get("arm_harm")
        if harmful and finding.key == "effect_none":
            return view.say("headline_harms_one", arm=harmful.evidence["arm"], **self._words(harmful))
        e, words = finding.evidence, self._words(finding) | self._lost()
        arms: list[str] = list(e.get("arms", []))
        if e.get("ways", 1) > 1:
            said = view.say(f"headline_{self.case}_best", arm=arms[0], n=e["ways"], **words)
        elif len(arms) == 1 and arms[0].casefold() not in YES:
            said = view.say(f"headline_{self.case}_arm", arm=arms[0], **words)
        else:
            said = view.say(f"headline_{self.case}", **words)
        if self.case == "harms":
            return said
        one = view.say("headline_harmful", arm=harmful.evidence["arm"], **self._words(harmful)) if harmful else ""
        return " ".join(filter(None, (said, one, self._score())))

    def _words(self, finding: Finding) -> dict[str, Any]:
        view, e = self.view, finding.evidence
        return {
            "value": view.number(abs(e["effect"]) * 100, 1),
            "direction": view.say("fewer" if e["effect"] < 0 else "more"),
            "low": view.signed(e["low"]),
            "high": view.signed(e["high"]),
        }

    def _lost(self) -> dict[str, str]:
        """The sure loss in 100 treated, where that is the case."""
        loss = self._loss() if self.case == "loses" else None
        names = {"loss": "value", "least": "high", "largest": "low"}
        return {k: money(self.view, -loss.evidence[v]) for k, v in names.items()} if loss else {}

    def _tested(self) -> str:
        """Both sides beside each other, and what to say if chance chose."""
        finding, view = self._measured(), self.view
        assert finding is not None
        harmful = self.found.get("arm_harm")
        one = harmful.text if harmful and finding.key != "effect_harm" else ""
        right = self._right() if finding.key == "effect_none" and "score" in view.roles else ""
        return " ".join(filter(None, (right, view.say("headline_tested", text=finding.text), one)))

    def _score(self) -> str:
        """Whether the score finds those whom treatment helps; "" where nobody looked."""
        ways = ("more", "less", "same")
        return next((self.view.say(f"headline_score_{w}") for w in ways if f"effect_top_{w}" in self.found), "")

    def _most(self) -> str:
        """The largest effect, either way, that the interval still allows: of 100, rounded up."""
        e = self.found["effect_none"].evidence
        most = e.get("most", max(abs(e["low"]), abs(e["high"]))) * 100
        return self.view.number(most, 1 if most >= 0.05 else 3)

    def _right(self) -> str:
        """How good the score is beside what needs none."""
        view, found = self.view, self.found
        if "accuracy_no_better" in found:
            ranks = "_ranks" if "ranks_well" in found else ""
            right = view.of_100(found["accuracy_no_better"].evidence["accuracy"])
            return view.say(f"headline_right_same{ranks}", right=right, constant=always(view))
        if "accuracy_better" in found:
            e = found["accuracy_better"].evidence
            words = {"right": view.of_100(e["accuracy"]), "baseline": view.of_100(e["constant"])}
            return view.say("headline_right_more", constant=always(view), **words)
        if "ranks_well" in found:
            return view.say("headline_ranks", n=view.of_100(found["ranks_well"].evidence["auc"]))
        return view.say("headline_no_skill")

    def _never(self, otherwise: str) -> str:
        why = self._untold()
        return f"headline_never_{why}" if why else otherwise

    def _untold(self) -> str:
        """Why an effect cannot be told, though somebody was treated; "" where nothing was found."""
        key = next((key for key in _UNTOLD if key in self.found), "")
        if key == "not_random" and self.found[key].evidence.get("how") == "differ":
            return "differ"
        return _UNTOLD.get(key, "")

    def _only_never(self) -> str:
        if why := self._untold():
            return self.view.say(f"headline_only_never_{why}")
        return self.view.say("headline_only_outcome", n=self.view.of_100(self.view.base))

    def _shown(self) -> str:
        """A table of what was shown or recommended, and nothing to judge it by."""
        told = next((f.text for key, f in self.found.items() if key.startswith("bubble_")), "")
        return f"{told} {self.view.say('headline_shown')}".strip()

    def _picks(self) -> str:
        view = self.view
        tail = view.say("headline_picks_never" if "label" in view.roles else "headline_no_outcome")
        if self.gap:
            g = self.gap
            figures = {"high": g.high, "low": g.low, "gap": g.high - g.low, "least": g.least, "most": g.most}
            shown = {name: view.number(value * 100, 1) for name, value in figures.items()}
            words = {"column": g.column, "first": g.first, "second": g.second, "decision": self._decision()}
            return f"{view.say('headline_gap', **words, **shown)} {tail}"
        share = view.of_100(view.rows.one("avg(({picked} = 1)::int)", "{picked} < 250"))
        key = "headline_no_gap" if "harm_none" in self.found else "headline_picked"
        return f"{view.say(key, n=share, decision=self._decision())} {tail}"

    def _decision(self) -> str:
        return self.view.roles["decision"] or self.view.roles["score"]

    def decides(self) -> tuple[str, str]:
        """What may be decided by this audit, and what may not: a line each."""
        words = {"most": self._most()} if self.case == "no_effect" else {}
        words |= {"column": self.gap.column} if self.gap else {}
        only = "_only" if self.case == "helps" and "score" not in self.view.roles else ""
        arm = ""
        if self.case == "harms" and "effect_none" in self.found:
            arm, words = "_arm", words | {"arm": self.found["arm_harm"].evidence["arm"]}
        return (
            self.view.say(f"headline_decides_{self.case}{arm}", **words),
            self.view.say(f"headline_undecided_{self.case}{only}", **words),
        )


def _gap(finding: Finding) -> Gap | None:
    """The gap in who is picked that a finding speaks of, where its range does not reach 0: that of the group worst
    off, else the widest."""
    e = finding.evidence
    if finding.key != "harm_selected" or not e.get("gaps"):
        return None
    rates, reference = e["rates"], e["reference"]
    sure = {name: gap for name, gap in e["gaps"].items() if gap["low"] * gap["high"] > 0 and name in rates}
    if not sure or reference not in rates:
        return None
    group = max(sure, key=lambda name: (name == e["worst_off"], abs(sure[name]["value"])))
    found = sure[group]
    least, most = sorted((abs(found["low"]), abs(found["high"])))
    first, second = sorted((group, reference), key=lambda name: -rates[name])
    return Gap(e["column"], first, second, rates[first], rates[second], least, most)


def headline(view: View) -> str:
    """What the sections say together; the effect, where one was measured, speaks before accuracy."""
    return Headline(view).line()


def decides(view: View) -> tuple[str, str]:
    """What this audit decides and what it does not."""
    return Headline(view).decides()


def forward(view: View, line: str) -> str:
    """The headline as a message that stands alone, a thought a line: what was looked at and found, what it decides
    and what it does not, and what comes next."""
    read = Headline(view)
    decided, undecided = read.decides()
    opening = view.say("forward", name=view.name or view.say("page_name"), n=view.number(view.n))
    stop = next((f for f in read.found.values() if f.kind == "stop" and f.text not in line), None)
    steps = [step for section in view.so_far for step in section.steps if section.name == "monday"]
    chosen = steps[: 1 if read.grave else 2][-1:]  # the test comes second; what is broken is mended before it
    return "\n".join(
        [
            f"{opening} {line}",
            *([view.say("forward_grave", finding=stop.text)] if stop else []),
            view.say("forward_decides", text=decided),
            view.say("forward_undecided", text=undecided),
            *(view.say("forward_next", step=step.text.split("\n")[0]) for step in chosen),
        ]
    )
