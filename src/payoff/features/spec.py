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
        lists = {name: tuple(data[name]) for name in ("numeric", "boolean", "categorical", "notes")}
        return cls(
            numeric=lists["numeric"],
            boolean=lists["boolean"],
            categorical=lists["categorical"],
            dropped=dict(data["dropped"]),
            notes=lists["notes"],
        )


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
    always = (unit.role, unit.industry) if unit else ()
    found: dict[str, list[str]] = {"numeric": [], "boolean": [], "categorical": []}
    dropped: dict[str, str] = {}
    notes: list[str] = []
    for name in facts.column_names:
        column = flat(facts.column(name))
        kind = f"-{named[name]}" if name in named else _kind(name, column, name in always)
        if kind.startswith("-"):
            dropped[name] = kind[1:]
            continue
        found[kind].append(name)
        if kind == "numeric" and is_text(column):
            notes.append(_note(name, numbers(column)))
    return FactSpec(
        tuple(found["numeric"]), tuple(found["boolean"]), tuple(found["categorical"]), dropped, tuple(notes)
    )


def _kind(name: str, column: pa.Array, always: bool) -> str:
    """numeric, boolean or categorical; else a dash and why the fact is left out."""
    filled = column.drop_null()
    distinct = len(pc.unique(filled))
    if distinct == 0:
        return "-it is not known for any unit"
    if always and is_text(column):
        return "categorical"
    if distinct == 1 and not column.null_count:
        return "-it is the same for all"
    if pa.types.is_boolean(column.type):
        return "boolean"
    if is_number(column):
        return "-it names the unit" if _names_the_unit(name, distinct, len(filled)) else "numeric"
    if not is_text(column):
        return f"-a {column.type} is no number, text or yes/no"
    if _is_written_number(column, numbers(column)):
        return "numeric"
    if distinct > MANY and distinct > 0.5 * len(filled):
        return "-it names the unit, or is different for nearly every one"
    return "categorical"


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
