"""What people said that they have not taken back: the one table of thumbs and corrections to count."""

from __future__ import annotations

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.tables import LogTables

_KINDS = ("feedback", "fate")


def opinions(tables: LogTables) -> pa.Table:
    """All feedback but what its own author declined."""
    return tables.derived("opinions", _KINDS, _standing)


def opinions_view(tables: LogTables) -> ir.Table:
    """The same as an Ibis table."""
    return tables.derived_view("opinions", _KINDS, _standing)


def _standing(said: pa.Table, fates: pa.Table) -> pa.Table:
    declined = fates.filter(pc.equal(fates["state"], "declined"))
    if not declined.num_rows or not said.num_rows:
        return said
    by = pc.take(declined["actor"], pc.index_in(said["id"], declined["feedback"].combine_chunks()))
    return said.filter(pc.invert(pc.fill_null(pc.equal(by, said["actor"]), False)))
