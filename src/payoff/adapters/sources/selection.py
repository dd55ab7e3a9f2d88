"""Which columns of a source are read, and under which names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from payoff.brief.rows import column_name, needed_columns
from payoff.brief.schema import SourceEntry
from payoff.errors import BadInput, Fault


@dataclass(frozen=True, slots=True)
class Selection:
    """What a source's entry in the brief says of its columns."""

    entry: SourceEntry

    @property
    def text(self) -> frozenset[str]:
        """Columns kept as text, by our name: those the entry lists, and the unit's id."""
        listed = [*self.entry.text, *([self.entry.unit] if self.entry.unit else [])]
        return frozenset(column_name(self.entry, name) for name in listed)

    def of(self, table: pa.Table, where: str) -> tuple[pa.Table, list[str]]:
        """The columns that are read, under our names. Raises `BadInput` with every column that is not there."""
        entry = self.entry
        there = table.column_names
        ours = {theirs: name for name, theirs in entry.columns.items()}
        faults = missing([*entry.columns.values()], there, where)
        renamed = [ours.get(name, name) for name in there]
        faults += missing(needed_columns(entry), renamed, where)
        faults += [
            Fault(where, f"{ours[theirs]!r} is already a column of its own", "Choose another name, or ignore one.")
            for theirs in there
            if theirs in ours
            and ours[theirs] in there
            and ours[theirs] != theirs
            and ours[theirs] not in entry.ignore
        ]
        if faults:
            raise BadInput(where, faults)
        kept = [name for name in there if name not in entry.ignore]
        gone = [name for name in entry.ignore if name not in there]
        notes = [f"{where}: no column {name!r} to ignore" for name in gone]
        return table.select(kept).rename_columns([ours.get(name, name) for name in kept]), notes


def missing(needed: Iterable[str], there: Iterable[str], where: str) -> list[Fault]:
    """A fault for every needed column that is not there, with the nearest names."""
    names = list(there)
    lowered = {name.lower(): name for name in names}
    faults = []
    for name in dict.fromkeys(needed):
        if name not in names:
            near = [lowered[n] for n in difflib.get_close_matches(name.lower(), lowered, n=3, cutoff=0.5)]
            listed = ", ".join(near or names[:12])
            faults.append(Fault(where, f"there is no column {name!r}", f"There is: {listed}."))
    return faults
