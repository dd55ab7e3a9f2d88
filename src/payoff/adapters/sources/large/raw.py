"""The rows of a large file as a relation of texts, columns named c0, c1, …; nothing is read yet."""

# ruff: noqa: S608 - paths and names go through `literal`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from payoff.adapters.sources.large.broken import broken, rejected
from payoff.adapters.sources.large.forms import literal
from payoff.adapters.sources.large.sampled import Sampled
from payoff.errors import BadInput, Fault

_MOST_REJECTED = 200_000


@dataclass(slots=True)
class Raw:
    """One file. `link` is where it stands under a plain name; `skip` leaves out lines of white space."""

    path: Path
    link: Path
    look: Sampled
    connection: duckdb.DuckDBPyConnection
    skip: bool = False

    def relation(self, columns: Sequence[str], *, rejects: bool = False) -> str:
        """SQL to select from. `rejects` goes on after rows that do not read, and keeps these apart."""
        if not self.look.delimiter:
            paths = (literal("/" + name.replace("~", "~0").replace("/", "~1")) for name in columns)
            shown = ", ".join(f"json_extract_string(json, {p}) as c{i}" for i, p in enumerate(paths))
            return f"(select {shown} from {self._objects()})"
        types = ", ".join(f"'c{i}': 'varchar'" for i in range(len(columns)))
        more = f", store_rejects = true, rejects_limit = {_MOST_REJECTED}" if rejects else ""
        more += ", ignore_errors = true" if self.skip and not rejects else ""
        filled = ", ".join(f"nullif(trim(c{i}), '')" for i in range(len(columns)))
        return (
            f"(select * from read_csv({literal(str(self.link))}, delim = {literal(self.look.delimiter)}, "
            "quote = '\"', escape = '\"', header = true, auto_detect = false, strict_mode = true, "
            f"null_padding = false, compression = 'none', encoding = '{self.look.codec}', "
            f"columns = {{{types}}}{more}) where coalesce({filled}) is not null)"
        )

    def _objects(self) -> str:
        form = "array" if self.look.listed else "newline_delimited"
        return f"read_json_objects({literal(str(self.link))}, format = '{form}', compression = 'uncompressed')"

    def new_keys(self) -> list[str]:
        """Columns of JSON that the rows looked at have not. Raises `BadInput` for values other than objects."""
        if self.look.delimiter or self.look.whole:
            return []
        sql = (
            "select list(distinct k), count(*) filter (not object) from ("
            "select json_type(json) = 'OBJECT' as object, "
            f"unnest(case when object then json_keys(json) else [''] end) as k from {self._objects()})"
        )
        try:
            keys, foreign = self.connection.sql(sql).fetchall()[0]
        except duckdb.Error as error:
            raise broken(self.path, str(error), self.look.delimiter) from None
        if foreign:
            what = f"{foreign} of its values are no objects"
            raise BadInput(self.path.name, [Fault(self.path.name, what, 'Write {"column": value, …}.')])
        return sorted(set(keys) - set(self.look.table.column_names))

    def explain(self, error: duckdb.Error, columns: Sequence[str]) -> None:
        """Raise `BadInput` with what is wrong with the rows; where only lines of white space are, skip these."""
        faults = [] if self.skip else self._rejected(columns)
        if faults is None:
            self.skip = True
            return
        raise BadInput(self.path.name, faults) if faults else broken(self.path, str(error), self.look.delimiter)

    def _rejected(self, columns: Sequence[str]) -> list[Fault] | None:
        """The rows that do not read, by a second reading that goes on after them."""
        if not self.look.delimiter:
            return []
        every = ", ".join(f"count(c{i})" for i in range(len(columns)))
        try:
            self.connection.sql(f"select {every} from {self.relation(columns, rejects=True)}").fetchall()
        except duckdb.Error as error:
            raise broken(self.path, str(error), self.look.delimiter) from None
        return rejected(self.path, self.connection, len(columns), _MOST_REJECTED)
