"""Vega-Lite specifications of the audit, as plain data. A page may swap the colours for its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ACCENT, QUIET, INK, MUTED, LINE, BAD = "#0b5cad", "#9aa3ad", "#1d2530", "#525c69", "#d8d9d6", "#a8231c"
_WIDTH = 300

_CONFIG: dict[str, Any] = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "labelLimit": 150,
    },
}


def _spec(rows: Sequence[Mapping[str, Any]], height: Any, layer: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": _WIDTH,
        "height": height,
        "data": {"values": [dict(row) for row in rows]},
        "layer": layer,
        "config": _CONFIG,
    }


def bars(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One bar a row of `who`, `value` (of 100), `shown`; the first is ours, the others are comparisons."""
    who = {
        "field": "who",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"ticks": False, "domain": False},
    }
    x = {"field": "value", "type": "quantitative", "title": None, "axis": None, "scale": {"domainMin": 0}}
    colour = {"condition": {"test": "datum.ours", "value": ACCENT}, "value": QUIET}
    return _spec(
        rows,
        {"step": 34},
        [
            {"mark": {"type": "bar", "cornerRadiusEnd": 3}, "encoding": {"y": who, "x": x, "color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 14, "color": INK},
                "encoding": {"y": who, "x": x, "text": {"field": "shown"}},
            },
        ],
    )


def against_line(rows: Sequence[Mapping[str, Any]], line: float, axis: str) -> dict[str, Any]:
    """Columns over `top` with the height `value`; a dashed line is what chance would give."""
    x = {"field": "top", "type": "ordinal", "sort": None, "title": axis, "axis": {"labelAngle": 0}}
    y = {"field": "value", "type": "quantitative", "title": None, "scale": {"domainMin": 0}, "axis": None}
    return _spec(
        rows,
        180,
        [
            {
                "mark": {"type": "bar", "color": ACCENT, "size": 42, "cornerRadiusEnd": 3},
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "text", "dy": -9, "fontSize": 14, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "shown"}},
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.5},
                "encoding": {"y": {"datum": line, "type": "quantitative"}},
            },
        ],
    )


def said_and_seen(rows: Sequence[Mapping[str, Any]], said: str, seen: str) -> dict[str, Any]:
    """Calibration: a dot a bin, with its size by rows, against the line on which what it says is what came."""
    scale = {"domain": [0, 100]}
    axis = {"values": [0, 20, 40, 60, 80, 100]}
    return _spec(
        rows,
        240,
        [
            {
                "data": {"values": [{"said": 0, "seen": 0}, {"said": 100, "seen": 100}]},
                "mark": {"type": "line", "color": QUIET, "strokeDash": [5, 4]},
                "encoding": {
                    "x": {"field": "said", "type": "quantitative"},
                    "y": {"field": "seen", "type": "quantitative"},
                },
            },
            {
                "mark": {"type": "circle", "color": ACCENT, "opacity": 0.9},
                "encoding": {
                    "x": {"field": "said", "type": "quantitative", "title": said, "scale": scale, "axis": axis},
                    "y": {"field": "seen", "type": "quantitative", "title": seen, "scale": scale, "axis": axis},
                    "size": {"field": "n", "type": "quantitative", "legend": None, "scale": {"range": [50, 420]}},
                },
            },
        ],
    )


def intervals(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A dot with its interval a group: `who`, `value`, `low`, `high`, of 100; `far` marks those worse off."""
    who = {
        "field": "who",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"ticks": False, "domain": False},
    }
    colour = {"condition": {"test": "datum.far", "value": BAD}, "value": ACCENT}
    return _spec(
        rows,
        {"step": 34},
        [
            {
                "mark": {"type": "rule", "strokeWidth": 2.5},
                "encoding": {
                    "y": who,
                    "x": {"field": "low", "type": "quantitative", "title": None, "scale": {"domainMin": 0}},
                    "x2": {"field": "high"},
                    "color": colour,
                },
            },
            {
                "mark": {"type": "circle", "size": 130, "opacity": 1},
                "encoding": {"y": who, "x": {"field": "value", "type": "quantitative"}, "color": colour},
            },
        ],
    )


def over_time(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A dot with its interval a period, in their order: `when` in words, `value`, `low`, `high`, of 100."""
    x = {"field": "when", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": -40}}
    scale = {"zero": False, "nice": True}
    return _spec(
        rows,
        200,
        [
            {
                "mark": {"type": "rule", "color": ACCENT, "strokeWidth": 2},
                "encoding": {
                    "x": x,
                    "y": {"field": "low", "type": "quantitative", "title": None, "scale": scale},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "line", "color": ACCENT, "strokeWidth": 1.5, "opacity": 0.6},
                "encoding": {"x": x, "y": {"field": "value", "type": "quantitative", "scale": scale}},
            },
            {
                "mark": {"type": "circle", "size": 90, "color": ACCENT, "opacity": 1},
                "encoding": {"x": x, "y": {"field": "value", "type": "quantitative", "scale": scale}},
            },
        ],
    )


def curves(rows: Sequence[Mapping[str, Any]], across: str, up: str) -> dict[str, Any]:
    """Lines over a number: `x`, `y`, the `line` it belongs to, and whether that line is `ours` (strong) or a
    comparison (grey); dashes tell the lines apart, below."""
    x = {"field": "x", "type": "quantitative", "title": across, "scale": {"nice": False}}
    y = {"field": "y", "type": "quantitative", "title": up}
    colour = {"condition": {"test": "datum.ours", "value": ACCENT}, "value": QUIET}
    dash = {"field": "line", "type": "nominal", "legend": {"title": None, "orient": "bottom"}, "sort": None}
    return _spec(
        rows,
        220,
        [
            {
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash, "detail": {"field": "line"}},
            }
        ],
    )


def cumulated(rows: Sequence[Mapping[str, Any]], items: str, taken: str) -> dict[str, Any]:
    """A curve of `taken` over `items` (both of 100), against the line on which all would have the same."""
    scale = {"domain": [0, 100]}
    x = {"field": "items", "type": "quantitative", "title": items, "scale": scale}
    y = {"field": "taken", "type": "quantitative", "title": taken, "scale": scale}
    return _spec(
        rows,
        240,
        [
            {
                "data": {"values": [{"items": 0, "taken": 0}, {"items": 100, "taken": 100}]},
                "mark": {"type": "line", "color": QUIET, "strokeDash": [5, 4]},
                "encoding": {"x": x, "y": y},
            },
            {"mark": {"type": "line", "color": ACCENT, "strokeWidth": 2.5}, "encoding": {"x": x, "y": y}},
        ],
    )
