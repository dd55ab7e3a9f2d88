"""The time of a table cut into equally long periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from payoff.audit.table.coding import MISSING
from payoff.audit.table.source import Source, quoted
from payoff.errors import BadInput, Fault

PERIODS = 12
_EDGE = 0.005
_FAR = 10
"""A first or last moment so many times farther out than nearly all others is a slip of the pen (1970, 9999)."""
_READABLE = 0.9


def periods_of(
    source: Source, name: str, at: str, note: Callable[..., None]
) -> tuple[tuple[datetime, ...], str] | None:
    """Where each of at most twelve periods begins, and SQL for a row's place among them; `at` is SQL for the
    moment.

    Periods are whole days where the time is long enough. A few moments far outside all others count in the
    first or the last one, which is noted, as are values that are no moments. `None` where all moments are the
    same. Raises `BadInput` where fewer than nine of ten values read as moments.
    """
    low, high, known, filled = source.connection.sql(
        f"select min({at}), max({at}), count({at}), count({quoted(name)}) from {source.relation}"
    ).fetchall()[0]
    if known < _READABLE * filled:
        what = f"only {known} of {filled} values read as moments"
        raise BadInput("the table", [Fault(name, what, "Write them as 2026-11-24 09:30.")])
    if known < filled:
        note("coerced_moments_lost", column=name, n=filled - known)
    if not known or low == high:
        return None
    source.connection.register("looked_at", source.look)
    edges = source.connection.sql(
        f"select quantile_cont({at}, [{_EDGE}, {1 - _EDGE}]) from looked_at where {at} is not null"
    ).fetchall()[0][0]
    if edges and high - low > _FAR * (edges[1] - edges[0]) > timedelta(0):
        first, last = edges
        far = f"select count(*) from {source.relation} where {at} < '{first}' or {at} > '{last}'"
        note("coerced_moments_far", column=name, n=source.connection.sql(far).fetchall()[0][0])
        low, high = first, last
    width = (high - low) / PERIODS
    if width > timedelta(days=1):
        low = low.replace(hour=0, minute=0, second=0, microsecond=0)
        width = timedelta(days=-(-(high - low) // timedelta(days=PERIODS)))
    width = max(width, timedelta(microseconds=1))
    n = min(PERIODS, int((high - low) / width) + 1)
    micros = width // timedelta(microseconds=1)
    start = f"epoch_us(timestamp '{low:%Y-%m-%d %H:%M:%S.%f}')"
    place = f"greatest(least((epoch_us({at}) - {start}) // {micros}, {n - 1}), 0)"
    sql = f"cast(case when {at} is null then {MISSING} else {place} end as utinyint)"
    return tuple(low + i * width for i in range(n)), sql
