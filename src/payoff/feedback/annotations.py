"""Hard cases that experts labelled: who said what, and where two of them agree.

A case is asked once, of everybody; its first answers are kept for measuring how far people agree. Where they
differ, each may settle on one answer afterwards: that one teaches, the first one stays in the measure.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from payoff.feedback.rules import Label
from payoff.log.tables import LogTables

ASKED = "asked"
"""Not an answer: the case was put on a week's list."""
NEITHER, CANNOT_SAY = "neither", "cannot say"
PAYOFF = "payoff"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a case. `label` is an action, `NEITHER` or `CANNOT_SAY`; `instead` an action named with it."""

    id: str
    seq: int
    at: datetime
    by: str
    label: str
    instead: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A decision that was put to experts: which of two `actions` fits better?

    `suggestion` is the decision, `week` the Monday of the list it is on, `place` its number there, `alike` for
    how many units of the role the same two were the best then. `first` are people's first answers, `settled` what
    they made of a difference.
    """

    suggestion: str
    unit: str
    week: date
    place: int
    actions: tuple[str, str]
    role: str
    alike: int = 0
    first: Mapping[str, Answer] = field(default_factory=dict)
    settled: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def standing(self) -> dict[str, Answer]:
        """What counts for learning, by author."""
        return {**self.first, **self.settled}

    @property
    def agreed(self) -> str:
        """The answer two people or more give and more than any other; "" where there is none."""
        counts = Counter(answer.label for answer in self.standing.values()).most_common(2)
        if not counts or counts[0][1] < 2 or (len(counts) > 1 and counts[1][1] == counts[0][1]):
            return ""
        return counts[0][0]

    @property
    def differs(self) -> bool:
        """Two have spoken, and not alike."""
        return len({answer.label for answer in self.standing.values()}) > 1

    def lessons(self) -> list[Label]:
        """What learning takes from it: nothing where nobody agrees, or where nobody could say."""
        label = self.agreed
        if label in ("", CANNOT_SAY):
            return []
        voters = [answer for answer in self.standing.values() if answer.label == label]
        seq = max(answer.seq for answer in voters)
        said = [(a, label, 1) for a in voters]
        if label == NEITHER:
            said = [(a, action, -1) for a in voters for action in self.actions]
            better = Counter(a.instead for a in voters if a.instead)
            said += [(a, a.instead, 1) for a in voters if better[a.instead] > 1]
        return [Label(a.id, seq, a.by, self.suggestion, act, self.role, side) for a, act, side in said]


def cases(tables: LogTables) -> dict[str, Case]:
    """Every case that was asked, by its suggestion, in the order of asking."""
    with tables.looking:
        return tables.kept("annotated cases", _Cases).look(tables)


def labels(tables: LogTables) -> list[Label]:
    """What experts agree on, for learning."""
    return [label for case in cases(tables).values() for label in case.lessons()]


class _Cases:
    """Cases as they stand, kept up with the log."""

    def __init__(self) -> None:
        self._cases: dict[str, Case] = {}
        self._rows = 0

    def look(self, tables: LogTables) -> dict[str, Case]:
        table = tables.arrow("annotation")
        for row in table.slice(self._rows).to_pylist():
            self._take(row)
        self._rows = table.num_rows
        return dict(self._cases)

    def _take(self, row: Mapping[str, Any]) -> None:
        more = json.loads(row["choices"] or "{}")
        known = self._cases.get(row["suggestion"])
        if row["label"] == ASKED:
            if known is None:
                self._cases[row["suggestion"]] = _asked(row, more)
            return
        if known is None:
            return
        answer = Answer(
            id=row["id"],
            seq=row["seq"],
            at=row["at"],
            by=row["actor"] or "",
            label=row["label"],
            instead=more.get("instead") or "",
            why=row["why"] or "",
        )
        if more.get("settled"):
            after = replace(known, settled={**known.settled, answer.by: answer})
        else:
            after = replace(known, first={**known.first, answer.by: answer})
        self._cases[known.suggestion] = after


def _asked(row: Mapping[str, Any], more: Mapping[str, Any]) -> Case:
    first, second = more["actions"]
    return Case(
        suggestion=row["suggestion"],
        unit=row["unit"] or "",
        week=date.fromisoformat(more["week"]),
        place=int(more["place"]),
        actions=(first, second),
        role=more.get("role") or "",
        alike=int(more.get("alike") or 0),
    )
