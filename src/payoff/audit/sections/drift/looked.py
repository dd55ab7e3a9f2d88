"""Everything of both halves set side by side, once, for the findings and the tables."""

from __future__ import annotations

from dataclasses import dataclass

from payoff.audit.sections.drift.moved import Halves, Move, columns_moved, score_move, share_halves
from payoff.audit.sections.drift.overtime import Cube, Period, cube, periods
from payoff.audit.view import View

_UNRIPE = 0.9
"""The later half is unripe when its share of known outcomes is below so much of the earlier one's."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Everything set side by side: what a table lacks is `None` or empty. `late` is the share of all rows that
    lie in the later half, `known` the share of rows with a known outcome in each half."""

    late: float
    columns: list[Move]
    score: Move | None
    scores: Cube | None
    outcome: Halves | None
    picked: Halves | None
    periods: list[Period]
    known: tuple[float, float]

    @property
    def n(self) -> int:
        """How many things were looked at."""
        alone = (self.score, self.outcome, self.picked)
        return len(self.columns) + sum(what is not None for what in alone)

    @property
    def unripe(self) -> bool:
        return self.outcome is not None and self.known[1] < _UNRIPE * self.known[0]


def look(view: View, late: float) -> Looked:
    scores = cube(view) if "score" in view.rows and view.rows.one("count(score)", "period < 250") else None
    every = periods(view, scores)
    half = len(every) // 2
    known = [
        sum(p.known for p in part) / max(1, sum(p.rows for p in part)) for part in (every[:half], every[half:])
    ]
    picks = "score" in view.rows or "decision" in view.rows
    return Looked(
        late=late,
        columns=columns_moved(view),
        score=score_move(view, scores) if scores is not None else None,
        scores=scores,
        outcome=share_halves(view, "label") if "label" in view.rows else None,
        picked=share_halves(view, "picked") if picks else None,
        periods=every,
        known=(known[0], known[1]),
    )
