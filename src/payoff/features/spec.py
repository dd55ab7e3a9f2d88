"""Which facts a model may use, and as what; what was left out or read differently is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief.schema import Brief
from payoff.features.columns import CODE, Numbers, flat, is_number, is_text, numbers

READ_AS_NUMBERS = 0.95
"""Share of a text column's filled cells that must be numbers for it to be one."""
MANY = 20
"""A text with more values than this, most of them once only, names the unit instead of describing it."""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """The facts a model may look at, by what they are.

    `dropped` says of every other fact why it is left out. `notes` says in words what was read differently
    from how it came (numbers written as text, blanks).
    """

    numeric: tuple[str, ...] = ()
    boolean: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    dropped: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        return (*self.numeric, *self.boolean, *self.categorical)

    def without(self, names: Mapping[str, str]) -> FactSpec:
        """The same, leaving out some facts for the reasons given."""

        def kept(facts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(fact for fact in facts if fact not in names)

        dropped = {**self.dropped, **{name: why for name, why in names.items() if name in self.facts}}
        return FactSpec(kept(self.numeric), kept(self.boolean), kept(self.categorical), dropped, self.notes)

    def to_json(self) -> dict[str, Any]:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FactSpec:
        return cls(**{k: tuple(v) if isinstance(v, list) else dict(v) for k, v in data.items()})


def infer(facts: pa.Table, brief: Brief | None = None) -> FactSpec:
    """Look at the facts and decide.

    Never used: what the brief ignores or protects, the contact and the owner, identifiers, facts that are
    the same for all, and texts nobody could learn from. A brief's role and industry are always categorical.
    """
    unit = brief.unit if brief else None
    named: dict[str, str] = {}
    if unit:
        named |= dict.fromkeys((unit.contact, unit.owner), "it names a person")
        named |= dict.fromkeys(unit.ignore, "the brief says no model may use it")
        named |= dict.fromkeys(unit.protected, "nothing is decided on a protected fact")
    numeric: list[str] = []
    boolean: list[str] = []
    categorical: list[str] = []
    dropped: dict[str, str] = {}
    notes: list[str] = []
    for name in facts.column_names:
        if name in named:
            dropped[name] = named[name]
            continue
        column = flat(facts.column(name))
        filled = column.drop_null()
        distinct = len(pc.unique(filled))
        if distinct == 0:
            dropped[name] = "it is not known for any unit"
        elif unit and name in (unit.role, unit.industry) and is_text(column):
            categorical.append(name)
        elif distinct == 1 and not column.null_count:
            dropped[name] = "it is the same for all"
        elif pa.types.is_boolean(column.type):
            boolean.append(name)
        elif is_number(column):
            if _names_the_unit(name, distinct, len(filled)):
                dropped[name] = "it names the unit"
            else:
                numeric.append(name)
        elif is_text(column):
            read = numbers(column)
            if _is_written_number(column, read):
                numeric.append(name)
                notes.append(_note(name, read))
            elif distinct > MANY and distinct > 0.5 * len(filled):
                dropped[name] = "it names the unit, or is different for nearly every one"
            else:
                categorical.append(name)
        else:
            dropped[name] = f"a {column.type} is no number, text or yes/no"
    return FactSpec(tuple(numeric), tuple(boolean), tuple(categorical), dropped, tuple(notes))


def _names_the_unit(name: str, distinct: int, filled: int) -> bool:
    low = name.lower()
    return (low == "id" or low.endswith(("_id", " id")) or name.endswith("Id")) and distinct > 0.5 * filled


def _is_written_number(column: pa.Array, read: Numbers) -> bool:
    filled = read.written + read.unread
    if filled == 0 or read.written < READ_AS_NUMBERS * filled:
        return False
    codes = pc.sum(pc.match_substring_regex(column, CODE)).as_py() or 0
    return bool(codes == 0 and np.unique(read.values[~np.isnan(read.values)]).size > 2)


def _note(name: str, read: Numbers) -> str:
    said = f"{name}: {read.written} numbers written as text are read as numbers"
    if read.blank:
        said += f", {read.blank} blanks as not known"
    if read.unread:
        said += f", {read.unread} other texts as not known"
    return said
