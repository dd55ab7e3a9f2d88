"""The tables and the chart of who is worse off."""

from __future__ import annotations

from typing import Any

from payoff.audit import charts
from payoff.audit.gaps import Gap, Group, Split, at_most, called
from payoff.audit.measures import Share
from payoff.audit.report import Chart, Table
from payoff.audit.sections.harm.comparison import Comparison, parity_of
from payoff.audit.view import FEW, View

_RATES = ("selected", "fpr", "fnr", "base")
_HALF = 0.5


def table(found: Comparison, split: Split) -> Table:
    """One column: each group's rates with their ranges, and what can be said of the group beside the largest."""
    view = found.view
    rates = [
        r for r in _RATES if any(r in g.cells for g in split.groups) and (found.errors or r not in ("fpr", "fnr"))
    ]
    gap_of = {(g.group.name, g.rate): g for rate in rates for g in found.of(split, rate)}
    rows, cells = [], []
    for group in split.groups:
        row: dict[str, Any] = {"group": group.name, "n": group.n}
        line = [group.name, view.number(group.n)]
        for rate in rates:
            share = group.rate(rate)
            line.append(view.say("cannot_tell") if share is None else span(view, share))
            row |= _row(rate, share)
            gap = gap_of.get((group.name, rate))
            row |= _gap_row(found, gap) if gap else {}
        row["verdict"], words = _verdict(found, split, group)
        rows.append(row)
        cells.append((*line, words))
    heads = ("group", "n", *rates, "verdict")
    note = view.say(
        "harm_note",
        few=FEW,
        reference=called(split.column, split.reference.name),
        by=by(view) if found.judged else "",
    )
    columns = tuple(view.say(f"harm_column_{head}") for head in heads)
    basis = view.basis("wilson_units" if view.rows.clustered else "wilson", sum(g.n for g in split.groups))
    title = view.say("harm_table", column=split.column)
    figures = {"column": split.column, **parity_of(found, split)}
    return Table(title, columns, tuple(cells), tuple(rows), note.strip(), basis, figures)


def _row(rate: str, share: Share | None) -> dict[str, Any]:
    name = "base_rate" if rate == "base" else rate
    if share is None:
        return {name: None, f"{name}_n": None, f"{name}_low": None, f"{name}_high": None}
    return {name: share.value, f"{name}_n": share.n, f"{name}_low": share.low, f"{name}_high": share.high}


def _gap_row(found: Comparison, gap: Gap) -> dict[str, Any]:
    return {
        f"{gap.rate}_gap": gap.value,
        f"{gap.rate}_gap_low": gap.low,
        f"{gap.rate}_gap_high": gap.high,
        f"{gap.rate}_ratio": gap.ratio,
        f"{gap.rate}_verdict": found.verdict(gap),
    }


def _verdict(found: Comparison, split: Split, group: Group) -> tuple[str | None, str]:
    """The verdict on a group over all judged rates, as data and in words; none on the one others stand beside."""
    view = found.view
    if group is split.reference or not found.judged:
        return None, view.say("harm_verdict_reference") if group is split.reference else ""
    mine = [g for rate in found.judged for g in found.of(split, rate) if g.group is group]
    sure = [g for g in mine if found.verdict(g) in ("worse", "better")]
    if sure:
        return _sure(found, split, group, sure)
    if len(mine) == len(found.judged) and all(found.verdict(g) == "level" for g in mine):
        return "no gap", view.say("harm_verdict_level", most=at_most(view, max(g.most for g in mine)))
    return "cannot tell", view.say("cannot_tell")


def _sure(found: Comparison, split: Split, group: Group, sure: list[Gap]) -> tuple[str, str]:
    """Worse off in one rate is worse off, whatever the other says; the words name both."""
    view = found.view
    if view.said.picked_good is None and not found.errors:
        side = "more" if sure[0].value > 0 else "less"
        return f"picked {side}", view.say(f"harm_verdict_picked_{side}")
    if group.name in (both := found.shifted(split)):
        side = "more" if both[group.name][0].value > 0 else "less"
        return f"picked {side}", view.say(f"harm_verdict_readily_{side}")
    worse = [g for g in sure if found.worst_off(g) == group.name]
    better = [g for g in sure if g not in worse]
    said = [
        view.say(f"harm_verdict_{side}", rates=", ".join(view.say(f"harm_column_{g.rate}") for g in gaps))
        for side, gaps in (("worse", worse), ("better", better))
        if gaps
    ]
    return "worse off" if worse else "better off", "; ".join(said)


def by(view: View) -> str:
    """Who counts as picked out, in words."""
    if "decision" in view.rows:
        return view.say("harm_by_decision")
    if view.said.threshold is not None:
        return view.say("harm_by_threshold", value=f"{view.cut:.3g}")
    return view.say("harm_by_half" if view.probability and view.cut == _HALF else "harm_by_top")


def chart(found: Comparison, split: Split) -> Chart | None:
    """A dot a group for the rate with the largest gap for sure, those worse off marked; `None` with one group."""
    view = found.view
    rates = [r for r in (*found.judged, "selected") if len(split.told(r)) > 1]
    if not rates or not found.judged:
        return None
    gaps = [(abs(g.value), r, g) for r in rates for g in found.large(split, r)]
    rate = max(gaps, key=lambda g: g[:2])[1] if gaps else rates[0]
    far = {found.worst_off(g) for g in found.large(split, rate)}
    points = []
    for group in split.groups:
        share = group.rate(rate)
        if share is not None:
            shown = {"value": share.value * 100, "low": share.low * 100, "high": share.high * 100}
            points.append({"who": called(split.column, group.name), **shown, "far": group.name in far})
    points.sort(key=lambda p: -float(str(p["value"])))
    says = view.say("harm_chart_says", group=f"“{points[0]['who']}”")
    return Chart(view.say(f"harm_chart_{rate}", column=split.column), charts.intervals(points), says)


def span(view: View, found: Share) -> str:
    """A share with its range, of 100: 45 (43–47)."""
    return f"{view.of_100(found.value)} ({view.of_100(found.low)}–{view.of_100(found.high)})"
