"""Which form the columns of a sample are written in, so that a query reads them as the careful reader would."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from payoff.adapters.sources.large.forms import EMPTY, FORMS, TEXT, TRUTH, UNDECIDED, Form, Kind
from payoff.adapters.sources.moments import read_moments
from payoff.adapters.sources.numerals import read_numbers
from payoff.adapters.sources.values import NOTHING, PERHAPS_NOTHING, coerced

_WHERE = "sample"


@dataclass(frozen=True, slots=True)
class Learned:
    """A column's form, what the careful reader remarks of it (but counts), and what its values are, in words."""

    form: Form
    remarks: tuple[str, ...] = ()
    what: str = ""


def learned(cells: pa.ChunkedArray, connection: duckdb.DuckDBPyConnection) -> Learned:
    """The form of these texts. Where most but not all read as numbers (or moments), it is the form of those."""
    trimmed = pc.utf8_trim_whitespace(cells)
    fitting, what = _fitting(trimmed)
    table, notes = coerced(pa.table({"x": trimmed.filter(fitting)}), _WHERE)
    remarks = tuple(r for n in notes if not (r := n.removeprefix(f"{_WHERE}: x: "))[0].isdigit())
    if "empty in every row" in remarks:
        return Learned(EMPTY, remarks)
    read = table["x"]
    for form in FORMS[_kind(read.type)]:
        if form is TEXT or form is TRUTH or _same(form, trimmed.filter(fitting), read, connection):
            return Learned(_undecided(form, trimmed), remarks, "" if form in (TEXT, TRUTH) else what)
    return Learned(TEXT, (f"{what} written in a way that cannot be read in a large file; kept as text",))


def _fitting(trimmed: pa.ChunkedArray) -> tuple[pa.ChunkedArray, str]:
    """Which cells the most likely reading fits, and what it takes them for."""
    everything = pc.fill_null(pc.equal(trimmed, trimmed), True)
    distinct = [v for v in trimmed.unique().to_pylist() if v is not None and v not in NOTHING]
    likely = [v for v in distinct if v not in PERHAPS_NOTHING]
    filled = pc.sum(pc.invert(pc.is_in(trimmed, pa.array([*NOTHING, None], pa.string())))).as_py() or 0
    for what, read in (("numbers", read_numbers), ("moments", read_moments)):
        meanings, _ = read(likely)
        odd = pc.is_in(trimmed, pa.array([v for v in likely if v not in meanings], pa.string()))
        if meanings and (pc.sum(odd).as_py() or 0) <= filled / 2:
            return pc.invert(odd), what
    return everything, ""


def _kind(kind: pa.DataType) -> Kind:
    if pa.types.is_boolean(kind):
        return "truth"
    if pa.types.is_integer(kind):
        return "whole"
    if pa.types.is_floating(kind):
        return "decimal"
    return "moment" if pa.types.is_timestamp(kind) else "text"


def _same(
    form: Form, trimmed: pa.ChunkedArray, read: pa.ChunkedArray, connection: duckdb.DuckDBPyConnection
) -> bool:
    """Whether the form gives on every cell what the careful reader gives."""
    connection.register("sample_cells", pa.table({"x": trimmed, "want": read}).combine_chunks())
    nothing = form.is_nothing("x")
    means = f"case when {nothing} then null else {form.means_in('x')} end"
    odd = f"(not {nothing} and not {form.reads_as('x')}) or ({means}) is distinct from want"
    found = connection.sql(f"select 1 from sample_cells where {odd} limit 1").fetchall()  # noqa: S608 - our own forms
    connection.unregister("sample_cells")
    return not found


def _undecided(form: Form, trimmed: pa.ChunkedArray) -> Form:
    """Texts that would be moments, could one tell days from months."""
    if form is not TEXT:
        return form
    values = [v for v in trimmed.unique().to_pylist() if v is not None and v not in NOTHING + PERHAPS_NOTHING]
    meanings, said = read_moments(values[:5000])
    return UNDECIDED if values and said and not meanings else TEXT
