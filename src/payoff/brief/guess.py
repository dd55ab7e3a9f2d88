"""What the columns of a table probably are, each with its reason; the interview shows it, people correct it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief.rows import NO, YES, same_value
from payoff.errors import BadInput, Fault, Unknown

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_UNIT = (
    "account",
    "customer",
    "client",
    "user",
    "company",
    "organisation",
    "organization",
    "tenant",
    "subscriber",
)
_BAD = (
    "churn",
    "churned",
    "left",
    "leave",
    "leaver",
    "cancel",
    "cancelled",
    "canceled",
    "attrition",
    "lost",
    "quit",
)
_GOOD = ("renewed", "renewal", "retained", "converted", "conversion", "stayed", "activated", "success", "outcome")
_YES = YES | {*_BAD, *_GOOD, "gone", "inactive", "closed", "exited", "fired", "active"}
_AFTER = (
    "reason",
    "cancellation",
    "cancelled",
    "canceled",
    "termination",
    "exit",
    "refund",
    "closed",
    "ended",
    "end",
)
_PROTECTED = {
    "gender": "says the gender",
    "sex": "says the sex",
    "race": "says the ethnic origin",
    "ethnicity": "says the ethnic origin",
    "ethnic": "says the ethnic origin",
    "age": "says the age",
    "birth": "says the age",
    "birthday": "says the age",
    "dob": "says the age",
    "senior": "says the age",
    "religion": "says the religion",
    "disability": "says a disability",
    "disabled": "says a disability",
    "nationality": "says the nationality",
    "marital": "says the marital status",
    "pregnant": "says a pregnancy",
    "orientation": "says the sexual orientation",
}
_NOT_A_PERSONS_AGE = {"account", "company", "days", "customer", "contract", "subscription", "months"}
_NOT_A_NAME = {"role", "title", "job", "position", "persona", "email", "mail", "phone", "id", "date"}
_MONEY = (
    "mrr",
    "arr",
    "revenue",
    "charge",
    "charges",
    "price",
    "amount",
    "spend",
    "fee",
    "fees",
    "ltv",
    "value",
    "cost",
)
_SEGMENT = (
    "segment",
    "plan",
    "tier",
    "contract",
    "region",
    "country",
    "size",
    "band",
    "channel",
    "department",
    "type",
)
_FEW, _MANY, _SEGMENTS = 12, 20, 3


@dataclass(frozen=True, slots=True)
class Guess:
    """One column and why. `value` is the value that means yes, for an outcome; `good` whether more is better."""

    column: str
    because: str
    value: str = ""
    good: bool = True

    @property
    def spec(self) -> str:
        """As the brief writes it: `Churn=Yes`."""
        return f"{self.column}={self.value}" if self.value else self.column


@dataclass(frozen=True, slots=True)
class Guesses:
    """What was found. `missing` says in words what was looked for and not found."""

    columns: tuple[str, ...]
    rows: int
    unit: Guess | None = None
    outcome: Guess | None = None
    at: Guess | None = None
    role: Guess | None = None
    industry: Guess | None = None
    contact: Guess | None = None
    owner: Guess | None = None
    segments: tuple[Guess, ...] = ()
    protected: tuple[Guess, ...] = ()
    money: tuple[Guess, ...] = ()
    ignore: tuple[Guess, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """Columns that would become facts: all but the unit's id, its moment and the outcome."""
        taken = {guess.column for guess in (self.unit, self.at, self.outcome) if guess}
        return tuple(column for column in self.columns if column not in taken)

    @property
    def unit_name(self) -> str:
        """What one row is about, from the name of its id: `customerID` → customer."""
        words = words_of(self.unit.column) if self.unit else []
        return next((word for word in words if word in _UNIT), "account")

    def spoken(self) -> list[tuple[str, str, str]]:
        """(what it is taken for, column, why), in the order one would read them out."""
        single = ("unit", "outcome", "at", "role", "industry", "contact", "owner")
        found = [(name, guess) for name in single if (guess := getattr(self, name)) is not None]
        found += [(name, g) for name in ("protected", "money", "segments", "ignore") for g in getattr(self, name)]
        return [(name, guess.spec, guess.because) for name, guess in found]


def words_of(name: str) -> list[str]:
    """The words in a column's name: `SeniorCitizen`, `senior_citizen` → senior, citizen."""
    return [word.lower() for word in _WORDS.findall(name)]


def guess(table: pa.Table, *, unit: str | None = None, outcome: str | None = None) -> Guesses:
    """Look at names and values. `unit` and `outcome` ("Churn" or "Churn=Yes") are taken as given.

    Raises `Unknown` for a given column that is not there, `BadInput` for an outcome whose yes cannot be told
    or never occurs.
    """
    columns = {name: _Column(name, table[name]) for name in table.column_names}
    found_unit = _given_unit(columns, unit) if unit else _unit(columns.values())
    rest = [c for c in columns.values() if found_unit is None or c.name != found_unit.column]
    found_outcome = _given_outcome(columns, outcome) if outcome else _outcome(rest)
    rest = [c for c in rest if found_outcome is None or c.name != found_outcome.column]
    at = _first(
        rest, ("at", "date", "time", "timestamp", "snapshot", "month"), "is a moment", only=_Column.is_moment
    )
    role = _first(rest, ("role", "title", "job", "position", "persona"), "names a role", only=_Column.is_category)
    industry = _first(rest, ("industry", "sector", "vertical"), "names the industry", only=_Column.is_category)
    contact = _first(
        [c for c in rest if not set(c.words) & _NOT_A_NAME],
        ("contact",),
        "names the contact",
        only=_Column.is_name,
    )
    owner = _first(rest, ("owner", "csm", "rep"), "names who takes care of it", only=_Column.is_name)
    protected = tuple(found for c in rest if (found := _protected(c)))
    taken = {g.column for g in (at, role, industry, contact, owner, *protected) if g}
    ignore = tuple(found for c in rest if c.name not in taken and (found := _useless(c, columns, found_outcome)))
    taken |= {g.column for g in ignore}
    money = tuple(
        Guess(c.name, "its name speaks of money, and it holds numbers")
        for c in rest
        if c.name not in taken and c.is_number() and set(c.words) & set(_MONEY)
    )
    missing = [] if found_unit else ["no column names each row once, so there is no id of a unit"]
    missing += [] if found_outcome else ["no column tells yes from no, so there is no outcome"]
    return Guesses(
        columns=tuple(columns),
        rows=table.num_rows,
        unit=found_unit,
        outcome=found_outcome,
        at=at,
        role=role,
        industry=industry,
        contact=contact,
        owner=owner,
        segments=_segments([c for c in rest if c.name not in taken]),
        protected=protected,
        money=money,
        ignore=ignore,
        missing=tuple(missing),
    )


class _Column:
    """A column with what is asked of it more than once."""

    def __init__(self, name: str, values: pa.ChunkedArray) -> None:
        self.name, self.words = name, words_of(name)
        kind = values.type
        self.values = pc.cast(values, kind.value_type) if pa.types.is_dictionary(kind) else values
        self.nested = pa.types.is_nested(self.values.type)
        self.distinct = [] if self.nested else [v for v in self.values.unique().to_pylist() if v is not None]
        self.filled = len(values) - self.values.null_count

    @property
    def is_text(self) -> bool:
        return pa.types.is_string(self.values.type) or pa.types.is_large_string(self.values.type)

    def is_moment(self) -> bool:
        return pa.types.is_timestamp(self.values.type) or pa.types.is_date(self.values.type)

    def is_number(self) -> bool:
        if self.is_text:  # numbers kept as text, perhaps with blanks among them
            trimmed = [value.strip() for value in self.distinct if value.strip()]
            numbers = sum(1 for value in trimmed if re.fullmatch(r"[+-]?\d+(\.\d+)?", value))
            return bool(trimmed) and numbers >= 0.95 * len(trimmed)
        return pa.types.is_integer(self.values.type) or pa.types.is_floating(self.values.type)

    def is_category(self) -> bool:
        return self.is_text and 2 <= len(self.distinct) <= max(50, self.filled // 10)

    def is_name(self) -> bool:
        return self.is_text and not self.is_number()

    def is_unique(self) -> bool:
        return self.filled == len(self.values) == len(self.distinct) and self.filled > 0

    def numbers(self) -> np.ndarray:
        """As floats; missing is NaN. Categories are numbered in order of appearance."""
        if self.is_text:
            places = {value: float(i) for i, value in enumerate(self.distinct)}
            return np.array([places.get(v, np.nan) for v in self.values.to_pylist()])
        if self.is_moment():
            return np.asarray(self.values.cast(pa.timestamp("us")).cast(pa.int64()).to_numpy(), float)
        return np.asarray(self.values.cast(pa.float64()).to_numpy(), float)


def _given_unit(columns: dict[str, _Column], name: str) -> Guess:
    if name not in columns:
        raise Unknown.among("column", name, columns)
    return Guess(name, "you said so")


def _unit(columns: Iterable[_Column]) -> Guess | None:
    """An id: every value once, and a name that says so; text or whole numbers, never a measurement."""
    candidates = []
    for i, c in enumerate(columns):
        whole = c.is_text or pa.types.is_integer(c.values.type)
        if not whole or not c.is_unique():
            continue
        named = ("id" in c.words or c.name.lower().endswith("id")) + 2 * bool(set(c.words) & set(_UNIT))
        if named or (i == 0 and c.is_text and not c.is_number()):
            candidates.append((named, -i, c.name))
    if not candidates:
        return None
    named, _, name = max(candidates)
    return Guess(name, "every row has its own value" + (", and its name says id" if named else ""))


def _given_outcome(columns: dict[str, _Column], spec: str) -> Guess:
    name, _, value = (part.strip() for part in spec.partition("="))
    if name not in columns:
        raise Unknown.among("column", name, columns)
    column = columns[name]
    good = not _is_bad(column)
    if value:
        if not any(same_value(v, value) for v in column.distinct):
            seen = ", ".join(repr(str(v)) for v in column.distinct[:8])
            raise BadInput(
                "outcome", [Fault(f"column {name!r}", f"no row has the value {value!r}", f"Seen: {seen}.")]
            )
        return Guess(name, "you said so", value, good)
    yes = _yes(column)
    if yes is None and not column.is_number():
        mend = f"Say which value means yes: {name}={next(iter(column.distinct), 'Yes')}."
        raise BadInput("outcome", [Fault(f"column {name!r}", "nothing tells which value means yes", mend)])
    return Guess(name, "you said so", yes or "", good)


def _outcome(columns: Sequence[_Column]) -> Guess | None:
    found = []
    for i, c in enumerate(columns):
        words = set(c.words)
        named = words & {*_BAD, *_GOOD, "label", "target"}
        if named and len(c.distinct) == 2 and not words & set(_AFTER) - named and (yes := _yes(c)) is not None:
            # The shorter name is the outcome itself; longer ones speak about it.
            found.append((len(c.words), i, c, yes))
    if not found:
        return None
    _, _, c, yes = min(found, key=lambda f: f[:2])
    because = f"its name says what happened, and {yes!r} is one of two values"
    return Guess(c.name, because, yes, not _is_bad(c))


def _is_bad(column: _Column) -> bool:
    return bool(set(column.words) & set(_BAD)) or any(str(v).lower() in _BAD for v in column.distinct[:_FEW])


def _yes(column: _Column) -> str | None:
    """The value of two that means yes, as it is written; `None` when nobody can tell."""
    if len(column.distinct) != 2:
        return None
    if pa.types.is_boolean(column.values.type):
        return "true"
    likely = [v for v in column.distinct if _word(v) in _YES]
    if len(likely) == 2:
        likely = [v for v in likely if _word(v) in _BAD] or likely
    if len(likely) != 1:
        likely = [v for v in column.distinct if any(_word(o) in NO for o in column.distinct if o != v)]
    return _word(likely[0], lower=False) if len(likely) == 1 else None


def _word(value: object, *, lower: bool = True) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text.lower() if lower else text


def _first(columns: Iterable[_Column], words: Sequence[str], because: str, *, only: object) -> Guess | None:
    assert callable(only)
    for word in words:
        for c in columns:
            if word in c.words and only(c):
                return Guess(c.name, f"its name {because}" if because.startswith("names") else f"it {because}")
    return None


def _protected(c: _Column) -> Guess | None:
    for word, because in _PROTECTED.items():
        if word in c.words and not (word == "age" and set(c.words) & _NOT_A_PERSONS_AGE):
            return Guess(c.name, f"it {because}: watched for unequal treatment, never decided on")
    return None


def _useless(c: _Column, columns: dict[str, _Column], outcome: Guess | None) -> Guess | None:
    """Why no model should see the column; `None` when it may."""
    if c.nested:
        return Guess(c.name, "it holds nested values")
    if not c.filled:
        return Guess(c.name, "it is empty in every row")
    if len(c.distinct) == 1 and c.filled == len(c.values):
        return Guess(c.name, "it is the same in every row")
    texts = c.is_text and not c.is_number()
    if texts and len(c.distinct) > max(_MANY, 0.5 * c.filled):
        return Guess(c.name, "it names the unit: nearly every value stands once")
    ids = "id" in c.words or set(c.words) & {"email", "phone", "uuid", "guid", "ssn", "iban"}
    if ids and len(c.distinct) > max(_MANY, 0.5 * c.filled):
        return Guess(c.name, "it is an identifier by its name")
    if outcome is None:
        return None
    shared = set(c.words) & (set(words_of(outcome.column)) | set(_BAD)) - {"is", "has", "flag", "id"}
    if shared or set(c.words) & set(_AFTER):
        return Guess(c.name, "its name speaks of what happened: probably known only afterwards")
    target = columns[outcome.column]
    happened = np.array([v is not None and same_value(v, outcome.value or "1") for v in target.values.to_pylist()])
    if _tells(c, happened):
        return Guess(c.name, "it tells the outcome nearly alone: probably known only afterwards")
    return None


def _tells(c: _Column, happened: np.ndarray) -> bool:
    """Whether the column alone separates the outcome, by its values or by being filled at all."""
    n, yes = happened.size, int(happened.sum())
    if min(yes, n - yes) < _MANY:
        return False
    values = c.numbers()
    filled = ~np.isnan(values)
    if 0.02 < filled.mean() < 0.98 and max((filled == happened).mean(), (filled != happened).mean()) > 0.99:
        return True
    if c.is_text and not c.is_number():
        groups = values[filled].astype(int)
        hits = np.bincount(groups, happened[filled])
        right = np.maximum(hits, np.bincount(groups) - hits).sum() / max(filled.sum(), 1)
        base = max(happened[filled].mean(), 1 - happened[filled].mean()) if filled.any() else 1.0
        return bool(right > 0.99 and base < 0.97)
    return abs(_auc(values[filled], happened[filled]) - 0.5) > 0.49


def _auc(values: np.ndarray, happened: np.ndarray) -> float:
    """The chance that a unit it happened to has the higher value (Mann and Whitney 1947), ties counted half."""
    yes = int(happened.sum())
    no = happened.size - yes
    if not yes or not no:
        return 0.5
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((ranks[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def _segments(columns: Sequence[_Column]) -> tuple[Guess, ...]:
    """Texts with a few values, those with a telling name first."""
    fitting = [c for c in columns if c.is_text and not c.is_number() and 3 <= len(c.distinct) <= _FEW]
    ranked = sorted(fitting, key=lambda c: not set(c.words) & set(_SEGMENT))
    return tuple(Guess(c.name, f"{len(c.distinct)} groups") for c in ranked[:_SEGMENTS])
