"""Net benefit by threshold: going by the score, acting on everybody, acting on nobody (Vickers & Elkin 2006)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.audit import charts
from payoff.audit.report import Chart, Finding, Kind, Table
from payoff.audit.sections.worth.piece import Piece
from payoff.audit.view import FEW, View

Floats = NDArray[np.float64]
_Z = 1.959963984540054
_EVENTS = 5
"""Outcomes to have on either side of a threshold before it counts."""
_STEPS = 2
"""How many thresholds further the end of a range must lie than its start."""
_TABLED = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 0.7])


@dataclass(frozen=True, slots=True)
class Benefit:
    """Net benefit per row at each threshold p: true yeses less false yeses × p/(1 − p), over all rows.

    `model` acts on scores of p and more, `everybody` on all rows, nobody is 0. `better` says where the model beats
    both by more than chance, threshold by threshold (95%), with enough rows and outcomes on either side to tell.
    """

    threshold: Floats
    acted: Floats
    model: Floats
    everybody: Floats
    better: NDArray[np.bool_]

    def range(self) -> tuple[float, float] | None:
        """The longest run of thresholds at which the model beats both; `None` where there is none to speak of."""
        edges = np.flatnonzero(np.diff(np.concatenate([[0], self.better.astype(int), [0]])))
        if not edges.size:
            return None
        starts, ends = edges[::2], edges[1::2] - 1
        width = np.where(ends - starts >= _STEPS, self.threshold[ends] - self.threshold[starts], 0.0)
        longest = int(np.argmax(width))
        if width[longest] <= 0:
            return None
        return float(self.threshold[starts[longest]]), float(self.threshold[ends[longest]])


def design_effect(view: View, where: str) -> float:
    """By how much units that come several times inflate a variance at most: Σm² / Σm over units of m rows (Kish
    1965); 1 where every unit comes once."""
    if not view.rows.clustered:
        return 1.0
    sums = view.rows.sums("1", where=where).get(())
    return 1.0 if sums is None or sums.w == 0 else max(1.0, sums.ww / sums.w)


def benefit(view: View, thresholds: Floats) -> Benefit:
    """Net benefit from the counts above each threshold, and the standard errors of its two differences."""
    n, odds = view.known, thresholds / (1 - thresholds)
    tp, fp = (np.asarray(c, float) for c in view.ranked.above(thresholds))
    fn, tn = view.positives - tp, view.negatives - fp
    against_none, against_all = (tp - fp * odds) / n, (tn * odds - fn) / n
    widen = design_effect(view, "{known}")
    beaten = (np.minimum(tp, fn) >= _EVENTS) & (np.minimum(tp + fp, fn + tn) >= FEW)
    for d, squares in ((against_none, tp + fp * odds**2), (against_all, fn + tn * odds**2)):
        error = np.sqrt(np.maximum(squares / n - d**2, 0) / n * widen)
        beaten &= d > np.maximum(_Z * error, 1e-12)
    everybody = (view.positives - view.negatives * odds) / n
    return Benefit(thresholds, (tp + fp) / n, against_none, everybody, beaten)


def grid(base: float) -> Floats:
    """Thresholds by the hundredth, and around how often the outcome comes, where it is rare."""
    around = base * np.geomspace(0.1, 10, 41)
    return np.unique(np.concatenate([np.arange(1, 100) / 100, around[around < 0.99]]))


def thresholds(view: View) -> Piece:
    """The curve, a small table, and over which thresholds going by the score is better."""
    found = benefit(view, grid(view.base))
    chosen = _TABLED if view.base >= 0.05 else view.base * np.array([0.5, 1, 2, 4, 8])
    return Piece((_finding(view, found),), (_table(view, benefit(view, chosen)),), (_chart(view, found),))


def _spoken(view: View, found: Benefit) -> tuple[float, float] | None:
    """The range, where its ends differ as they are shown."""
    over = found.range()
    return None if over is None or view.of_100(over[0]) == view.of_100(over[1]) else over


def _finding(view: View, found: Benefit) -> Finding:
    over = _spoken(view, found)
    key, kind = ("net_benefit", "know") if over else ("net_benefit_none", "costs")
    evidence = {"from": over[0], "to": over[1]} if over else {}
    words: dict[str, Any] = {"low": view.of_100(over[0]), "high": view.of_100(over[1])} if over else {}
    touches = (
        float(benefit(view, np.array([over[0]])).acted[0]) * view.known / view.n if over else view.known / view.n
    )
    basis = view.basis("net_benefit", view.known)
    made: Kind = kind  # type: ignore[assignment]
    return view.finding("worth", key, made, basis, touches=touches, evidence=evidence, **words)


def _table(view: View, found: Benefit) -> Table:
    rows: list[dict[str, Any]] = []
    cells = []
    for p, acted, model, everybody in zip(found.threshold, found.acted, found.model, found.everybody, strict=True):
        if acted * view.known < FEW:
            continue
        rows.append(
            {
                "threshold": float(p),
                "acted": float(acted),
                "net_benefit": float(model),
                "everybody": float(everybody),
                "nobody": 0.0,
            }
        )
        line = (
            view.of_100(float(p)),
            view.of_100(float(acted)),
            *(view.number(v * 100, 1) for v in (model, everybody, 0)),
        )
        cells.append(line)
    heads = ("threshold", "acted", "model", "everybody", "nobody")
    columns = tuple(view.say(f"benefit_column_{head}") for head in heads)
    basis = view.basis("net_benefit", view.known)
    return Table(view.say("benefit_table"), columns, tuple(cells), tuple(rows), view.say("benefit_note"), basis)


def _chart(view: View, found: Benefit) -> Chart:
    """Only as far as anybody is acted on, and no deeper below nobody than the model stands above it."""
    top = float(np.max(found.model)) * 100
    lines = {"model": found.model, "everybody": found.everybody, "nobody": np.zeros_like(found.model)}
    points = [
        {
            "x": float(x) * 100,
            "y": float(y) * 100,
            "line": view.say(f"benefit_line_{name}"),
            "ours": name == "model",
        }
        for name, values in lines.items()
        for x, y, acted in zip(found.threshold, values, found.acted, strict=True)
        if acted > 0 and float(y) * 100 >= -0.25 * max(top, 1e-9)
    ]
    over = _spoken(view, found)
    key = "benefit_says" if over else "benefit_says_none"
    words: dict[str, Any] = {"low": view.of_100(over[0]), "high": view.of_100(over[1])} if over else {}
    spec = charts.curves(points, view.say("benefit_axis_x"), view.say("benefit_axis_y"))
    return Chart(view.say("benefit_chart"), spec, view.say(key, **words))
