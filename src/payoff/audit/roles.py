"""Which column is which: taken as given, else guessed by name and content, and every guess is said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from payoff.audit import frame
from payoff.errors import BadInput, Fault, Unknown

SCORE = {
    "score": 4,
    "proba": 4,
    "prob": 4,
    "probability": 4,
    "risk": 3,
    "p": 3,
    "yhat": 3,
    "pred": 2,
    "prediction": 2,
}
LABEL = {
    **dict.fromkeys("label target outcome truth actual y".split(), 4),
    **dict.fromkeys("churn churned left attrition converted conversion default defaulted fraud bought".split(), 3),
    **dict.fromkeys(
        "purchased renewed cancelled canceled recid hired retained response responded clicked".split(), 3
    ),
    "visit": 2,
}
TREATED = dict.fromkeys("treated treatment called contacted emailed mailed helped intervention".split(), 3)
DECISION = dict.fromkeys(
    "decision decided flagged approved rejected selected invited shortlisted actioned".split(), 3
)
UNIT = {"id": 4, "unit": 3, "account": 2, "customer": 2, "user": 2, "uuid": 3}
PROTECTED = dict.fromkeys(
    "sex gender race ethnicity ethnic religion disability disabled nationality senior age marital".split(), 3
)
BAD = frozenset(
    "churn churned left leave leaving attrition default defaulted fraud cancel cancelled canceled lost recid "
    "recidivism complaint dropout late failed failure died readmitted".split()
)
_MOST_LEVELS = 12
_MOST_SEGMENTS = 6


def tokens(name: str) -> list[str]:
    """`SeniorCitizen_2` → senior, citizen, 2."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^A-Za-z0-9]+", spaced.lower()) if word]


def likeness(name: str, words: dict[str, int]) -> int:
    return max((words.get(token, 0) for token in tokens(name)), default=0)


@dataclass(frozen=True, slots=True)
class Roles:
    """The column read as each part; "" or () where the table has none. `guessed` names the parts chosen by us."""

    score: str
    label: str
    unit: str
    treated: str
    decision: str
    segments: tuple[str, ...]
    protected: tuple[str, ...]
    guessed: tuple[str, ...]

    def as_dict(self) -> dict[str, str | list[str]]:
        return {
            "score": self.score,
            "label": self.label,
            "unit": self.unit,
            "treated": self.treated,
            "decision": self.decision,
            "segments": list(self.segments),
            "protected": list(self.protected),
        }


def _best(names: Iterable[str], words: dict[str, int]) -> str:
    ranked = [(-likeness(name, words), i, name) for i, name in enumerate(names) if likeness(name, words)]
    return min(ranked)[2] if ranked else ""


@dataclass(frozen=True, slots=True)
class Named:
    """The columns the caller named; "" or () where nothing was said. `taken` are columns of value and cost."""

    score: str = ""
    label: str = ""
    unit: str = ""
    treated: str = ""
    decision: str = ""
    segments: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()

    def all(self) -> list[str]:
        single = [self.score, self.label, self.unit, self.treated, self.decision]
        return [n for n in (*single, *self.segments, *self.protected, *self.taken) if n]


class _Search:
    """The columns still free, and the parts guessed so far."""

    def __init__(self, table: pa.Table, named: Named) -> None:
        self.table = table
        self.counts = {name: frame.distinct(table[name]) for name in table.column_names}
        self.free = [n for n in table.column_names if n not in named.all()]
        self.guessed: list[str] = []

    def numeric(self, name: str) -> bool:
        return frame.is_number(self.table[name].type) and frame.floats(self.table[name]) is not None

    def take(self, part: str, column: str) -> str:
        if column:
            self.guessed.append(part)
            self.free.remove(column)
        return column

    def twos(self) -> list[str]:
        return [n for n in self.free if self.counts[n] == 2]

    def label(self) -> str:
        return self.take("label", _best(self.twos(), LABEL))

    def score(self) -> str:
        numeric = [n for n in self.free if self.numeric(n)]
        found = self.take("score", _best(numeric, SCORE))
        shares = [n for n in numeric if self.counts[n] > 2 and _is_share(frame.floats(self.table[n]))]
        return found or self.take("score", shares[0] if len(shares) == 1 else "")

    def only_two(self) -> str:
        """The one column of two values, when there is no other."""
        twos = self.twos()
        return self.take("label", twos[0] if len(twos) == 1 else "")

    def unit(self) -> str:
        many = [n for n in self.free if self.counts[n] > self.table.num_rows / 2]
        return self.take("unit", _best([n for n in many if not pa.types.is_floating(self.table[n].type)], UNIT))

    def protected(self) -> tuple[str, ...]:
        found = tuple(n for n in self._grouping() if likeness(n, PROTECTED))
        self.guessed += ["protected"] if found else []
        return found

    def segments(self, beside: tuple[str, ...], told: set[str]) -> tuple[str, ...]:
        """Columns of words; those named like the score or the outcome would only repeat them."""
        words = [n for n in self._grouping() if n not in beside and not self.numeric(n)]
        found = tuple(n for n in words if not told & set(tokens(n)))[:_MOST_SEGMENTS]
        self.guessed += ["segments"] if found else []
        return found

    def _grouping(self) -> list[str]:
        return [n for n in self.free if 2 <= self.counts[n] <= _MOST_LEVELS]


def assign(table: pa.Table, named: Named) -> Roles:
    """Give every column its part.

    Raises `Unknown` for a name that is not there, `BadInput` when no column can be the score or the outcome.
    """
    names = list(table.column_names)
    for name in named.all():
        if name not in names:
            raise Unknown.among("column", name, names)
    search = _Search(table, named)
    label = named.label or search.label()
    score = named.score or search.score()
    label = label or search.only_two()
    mend = f"Say which it is; there are {', '.join(names[:12])}."
    faults = [] if score else [Fault("score", "no column looks like the model's score", mend)]
    faults += [] if label else [Fault("label", "no column looks like what came of it, yes or no", mend)]
    if faults:
        raise BadInput("the table", faults)
    unit = named.unit or search.unit()
    treated = named.treated or search.take("treated", _best(search.twos(), TREATED))
    decision = named.decision or search.take("decision", _best(search.twos(), DECISION))
    protected = named.protected or search.protected()
    segments = named.segments or search.segments(protected, {*tokens(score), *tokens(label)})
    segments = tuple(n for n in segments if n not in protected)
    return Roles(score, label, unit, treated, decision, segments, protected, tuple(search.guessed))


def _is_share(values: np.ndarray | None) -> bool:
    return values is not None and bool(np.nanmin(values) >= 0) and bool(np.nanmax(values) <= 1)
