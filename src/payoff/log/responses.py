"""What people answered, and which of it stands.

All answers are kept; one reading of them counts, and every reader of `response` shares it:

- `undone` takes back what the same person last answered on the suggestion (being shown it is no answer);
- of *done* and *dismissed* only those stand that agree with the last of done, dismissed and snoozed: who changes
  their mind is believed the last time.

What does not stand leaves one thing behind: somebody met the suggestion. Order is that of the moments answers
speak of, so that events which arrive shuffled say the same; of one moment the later in the log comes later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.log.tables import LogTables
from payoff.records.envelope import Event
from payoff.records.time import from_micros

WHAT = ("shown", "accepted", "done", "dismissed", "snoozed", "undone")
"""What a response can be."""
ANSWERS = frozenset(("accepted", "done", "dismissed", "snoozed"))
"""What a person says; being shown something is not said."""
FINAL = frozenset(("done", "dismissed"))
"""After one of these nobody waits for anything."""

CODES: Mapping[str, str] = {
    "need": "not needed",
    "action": "wrong action",
    "time": "wrong time",
    "facts": "wrong facts",
    "already": "already",
    "gone": "no longer a customer",
    "owner": "not mine",
    "nobody": "nobody answered",
}
"""Why somebody said no, by the short name the verbs take: the words that stand first in a response's `why`."""
BLAMELESS = ("already", "gone", "owner")
"""Short names of reasons that say nothing about the suggestion: such a no is no label."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response as it was kept."""

    id: str
    seq: int
    at: datetime
    what: str
    by: str
    why: str = ""
    until: datetime | None = None

    @property
    def order(self) -> tuple[datetime, int]:
        return (self.at, self.seq)


def reasoned(name: str, words: str = "") -> str:
    """The `why` of a response: its code, and the person's words behind it."""
    return ": ".join(part for part in (CODES[name], words.strip()) if part)


def reason_of(why: str | None) -> tuple[str, str]:
    """The short name of a reason ("" where it is in free words only) and the words behind it."""
    text = why or ""
    for name, code in CODES.items():
        if text == code:
            return name, ""
        if text.startswith(f"{code}: "):
            return name, text[len(code) + 2 :]
    return "", text


def answer_of(event: Event) -> Answer:
    """A `response` event as an answer."""
    until = event.body.get("until_us")
    return Answer(
        event.id,
        event.seq,
        event.at,
        str(event.body["what"]),
        event.actor or "",
        str(event.body.get("why") or ""),
        from_micros(until) if until is not None else None,
    )


def said(answers: Iterable[Answer]) -> list[Answer]:
    """Of what was answered on one suggestion, what nobody took back, in order."""
    kept: list[Answer] = []
    for answer in sorted(answers, key=lambda a: a.order):
        if answer.what == "undone":
            mine = next((a for a in reversed(kept) if a.by == answer.by), None)
            if mine is not None:
                kept.remove(mine)
        elif answer.what in ANSWERS:
            kept.append(answer)
    return kept


def standing(answers: Iterable[Answer]) -> list[Answer]:
    """Of what was answered on one suggestion, what stands, in order; being shown it is left out."""
    kept = said(answers)
    last = next((a.what for a in reversed(kept) if a.what != "accepted"), "")
    return [a for a in kept if a.what not in FINAL or a.what == last]


def current(answers: Iterable[Answer]) -> Answer | None:
    """The one answer that counts now; `None` while there is none."""
    kept = standing(answers)
    return next((a for a in reversed(kept) if a.what != "accepted"), kept[-1] if kept else None)


def responses(tables: LogTables) -> pa.Table:
    """All responses, with what does not stand as `shown`. The one table of answers to judge and learn from."""
    return tables.derived("responses", ("response",), _standing)


def responses_view(tables: LogTables) -> ir.Table:
    """The same as an Ibis table."""
    return tables.derived_view("responses", ("response",), _standing)


def _standing(told: pa.Table) -> pa.Table:
    what = told["what"].combine_chunks() if told.num_rows else pa.array([], pa.string())
    back = _taken_back(told)
    answered = _among(what, (*FINAL, "snoozed")) & ~back
    rows = np.flatnonzero(answered)
    stale = np.zeros(len(what), bool)
    if rows.size:
        names = what.dictionary_encode().indices.to_numpy(zero_copy_only=False)
        codes = told["suggestion"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
        at = told["at"].cast(pa.int64()).to_numpy()
        order = rows[np.lexsort((told["seq"].to_numpy()[rows], at[rows], codes[rows]))]
        last = np.zeros(int(codes.max()) + 1, dtype=np.int64)
        last[codes[order]] = names[order]  # of equal indices the last assignment holds
        final = _among(what, FINAL)
        stale[rows] = final[rows] & (names[rows] != last[codes[rows]])
    gone = back | stale | _among(what, ("undone",))
    if not gone.any():
        return told
    mended = pc.if_else(pa.array(gone), pa.scalar("shown"), what)
    return told.set_column(told.schema.get_field_index("what"), "what", mended)


def _among(what: pa.Array, names: Iterable[str]) -> NDArray[np.bool_]:
    found = pc.is_in(what, pa.array(list(names), pa.string()))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _taken_back(told: pa.Table) -> NDArray[np.bool_]:
    """Rows that somebody took back; only suggestions on which anything was taken back are looked at one by one."""
    back = np.zeros(told.num_rows, bool)
    touched = pc.unique(told.filter(pc.equal(told["what"], "undone"))["suggestion"])
    if not len(touched):
        return back
    places = np.flatnonzero(
        np.asarray(pc.is_in(told["suggestion"], touched).to_numpy(zero_copy_only=False), dtype=bool)
    )
    rows: dict[tuple[str, str | None], list[tuple[Any, ...]]] = defaultdict(list)
    some = told.select(["suggestion", "actor", "at", "seq", "what"]).take(pa.array(places))
    for place, row in zip(places.tolist(), some.to_pylist(), strict=True):
        rows[row["suggestion"], row["actor"]].append((row["at"], row["seq"], row["what"], place))
    for mine in rows.values():
        kept: list[int] = []
        for _, _, what, place in sorted(mine):
            if what == "undone" and kept:
                back[kept.pop()] = True
            elif what in ANSWERS:
                kept.append(place)
    return back
