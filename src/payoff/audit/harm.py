"""Who is worse off: who is picked out, wrongly picked out and missed, by group, with ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from payoff.audit import charts, measures
from payoff.audit.measures import Share
from payoff.audit.report import Chart, Finding, Kind, Section, Table
from payoff.audit.view import FEW, View

Rate = Literal["selected", "fpr", "fnr"]
RATES: tuple[Rate, ...] = ("fpr", "fnr", "selected")
SMALL_GAP = 0.05
LARGE_GAP = 0.10
_NAMED = 3
"""How many groups a sentence sets beside the worst-off one; the table has them all."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of one column. A rate is `None` where fewer than `FEW` rows could show it ("cannot tell")."""

    column: str
    name: str
    n: int
    base: float
    selected: Share | None
    fpr: Share | None
    fnr: Share | None

    def rate(self, rate: Rate) -> Share | None:
        return {"selected": self.selected, "fpr": self.fpr, "fnr": self.fnr}[rate]


@dataclass(frozen=True, slots=True)
class Gap:
    """One group against the largest one of its column. `sure`: the range, widened for the number of comparisons,
    leaves out zero."""

    column: str
    rate: Rate
    group: Group
    reference: Group
    value: float
    low: float
    high: float
    sure: bool


def groups_of(view: View, column: str, alpha: float = 0.05) -> list[Group]:
    """The groups of one column, largest first; rows without a value are left out."""
    selected, label, values = view.selected, view.label, view.groups[column]

    def told(hits: np.ndarray, among: np.ndarray) -> Share | None:
        n = int(among.sum())
        return measures.share(int((hits & among).sum()), n, alpha) if n >= FEW else None

    found = []
    for name in np.unique(values[values != ""].astype(str)):
        here = values == name
        found.append(
            Group(
                column=column,
                name=str(name),
                n=int(here.sum()),
                base=float(label[here].mean()),
                selected=told(selected, here),
                fpr=told(selected, here & ~label),
                fnr=told(~selected, here & label),
            )
        )
    return sorted(found, key=lambda g: (-g.n, g.name))


def gaps_of(view: View, column: str, comparisons: int) -> list[Gap]:
    """Every group's rates against those of the largest group, with 95% ranges (Newcombe)."""
    plain = groups_of(view, column)
    strict = groups_of(view, column, alpha=0.05 / max(1, comparisons))
    found = []
    for rate in RATES:
        for group, careful in zip(plain[1:], strict[1:], strict=True):
            ours, theirs = group.rate(rate), plain[0].rate(rate)
            wide, other = careful.rate(rate), strict[0].rate(rate)
            if ours is None or theirs is None or wide is None or other is None:
                continue
            value, low, high = measures.gap(ours, theirs)
            _, widest_low, widest_high = measures.gap(wide, other)
            sure = widest_low > 0 or widest_high < 0
            found.append(Gap(column, rate, group, plain[0], value, low, high, sure))
    return found


class Harm:
    """Selection rate, false-positive and false-negative gaps by segment and protected group."""

    name = "harm"
    needs: tuple[str, ...] = ("groups",)

    def run(self, view: View) -> Section:
        columns = list(view.groups)
        comparisons = sum(len(np.unique(g.astype(str))) - 1 for g in view.groups.values()) * len(RATES)
        gaps = {column: gaps_of(view, column, comparisons) for column in columns}
        findings = self._findings(view, gaps)
        tables = tuple(self._table(view, column, gaps[column]) for column in columns)
        first = findings[0].evidence.get("column", columns[0]) if findings else columns[0]
        chart = self._chart(view, str(first), gaps[str(first)])
        return Section(self.name, view.say("harm_title"), tuple(findings), tables, (chart,) if chart else ())

    def _findings(self, view: View, gaps: dict[str, list[Gap]]) -> list[Finding]:
        worst: list[Gap] = []
        for found in gaps.values():
            large = [g for g in found if g.sure and abs(g.value) >= SMALL_GAP]
            # An error gap is a harm in itself; a selection gap alone may mirror how often the outcome comes.
            rates = [r for r in ("fpr", "fnr") if any(g.rate == r for g in large)] or ["selected"]
            of_rate = [[g for g in large if g.rate == rate] for rate in rates]
            worst += [max(some, key=lambda g: (abs(g.value), g.group.name)) for some in of_rate if some]
        if worst:
            made = [self._finding(view, gap, gaps[gap.column]) for gap in worst]
            return sorted(made, key=lambda f: f.rank)
        if not any(gaps.values()):
            return [Finding("harm_cannot_tell", "know", view.say("harm_cannot_tell"), 0.6, self.name)]
        text = view.say("harm_none", n=len(gaps))
        return [Finding("harm_none", "good", text, 0.3, self.name, {"columns": list(gaps)})]

    def _finding(self, view: View, gap: Gap, beside: list[Gap]) -> Finding:
        """The worst-off group first, then the larger ones of the others, so that nobody picks the comparison."""
        of_rate = [g for g in beside if g.rate == gap.rate]
        told = [gap.reference, *(g.group for g in of_rate)]
        rates = {g.name: found.value for g in told if (found := g.rate(gap.rate)) is not None}
        first = max((gap.group.name, gap.reference.name), key=lambda name: rates[name])
        others = [name for name in rates if name != first][:_NAMED]
        text = view.say(
            f"harm_{gap.rate}",
            group=f"“{called(gap.column, first)}”",
            value=view.of_100(rates[first]),
            others=", ".join(f"“{called(gap.column, name)}” {view.of_100(rates[name])}" for name in others),
            column=gap.column,
        )
        protected = gap.column in view.roles.protected
        grave = protected and abs(gap.value) >= LARGE_GAP and gap.rate != "selected"
        kind: Kind = "stop" if grave else "costs" if protected else "know"
        evidence = {
            "column": gap.column,
            "rate": gap.rate,
            "worst_off": first,
            "reference": gap.reference.name,
            "rates": rates,
            "gaps": {g.group.name: {"value": g.value, "low": g.low, "high": g.high} for g in of_rate},
        }
        return Finding(f"harm_{gap.rate}", kind, text, abs(gap.value), self.name, evidence)

    def _table(self, view: View, column: str, gaps: list[Gap]) -> Table:
        gap_of = {(g.group.name, g.rate): g for g in gaps}
        rows: list[dict[str, Any]] = []
        cells = []
        for group in groups_of(view, column):
            row: dict[str, Any] = {"group": group.name, "n": group.n, "base_rate": group.base}
            line = [group.name, view.texts.number(group.n)]
            for rate in ("selected", "fpr", "fnr"):
                found = group.rate(rate)
                row[rate] = None if found is None else found.value
                line.append(view.say("cannot_tell") if found is None else span(view, found))
                gap = gap_of.get((group.name, rate))
                if gap:
                    row[f"{rate}_gap"] = gap.value
                    row[f"{rate}_gap_low"], row[f"{rate}_gap_high"] = gap.low, gap.high
            few = group.n < FEW
            row["base_rate"] = None if few else group.base
            line.append(view.say("cannot_tell") if few else view.of_100(group.base))
            rows.append(row)
            cells.append(tuple(line))
        heads = ("group", "n", "selected", "fpr", "fnr", "base")
        by = "decision" if view.decision is not None else "half" if self._half(view) else "top"
        note = view.say("harm_note", few=FEW, by=view.say(f"harm_by_{by}"))
        columns = tuple(view.say(f"harm_column_{head}") for head in heads)
        return Table(view.say("harm_table", column=column), columns, tuple(cells), tuple(rows), note)

    @staticmethod
    def _half(view: View) -> bool:
        return view.probability and bool(np.array_equal(view.selected, view.score >= 0.5))

    def _chart(self, view: View, column: str, gaps: list[Gap]) -> Chart | None:
        sure = [g for g in gaps if g.rate == "fpr" and g.sure and abs(g.value) >= SMALL_GAP]
        far = {(g.group if g.value > 0 else g.reference).name for g in sure}
        points = [
            {
                "who": called(column, group.name),
                "value": group.fpr.value * 100,
                "low": group.fpr.low * 100,
                "high": group.fpr.high * 100,
                "far": group.name in far,
            }
            for group in groups_of(view, column)
            if group.fpr is not None
        ]
        if len(points) < 2:
            return None
        points.sort(key=lambda p: -float(str(p["value"])))
        says = view.say("harm_chart_says", group=f"“{points[0]['who']}”")
        return Chart(view.say("harm_chart", column=column), charts.intervals(points), says)


def called(column: str, group: str) -> str:
    """A group's name for a sentence; a bare yes, no or number says nothing without its column."""
    bare = group.casefold() in ("yes", "no", "true", "false") or group.replace(".", "", 1).isdigit()
    return f"{column} {group}" if bare else group


def span(view: View, found: Share) -> str:
    """A share with its range, of 100: 45 (43–47)."""
    return f"{view.of_100(found.value)} ({view.of_100(found.low)}–{view.of_100(found.high)})"
