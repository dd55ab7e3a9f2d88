"""The coded rows: one narrow table, made in one pass, from which everything else is counted.

A row keeps its scores as they are and everything else as a small code, about thirty bytes in all, so that ten
million rows fit beside a notebook, and every question after the first pass costs milliseconds.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.aggregates import Sums
from payoff.audit.table.coding import MISSING
from payoff.audit.table.source import Source

IN_MEMORY = 900_000_000
"""Bytes of coded rows up to which they stay in memory; larger ones go to a temporary file, compressed."""
_BATCH = 1_000_000
_WIDTH = {"double": 8, "ubigint": 8, "varchar": 20, "utinyint": 1}

Array = NDArray[Any]


class Rows:
    """The coded rows of one audit.

    `names` maps a short name (`late`, `picked`) to SQL over the coded columns; keys, conditions and sums may
    use them in braces: `{picked} = 1`.
    """

    def __init__(self, source: Source, columns: Mapping[str, tuple[str, str]], folder: Path) -> None:
        """Make the table: `columns` maps a name to (type, SQL over the source's columns)."""
        self._connection = source.connection
        self.columns = tuple(columns)
        self.names: dict[str, str] = {}
        self.clustered = False
        width = sum(_WIDTH.get(kind, 8) for kind, _ in columns.values())
        self._table = "coded"
        self._connection.execute("drop table if exists coded")
        if width * source.rows > IN_MEMORY:
            self._table = "apart.coded"
            if not (folder / "coded.duckdb").exists():
                self._connection.execute(f"attach '{folder / 'coded.duckdb'}' as apart")
            self._connection.execute("drop table if exists apart.coded")
        shown = ", ".join(f"{sql} as {name}" for name, (_, sql) in columns.items())
        self._connection.execute(f"create table {self._table} as select {shown} from {source.relation}")

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    def _sql(self, text: str) -> str:
        return text.format(**self.names) if "{" in text else text

    def _run(self, sql: str) -> dict[str, Array]:
        table = self._connection.sql(sql).to_arrow_table()
        return {name: table[name].to_numpy() for name in table.column_names}

    @functools.cache  # noqa: B019 - lives as long as the audit
    def counts(self, *keys: str, where: str = "true", sums: tuple[str, ...] = ()) -> dict[str, Array]:
        """Rows by key: the keys' values under their own names, `n`, and each of `sums` as `sum0`, `sum1`, …

        Ordered by the keys. A key is a coded column, a name, or SQL.
        """
        shown = [f"{self._key(key)} as k{i}" for i, key in enumerate(keys)]
        shown += ["count(*) as n", *(f"sum({self._sql(s)})::double as sum{i}" for i, s in enumerate(sums))]
        groups = ", ".join(f"k{i}" for i in range(len(keys)))
        tail = f"group by {groups} order by {groups}" if keys else ""
        found = self._run(f"select {', '.join(shown)} from {self._table} where {self._sql(where)} {tail}")
        return {(keys[int(name[1:])] if name[0] == "k" else name): values for name, values in found.items()}

    def _key(self, key: str) -> str:
        return self.names.get(key) or self._sql(key)

    @functools.cache  # noqa: B019
    def sums(self, y: str, *keys: str, where: str = "true") -> dict[tuple[int, ...], Sums]:
        """Per-unit sums of `y` by key: what means, shares and their differences are reckoned from.

        Where units come several times, each brings its own total, so that intervals know of the repetition.
        """
        y, where = self._sql(y), self._sql(where)
        shown = [f"{self._key(key)} as k{i}" for i, key in enumerate(keys)]
        groups = ", ".join(f"k{i}" for i in range(len(keys)))
        by = f"group by {groups}" if keys else ""
        lead = f"{groups}, " if keys else ""
        if self.clustered:
            # a row without a unit is one of its own
            per = f"group by {lead} whose"
            whose = "coalesce(unit, hash(rowid)) as whose"
            inner = ", ".join([*shown, whose, f"sum({y})::double as y", "count(*)::double as w"])
            rows = f"(select {inner} from {self._table} where {where} {per})"
            told = "count(*), sum(y), sum(w), sum(y * y), sum(w * w), sum(y * w)"
        else:
            inner = ", ".join([*shown, f"({y})::double as y"])
            rows = f"(select {inner} from {self._table} where {where})"
            told = "count(*), sum(y), count(*), sum(y * y), count(*), sum(y)"
        sql = f"select {lead} {told} from {rows} {by}"
        out = {}
        for line in self._connection.sql(sql).fetchall():
            key, figures = line[: len(keys)], line[len(keys) :]
            n, s, w, yy, ww, yw = (float(v or 0.0) for v in figures)
            out[tuple(int(k) for k in key)] = Sums(n, s, w, yy, ww, yw, n)
        return out

    def values(self, *expressions: str, where: str = "true") -> list[Array]:
        """The rows themselves, column by column, in one order."""
        shown = ", ".join(f"{self._sql(e)} as v{i}" for i, e in enumerate(expressions))
        return list(self._run(f"select {shown} from {self._table} where {self._sql(where)}").values())

    def sorted(self, expression: str, where: str = "true") -> NDArray[np.float64]:
        """One column of numbers, ascending, read in batches so that it is held once."""
        size = int(self.one("count(*)", where))
        found, at = np.empty(size), 0
        sql = f"select ({self._sql(expression)})::double as v from {self._table} where {self._sql(where)}"
        for batch in self._connection.sql(sql).to_arrow_reader(_BATCH):
            found[at : at + batch.num_rows] = batch.column(0).to_numpy()
            at += batch.num_rows
        found.sort()
        return found

    def quantiles(
        self, expression: str, shares: tuple[float, ...], *keys: str, where: str = "true"
    ) -> dict[tuple[int, ...], list[float]]:
        """Exact quantiles by key."""
        shown = ", ".join([*(f"{self._key(key)} as k{i}" for i, key in enumerate(keys)), ""])
        sql = f"select {shown} quantile_cont({self._sql(expression)}, {list(shares)}) from {self._table}"
        by = f"group by {', '.join(f'k{i}' for i in range(len(keys)))}" if keys else ""
        found = self._connection.sql(f"{sql} where {self._sql(where)} {by}").fetchall()
        return {tuple(int(k) for k in line[:-1]): list(line[-1]) for line in found if line[-1] is not None}

    @functools.cache  # noqa: B019
    def one(self, expression: str, where: str = "true") -> float:
        """One aggregate over all rows."""
        sql = f"select ({self._sql(expression)})::double from {self._table} where {self._sql(where)}"
        found = self._connection.sql(sql).fetchall()[0][0]
        return float("nan") if found is None else float(found)


def known(codes: Array) -> NDArray[np.bool_]:
    """Which codes stand for a value."""
    return np.asarray(codes < MISSING - 1)


__all__ = ["Rows", "known"]
