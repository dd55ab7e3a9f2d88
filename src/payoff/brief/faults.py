"""Faults gathered with the line they stand on, in the same words everywhere."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from payoff.brief.lines import Lines, Path
from payoff.errors import Fault


@dataclass(frozen=True, slots=True)
class Finder:
    """Adds faults of one file to a list that several share."""

    faults: list[Fault]
    lines: Lines

    def add(self, path: Path, what: str, mend: str) -> None:
        self.faults.append(Fault(self.lines.at(path), what, mend, tuple(path)))

    def unknown(self, path: Path, kind: str, name: str, known: Iterable[str]) -> None:
        """A name that leads nowhere, with the nearest that exist."""
        names = sorted(set(known))
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        listed = ", ".join(near or names[:20]) or "none yet"
        self.add(path, f"there is no {kind} called {name!r}", f"There is: {listed}.")

    def twice(self, path: Path, names: Collection[str], key: str = "") -> None:
        """Names that stand more than once in a list; the second place is named."""
        seen: Counter[str] = Counter()
        for i, name in enumerate(names):
            seen[name] += 1
            if seen[name] == 2:
                self.add((*path, i, *([key] if key else [])), f"{name!r} stands twice", "Keep one.")

    def ours_twice(self, path: Path, columns: Mapping[str, str]) -> None:
        """Two of our names for one of their columns."""
        theirs = Counter(columns.values())
        for ours, column in columns.items():
            if theirs[column] > 1:
                self.add((*path, ours), f"the column {column!r} gets two names", "Keep one.")

    def zone(self, path: Path, name: str) -> None:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.add(path, f"there is no time zone {name!r}", "Give one such as Europe/Berlin or UTC.")
