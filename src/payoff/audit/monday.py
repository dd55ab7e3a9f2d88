"""What to do on Monday: three steps, chosen by what the sections before have found."""

from __future__ import annotations

from payoff.audit.report import Finding, Section, Step
from payoff.audit.view import View

_ABOUT_DATA = ("trust", "accuracy")


class Monday:
    """Mend or begin, test, guard: one step of each."""

    name = "monday"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        found = sorted((f for s in view.so_far for f in s.findings), key=lambda f: f.rank)
        steps = (self._first(view, found), self._second(view, found), self._third(view, found))
        return Section(self.name, view.say("monday_title"), steps=steps)

    @staticmethod
    def _first(view: View, found: list[Finding]) -> Step:
        stop = next((f for f in found if f.kind == "stop" and f.section in _ABOUT_DATA), None)
        if stop:
            return Step(
                view.say("monday_mend", finding=stop.text), f"payoff audit {view.name or 'predictions.csv'}"
            )
        return Step(view.say("monday_who"), "payoff init")

    @staticmethod
    def _second(view: View, found: list[Finding]) -> Step:
        keys = {f.key for f in found}
        if keys & {"effect_none", "effect_harm"}:
            return Step(view.say("monday_effect"), "payoff plan")
        if "effect_some" in keys:
            return Step(view.say("monday_experiment_done"), "payoff release start")
        return Step(view.say("monday_experiment"), "payoff plan")

    @staticmethod
    def _third(view: View, found: list[Finding]) -> Step:
        harm = next((f for f in found if f.section == "harm" and "column" in f.evidence), None)
        if harm:
            return Step(view.say("monday_guard", column=harm.evidence["column"]), "payoff check")
        return Step(view.say("monday_shadow"), "payoff release start")
