"""Groups of one column (or of two crossed) with their rates, each set beside the largest group.

The verdict on a gap hangs on its interval, widened for the number of comparisons: a small group is neither
acquitted by its size nor convicted by its noise.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from payoff.aggregates import Sums
from payoff.audit import measures
from payoff.audit.measures import Share
from payoff.audit.table.coding import MISSING, OTHER, UNSEEN, Coded
from payoff.audit.view import FEW, View
from payoff.stats.power import units_needed

Verdict = Literal["worse", "better", "level", "unknown"]
"""For sure above or below the largest group, and enough to matter; for sure within `LARGE_GAP`; neither."""
SMALL_GAP, LARGE_GAP = 0.05, 0.10
FOUR_FIFTHS = 0.8
"""The lower of two selection rates over the higher, below which US agencies look closer (29 CFR 1607.4 D)."""
MOST_CROSSED = 24
SIDES = {"known_picked": 1, "known_left": 0}
"""Of those picked out, and of those not, the share whose outcome is known: the rate's name, and who it is of."""
NOT_STATED = -1
_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Group:
    """One group. `cells` maps a rate to per-unit sums: `y` those it counts, `w` those it is a share of."""

    name: str
    n: int
    cells: Mapping[str, Sums]

    def rate(self, rate: str, alpha: float = 0.05) -> Share | None:
        """`None` where fewer than `FEW` units could show it ("cannot tell")."""
        sums = self.cells.get(rate)
        return None if sums is None or sums.n < FEW else measures.share_of(sums, alpha)


@dataclass(frozen=True, slots=True)
class Split:
    """Rows parted into groups by the named columns; the first group is the one the others are set beside."""

    columns: tuple[str, ...]
    protected: bool
    groups: tuple[Group, ...]

    @property
    def column(self) -> str:
        return " × ".join(self.columns)

    @property
    def reference(self) -> Group:
        return self.groups[0]

    def told(self, rate: str) -> dict[str, float]:
        """The rate by group, where it can be told."""
        return {g.name: found.value for g in self.groups if (found := g.rate(rate)) is not None}

    def comparable(self, rates: Iterable[str]) -> int:
        """How many comparisons with the first group the rows allow."""
        tellable = [rate for rate in rates if self.reference.rate(rate) is not None]
        return sum(g.rate(rate) is not None for g in self.groups[1:] for rate in tellable)


@dataclass(frozen=True, slots=True)
class Gap:
    """A group's rate minus the first group's, with its 95% interval (Newcombe).

    `widest` is the interval widened for the number of comparisons, `ratio` the group's rate over the first group's
    (`None` over nothing).
    """

    split: Split = field(repr=False)
    rate: str
    group: Group
    value: float
    low: float
    high: float
    widest: tuple[float, float]
    ratio: float | None

    @property
    def sure(self) -> bool:
        return self.widest[0] > 0 or self.widest[1] < 0

    @property
    def most(self) -> float:
        """How large the gap may still be, either way."""
        return max(abs(self.widest[0]), abs(self.widest[1]))

    @property
    def evenness(self) -> float:
        """The lower of both rates over the higher one; 1 where both are nil."""
        ours, theirs = (_rate(g, self.rate).value for g in (self.group, self.split.reference))
        return min(ours, theirs) / max(ours, theirs) if max(ours, theirs) > 0 else 1.0

    def verdict(self, least: float = SMALL_GAP) -> Verdict:
        """`least` is the gap from which on it matters; rates of being picked also count when four fifths apart."""
        apart = self.rate == "selected" and self.evenness < FOUR_FIFTHS
        if self.sure and (abs(self.value) >= least or apart):
            return "worse" if self.value > 0 else "better"
        return "level" if self.most <= LARGE_GAP else "unknown"


def _rate(group: Group, rate: str, alpha: float = 0.05) -> Share:
    found = group.rate(rate, alpha)
    assert found is not None
    return found


def gaps_of(split: Split, rates: Iterable[str], comparisons: int) -> list[Gap]:
    """Every group's rates against those of the first one, where both can be told."""
    strict = _EVERY / max(1, comparisons)
    found = []
    for rate in rates:
        for group in split.groups[1:]:
            ours, theirs = group.rate(rate), split.reference.rate(rate)
            if ours is None or theirs is None:
                continue
            value, low, high = measures.gap(ours, theirs)
            _, *widest = measures.gap(_rate(group, rate, strict), _rate(split.reference, rate, strict))
            ratio = ours.value / theirs.value if theirs.value > 0 else None
            found.append(Gap(split, rate, group, value, low, high, (widest[0], widest[1]), ratio))
    return found


def outcome_rates(view: View) -> dict[str, tuple[str, str]]:
    """The rates the table allows, by name: what is counted and among which rows, as SQL."""
    found = {}
    if picks := "decision" in view.rows or "score" in view.rows:
        found["selected"] = ("({picked} = 1)::int", "{picked} < 2")
    if picks and "label" in view.rows:
        found["fpr"] = ("({picked} = 1)::int", "{picked} < 2 and label = 0")
        found["fnr"] = ("({picked} = 0)::int", "{picked} < 2 and label = 1")
        for side, picked in SIDES.items():
            found[side] = ("(label < 2)::int", f"{{picked}} = {picked}")
    if "label" in view.rows:
        found["base"] = ("label", "label < 2")
    return found


def parted(view: View, *columns: str) -> Split:
    """The groups of one column, or of two crossed, with every rate the table allows, largest first.

    Rows without a value make a group of their own in one column and are left out of crossed ones. Neither they nor
    "(other)" are the group the others are set beside, unless there is no other.
    """
    codes = [view.groups[column] for column in columns]
    rates = outcome_rates(view)
    counted = _per_unit(view, codes, rates) if view.rows.clustered else _per_row(view, codes, rates)
    return split_of(view, columns, *counted)


def split_of(
    view: View,
    columns: Sequence[str],
    n: Mapping[tuple[int, ...], int],
    cells: Mapping[tuple[int, ...], dict[str, Sums]],
) -> Split:
    """Groups from what was counted by code."""
    codes = [view.groups[column] for column in columns]
    groups = []
    for key, rows in n.items():
        if rows and (len(codes) == 1 or NOT_STATED not in key):
            groups.append((_aside(key, codes), Group(_named(view, codes, key), rows, cells.get(key, {}))))
    groups.sort(key=lambda g: (g[0], -g[1].n, g[1].name))
    ordered = [g for _, g in groups[:1]] + sorted((g for _, g in groups[1:]), key=lambda g: (-g.n, g.name))
    return Split(tuple(columns), all(c in view.roles.protected for c in columns), tuple(ordered))


def _aside(key: tuple[int, ...], codes: Sequence[Coded]) -> bool:
    return any(k == NOT_STATED or code.names[k] == OTHER for k, code in zip(key, codes, strict=True))


def _named(view: View, codes: Sequence[Coded], key: tuple[int, ...]) -> str:
    names = [
        view.say("not_stated") if k == NOT_STATED else code.names[k] for k, code in zip(key, codes, strict=True)
    ]
    return (
        names[0] if len(names) == 1 else ", ".join(called(c.column, n) for c, n in zip(codes, names, strict=True))
    )


def called(column: str, group: str) -> str:
    """A group's name for a sentence; a bare yes, no or number says nothing without its column."""
    first = group.split(" ", maxsplit=1)[0]
    bare = group.casefold() in ("yes", "no", "true", "false") or first.replace(".", "", 1).isdigit()
    return f"{column} {group}" if bare or first == "under" else group


def code_key(values: Iterable[int]) -> tuple[int, ...]:
    """Codes as a key; every code without a value becomes `NOT_STATED`."""
    return tuple(NOT_STATED if value >= UNSEEN else int(value) for value in values)


Counted = tuple[dict[tuple[int, ...], int], dict[tuple[int, ...], dict[str, Sums]]]


def one_each(hits: float, n: float) -> Sums:
    """The sums of n units of one row each, `hits` of them counted."""
    return Sums(n, hits, n, hits, n, hits, n)


def _per_row(view: View, codes: Sequence[Coded], rates: Mapping[str, tuple[str, str]]) -> Counted:
    """All rates from one pass over the rows."""
    keys = [*(["{picked}"] if "selected" in rates else []), *(["label"] if "base" in rates else [])]
    found = view.rows.counts(*(c.code for c in codes), *keys)
    places = zip(*(found[c.code].tolist() for c in codes), strict=True)
    nothing = [MISSING] * found["n"].size
    picked, label = (found[key].tolist() if key in found else nothing for key in ("{picked}", "label"))
    n: dict[tuple[int, ...], int] = defaultdict(int)
    cells: dict[tuple[int, ...], dict[str, Sums]] = defaultdict(dict)

    def add(key: tuple[int, ...], rate: str, rows: int, counts: bool) -> None:
        if rate in rates:
            cells[key][rate] = cells[key].get(rate, Sums()) + one_each(rows * counts, rows)

    for place, p, y, rows in zip(places, picked, label, found["n"].tolist(), strict=True):
        key = code_key(place)
        n[key] += rows
        if p < 2:
            add(key, "selected", rows, p == 1)
            add(key, "known_picked" if p else "known_left", rows, y < 2)
        if p < 2 and y < 2:
            add(key, "fnr" if y else "fpr", rows, p != y)
        if y < 2:
            add(key, "base", rows, y == 1)
    return n, cells


def _per_unit(view: View, codes: Sequence[Coded], rates: Mapping[str, tuple[str, str]]) -> Counted:
    """One query a rate, so that each unit brings its own total."""
    names = [c.code for c in codes]
    n: dict[tuple[int, ...], int] = defaultdict(int)
    found = view.rows.counts(*names)
    for *place, rows in zip(*(found[name].tolist() for name in names), found["n"].tolist(), strict=True):
        n[code_key(place)] += rows
    cells: dict[tuple[int, ...], dict[str, Sums]] = defaultdict(dict)
    for rate, (y, where) in rates.items():
        for key, sums in by_group(view, codes, y, where).items():
            cells[key][rate] = sums
    return n, cells


def by_group(view: View, codes: Sequence[Coded], y: str, where: str) -> dict[tuple[int, ...], Sums]:
    """Per-unit sums by group, those without a value together."""
    found: dict[tuple[int, ...], Sums] = defaultdict(Sums)
    for place, sums in view.rows.sums(y, *(c.code for c in codes), where=where).items():
        found[code_key(place)] += sums
    return found


def crossable(view: View) -> tuple[str, ...]:
    """The first two protected columns, where their crossing stays readable; else nothing."""
    pair = view.roles.protected[:2]
    cells = math.prod(len(view.groups[c].names) for c in pair)
    return tuple(pair) if len(pair) == 2 and cells <= MOST_CROSSED else ()


def rows_needed(splits: Iterable[Split], rates: Sequence[str], comparisons: int) -> int:
    """About how many rows a group needs, beside one as large, to find a true gap of `SMALL_GAP` 8 times of 10.

    The largest over columns and rates; an error rate needs more, for only a part of the rows could show it.
    """
    most = 0.0
    for split in splits:
        for rate in rates:
            found = split.reference.rate(rate)
            p, part = (0.5, 1.0) if found is None else (found.value, found.n / split.reference.n)
            p = min(max(p, SMALL_GAP), 1 - SMALL_GAP)
            both = units_needed(math.sqrt(p * (1 - p)), SMALL_GAP, alpha=_EVERY / max(1, comparisons), looks=False)
            most = max(most, both / 2 / part)
    size = 10 ** max(0, len(str(int(most))) - 2)
    return math.ceil(most / size) * size


def at_most(view: View, value: float) -> str:
    """A bound of 100, rounded up so that it stays one: 0.0702 → 7.1."""
    return view.number(math.ceil(value * 1000 - 1e-9) / 10, 1)


def named(view: View, coded: Coded, key: tuple[int, ...]) -> str:
    """What one code of a column stands for."""
    return view.say("not_stated") if key[0] == NOT_STATED else coded.names[key[0]]
