"""What every section looks at: the rows whose score and outcome are both known, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from payoff.audit import frame
from payoff.audit.measures import Flags, Floats
from payoff.audit.report import Section
from payoff.audit.roles import BAD, Roles, tokens
from payoff.errors import BadInput, Fault
from payoff.texts import Texts

YES = frozenset(
    "yes y true t 1 positive pos churn churned left leave leaver lost converted bought hired default defaulted "
    "fraud accepted done clicked responded retained renewed won ja oui si".split()
)
NO = frozenset(
    "no n false f 0 -1 negative neg stay stayed active kept retained not_converted rejected paid good open "
    "nein non".split()
)
FEW = 30
"""A group smaller than this reads "cannot tell"."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was wrong with the rows as they came. `leaks` maps a column to how well it alone ranks (AUC)."""

    rows: int
    unknown_outcomes: int
    missing_scores: int
    double_rows: int
    double_units: int
    logits: bool
    rank_only: bool
    leaks: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """The table as sections see it.

    `label`, `score`, `treated`, `decision`, `groups`, `value` are row for row the same `n` rows. `score` is a
    probability unless `probability` is false; then only its order means anything. `treated` and `decision` are
    1, 0 or NaN. `bad` says whether the outcome is one to prevent. `value` is what one outcome is worth and `cost`
    what acting on one row costs, in the same money. `so_far` holds the sections already made.
    """

    name: str
    roles: Roles
    label: Flags
    score: Floats
    probability: bool
    bad: bool
    groups: Mapping[str, np.ndarray]
    health: Health
    texts: Texts
    treated: Floats | None = None
    decision: Floats | None = None
    value: Floats | None = None
    cost: float | None = None
    so_far: tuple[Section, ...] = ()

    @property
    def n(self) -> int:
        return int(self.label.size)

    @property
    def positives(self) -> int:
        return int(self.label.sum())

    @property
    def base(self) -> float:
        """The share of rows with the outcome."""
        return self.positives / self.n

    @property
    def outcome(self) -> str:
        return self.roles.label

    @property
    def selected(self) -> Flags:
        """Who the model, or the decision made by it, picks out: the decision column if there is one, else a
        probability of one half or more, else the three in ten with the highest score."""
        if self.decision is not None:
            return np.asarray(self.decision == 1)
        if self.probability and 0.01 <= float((self.score >= 0.5).mean()) <= 0.99:
            return np.asarray(self.score >= 0.5)
        return np.asarray(self.score >= np.quantile(self.score, 0.7, method="higher"))

    def has(self, part: str) -> bool:
        """Whether the file has what a section says it needs."""
        present: dict[str, bool] = {
            "treated": self.treated is not None,
            "decision": self.decision is not None,
            "value": self.value is not None,
            "cost": self.cost is not None,
            "unit": bool(self.roles.unit),
            "segments": bool(self.roles.segments),
            "protected": bool(self.roles.protected),
            "groups": bool(self.groups),
        }
        return present.get(part, True)

    def say(self, key: str, **values: object) -> str:
        """A sentence of the audit; `outcome` is filled in."""
        return self.texts.say(f"audit.{key}", **{"outcome": self.outcome, **values})

    def of_100(self, value: float) -> str:
        """0.664 → 66; below ten and near a hundred with one decimal, where it would matter."""
        hundred = value * 100
        whole = hundred == round(hundred) or 9.5 <= hundred <= 99.5
        return self.texts.number(hundred, digits=0 if whole else 1)


def yes_no(table: pa.Table, name: str, positive: object, notes: list[str], texts: Texts) -> Floats:
    """A two-valued column as 1, 0 and NaN. Texts are read by their words, or by `positive`.

    Raises `BadInput` for one value, for three without `positive`, and for two words that do not say which is yes.
    """
    counts = frame.levels(table[name])
    values = frame.texts(table[name])

    def refuse(what: str, mend: str) -> BadInput:
        return BadInput("the table", [Fault(name, what, mend)])

    shown = ", ".join(repr(v) for v in list(counts)[:6])
    if positive is not None:
        yes = frame.written(positive)
        if yes not in counts:
            raise refuse(f"no row has the value {yes!r}", f"There is {shown}.")
        if len(counts) < 2:
            raise refuse(
                f"every known row has the value {yes!r}", "Give rows of both kinds; else nothing can be compared."
            )
        if len(counts) > 2:
            notes.append(texts.say("audit.coerced_rest", column=name, yes=yes))
    elif len(counts) < 2:
        only = f"only the value {shown}" if counts else "no value at all"
        raise refuse(f"it has {only}", "Give rows of both kinds; else nothing can be compared.")
    elif len(counts) > 2:
        raise refuse(
            f"it has {len(counts)} values ({shown}{', …' if len(counts) > 6 else ''})",
            "Say which one counts as yes: positive='…'. All others count as no.",
        )
    else:
        yes = _yes_among(list(counts)) or ""
        if not yes:
            raise refuse(f"which of {shown} counts as yes is not clear", "Say it: positive='…'.")
        if {*counts} != {"0", "1"} and {*counts} != {"yes", "no"}:
            no = next(v for v in counts if v != yes)
            notes.append(texts.say("audit.coerced_words", column=name, yes=yes, no=no))
    return np.where(values == "", np.nan, (values == yes).astype(np.float64))


def _yes_among(pair: list[str]) -> str | None:
    folded = {value.casefold(): value for value in pair}
    yes = [folded[v] for v in folded if v in YES]
    no = [folded[v] for v in folded if v in NO]
    if len(yes) == 1:
        return yes[0]
    if len(no) == 1:
        return next(v for v in pair if v != no[0])
    numbers = frame.floats(pa.chunked_array([pa.array(pair)]))
    return pair[int(np.argmax(numbers))] if numbers is not None and not yes else None


def as_score(table: pa.Table, name: str, notes: list[str], texts: Texts) -> tuple[Floats, bool, bool]:
    """The score with NaN for missing, whether it reads as a probability, and whether it was made from logits."""
    values = frame.floats(table[name])
    if values is None:
        raise BadInput(
            "the table",
            [Fault(name, "the score is not a number", "Give a column of numbers, higher for more likely.")],
        )
    if pa.types.is_string(frame.plain(table[name]).type):
        notes.append(texts.say("audit.coerced_text_score", column=name))
    known = values[~np.isnan(values)]
    if known.size == 0:
        raise BadInput("the table", [Fault(name, "no row has a score", "Give a number for each prediction.")])
    low, high = float(known.min()), float(known.max())
    if low >= 0 and high <= 1:
        return values, True, False
    if low < 0 and high > -20 and max(-low, high) <= 40:
        notes.append(texts.say("audit.coerced_logits", column=name, low=f"{low:.3g}", high=f"{high:.3g}"))
        return 1 / (1 + np.exp(-values)), True, True
    if low >= 0 and 10 < high <= 100:
        notes.append(texts.say("audit.coerced_percent", column=name, low=f"{low:.3g}", high=f"{high:.3g}"))
        return values / 100, True, False
    notes.append(texts.say("audit.coerced_rank", column=name, low=f"{low:.3g}", high=f"{high:.3g}"))
    return values, False, False


def is_bad(label: str, positive: object) -> bool:
    """Whether the outcome's name says that it is one to prevent; unknown names count as such."""
    words = {*tokens(label), *tokens(str(positive or ""))}
    welcome = set(
        "bought purchased converted conversion renewed retained hired response responded visit clicked".split()
    )
    return bool(words & BAD) or not words & welcome
