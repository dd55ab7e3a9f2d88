"""The tables and the chart on drift."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from payoff.audit import charts
from payoff.audit.report import Chart, Table
from payoff.audit.sections.drift.estimated import Estimate
from payoff.audit.sections.drift.moved import Move
from payoff.audit.sections.drift.overtime import Period
from payoff.audit.view import FEW, View

_MOST_LINES = 25
_NOTHING = "–"


def when(view: View, moment: datetime) -> str:
    """The first moment of a period, as a day where periods are whole days."""
    whole = all(period.time() == time() for period in view.periods)
    return view.texts.day(moment.date()) if whole else f"{view.texts.day(moment.date())} {moment:%H:%M}"


def by_period(view: View, found: list[Period], guess: Estimate | None) -> Table:
    heads = ["when", "rows"]
    heads += ["known", "outcome"] if "label" in view.rows else []
    heads += ["said"] if "score" in view.rows and view.probability else []
    heads += ["ranks"] if "score" in view.rows and "label" in view.rows else []
    heads += ["estimated"] if guess else []
    rows = tuple(_figures(view, k, period, guess) for k, period in enumerate(found))
    cells = tuple(
        tuple(_cell(view, head, period, row) for head in heads) for period, row in zip(found, rows, strict=True)
    )
    names = tuple(view.say(f"drift_column_{head}") for head in heads)
    note = view.say("drift_period_note", few=FEW)
    if guess:
        note += " " + view.say("drift_estimated_note")
    if view.rows.clustered and "ranks" in heads:
        note += " " + view.say("drift_repeated_note")
    off = max((period.off for period in found), default=0.0)
    ranked = "ranks" in heads
    basis = view.basis("drift_ranks", view.known, off=f"{off:.1g}") if ranked else view.basis("count", view.n)
    return Table(view.say("drift_table_periods"), names, cells, rows, note, basis)


def _figures(view: View, k: int, period: Period, guess: Estimate | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "from": view.periods[k].isoformat(),
        "rows": period.rows,
        "known": period.known,
        "outcome": period.outcome.value if period.outcome else None,
        "mean_score": period.said,
        "auc": period.ranks,
        "auc_low": period.low,
        "auc_high": period.high,
        "auc_off_by_at_most": period.off,
    }
    return {**row, "auc_estimated": guess.by_period[k]} if guess else row


def _cell(view: View, head: str, period: Period, row: dict[str, Any]) -> str:
    match head:
        case "when":
            return when(view, datetime.fromisoformat(row["from"]))
        case "rows":
            return view.number(period.rows)
        case "known":
            return view.of_100(period.known / period.rows) if period.rows else _NOTHING
        case "outcome":
            few = period.outcome is None or period.known < FEW
            return view.say("cannot_tell") if few else view.of_100(row["outcome"])
        case "said":
            return _NOTHING if period.said is None else view.of_100(period.said)
        case "estimated":
            value = row["auc_estimated"]
            return _NOTHING if value is None else view.say("drift_about", n=view.of_100(value))
        case _:
            if period.ranks is None or period.low is None or period.high is None:
                return view.say("cannot_tell")
            low, high = view.of_100(period.low), view.of_100(period.high)
            return view.say("drift_range", n=view.of_100(period.ranks), low=low, high=high)


def by_column(view: View, columns: list[Move], score: Move | None, looked: int) -> tuple[Table, ...]:
    """The score, then the columns that moved most."""
    moves = [*([score] if score else []), *columns]
    if not moves:
        return ()
    rows = [move.as_dict(looked) for move in moves[:_MOST_LINES]]
    heads = ("column", "changed", "moved", "index", "distance", "chance")
    names = tuple(view.say(f"drift_column_{head}") for head in heads)
    cells = tuple(
        (
            move.column,
            view.of_100(move.changed),
            view.say(f"drift_size_{row['moved']}"),
            view.number(move.index, 3),
            view.number(float(row["jensen_shannon"] or 0.0), 3),
            f"{row['p']:.2g}",
        )
        for move, row in zip(moves, rows, strict=False)
    )
    rest = len(moves) - len(rows)
    note = view.say("drift_columns_note") + (" " + view.say("drift_columns_rest", n=rest) if rest else "")
    basis = view.basis("drift", moves[0].n)
    return (Table(view.say("drift_table_columns"), names, cells, tuple(rows), note, basis),)


def over_time(view: View, found: list[Period]) -> list[Chart]:
    """How well it ranked by period, else how often the outcome came; nothing with fewer than two periods to
    show."""
    ranked = [
        (k, p.ranks, p.low, p.high) for k, p in enumerate(found) if p.ranks is not None and p.low is not None
    ]
    came = [
        (k, p.outcome.value, p.outcome.low, p.outcome.high)
        for k, p in enumerate(found)
        if p.outcome and p.known >= FEW
    ]
    shown, key = (ranked, "ranks") if len(ranked) > 1 else (came, "outcome")
    if len(shown) < 2:
        return []
    dots = [
        {"when": when(view, view.periods[k]), "value": v * 100, "low": (low or 0) * 100, "high": (high or 0) * 100}
        for k, v, low, high in shown
    ]
    first, last = shown[0], shown[-1]
    words = {"first": view.of_100(first[1] or 0), "last": view.of_100(last[1] or 0)}
    says = view.say(f"drift_chart_{key}_says", from_=dots[0]["when"], to=dots[-1]["when"], **words)
    return [Chart(view.say(f"drift_chart_{key}"), charts.over_time(dots), says)]
