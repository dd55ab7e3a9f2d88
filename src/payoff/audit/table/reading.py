"""How the values of a part are read: scores, yes and no, arms, amounts. What was made of them is noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from payoff.audit.table import columns
from payoff.audit.table.coding import by_values
from payoff.audit.table.parts import ALONE, NO, YES
from payoff.audit.table.roles import tokens
from payoff.audit.table.source import Source, quoted
from payoff.errors import BadInput, Fault
from payoff.texts import Texts

_MARK = 0.01
"""Below this share of rows, one odd value outside 0 to 1 is taken for a mark of *nothing known*."""
_MOST_MARKED = 0.5
"""The same, where the odd values are up to three whole numbers, as -1 and -99 are."""


def refuse(where: str, what: str, mend: str) -> BadInput:
    return BadInput("the table", [Fault(where, what, mend)])


@dataclass(frozen=True, slots=True)
class Score:
    """A score as SQL that gives a finite number or nothing; whether it reads as a probability; whether it was made
    from logits."""

    sql: str
    probability: bool
    logits: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What one pass over a column of numbers says: known values, those unreadable, the range, and up to three
    values outside 0 to 1 with how often they come (`None` when there are more)."""

    known: int
    unreadable: int
    low: float
    high: float
    outside: Mapping[float, int] | None


class Reader:
    """Reads parts of one table and notes what it made of them."""

    def __init__(self, source: Source, texts: Texts) -> None:
        self.source, self.texts = source, texts
        self.notes: list[str] = []
        self._exact: dict[str, dict[str, Any]] = {}

    def note(self, key: str, **values: object) -> None:
        self.notes.append(self.texts.say(f"audit.{key}", **values))

    def kind(self, name: str) -> pa.DataType:
        kind = self.source.look[name].type
        return kind.value_type if pa.types.is_dictionary(kind) else kind

    def values(self, name: str) -> dict[str, Any]:
        """A column's values as text with their counts, and as they stand: over all rows once `exactly` was called,
        else over those looked at."""
        if name in self._exact:
            return self._exact[name]
        column = self.source.look[name]
        return {"counts": columns.levels(column), "raw": columns.raw_values(column)}

    def exactly(self, name: str) -> None:
        """Count the column's values over all rows."""
        x = quoted(name)
        table = self.source.select(f"select {x} as v, count(*) as n from {self.source.relation} group by {x}")
        values, counts = table["v"].to_pylist(), table["n"].to_pylist()
        raw: dict[str, list[Any]] = {}
        for value in values:
            if word := columns.written(value):
                raw.setdefault(word, []).append(value)
        self._exact[name] = {"counts": columns.in_order(values, counts), "raw": raw}

    def number_sql(self, name: str) -> str:
        """The column as a finite number or nothing. Raises `BadInput` for one that holds none."""
        kind, x = self.kind(name), quoted(name)
        if columns.is_text(kind):
            if columns.floats(self.source.look[name]) is None:
                raise refuse(name, "it is not a number", "Give a column of numbers.")
            x = f"try_cast(trim({x}) as double)"
        elif pa.types.is_boolean(kind) or columns.is_number(kind):
            x = f"{x}::double"
        else:
            raise refuse(name, "it is not a number", "Give a column of numbers.")
        if columns.is_text(kind) or pa.types.is_floating(kind):
            return f"(case when isfinite({x}) then {x} end)"
        return x

    def facts(self, name: str, sql: str) -> Facts:
        """One pass over a column of numbers."""
        x, relation = quoted(name), self.source.relation
        filled = f"count(*) filter (trim({x}) <> '')" if columns.is_text(self.kind(name)) else f"count({x})"
        if pa.types.is_floating(self.kind(name)):
            filled = "count(v)"
        known, unreadable, low, high, outside = self.source.connection.sql(
            f"select count(v), {filled} - count(v), min(v), max(v), count(*) filter (v < 0 or v > 1) "
            f"from (select {sql} as v, {x} from {relation})"
        ).fetchall()[0]
        if not known:
            raise refuse(name, "no row has a number here", "Give a number for each prediction.")
        marks: dict[float, int] | None = {}
        if outside:
            found = self.source.connection.sql(
                f"select v, count(*) from (select {sql} as v from {relation}) where v < 0 or v > 1 "
                "group by v order by v limit 4"
            ).fetchall()
            marks = None if len(found) > 3 else {float(v): int(n) for v, n in found}
        return Facts(int(known), int(unreadable), float(low), float(high), marks)

    def score(self, name: str, base: float | None) -> Score:
        """A score, higher for more likely. `base` is the share of rows with the outcome, where it is known.

        Numbers outside 0 to 1 become probabilities only where that is safe: a rare odd value that marks *nothing
        known* is dropped, per cent are divided when the name says so, logits are turned round when their sigmoid
        fits how often the outcome comes. Else only their order is used.
        """
        if columns.is_text(self.kind(name)) and columns.floats(self.source.look[name]) is None:
            raise refuse(name, "the score is not a number", "Give a column of numbers, higher for more likely.")
        try:
            sql = self.number_sql(name)
        except BadInput:
            raise refuse(
                name, "the score is not a number", "Give a column of numbers, higher for more likely."
            ) from None
        found = self.facts(name, sql)
        if columns.is_text(self.kind(name)):
            self.note("coerced_text_score", column=name)
        if found.unreadable:
            self.note("coerced_unreadable", column=name, n=found.unreadable)
        low, high = found.low, found.high
        if low >= 0 and high <= 1:
            return Score(sql, True)
        if low >= -1e-6 and high <= 1 + 1e-6:
            self.note("coerced_clipped", column=name, low=f"{low:.9g}", high=f"{high:.9g}")
            return Score(f"least(greatest({sql}, 0.0), 1.0)", True)
        if found.outside and _marks(found):
            shown = ", ".join(f"{v:g}" for v in found.outside)
            listed = ", ".join(repr(v) for v in found.outside)
            self.note("coerced_marks", column=name, n=sum(found.outside.values()), values=shown)
            return Score(f"(case when {sql} not in ({listed}) then {sql} end)", True)
        return self._wide(name, sql, low, high, base, found.outside)

    def _wide(
        self, name: str, sql: str, low: float, high: float, base: float | None, outside: Mapping[float, int] | None
    ) -> Score:
        shown = {"column": name, "low": f"{low:.3g}", "high": f"{high:.3g}"}
        words = {*tokens(name)}
        if low < 0 and max(-low, high) <= 40 and base is not None and outside is None:
            values = columns.floats(self.source.look[name])
            assert values is not None
            mean = float(np.nanmean(1 / (1 + np.exp(-np.clip(values, -700, 700)))))
            called = bool(words & {"logit", "logits", "logodds", "margin"})
            if called or 0.5 * base <= mean <= 2 * base:
                self.note("coerced_logits", **shown)
                return Score(f"(1 / (1 + exp(-{sql})))", True, logits=True)
        percent = bool(words & {"pct", "percent", "percentage", "perc"})
        if words & {"prob", "proba", "probability"} and not percent:
            known = columns.floats(self.source.look[name])
            percent = known is not None and float(np.nanmedian(known)) > 1  # else a few stray values do it
        if low >= 0 and 1 < high <= 100 and percent:
            self.note("coerced_percent", **shown)
            return Score(f"({sql} / 100)", True)
        self.note("coerced_rank", **shown)
        return Score(sql, False)

    def yes_no(self, name: str, positive: object = None, *, moments: bool = False) -> str:
        """A two-valued column as SQL: 1, 0, 255 for missing, 254 for a value not seen among those looked at.

        Raises `BadInput` for one value, for three without `positive`, and for words that do not say which is yes.
        """
        if moments and columns.is_moment(self.kind(name)):
            return f"cast(({quoted(name)} is not null)::int as utinyint)"
        counts, raw = _alike(self.values(name))
        shown = ", ".join(repr(v) for v in list(counts)[:6])
        if positive is not None:
            yes = columns.written(positive)
            if yes not in counts:
                yes = next((v for v in counts if v.casefold() == yes.casefold()), yes)
            if yes not in counts:
                raise refuse(name, f"no row has the value {yes!r}", f"There is {shown}.")
            if len(counts) < 2:
                what = f"every known row has the value {yes!r}"
                raise refuse(name, what, "Give rows of both kinds; else nothing can be compared.")
            if len(counts) > 2:
                self.note("coerced_rest", column=name, yes=yes)
                return by_values(name, self.kind(name), [(1, raw[yes])], rest=0)
        elif len(counts) < 2:
            only = f"only the value {shown}" if counts else "no value at all"
            raise refuse(name, f"it has {only}", "Give rows of both kinds; else nothing can be compared.")
        elif len(counts) > 2:
            more = ", …" if len(counts) > 6 else ""
            raise refuse(
                name,
                f"it has {len(counts)} values ({shown}{more})",
                "Say which one counts as yes (positive, or --positive). All others count as no.",
            )
        else:
            yes = yes_among(list(counts)) or ""
            if not yes:
                raise refuse(
                    name, f"which of {shown} counts as yes is not clear", "Say it (positive, or --positive)."
                )
        no = next(v for v in counts if v != yes)
        if {yes, no} != {"0", "1"} and {yes, no} != {"yes", "no"}:
            self.note("coerced_words", column=name, yes=yes, no=no)
        return by_values(name, self.kind(name), [(1, raw[yes]), (0, raw[no])])

    @staticmethod
    def planned(arms: Sequence[str], split: Mapping[str, float]) -> None:
        """Raises `BadInput` for a planned split that leaves an arm out, names another, or does not add up to 1."""
        faults = [
            Fault("split", f"no row was treated {arm!r}", f"There is {', '.join(arms)}.")
            for arm in split
            if arm not in arms
        ]
        faults += [
            Fault("split", f"it has no share for {arm!r}", "Give each way its share.")
            for arm in arms
            if arm not in split
        ]
        if not faults and (min(split.values()) <= 0 or abs(sum(split.values()) - 1) > 0.001):
            faults = [
                Fault(
                    "split",
                    f"its shares add up to {sum(split.values()):g}",
                    "Let them be above 0 and add up to 1.",
                )
            ]
        if faults:
            raise BadInput("the table", faults)

    def arms(self, name: str, control: str | None) -> tuple[str, tuple[str, ...]]:
        """Who was treated how, as SQL for the arm's place, and the arms' names: the one left alone first."""
        found = self.values(name)
        counts, raw = found["counts"], found["raw"]
        shown = ", ".join(repr(v) for v in list(counts)[:12])
        if len(counts) < 2:
            only = f"only the value {shown}" if counts else "no value at all"
            raise refuse(name, f"it has {only}", "Give rows that were treated and rows that were not.")
        if len(counts) > 12:
            raise refuse(name, f"it has {len(counts)} values", "Give a column of at most 12 ways of treating.")
        names = sorted(counts)
        if control is not None and columns.written(control) not in counts:
            raise refuse(name, f"no row has the value {control!r}", f"There is {shown}.")
        alone = columns.written(control) if control is not None else _alone(names)
        ordered = (alone, *(v for v in names if v != alone))
        if len(names) > 2 or {*names} - {"0", "1", "yes", "no"}:
            self.note("coerced_arms", column=name, control=alone)
        return by_values(name, self.kind(name), [(k, raw[v]) for k, v in enumerate(ordered)]), ordered


def _alone(names: Sequence[str]) -> str:
    """The way of treating that leaves people alone, by its name; the first by name where none says so."""
    if len(names) == 2 and (yes := yes_among(list(names))):
        return next(v for v in names if v != yes)
    said = [v for v in names if {*tokens(v), v.casefold()} & ALONE]
    return said[0] if said else names[0]


def _marks(found: Facts) -> bool:
    """Whether the values outside 0 to 1 stand for *nothing known*: rare ones, or the same few whole numbers."""
    assert found.outside is not None
    n = sum(found.outside.values())
    whole = all(float(value).is_integer() and (value < 0 or value > 1) for value in found.outside)
    return n <= _MARK * found.known or (whole and n <= _MOST_MARKED * found.known)


def _alike(found: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, list[Any]]]:
    """Values with their counts and spellings; of more than two, those that differ in capitals alone are one."""
    counts, raw = dict(found["counts"]), dict(found["raw"])
    if len(counts) < 3:
        return counts, raw
    names: dict[str, str] = {}
    for value in counts:  # most frequent first
        names.setdefault(value.casefold(), value)
    merged = dict.fromkeys(names.values(), 0)
    spelled: dict[str, list[Any]] = {name: [] for name in names.values()}
    for value, n in counts.items():
        merged[names[value.casefold()]] += n
        spelled[names[value.casefold()]] += raw[value]
    return merged, spelled


def yes_among(pair: list[str]) -> str | None:
    """Which of two values counts as yes; `None` where that is not clear."""
    folded = {value.casefold(): value for value in pair}
    yes = [folded[v] for v in folded if v in YES]
    no = [folded[v] for v in folded if v in NO]
    if len(yes) == 1:
        other = next((v for v in pair if v != yes[0]), "")
        return None if yes[0] == "1" and other.isdecimal() and int(other) > 1 else yes[0]  # 1 and 2: who knows
    if len(no) == 1:
        return next(v for v in pair if v != no[0])
    numbers = columns.floats(pa.chunked_array([pa.array(pair)]))
    return pair[int(np.argmax(numbers))] if numbers is not None and not yes else None
