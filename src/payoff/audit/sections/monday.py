"""What to do on Monday: three steps, chosen by what the sections before have found.

Each step's text is four lines: what to do, who does it, how long it takes, and what it settles.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from payoff.audit.report import Finding, Section, Step
from payoff.audit.sections.who import QUESTIONS, answers
from payoff.audit.view import View

_ABOUT_DATA = ("trust", "accuracy")
_MEND = {
    "trust_equal": "copied",
    "trust_perfect": "copied",
    "trust_constant": "constant",
    "trust_uneven": "split",
    "trust_early": "early",
    "trust_few": "few",
    "ranks_backwards": "backwards",
    "ranks_badly": "weak",
}
_MATTERS = 0.2
"""An experiment that could have missed a fifth fewer (or more) outcomes has not shown that nothing happens."""
_BY = '--by YOU --why "the audit"'


def in_product(view: View, command: str) -> str:
    """The command, after the one that makes a product where there is none yet; an audit needs none."""
    if view.said.brief is not None or not command or command.startswith("payoff audit"):
        return command
    return f"payoff init NAME && {command} -p NAME"


class Monday:
    """Mend or ask, test, guard: one step of each."""

    name = "monday"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        found = sorted((f for s in view.so_far for f in s.findings), key=lambda f: f.rank)
        chosen = (self._mend(view, found), self._test(view, found), self._guard(view, found))
        steps = tuple(replace(step, command=in_product(view, step.command)) for step in chosen)
        return Section(self.name, view.say("monday_title"), steps=steps)

    def _mend(self, view: View, found: list[Finding]) -> Step:
        stop = next((f for f in found if f.kind == "stop" and f.section in _ABOUT_DATA), None)
        if stop:
            how = _MEND.get(stop.key)
            text = view.say(f"monday_mend_{how}") if how else view.say("monday_mend", finding=stop.text)
            return Step(text, _audit(view))
        if len(answers(view.said.brief)) == len(QUESTIONS):
            return Step(view.say("monday_brief"), "payoff check")
        parts = ("score", "decision", "treated")
        key = next((f"monday_who_{part}" for part in parts if part in view.roles), "monday_who_score")
        note = 'payoff note add interview "WHAT THEY SAID" --by YOU'
        return Step(view.say(key, title=view.say("who_title")), note)

    def _test(self, view: View, found: list[Finding]) -> Step:
        keys = {f.key: f for f in found}
        effect = next((keys[k] for k in ("effect_harm", "effect_some", "effect_none") if k in keys), None)
        if effect is not None and not effect.evidence.get("told", True):
            return Step(view.say("monday_test_only"), "payoff plan")  # nobody said that chance chose
        if "effect_harm" in keys:
            return Step(view.say("monday_test_stop"), f"payoff release rollback RELEASE {_BY}")
        if "effect_some" in keys:
            return Step(view.say("monday_test_again"), f"payoff release start RELEASE {_BY}")
        if "effect_none" in keys:
            longer = _could_have_missed(view, keys["effect_none"])
            return Step(view.say("monday_test_longer" if longer else "monday_test_other"), "payoff plan")
        if "label" not in view.roles:
            return Step(view.say("monday_test_picks"), _audit(view, "--label OUTCOME"))
        if "score" not in view.roles:
            return Step(view.say("monday_test_only"), "payoff plan")
        needed = keys["experiment"].evidence.get("units_a_side") if "experiment" in keys else None
        if needed:
            return Step(view.say("monday_test_size", needed=view.number(needed)), "payoff plan")
        return Step(view.say("monday_test"), "payoff plan")

    def _guard(self, view: View, found: list[Finding]) -> Step:
        harm = next(
            (f for f in found if f.section == "harm" and f.kind != "good" and "column" in f.evidence), None
        )
        if harm:
            return Step(view.say("monday_guard", column=harm.evidence["column"]), "payoff check")
        if not view.roles.protected:
            return Step(view.say("monday_guard_unchecked"), _audit(view, "--protected COLUMN"))
        if "score" not in view.roles:
            return Step(view.say("monday_shadow_picks"), _audit(view, "--decision SECOND_DECISION"))
        return Step(view.say("monday_shadow"), f"payoff release start RELEASE {_BY}")


def _could_have_missed(view: View, finding: Finding) -> bool:
    """Whether the interval still holds an effect worth having: a fifth of the outcomes, the welcome way."""
    e = finding.evidence
    most = -e["low"] if view.bad else e["high"]
    return bool(most >= _MATTERS * view.base)


def _audit(view: View, more: str = "") -> str:
    """The audit again, on the same file. Its name comes from outside, so it is quoted for the shell."""
    named = Path(view.name).suffix in (".csv", ".parquet", ".jsonl", ".json")
    return " ".join(["payoff audit", shlex.quote(view.name) if named else "FILE", *([more] if more else [])])
