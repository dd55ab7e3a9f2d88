"""Which column is which: taken as given, else guessed by name and content, and every guess is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from payoff.audit import frame
from payoff.errors import BadInput, Fault, Unknown

SCORE = {"score": 4, "proba": 4, "prob": 4, "probability": 4, "risk": 3, "p": 3, "yhat": 3, "pred": 2, "prediction": 2}
LABEL = {
    **dict.fromkeys("label target outcome truth actual y".split(), 4),
    **dict.fromkeys("churn churned left attrition converted conversion default defaulted fraud bought".split(), 3),
    **dict.fromkeys("purchased renewed cancelled canceled recid hired retained response responded clicked".split(), 3),
    "visit": 2,
}
TREATED = dict.fromkeys("treated treatment called contacted emailed mailed helped intervention".split(), 3)
DECISION = dict.fromkeys("decision decided flagged approved rejected selected invited shortlisted actioned".split(), 3)
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


def assign(
    table: pa.Table,
    *,
    score: str | None,
    label: str | None,
    unit: str | None,
    treated: str | None,
    decision: str | None,
    segments: Sequence[str],
    protected: Sequence[str],
    taken: Iterable[str] = (),
) -> Roles:
    """Give every column its part. Raises `Unknown` for a name that is not there, `BadInput` without score or label."""
    names = list(table.column_names)
    given = [n for n in (score, label, unit, treated, decision, *segments, *protected) if n]
    for name in given:
        if name not in names:
            raise Unknown.among("column", name, names)
    counts = {name: len(frame.levels(table[name])) for name in names}
    free = [n for n in names if n not in given and n not in taken]
    guessed: list[str] = []

    def numeric(name: str) -> bool:
        return frame.is_number(table[name].type) and frame.floats(table[name]) is not None

    def pick(part: str, candidates: list[str], words: dict[str, int]) -> str:
        found = _best(candidates, words)
        if found:
            guessed.append(part)
            free.remove(found)
        return found

    if not label:
        label = pick("label", [n for n in free if counts[n] == 2], LABEL)
    if not score:
        score = pick("score", [n for n in free if numeric(n) and n != label], SCORE)
        fractions = [n for n in free if numeric(n) and counts[n] > 2 and _is_share(frame.floats(table[n]))]
        if not score and len(fractions) == 1:
            score = fractions[0]
            free.remove(score)
            guessed.append("score")
    twos = [n for n in free if counts[n] == 2]
    if not label and len(twos) == 1:
        label = twos[0]
        free.remove(label)
        guessed.append("label")
    faults = []
    listed = ", ".join(names[:12])
    if not score:
        faults.append(Fault("score", "no column looks like the model's score", f"Say which it is; there are {listed}."))
    if not label:
        faults.append(
            Fault("label", "no column looks like what came of it, yes or no", f"Say which it is; there are {listed}.")
        )
    if faults:
        raise BadInput("the table", faults)
    if not unit:
        unit = pick("unit", [n for n in free if counts[n] > table.num_rows / 2 and not _is_float(table[n])], UNIT)
    if not treated:
        treated = pick("treated", [n for n in free if counts[n] == 2], TREATED)
    if not decision:
        decision = pick("decision", [n for n in free if counts[n] == 2], DECISION)
    grouping = [n for n in free if 2 <= counts[n] <= _MOST_LEVELS]
    if not protected:
        protected = tuple(n for n in grouping if likeness(n, PROTECTED))
        guessed += ["protected"] if protected else []
    if not segments:
        told = {*tokens(score), *tokens(label)}
        segments = tuple(
            n
            for n in grouping
            if n not in protected and not numeric(n) and not told & set(tokens(n))
        )[:_MOST_SEGMENTS]
        guessed += ["segments"] if segments else []
    segments = tuple(n for n in segments if n not in protected)
    return Roles(score, label, unit, treated, decision, segments, tuple(protected), tuple(guessed))


def _is_share(values: np.ndarray | None) -> bool:
    return values is not None and bool(np.nanmin(values) >= 0) and bool(np.nanmax(values) <= 1)


def _is_float(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_floating(column.type))
