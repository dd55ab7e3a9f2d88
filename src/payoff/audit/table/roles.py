"""Which column is which: taken as given, else guessed by name and content, and every guess is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from payoff.audit.table import columns
from payoff.audit.table.parts import NAMES, NO_SCORE, PARTS, PEOPLE, PROTECTED, SEVERAL, Part
from payoff.errors import BadInput, Fault, Unknown

_MOST_LEVELS = 12
_MOST_SEGMENTS = 6
_MOST_ARMS = 12
_MANY = 50
"""A column named like people or accounts with so many values holds units, even if they come often."""


def tokens(name: str) -> list[str]:
    """`SeniorCitizen_2` → senior, citizen, 2."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^A-Za-z0-9]+", spaced.lower()) if word]


def likeness(name: str, words: Mapping[str, int]) -> int:
    return max((words.get(token, 0) for token in tokens(name)), default=0)


@dataclass(frozen=True, slots=True)
class Roles:
    """The column read as each part (parts the table has none for are left out), the columns that make groups, and
    which of the parts were `guessed` by us."""

    of: Mapping[str, str] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()

    def __getitem__(self, part: str) -> str:
        """The column, "" where there is none."""
        return self.of.get(part, "")

    def __contains__(self, part: object) -> bool:
        return part in self.of

    @property
    def columns(self) -> list[str]:
        """Every column that plays a part."""
        return [*self.of.values(), *self.segments, *self.protected]

    def as_dict(self) -> dict[str, Any]:
        single = {part: self[part] for part in NAMES}
        return {**single, "segments": list(self.segments), "protected": list(self.protected)}


@dataclass(frozen=True, slots=True)
class Named:
    """What the caller said: the column of a part, "" for *there is none, do not guess*, absent for *guess*."""

    of: Mapping[str, str] = field(default_factory=dict)
    segments: Sequence[str] | None = None
    protected: Sequence[str] | None = None
    taken: tuple[str, ...] = ()

    def all(self) -> list[str]:
        return [n for n in (*self.of.values(), *(self.segments or ()), *(self.protected or ()), *self.taken) if n]


class Look:
    """The rows looked at, column by column, with what was counted of each."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.counts = {name: columns.distinct(table[name]) for name in table.column_names}

    def kind(self, name: str) -> pa.DataType:
        return self.table[name].type

    def numeric(self, name: str) -> bool:
        return columns.is_number(self.kind(name))

    def words(self, name: str) -> bool:
        return columns.is_text(self.kind(name)) or pa.types.is_boolean(self.kind(name))

    def levels(self, name: str) -> dict[str, int]:
        return columns.levels(self.table[name])

    def fits(self, name: str, part: Part) -> bool:
        n, kind = self.counts[name], self.kind(name)
        match part.kind:
            case "number":
                return self.numeric(name) and n > 1
            case "two":
                return n == 2
            case "few":
                return 2 <= n <= _MOST_ARMS
            case "moment":
                return columns.is_moment(kind) or (likeness(name, part.words) >= 2 and self._reads_as_moment(name))
            case "id":
                alone = n > self.table.num_rows / 2
                often = n >= _MANY and bool(PEOPLE & set(tokens(name)))  # several rows a unit
                return (alone or often) and not pa.types.is_floating(kind) and not columns.is_moment(kind)
            case "any":
                return n >= 2 and not pa.types.is_floating(kind)
            case _:
                return False

    def _reads_as_moment(self, name: str) -> bool:
        """A text that begins like a date, or whole numbers the size of seconds (or thousandths) since 1970."""
        first = next((v for v in self.table[name].slice(0, 50).to_pylist() if v is not None), None)
        if isinstance(first, str):
            return bool(re.match(r"\s*(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4})", first))
        if not pa.types.is_integer(self.kind(name)):
            return False
        values = columns.floats(self.table[name])
        return values is not None and bool(np.nanmin(values) > 3e8 and np.nanmax(values) < 4e12)


class _Search:
    """The columns still free, and the parts found so far."""

    def __init__(self, look: Look, named: Named) -> None:
        self.look, self.named = look, named
        self.free = [n for n in look.table.column_names if n not in named.all()]
        self.of: dict[str, str] = {part: column for part, column in named.of.items() if column}
        self.guessed: list[str] = []

    def take(self, part: str, column: str) -> None:
        if column and part not in self.of and self.named.of.get(part) != "":
            self.of[part] = column
            self.guessed.append(part)
            self.free.remove(column)

    def find(self, part: Part) -> None:
        if part.name in self.of or not part.words:
            return
        fitting = [n for n in self.free if self.look.fits(n, part) and not self._elsewhere(n, part)]
        ranked = [(-likeness(n, part.words), i, n) for i, n in enumerate(fitting) if likeness(n, part.words)]
        self.take(part.name, min(ranked)[2] if ranked else "")

    def _elsewhere(self, name: str, part: Part) -> bool:
        """Whether a column's name says more of another part still open: `propensity_score` is no score."""
        if part.name == "score" and NO_SCORE & set(tokens(name)):
            return True
        mine = likeness(name, part.words)
        return any(
            likeness(name, other.words) > mine and self.look.fits(name, other)
            for other in PARTS
            if other.name not in self.of and other.words
        )

    def only_share(self) -> None:
        """The one column of numbers between 0 and 1, when there is no other."""
        shares = [n for n in self.free if self._is_share(n)]
        self.take("score", shares[0] if len(shares) == 1 and not NO_SCORE & set(tokens(shares[0])) else "")

    def only_two(self) -> None:
        """The one column of two values, when there is no other."""
        twos = [n for n in self.free if self.look.counts[n] == 2]
        self.take("label", twos[0] if len(twos) == 1 else "")

    def only_moment(self) -> None:
        moments = [n for n in self.free if columns.is_moment(self.look.kind(n))]
        self.take("time", moments[0] if len(moments) == 1 else "")

    def _is_share(self, name: str) -> bool:
        if not self.look.numeric(name) or self.look.counts[name] <= 2:
            return False
        values = columns.floats(self.look.table[name])
        return values is not None and bool(np.nanmin(values) >= 0 and np.nanmax(values) <= 1)

    def protected(self) -> tuple[str, ...]:
        found = tuple(n for n in self._grouping(most=200) if likeness(n, PROTECTED))
        self.guessed += ["protected"] if found else []
        return found

    def segments(self, beside: Iterable[str]) -> tuple[str, ...]:
        """Columns of words; those named like the score or the outcome would only repeat them."""
        told = {*tokens(self.of.get("score", "")), *tokens(self.of.get("label", ""))}
        words = [n for n in self._grouping() if n not in beside and self.look.words(n)]
        found = tuple(n for n in words if not told & set(tokens(n)))[:_MOST_SEGMENTS]
        self.guessed += ["segments"] if found else []
        return found

    def _grouping(self, most: int = _MOST_LEVELS) -> list[str]:
        return [n for n in self.free if 2 <= self.look.counts[n] <= most]


def assign(look: Look, named: Named, *, enough: bool = True) -> Roles:
    """Give every column its part. Without `enough` a table that cannot be audited so is not refused.

    Raises `Unknown` for a name that is not there, and `BadInput` for a table with neither a score beside an
    outcome, nor a decision, a treatment or a recommendation to judge.
    """
    names = list(look.table.column_names)
    for name in named.all():
        if name not in names:
            raise Unknown.among("column", name, names)
    search = _Search(look, named)
    judged = {"decision", "treated"} & set(search.of)
    for part in PARTS:
        search.find(part)
        if part.name == "score" and "score" not in search.of:
            search.only_share()
            if "label" not in search.of:
                search.only_two()
        if part.name == "outcome_at":
            search.only_moment()
    protected = tuple(named.protected) if named.protected is not None else search.protected()
    segments = tuple(named.segments) if named.segments is not None else search.segments(protected)
    found = Roles(search.of, tuple(n for n in segments if n not in protected), protected, tuple(search.guessed))
    if enough:
        _enough(found, judged, names)
    return found


def _enough(roles: Roles, judged: set[str], names: list[str]) -> None:
    mend = f"Say which it is, or name a decision or a treatment to judge; there are {', '.join(names[:12])}."
    faults = []
    if "label" in roles and ("score" in roles or judged or "treated" in roles or "decision" in roles):
        return
    if "decision" in roles and (roles.protected or roles.segments):
        return
    if "action" in roles and ("label" in roles or "unit" in roles) and "score" not in roles:
        return
    if "score" not in roles:
        faults.append(Fault("score", "no column looks like the model's score", mend))
    if "label" not in roles:
        faults.append(Fault("label", "no column looks like what came of it, yes or no", mend))
    if faults:
        raise BadInput("the table", faults)


def without(roles: Roles, part: str) -> Roles:
    """The same without one part."""
    return replace(roles, of={p: c for p, c in roles.of.items() if p != part})


__all__ = ["SEVERAL", "Look", "Named", "Roles", "assign", "likeness", "tokens", "without"]
