"""The tables and the chart on what is shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from payoff.audit import charts
from payoff.audit.report import Chart, Table
from payoff.audit.sections.bubble.showings import Showings, names
from payoff.audit.sections.bubble.shown_to import Group
from payoff.audit.view import FEW, View
from payoff.stats import concentration

_MOST = 10
_LINES = 40
_NOTHING = "–"


def most_shown(view: View, shown: Showings) -> Table:
    """The ten items shown most often."""
    first = shown.order[:_MOST]
    told = names(view, shown.items[first])
    yes, known = shown.outcomes()
    labelled = "label" in view.rows
    rows, cells = [], []
    for place, item in zip(first.tolist(), told, strict=True):
        n, part = int(shown.counts[place]), shown.counts[place] / shown.rows
        came = float(yes[place] / known[place]) if known[place] >= FEW else None
        row: dict[str, Any] = {"item": item, "rows": n, "share": float(part)}
        cell = [item, view.number(n), view.of_100(part)]
        if labelled:
            row |= {"known": int(known[place]), "outcome": came}
            cell.append(view.say("cannot_tell") if came is None else view.of_100(came))
        rows.append(row)
        cells.append(tuple(cell))
    heads = ("item", "rows", "share", *(("outcome",) if labelled else ()))
    note = view.say("bubble_items_note", n=view.number(shown.items.size))
    return _table(view, "items", heads, cells, rows, note, shown.rows)


def by_half(view: View, shown: Showings) -> tuple[Table, ...]:
    """The earlier half beside the later one; nothing without moments."""
    if not (shown.half < 2).any():
        return ()
    rows, cells = [], []
    for half, name in enumerate(("before", "after")):
        counts = shown.in_half(half)
        here = counts[counts > 0]
        enough = here.sum() >= FEW and (here > 1).any()
        top = concentration.top_share(here) if here.sum() >= FEW else None
        varied = min(shown.varied(half), float(here.size)) if enough else None
        row: dict[str, Any] = {
            "half": name,
            "rows": int(here.sum()),
            "items": here.size,
            "coverage": here.size / shown.items.size,
            "top_tenth": top,
            "gini": concentration.gini(here) if here.sum() >= FEW else None,
            "effective_number": varied,
        }
        rows.append(row)
        cells.append(
            (
                view.say(f"bubble_{name}"),
                view.number(int(here.sum())),
                view.number(here.size),
                view.of_100(here.size / shown.items.size),
                view.say("cannot_tell") if top is None else view.of_100(top),
                _NOTHING if varied is None else view.number(varied, 1),
            )
        )
    heads = ("half", "rows", "shown", "coverage", "top", "effective")
    return (_table(view, "halves", heads, cells, rows, view.say("bubble_halves_note"), shown.rows),)


def by_group(view: View, shown: Showings, told: list[Group]) -> tuple[Table, ...]:
    """Every group of segments and protected columns, those farthest from everybody first."""
    if not told:
        return ()
    ordered = sorted(told, key=lambda g: (g.few, -g.beyond))[:_LINES]
    rows = [
        {
            "column": g.column,
            "group": g.name,
            "rows": g.rows,
            "effective_number": None if g.few else g.varied,
            "top_one": None if g.few else g.most,
            "rows_to_change": None if g.few else g.apart,
            "by_chance": None if g.few else g.chance,
        }
        for g in ordered
    ]
    heads = ("column", "group", "rows", "effective", "one", "apart", "chance")
    note = view.say("bubble_groups_note", few=FEW)
    return (_table(view, "groups", heads, [_group_cells(view, g) for g in ordered], rows, note, shown.rows),)


def _group_cells(view: View, group: Group) -> tuple[str, ...]:
    lead = (group.column, group.name, view.number(group.rows))
    if group.few:
        return (*lead, view.say("cannot_tell"), _NOTHING, _NOTHING, _NOTHING)
    varied = _NOTHING if group.varied is None else view.number(group.varied, 1)
    return (*lead, varied, view.of_100(group.most), view.of_100(group.apart), view.of_100(group.chance))


def _table(
    view: View, name: str, heads: tuple[str, ...], cells: list[Any], rows: list[Any], note: str, n: int
) -> Table:
    columns = tuple(view.say(f"bubble_column_{head}") for head in heads)
    how = "apart" if name == "groups" else "concentration" if name == "halves" else "count"
    return Table(view.say(f"bubble_table_{name}"), columns, tuple(cells), tuple(rows), note, view.basis(how, n))


def share_curve(view: View, shown: Showings) -> Chart:
    """How much the most shown items take, from the first to the last."""
    shares = np.linspace(0, 1, min(101, shown.items.size + 1))
    taken = concentration.curve(shown.counts, shares)
    dots = [{"items": float(x) * 100, "taken": float(y) * 100} for x, y in zip(shares, taken, strict=True)]
    spec = charts.cumulated(dots, view.say("bubble_axis_items"), view.say("bubble_axis_taken"))
    tenth = view.of_100(concentration.top_share(shown.counts))
    half = view.of_100(concentration.top_share(shown.counts, 0.5))
    return Chart(view.say("bubble_chart"), spec, view.say("bubble_chart_says", tenth=tenth, half=half))
