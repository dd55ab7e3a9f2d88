"""How long a prediction lies about before somebody acts."""

from __future__ import annotations

from typing import Any

from payoff.audit import measures
from payoff.audit.gaps import by_group, code_key, named
from payoff.audit.report import Finding, Kind, Table
from payoff.audit.sections.acts.funnel import share_where
from payoff.audit.sections.harm.tables import span
from payoff.audit.view import FEW, View

WEEK = 168
_DAYS = 48
"""From so many hours on a wait is told in days."""
_MANY = 0.10
"""When so many of those acted on wait over a week, it costs."""
_FAULTY = 0.05
_KNOWN = "wait_hours >= 0"


def findings(view: View) -> list[Finding]:
    """The wait from score to action, and actions before their score, which are faults of the data."""
    if "wait_hours" not in view.rows:
        return []
    total = int(view.rows.one("count(*)", "wait_hours is not null"))
    early = int(view.rows.one("count(*)", "wait_hours < 0"))
    found = [_waits(view, total - early)] if total > early else []
    if early:
        kind: Kind = "stop" if early > _FAULTY * total else "costs"
        basis = view.basis("count", total)
        found.append(
            view.finding(
                "acts",
                "waits_negative",
                kind,
                basis,
                touches=early / view.n,
                evidence={"n": early, "of": total},
                n=early,
            )
        )
    return found


def _waits(view: View, n: int) -> Finding:
    if n < FEW:
        return view.finding("acts", "waits_few", "know", view.basis("count", n), touches=n / view.n, n=n)
    middle, late = view.rows.quantiles("wait_hours", (0.5, 0.9), where=_KNOWN)[()]
    over = share_where(view, f"wait_hours > {WEEK}", _KNOWN)
    assert over is not None
    return view.finding(
        "acts",
        "waits",
        "costs" if over.value >= _MANY else "know",
        view.basis("quantile", n),
        touches=over.hits / view.n if over.value >= _MANY else n / view.n,
        evidence={
            "median_hours": middle,
            "hours_90": late,
            "over_a_week": over.value,
            "low": over.low,
            "high": over.high,
        },
        middle=lasting(view, middle),
        late=lasting(view, late),
        over=view.of_100(over.value),
    )


def lasting(view: View, hours: float) -> str:
    """A wait in words: hours up to two days, then days."""
    if hours < _DAYS:
        return view.say("acts_hours", n=view.number(hours, 0 if hours >= 10 or hours == round(hours) else 1))
    return view.say("acts_days", n=view.number(hours / 24, 0 if hours >= 240 else 1))


def table(view: View) -> Table | None:
    """The wait by the groups of the first segment; `None` without one or without waits."""
    column = next(iter((*view.roles.segments, *view.roles.protected)), "")
    if "wait_hours" not in view.rows or not column:
        return None
    coded = view.groups[column]
    found = view.rows.quantiles("wait_hours", (0.5, 0.9), coded.code, where=_KNOWN)
    quantiles = {code_key(key): values for key, values in found.items()}
    over = by_group(view, [coded], f"(wait_hours > {WEEK})::int", _KNOWN)
    rows: list[dict[str, Any]] = []
    cells = []
    for key in sorted(over, key=lambda k: -over[k].w):
        few = over[key].n < FEW
        share = None if few else measures.share_of(over[key])
        middle, late = (None, None) if few else quantiles[key]
        name = named(view, coded, key)
        rows.append({"group": name, "n": int(over[key].w), "median_hours": middle, "hours_90": late})
        told = [view.say("cannot_tell") if v is None else lasting(view, v) for v in (middle, late)]
        week = view.say("cannot_tell") if share is None else span(view, share)
        rows[-1]["over_a_week"] = None if share is None else share.value
        cells.append((name, view.number(over[key].w), *told, week))
    heads = tuple(view.say(f"acts_column_{head}") for head in ("group", "rows", "middle", "late", "week"))
    return Table(view.say("acts_table_waits", column=column), heads, tuple(cells), tuple(rows))
