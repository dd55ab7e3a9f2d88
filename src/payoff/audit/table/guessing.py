"""What a table looks like before it is audited: which column seems to be which part, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

from payoff.audit.table import columns
from payoff.audit.table.moments import moment_sql
from payoff.audit.table.reading import Reader, yes_among
from payoff.audit.table.roles import Look, Named, Roles, assign
from payoff.audit.table.source import Source, opened
from payoff.texts import Texts

Holds = Literal["nothing", "share", "numbers", "two", "few", "moments", "ids", "texts"]
_FEW = 12
_PLAIN = ({"0", "1"}, {"yes", "no"}, {"true", "false"})


class Guesses:
    """The table, open; asked part by part."""

    def __init__(self, source: Source, texts: Texts) -> None:
        self._look, self._reader = Look(source.look), Reader(source, texts)
        self.rows = source.rows
        self.columns = source.columns

    def roles(self, named: Named, *, enough: bool = True) -> Roles:
        """Which column is which.

        `enough` refuses a table that cannot be audited so; without it parts nobody found are left out. Raises
        `Unknown` for a column that is not there.
        """
        return assign(self._look, named, enough=enough)

    def check(self, part: str, column: str) -> None:
        """Raises `BadInput` where the column's values cannot be read as the part: moments, numbers, ways of
        treating."""
        if part in ("time", "acted_at", "outcome_at"):
            moment_sql(column, self._look.table[column])
        elif part in ("score", "challenger", "propensity"):
            self._reader.number_sql(column)
        elif part == "treated":
            self._reader.arms(column, None)

    def holds(self, column: str) -> Holds:
        """What kind of values the column has."""
        n, look = self._look.counts[column], self._look
        if n == 0:
            return "nothing"
        if n == 2:
            return "two"
        if columns.is_moment(look.kind(column)):
            return "moments"
        if look.numeric(column):
            low, high = self.range(column)
            return "share" if low >= 0 and high <= 1 and n > _FEW else "numbers" if n > _FEW else "few"
        if n <= _FEW:
            return "few"
        return "ids" if n > look.table.num_rows / 2 else "texts"

    def range(self, column: str) -> tuple[float, float]:
        """The smallest and the largest number, among the rows looked at; NaN where none is known."""
        values = columns.floats(self._look.table[column])
        if values is None or np.isnan(values).all():
            return (float("nan"), float("nan"))
        return (float(np.nanmin(values)), float(np.nanmax(values)))

    def values(self, column: str, most: int = 3) -> list[str]:
        """The most frequent values, or the first ones of a column with many; among the rows looked at."""
        if self._look.counts[column] <= _FEW:
            return list(self._look.levels(column))[:most]
        first = self._look.table[column].slice(0, 1000).drop_null().slice(0, most).to_pylist()
        return [columns.written(value) for value in first]

    def count(self, column: str) -> int:
        """How many different values there are among the rows looked at."""
        return self._look.counts[column]

    def arms(self, column: str, control: str | None) -> tuple[str, ...]:
        """The ways of treating, the one taken as left alone first. Raises `BadInput` for a column of no such."""
        return self._reader.arms(column, control)[1]

    def yes(self, column: str, positive: str | None) -> str:
        """The value that counts as yes. Raises `BadInput` where that is not clear."""
        self._reader.yes_no(column, positive)
        if positive is not None:
            return columns.written(positive)
        return yes_among(list(self._reader.values(column)["counts"])) or ""

    def plain(self, column: str) -> bool:
        """Whether its two values say themselves which is yes: 1 and 0, true and false, yes and no."""
        return {value.lower() for value in self._reader.values(column)["counts"]} in _PLAIN


@contextmanager
def guesses(frame: Any, texts: Texts | None = None) -> Iterator[Guesses]:
    """Look at a table without auditing it. Raises what `payoff.audit` raises for something that is no table."""
    with opened(frame) as source:
        yield Guesses(source, texts or Texts())
