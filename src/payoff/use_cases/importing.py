"""Bring a table in: units with their facts, outcomes, or an experiment run elsewhere. All of it or nothing.

Importing the same table again keeps nothing twice: only facts and outcomes that changed become events, and the
rows of an experiment carry ids made of what they say.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

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
    readings: list[tuple[str, SourceEntry, Reading]] = []
    faults: list[Fault] = []
    for name, entry in ws.brief.sources.items():
        try:
            readings.append((name, entry, ws.open_source(entry, ws.folder).read()))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput("sources", faults)
    return [bring(ws, name, entry, reading) for name, entry, reading in readings]


def bring(ws: Workspace, name: str, entry: SourceEntry, reading: Reading) -> Imported:
    """One table, as what its entry says it is."""
    if entry.as_ == "units":
        return _units(ws, name, entry, reading)
    if entry.as_ == "outcomes":
        return _outcomes(ws, name, entry, reading)
    raise BadInput(
        name,
        [Fault("as", f"{entry.as_!r} cannot be re-read as a source", "Use units or outcomes; import logs once.")],
    )


def _units(ws: Workspace, name: str, entry: SourceEntry, reading: Reading) -> Imported:
    found = read.units(reading, entry)
    known = newest_facts(ws)
    moment = dict(zip(found.units, found.at, strict=True))
    events = [
        ws.event("unit.facts", {"facts": facts, "source": name}, at=moment[unit], unit=unit)
        for unit, facts in zip(found.units, map(plain, found.facts), strict=True)
        if known.get(unit) != facts
    ]
    facts = len(events)
    events += _fresh_outcomes(ws, ((u, n, a, moment[u]) for u, n, a in found.outcomes))
    ws.storage.log.append(events)
    return Imported(
        name,
        len(found.units),
        facts,
        len(events) - facts,
        len(found.units),
        reading.as_of,
        (*reading.notes, *found.notes),
    )


def _outcomes(ws: Workspace, name: str, entry: SourceEntry, reading: Reading) -> Imported:
    found = read.outcomes(reading, entry)
    events = _fresh_outcomes(ws, found.outcomes)
    ws.storage.log.append(events)
    units = len({unit for unit, *_ in found.outcomes})
    return Imported(
        name, units, 0, len(events), len(found.outcomes), reading.as_of, (*reading.notes, *found.notes)
    )


def _fresh_outcomes(ws: Workspace, rows: Iterable[tuple[str, str, float, datetime]]) -> list[Event]:
    """Outcomes the log does not have: neither the same one, nor the same state of a snapshot."""
    table = ws.tables.arrow("outcome").select(["unit", "name", "at", "amount"]).to_pylist()
    exact = {(r["unit"], r["name"], r["at"], r["amount"]) for r in table}
    newest = {(r["unit"], r["name"]): (r["at"], r["amount"]) for r in table}
    events = []
    for unit, name, amount, at in rows:
        if name not in ws.brief.outcomes:
            raise BadInput(
                "outcomes",
                [Fault(name, "the brief names no such outcome", f"Add [outcomes.{name}] to payoff.toml.")],
            )
        before = newest.get((unit, name))
        if (unit, name, at, float(amount)) in exact or (before and before[1] == amount == 0):
            continue
        body = {"name": name, "amount": float(amount)}
        events.append(ws.event("outcome", body, at=at, unit=unit))
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
    found = log_rows(reading, unit=unit, action=action, propensity=propensity, outcomes=outcomes, control=control)
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
    """Events, one a row, in the form the HTTP address takes; a row that cannot be read refuses them all."""
    rows = [{k: v for k, v in row.items() if v is not None} for row in reading.table.to_pylist()]
    made, faults = [], []
    for i, row in enumerate(rows, 1):
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
    kept = states.count("stored")
    outcomes = sum(e.kind == "outcome" for e in made)
    return Imported(name, len({e.unit for e in made}), 0, outcomes, kept, reading.as_of, reading.notes)


def newest_facts(ws: Workspace) -> dict[str, Mapping[str, Any]]:
    """The newest facts of every unit."""
    table = ws.tables.arrow("unit.facts").select(["unit", "facts"])
    latest = dict(zip(table["unit"].to_pylist(), table["facts"].to_pylist(), strict=True))
    return {unit: json.loads(text) for unit, text in latest.items()}
