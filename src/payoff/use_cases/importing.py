"""Bring a table in: units with their facts, outcomes, or an experiment run elsewhere. All of it or nothing.

Importing the same table again keeps nothing twice: only facts and outcomes that changed become events, and the
rows of an experiment carry ids made of what they say.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief import rows as read
from payoff.brief.schema import SourceEntry
from payoff.brief.trial_rows import log_rows
from payoff.errors import BadInput, Fault, PayoffError
from payoff.ports import Reading
from payoff.records.envelope import Event
from payoff.records.suggestions import NOTHING
from payoff.use_cases.record import built, plain
from payoff.use_cases.workspace import Workspace

_SPACE = uuid.UUID("6f0f3f3e-6a51-5d0e-9d5c-2b3f1c1d7a10")
"""Namespace of ids made from content (RFC 9562, version 5)."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought. `notes` say in words every coercion that was made."""

    source: str
    units: int
    facts: int
    outcomes: int
    rows: int
    as_of: datetime
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat(), "notes": list(self.notes)}


def read_sources(ws: Workspace) -> list[Imported]:
    """Re-read every source of the brief. The faults of all sources are reported at once; nothing is half kept."""
    made: list[tuple[Imported, list[Event]]] = []
    faults: list[Fault] = []
    for name, entry in ws.brief.sources.items():
        try:
            with readable(name):
                reading = ws.open_source(entry, ws.folder).read()
            made.append((*_made(ws, name, entry, reading),))
        except BadInput as error:
            faults += [Fault(f"{name}, {f.where}", f.what, f.mend) for f in error.faults]
    if faults:
        raise BadInput("sources", faults)
    ws.storage.log.append([event for _, events in made for event in events])
    return [done for done, _ in made]


def bring(ws: Workspace, name: str, entry: SourceEntry, reading: Reading) -> Imported:
    """One table, as what its entry says it is."""
    done, events = _made(ws, name, entry, reading)
    ws.storage.log.append(events)
    return done


@contextmanager
def readable(name: str) -> Iterator[None]:
    """What no reader foresaw in a file's values is a fault of the file, not a crash of ours."""
    try:
        yield
    except (OverflowError, RecursionError, UnicodeError, pa.ArrowException) as error:
        mend = "Look for dates beyond year 2200, broken characters or nested values, and mend them."
        raise BadInput(name, [Fault("file", f"a value in it cannot be read ({error})", mend)]) from error


def _made(ws: Workspace, name: str, entry: SourceEntry, reading: Reading) -> tuple[Imported, list[Event]]:
    with readable(name):
        if entry.as_ == "units":
            return _units(ws, name, entry, reading)
        if entry.as_ == "outcomes":
            return _outcomes(ws, name, entry, reading)
    raise BadInput(
        name,
        [Fault("as", f"{entry.as_!r} cannot be re-read as a source", "Use units or outcomes; import logs once.")],
    )


def _units(ws: Workspace, name: str, entry: SourceEntry, reading: Reading) -> tuple[Imported, list[Event]]:
    found = read.units(reading, entry)
    newest, before = newest_facts(ws), _given(ws, name)
    moment = dict(zip(found.units, found.at, strict=True))
    events = []
    for unit, row in zip(found.units, map(plain, found.facts), strict=True):
        last = before.get(unit)
        if last == row:
            continue
        # Only what this source changed: other sources' facts and people's corrections stay.
        changed = row if last is None else {k: v for k, v in row.items() if k not in last or last[k] != v}
        facts = {**newest.get(unit, {}), **changed}
        body = {"facts": facts, "source": name, "given": None if facts == row else row}
        events.append(ws.event("unit.facts", body, at=moment[unit], unit=unit))
    facts_new = len(events)
    rows = ((unit, outcome, amount, moment[unit]) for unit, outcome, amount in found.outcomes)
    events += _fresh_outcomes(ws, rows, snapshot=not entry.at)
    done = Imported(
        name,
        len(found.units),
        facts_new,
        len(events) - facts_new,
        len(found.units),
        reading.as_of,
        (*reading.notes, *found.notes),
    )
    return done, events


def _outcomes(ws: Workspace, name: str, entry: SourceEntry, reading: Reading) -> tuple[Imported, list[Event]]:
    found = read.outcomes(reading, entry)
    events = _fresh_outcomes(ws, found.outcomes, snapshot=not entry.at)
    units = len({unit for unit, *_ in found.outcomes})
    notes = (*reading.notes, *found.notes)
    return Imported(name, units, 0, len(events), len(found.outcomes), reading.as_of, notes), events


def _fresh_outcomes(
    ws: Workspace, rows: Iterable[tuple[str, str, float, datetime]], *, snapshot: bool
) -> list[Event]:
    """Outcomes the log does not have.

    A dated one is known when the same unit, name, moment and amount is. A `snapshot` has no moment of its own: it
    says how things stand, so a state that has not changed since the last reading is nothing new.
    """
    table = ws.tables.arrow("outcome").select(["unit", "name", "at", "amount"]).to_pylist()
    exact = {(r["unit"], r["name"], r["at"], r["amount"]) for r in table}
    state = {(r["unit"], r["name"]): r["amount"] for r in sorted(table, key=lambda r: r["at"])}
    events = []
    for unit, name, given, at in rows:
        declared, amount = ws.brief.outcomes.get(name), float(given)
        if declared is None:
            raise BadInput(
                "outcomes",
                [Fault(name, "the brief names no such outcome", f"Add [outcomes.{name}] to payoff.toml.")],
            )
        if (unit, name, at, amount) in exact or (snapshot and state.get((unit, name)) == amount):
            continue
        exact.add((unit, name, at, amount))
        state[unit, name] = amount
        currency = ws.brief.product.currency if declared.measure == "money" else None
        events.append(
            ws.event("outcome", {"name": name, "amount": amount, "currency": currency}, at=at, unit=unit)
        )
    return events


def bring_trial(
    ws: Workspace,
    name: str,
    reading: Reading,
    *,
    unit: str | None,
    action: str,
    propensity: str | float,
    outcomes: Sequence[str] | Mapping[str, str],
    control: str,
) -> Imported:
    """An experiment run elsewhere: one row a unit, with its action, its propensity and its outcomes."""
    with readable(name):
        found = log_rows(
            reading, unit=unit, action=action, propensity=propensity, outcomes=outcomes, control=control
        )
    named = set(found.outcomes[0]) if found.outcomes else set()
    faults = [
        Fault(f"outcome {outcome}", "the brief does not name it", f"Add [outcomes.{outcome}] to payoff.toml.")
        for outcome in sorted(named - set(ws.brief.outcomes))
    ]
    if faults:
        raise BadInput("outcomes", faults)
    events = []
    for row, done, chance, results, facts in zip(
        found.units, found.actions, found.propensities, found.outcomes, found.facts, strict=True
    ):
        body = {
            "trial": name,
            "action": done,
            "propensity": chance,
            "outcomes": results,
            "control": NOTHING,
            "facts": plain(facts) or None,
        }
        spoken = json.dumps([ws.name, row, body], sort_keys=True, default=str)
        id = str(uuid.uuid5(_SPACE, spoken))
        events.append(ws.event("trial.row", body, at=reading.as_of, unit=row, id=id))
    states = ws.storage.log.append(events)
    kept = states.count("stored")
    again = len(states) - kept
    notes = (*reading.notes, *found.notes, *([f"{again} rows were there already"] if again else []))
    return Imported(name, len(found.units), 0, kept * len(named), kept, reading.as_of, notes)


def bring_events(ws: Workspace, name: str, reading: Reading) -> Imported:
    """Events, one a row, in the form the HTTP address takes; a row that cannot be read refuses them all.

    A row without an id gets one made of what it says, so that the same file twice keeps nothing twice.
    """
    rows = [{k: v for k, v in row.items() if v is not None} for row in reading.table.to_pylist()]
    made, faults = [], []
    for i, row in enumerate(rows, 1):
        spoken = json.dumps([ws.name, row], sort_keys=True, default=str)
        row.setdefault("id", str(uuid.uuid5(_SPACE, spoken)))
        row.setdefault("at", reading.as_of)
        try:
            made.append(built(ws, row))
        except PayoffError as error:
            faults.append(Fault(f"row {i}", error.what, error.mend or "Mend the row."))
        except (TypeError, ValueError, KeyError) as error:
            faults.append(
                Fault(f"row {i}", f"it cannot be read: {error}", "See the fields of each kind of event.")
            )
    if faults:
        raise BadInput(name, faults)
    states = ws.storage.log.append(made)
    kept = [event for event, state in zip(made, states, strict=True) if state == "stored"]
    clash = states.count("conflict")
    notes = [f"{states.count('duplicate')} rows were there already"] if "duplicate" in states else []
    notes += (
        [f"{clash} rows have an id that came before with another content; the first one stays"] if clash else []
    )
    outcomes = sum(event.kind == "outcome" for event in kept)
    units = len({event.unit for event in made})
    return Imported(name, units, 0, outcomes, len(kept), reading.as_of, (*reading.notes, *notes))


def newest_facts(ws: Workspace) -> dict[str, dict[str, Any]]:
    """The newest facts of every unit: by the moment they speak of, then by when we heard of them."""
    latest = {unit: row["facts"] for unit, row in _latest(ws.tables.arrow("unit.facts")).items()}
    return {unit: json.loads(text) for unit, text in latest.items()}


def _given(ws: Workspace, source: str) -> dict[str, dict[str, Any]]:
    """What a source said of each unit last, before corrections and other sources were laid over it."""
    facts = ws.tables.arrow("unit.facts")
    mine = facts.filter(pc.equal(facts["source"], source))
    return {unit: json.loads(row["given"] or row["facts"]) for unit, row in _latest(mine).items()}


def _latest(facts: pa.Table) -> dict[str, dict[str, Any]]:
    rows = facts.select(["unit", "at", "facts", "given"]).sort_by("at").to_pylist()
    return {row["unit"]: row for row in rows}
