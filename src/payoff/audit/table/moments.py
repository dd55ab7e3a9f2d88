"""A column of moments as SQL, whichever of the usual ways it is written in."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from payoff.audit.table import columns
from payoff.audit.table.source import literal, quoted
from payoff.errors import BadInput, Fault

_YEAR_FIRST = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d")
_DOTTED = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")
_DAY_FIRST = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
_MONTH_FIRST = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%m/%d/%Y")
_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{4}")


def moment_sql(name: str, column: pa.ChunkedArray) -> tuple[str, str]:
    """SQL that gives the column as a timestamp, nothing where it cannot be read, and what was assumed.

    Moments may be typed, ISO texts (with or without a zone), 24.11.2026, 11/24/2026, 2026/11/24, or seconds,
    thousandths or millionths since 1970. Raises `BadInput` for a column that is none of these and for one where
    nobody can tell days from months.
    """
    x, kind = quoted(name), column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if columns.is_moment(kind):
        return f"cast(cast({x} as timestamptz) as timestamp)" if _zoned(kind) else f"cast({x} as timestamp)", ""
    if columns.is_number(kind):
        return _since_1970(name, columns.floats(column))
    if not columns.is_text(kind):
        raise BadInput("the table", [Fault(name, "it holds no moments", "Name a column of days or times.")])
    values = [v for v in columns.plain(column).drop_null().unique().slice(0, 5000).to_pylist() if v]
    slashed = [m for v in values if (m := _SLASHED.match(v))]
    day_first, month_first = any(int(m[1]) > 12 for m in slashed), any(int(m[2]) > 12 for m in slashed)
    if slashed and day_first == month_first:
        what = f"nobody can tell days from months ({slashed[0][0].strip()!r})"
        raise BadInput("the table", [Fault(name, what, "Write it year first: 2026-11-24.")])
    forms = [*_YEAR_FIRST, *_DOTTED, *((_DAY_FIRST if day_first else _MONTH_FIRST) if slashed else ())]
    listed = ", ".join(literal(form) for form in forms)
    sql = (
        f"coalesce(try_cast(trim({x}) as timestamptz) at time zone 'UTC', try_strptime(trim({x}), [{listed}]))"
        if any(re.search(r"\d(Z|[+-]\d{2}:?\d{2})$", v) for v in values)
        else f"coalesce(try_cast(trim({x}) as timestamp), try_strptime(trim({x}), [{listed}]))"
    )
    return sql, "day/month/year" if day_first else "month/day/year" if slashed else "text"


def _zoned(kind: pa.DataType) -> bool:
    """Whether moments carry a zone; billionths of a second with one are no timestamp until cast once more."""
    return pa.types.is_timestamp(kind) and kind.tz is not None


def _since_1970(name: str, values: np.ndarray | None) -> tuple[str, str]:
    top = np.nan if values is None or np.isnan(values).all() else float(np.nanmax(values))
    for unit, size in (("seconds", 1.0), ("thousandths", 1e3), ("millionths", 1e6)):
        if 3e8 * size < top < 4e9 * size:
            return f"make_timestamp(cast({quoted(name)} * {1_000_000 / size:g} as bigint))", f"since_1970_{unit}"
    raise BadInput(
        "the table",
        [Fault(name, "its numbers are no moments", "Give days or times, or seconds since 1970.")],
    )
