"""Who is it for, and for what: the brief's four answers, and where they are open, whom to ask what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from payoff.audit.report import Finding, Section, Table
from payoff.audit.table.roles import tokens
from payoff.audit.table.rows import known
from payoff.audit.view import FEW, View
from payoff.brief.schema import OPEN

QUESTIONS = ("users", "problem", "workflow", "success")
PROXIES = frozenset(
    "click clicks clicked visit visits visited open opened view viewed views response respond responded reply "
    "replied impression watched like liked".split()
)
"""Words of outcomes that are counted because they are near, not because anybody wants them."""
_APART = 0.05
"""Groups picked out less differently than this are not singled out for a talk."""


class Who:
    """The four product questions; an interview guide for those nobody has answered."""

    name = "who"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        said = answers(view.said.brief)
        left = [question for question in QUESTIONS if question not in said]
        findings = [self._open(view, left)] if left else []
        if "label" in view.roles and PROXIES & set(tokens(view.outcome)):
            findings.append(self._proxy(view))
        told = []
        if said:
            texts = {q: said.get(q) or view.say("who_not_said") for q in QUESTIONS}
            told = [view.say(f"who_said_{question}", text=text) for question, text in texts.items()]
        return Section(
            self.name,
            view.say("who_title"),
            tuple(findings),
            (guide(view),) if left else (),
            said=tuple(told),
            answer=self._answer(view, len(left)),
        )

    @staticmethod
    def _answer(view: View, left: int) -> str:
        if left == len(QUESTIONS):
            return view.say("who_answer_unasked")
        return view.say("who_answer_open", n=left) if left else view.say("who_answer_known")

    def _open(self, view: View, left: list[str]) -> Finding:
        """Touches no row more than another, so figures come before it."""
        listed = ", ".join(view.say(f"who_open_{question}") for question in left)
        basis = view.basis("asked", view.n)
        return view.finding(
            self.name, "who_open", "know", basis, touches=0.0, evidence={"open": left}, questions=listed
        )

    def _proxy(self, view: View) -> Finding:
        evidence = {"outcome": view.outcome}
        touches = view.known / view.n
        return view.finding(
            self.name, "who_proxy", "know", view.basis("named", view.n), touches=touches, evidence=evidence
        )


def answers(brief: Mapping[str, Any] | None) -> dict[str, str]:
    """The questions somebody has answered, of a whole brief (with a table `questions`) or its answers alone.

    A list is joined; nothing, blanks and "?" are open.
    """
    given = brief or {}
    inner = given.get("questions")
    found = {}
    for question in QUESTIONS:
        value = (inner if isinstance(inner, Mapping) else given).get(question)
        parts = value if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)) else [value]
        text = "; ".join(
            str(part).strip() for part in parts if part is not None and str(part).strip() not in ("", OPEN)
        )
        if text:
            found[question] = text
    return found


def guide(view: View) -> Table:
    """Whom to ask what, and what each answer decides. Questions are about the last time, not the future."""
    rows = [*_acts(view), *_answers_for(), *_about(view)]
    lines = []
    for whom, question, words in rows:
        person = view.say(f"who_whom_{whom}", **words)
        lines.append((view.say(f"who_ask_{question}", **words), person, view.say(f"who_decides_{question}")))
    heads = ("ask", "whom", "decides")
    plain = tuple(dict(zip(heads, line, strict=True)) for line in lines)
    columns = tuple(view.say(f"who_column_{head}") for head in heads)
    return Table(view.say("who_guide"), columns, tuple(lines), plain, view.say("who_guide_note"))


Asked = tuple[str, str, dict[str, object]]


def _acts(view: View) -> list[Asked]:
    logged = {"seen", "done", "decision", "acted_at"} & set(view.roles.of)
    followed = view.roles["score"] or view.roles["decision"]
    against: list[Asked] = [("acts", "against", {"column": followed})] if followed else []
    return [
        ("acts", "last" if logged else "after", {}),
        *against,
        ("acts", "today" if "label" in view.roles else "today_picks", {}),
        ("acts", "ten", {}),
    ]


def _answers_for() -> list[Asked]:
    return [("answers", question, {}) for question in ("success", "enough", "mistakes")]


def _about(view: View) -> list[Asked]:
    picks = "" if "label" in view.roles else "_picks"
    asked: list[Asked] = [("about", f"before{picks}", {}), ("about", "contact", {})]
    group = picked_most(view)
    if group:
        column, name, most, least = group
        words: dict[str, object] = {
            "column": column,
            "group": name,
            "most": view.of_100(most),
            "least": view.of_100(least),
        }
        asked.append(("group", "group", words))
    return asked


def picked_most(view: View) -> tuple[str, str, float, float] | None:
    """The group of a protected column (else of any) that is picked out most often: column, group, its share,
    and that of the one picked out least. Whether the gap is sure is said elsewhere. `None` where all are alike."""
    if "score" not in view.roles and "decision" not in view.roles:
        return None
    widest: tuple[float, tuple[str, str, float, float]] | None = None
    for column in view.roles.protected or view.groups:
        code = view.groups[column]
        found = view.rows.counts(code.code, where="{picked} < 250", sums=("{picked}",))
        keys, n = found[code.code], found["n"].astype(float)
        whole = known(keys) & (n >= FEW)
        if whole.sum() < 2:
            continue
        share = np.asarray(found["sum0"], float)[whole] / n[whole]
        top = int(share.argmax())
        apart = float(share[top] - share.min())
        if apart >= _APART and (widest is None or apart > widest[0]):
            name = code.names[int(keys[whole][top])]
            widest = (apart, (column, name, float(share[top]), float(share.min())))
    return widest[1] if widest else None
