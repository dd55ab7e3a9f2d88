"""Two versions of a text side by side for people: what went, what came, and a little around it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

AROUND = 3


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line. `before` and `after` are its numbers in the two texts, `None` where it does not stand. A `gap`
    stands for lines that are the same and left out."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str
    before: int | None = None
    after: int | None = None


def difference(before: str, after: str) -> list[DiffLine]:
    """The changed lines with three around each; [] for two equal texts."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[DiffLine] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if lines or group[0][1] > 0:
            lines.append(DiffLine("gap", ""))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [
                    DiffLine("same", old[i], i + 1, j + 1)
                    for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
                ]
                continue
            lines += [DiffLine("removed", old[i], i + 1, None) for i in range(i1, i2)]
            lines += [DiffLine("added", new[j], None, j + 1) for j in range(j1, j2)]
    return lines


def merged(base: str, mine: str, theirs: str) -> str | None:
    """`theirs` with what changed from `base` to `mine`; `None` where both changed the same lines, each its way.

    Lines are the unit; lines put in right beside a change of the other count as the same place.
    """
    old = base.splitlines(keepends=True)
    left = _changes(old, mine.splitlines(keepends=True))
    right = _changes(old, theirs.splitlines(keepends=True))
    kept = [change for change in left if change not in right]
    for start, end, _ in kept:
        if any(start < other_end and other_start < end for other_start, other_end, _ in right):
            return None
        if start == end and any(start in (a, b) for a, b, _ in right):
            return None
        if any(a == b and start < a < end for a, b, _ in right):
            return None
    out, at = list[str](), 0
    for start, end, lines in sorted([*right, *kept], key=lambda change: (change[0], change[1])):
        out += [*old[at:start], *lines]
        at = max(at, end)
    return "".join([*out, *old[at:]])


def _changes(old: list[str], new: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i1, i2, tuple(new[j1:j2])) for tag, i1, i2, j1, j2 in codes if tag != "equal"]
