"""Whether the score finds the ones whom treatment helps: Qini, and acting by score against chance and all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from payoff.audit import charts
from payoff.audit.report import Basis, Chart, Finding, Kind, Table
from payoff.audit.sections.worth.capacity import said_share, shown_share
from payoff.audit.sections.worth.effects import ALONE, Effects, money, supposed
from payoff.audit.sections.worth.means import pair, worth
from payoff.audit.sections.worth.piece import Piece
from payoff.audit.sections.worth.treated import BANDS, HAPPENED, bands, grid, rows_treated
from payoff.audit.view import FEW, View
from payoff.stats import uplift
from payoff.stats.uplift import Cells, Figure

SHARES = (0.10, 0.20, 0.30)
MAIN = 0.30
_SEPARATELY = 3
"""Ways of treating up to which each is looked at on its own; of more only the best."""


@dataclass(frozen=True)
class Target:
    """One way of treating against those left alone, by score.

    `outcome` and `worth` are turned so that more is better.
    """

    name: str
    outcome: Cells
    worth: Cells | None

    @property
    def n(self) -> int:
        return int(self.outcome.n.sum())

    def enough(self, share: float) -> bool:
        """Whether both arms have enough rows in the highest `share` and in the rest."""
        return min(self.outcome.effective(share), self.outcome.effective(share, top=False)) >= FEW


class Targeting:
    """Made only where treatment was given by chance and there is a score."""

    def __init__(self, view: View, effects: Effects) -> None:
        self.view, self.effects = view, effects
        self.main = said_share(view, MAIN)
        self.sign = effects.sign
        sql, size = bands(view)
        where, valued = rows_treated(view, scored=True), worth(view)
        outcome = grid(view, HAPPENED.sql, where, sql, size)
        money_grid = None if valued is None else grid(view, valued.sql, where, sql, size)
        self.several = len(effects.treated) > 1
        ways = (effects.best,) if len(effects.treated) > _SEPARATELY else effects.treated
        self.targets = [
            Target(
                view.arms[way],
                pair(outcome, (way,), ALONE, self.sign),
                None if money_grid is None else pair(money_grid, (way,), ALONE, self.sign),
            )
            for way in ways
        ]
        self.best = self.targets[ways.index(effects.best)]
        """The way the findings speak of: the one the effect was told of."""

    def piece(self) -> Piece:
        best = self.best
        if not best.enough(self.main):
            return Piece(said=(self.view.say("target_few", top=shown_share(self.view, self.main)),))
        made = (self._top(best), self._policy(best))
        found = [supposed(self.view, self.effects.chance, f) for f in made if f is not None]
        chart = self._chart(best)
        return Piece(tuple(found), (self._table(),), (chart,) if chart else ())

    def _basis(self, how: str, n: int, interval: tuple[float, float] | None) -> Basis:
        return self.view.basis(how, n, interval, bands=BANDS, top=shown_share(self.view, self.main))

    def _arm(self, target: Target) -> str:
        return self.view.say("target_arm", arm=target.name) if self.several else ""

    def _top(self, target: Target) -> Finding | None:
        view, share = self.view, self.main
        top, rest, apart = (
            uplift.figure(target.outcome, s)
            for s in (uplift.effect(share), uplift.effect(share, top=False), uplift.top_against_rest(share))
        )
        if top is None or rest is None or apart is None:
            return None
        low, high = apart.interval()
        key = "effect_top_more" if low > 0 else "effect_top_less" if high < 0 else "effect_top_same"
        kind: Kind = "good" if low > 0 else "costs" if high < 0 else "know"
        s = self.sign
        evidence = {
            "top": s * top.value,
            "rest": s * rest.value,
            "difference": apart.value,
            "low": low,
            "high": high,
        }
        said: dict[str, Any] = {
            "share": shown_share(view, share),
            "arm": self._arm(target),
            "top": view.signed(s * top.value),
            "rest": view.signed(s * rest.value),
        }
        basis = self._basis("effect_top", target.n, (low, high))
        return view.finding(
            "worth", key, kind, basis, touches=target.n / view.n, evidence={**evidence, "arm": target.name}, **said
        )

    def _policy(self, target: Target) -> Finding | None:
        """By score against as many at random, and against everybody: in money where value and cost are given."""
        view, share = self.view, self.main
        in_money = target.worth is not None and view.has("cost")
        cells = target.worth if in_money and target.worth is not None else target.outcome
        gain, rest = (uplift.figure(cells, s) for s in (uplift.gain(share), uplift.effect(share, top=False)))
        if gain is None or rest is None:
            return None
        low, high = gain.interval()
        verdict = "more" if low > 0 else "less" if high < 0 else "same"
        cost = self.effects.costs[self.effects.best] if in_money else 0.0
        rest_low, rest_high = (v - cost for v in rest.interval())
        everybody = "more" if rest_low > 0 else "less" if rest_high < 0 else "unclear"
        if not in_money and view.has("cost"):
            everybody = "unclear" if everybody == "more" else everybody
        kind: Kind = "good" if verdict == "more" else "costs" if verdict == "less" else "know"
        qini = uplift.figure(target.outcome, uplift.qini)
        evidence = {
            "verdict": verdict,
            "everybody": everybody,
            "share": share,
            "arm": target.name,
            "measure": "money" if in_money else "outcome",
            "gain": gain.value,
            "low": low,
            "high": high,
            "rest": rest.value - cost,
            "rest_low": rest_low,
            "rest_high": rest_high,
            **_named("qini", qini),
        }
        net = view.say("everybody_net" if in_money else "everybody_gross") if everybody == "more" else ""
        said: dict[str, Any] = {
            "targeting": view.say(
                f"targeting_{verdict}",
                top=shown_share(view, share),
                arm=self._arm(target),
                gain=self._gain(gain.value),
                low=self._gain(low),
                high=self._gain(high),
            ),
            "everybody": view.say(f"everybody_{everybody}", net=net),
        }
        brings = -gain.value * view.n if in_money and verdict == "more" else None
        return view.finding(
            "worth",
            "policy_value",
            kind,
            self._basis("policy_value", target.n, (low, high)),
            touches=target.n / view.n,
            evidence=evidence,
            money=brings,
            **said,
        )

    def _gain(self, per_row: float) -> str:
        """A gain in 100 rows, in outcomes or money, welcome being above 0."""
        return money(self.view, per_row * 100, sign=True)

    def _table(self) -> Table:
        """Effect among the highest and the rest, and the gain over as many taken at random, in 100 rows."""
        view = self.view
        rows: list[dict[str, Any]] = []
        cells = []
        for target in self.targets:
            for part in (*sorted({*SHARES, self.main}), 1.0):
                tops = (True, False) if part == self.main and part < 1 else (True,)
                for top in tops:
                    row, line = self._line(target, part, top)
                    rows.append(row)
                    cells.append(line)
        heads = ["who", "treated", "untreated", "effect", "gain"] + (["money"] if self.best.worth else [])
        columns = tuple(view.say(f"target_column_{head}") for head in heads)
        qini = [(t, uplift.figure(t.outcome, uplift.qini)) for t in self.targets]
        note = " ".join(
            [view.say("target_note"), *(self._qini(t, q) for t, q in qini if q is not None)],
        )
        return Table(
            self._titled("target_table"),
            columns,
            tuple(cells),
            tuple(rows),
            note,
            self._basis("policy_value", self.best.n, None),
        )

    def _qini(self, target: Target, q: Figure) -> str:
        low, high = q.interval()
        view = self.view
        shown = {k: money(view, v * 100, sign=True) for k, v in (("value", q.value), ("low", low), ("high", high))}
        return view.say("target_qini", arm=self._arm(target), **shown)

    def _line(self, target: Target, part: float, top: bool) -> tuple[dict[str, Any], tuple[str, ...]]:
        view, cells = self.view, target.outcome
        who = "target_all" if part == 1 else "target_top" if top else "target_rest"
        name = view.say(who, top=shown_share(view, part if top else 1 - part)) + self._arm(target)
        row: dict[str, Any] = {"arm": target.name, "share": part, "top": top}
        few = (cells.effective(part) if top else cells.effective(part, top=False)) < FEW
        effect = None if few else uplift.figure(cells, uplift.effect(part, top=top))
        if effect is None:
            return row, (name, "–", "–", view.say("cannot_tell"), "", *([""] if target.worth else []))
        taken = uplift.taken(cells.w.sum(2), part)
        inside = taken if top else 1 - taken
        alone, treated = self.sign * (inside @ cells.y.sum(2)) / (inside @ cells.w.sum(2))
        low, high = sorted(self.sign * v for v in effect.interval())
        row |= {
            "treated": treated,
            "untreated": alone,
            "effect": self.sign * effect.value,
            "low": low,
            "high": high,
        }
        line = [
            name,
            view.number(treated * 100, 1),
            view.number(alone * 100, 1),
            _span(*map(view.signed, (row["effect"], low, high))),
        ]
        for what, sums in (("gain", cells), ("money_gain", target.worth)):
            if sums is not None:
                figure = uplift.figure(sums, uplift.gain(part)) if top and part < 1 else None
                row |= _named(what, figure)
                line.append(_span(*map(self._gain, (figure.value, *figure.interval()))) if figure else "")
        return row, tuple(line)

    def _chart(self, target: Target) -> Chart | None:
        view = self.view
        share, g = uplift.curve(target.outcome.w.sum(2), target.outcome.y.sum(2))
        if not np.isfinite(g).all():
            return None
        ours, chance = view.say("qini_line_score"), view.say("qini_line_random")
        points = [
            {"x": x * 100, "y": y * 100, "line": ours, "ours": True}
            for x, y in zip(share.tolist(), g.tolist(), strict=True)
        ]
        points += [{"x": 100 * x, "y": 100 * x * float(g[-1]), "line": chance, "ours": False} for x in (0, 1)]
        at = float(np.interp(self.main, share, g))
        says = self._titled(
            "qini_says",
            top=shown_share(view, self.main),
            ours=view.signed(at),
            random=view.signed(self.main * float(g[-1])),
            everybody=view.signed(float(g[-1])),
        )
        spec = charts.curves(points, view.say("qini_axis_x"), view.say("qini_axis_y"))
        return Chart(self._titled("qini_chart", arm=self._arm(target)), spec, says)

    def _titled(self, key: str, **said: str) -> str:
        """The heading, or the heading on the supposition that chance chose."""
        text = self.view.say(key, **said)
        return text if self.effects.chance.cause else self.view.say("if_chance", text=text)


def _span(value: str, low: str, high: str) -> str:
    return f"{value} ({low} to {high})"


def _named(what: str, figure: Figure | None) -> dict[str, float]:
    if figure is None:
        return {}
    low, high = figure.interval()
    return {what: figure.value, f"{what}_low": low, f"{what}_high": high}
