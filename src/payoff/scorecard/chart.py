"""The scorecard's picture: one interval a metric, in units of its margin or its standard error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from payoff.records.judgement import Row

_COLOURS = {
    "better": "#1a7f4b",
    "no worse": "#3b6fb5",
    "worse": "#b3261e",
    "cannot tell": "#6b7280",
    "watch": "#6b7280",
}


def intervals(title: str, rows: Sequence[Row]) -> alt.Chart:
    """Every metric with a difference on one axis; right is better whatever the metric's direction.

    Metrics of different measures share the axis by dividing each by its margin (a dashed line at −1) or, without
    one, by half the width of its interval; the tooltip keeps the real figures.
    """
    values = [point for row in rows if (point := _point(row)) is not None]
    data = alt.Data(values=values)
    order = [v["label"] for v in values]
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=280))
    colour = alt.Color(
        "status:N",
        scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
        legend=alt.Legend(title=None),
    )
    tip = [alt.Tooltip(f"{name}:N") for name in ("label", "difference", "low", "high", "margin", "status")]
    base = alt.Chart(data).encode(y=y, color=colour, tooltip=tip)
    bars = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("from:Q", title="worse  ←  no difference  →  better"), x2="to:Q"
    )
    dots = base.mark_point(filled=True, size=70).encode(x="middle:Q")
    zero = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule(color="#888").encode(x="x:Q")
    margin = alt.Chart(alt.Data(values=[{"x": -1}])).mark_rule(color="#b3261e", strokeDash=[4, 4]).encode(x="x:Q")
    layers = [zero, margin, bars, dots] if any(v["margin"] is not None for v in values) else [zero, bars, dots]
    return alt.layer(*layers).properties(width=520, height=max(60, 26 * len(values)), title=title)


def _point(row: Row) -> dict[str, Any] | None:
    d = row.difference
    if d is None or d.value is None or d.low is None or d.high is None:
        return None
    scale = row.margin or (d.high - d.low) / 2 or 1.0
    sign = 1.0 if row.direction == "up" else -1.0
    ends = sorted((sign * d.low / scale, sign * d.high / scale))
    return {
        "label": row.label,
        "from": ends[0],
        "to": ends[1],
        "middle": sign * d.value / scale,
        "difference": d.value,
        "low": d.low,
        "high": d.high,
        "margin": row.margin,
        "status": row.status,
    }
