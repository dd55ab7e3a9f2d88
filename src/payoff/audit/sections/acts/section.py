"""Who sees it and acts: from scored to acted on, how long it takes, where people overrule it, their thumbs."""

from __future__ import annotations

from payoff.audit.report import Finding, Section
from payoff.audit.sections.acts import funnel, overrides, thumbs, waits
from payoff.audit.sections.acts.funnel import Step
from payoff.audit.view import FEW, View

_TRACES = ("seen", "done", "decision", "feedback", "wait_hours")
"""What people leave behind who saw a prediction or acted on it; one is enough for an answer."""
_HARDLY, _PARTLY = 0.25, 0.6


class Acts:
    """The way from a score to somebody's action, as far as the table has recorded it."""

    name = "acts"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        title = view.say("acts_title")
        if not any(trace in view.rows for trace in _TRACES):
            return Section(self.name, title, unanswered=view.say("acts_unanswered"))
        steps = funnel.steps(view)
        lost = funnel.finding(view, steps)
        found = [
            *([lost] if lost else []),
            *waits.findings(view),
            *overrides.findings(view),
            *thumbs.findings(view),
        ]
        tables = (
            funnel.table(view, steps),
            funnel.by_groups(view, steps),
            waits.table(view),
            overrides.table(view),
            thumbs.table(view),
        )
        chart = funnel.chart(view, steps)
        return Section(
            self.name,
            title,
            tuple(sorted(found, key=lambda f: f.rank)),
            tuple(t for t in tables if t),
            (chart,) if chart else (),
            tuple(self._said(view)),
            answer=self._answer(view, steps, found),
        )

    @staticmethod
    def _said(view: View) -> list[str]:
        """Who was acted on without having been picked out, whom the steps do not show."""
        if "score" not in view.rows or "done" not in view.rows:
            return []
        besides = int(view.rows.counts(where=f"{view.advised} = 0 and done = 1")["n"][0])
        return [view.say("acts_besides", n=besides)] if besides else []

    @staticmethod
    def _answer(view: View, steps: list[Step], found: list[Finding]) -> str:
        """In a few words, from what says most: acted on, seen, overruled, decided for, thumbs, waits."""
        start = funnel.picked(steps)
        for name in ("done", "seen"):
            if name in view.rows:
                share = funnel.share_where(view, f"{name} = 1", f"{start.here} and {name} < 2")
                if share is None or share.n < FEW:
                    return view.say("acts_answer_cannot_tell")
                word = "hardly" if share.value < _HARDLY else "partly" if share.value < _PARTLY else "mostly"
                return view.say(
                    f"acts_answer_{word}", n=view.of_100(share.value), what=view.say(f"acts_step_{name}")
                )
        keys = {f.key: f.evidence for f in found}
        overruled = next((e for key, e in keys.items() if key.startswith("overrules_") and "overruled" in e), None)
        if overruled is not None:
            return view.say("acts_answer_overruled", n=view.of_100(overruled["overruled"]))
        decided = next((s.share for s in steps if s.name == "decided" and s.share), None)
        if decided is not None:
            return view.say("acts_answer_decided", n=view.of_100(decided.value))
        if "waits" in keys:
            return view.say("acts_answer_waits", wait=waits.lasting(view, keys["waits"]["median_hours"]))
        up = next((e["up"] for e in keys.values() if "given_share" in e and e["given"] >= FEW), None)
        return view.say(
            "acts_answer_cannot_tell" if up is None else "acts_answer_thumbs", n=view.of_100(up or 0.0)
        )
