"""Event kinds and their schema versions.

Every event has one envelope (id, kind, version, unit, at, received_at, actor) and a body whose fields are
declared here, once: the declaration validates what comes in, names the columns the views read, and is what a
later version must be brought up from. Kinds are never changed in place: a new field that may be missing keeps
the version, anything else gets a new version and an entry in `UPCASTS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from payoff.errors import BadInput, Fault, Unknown
from payoff.records.envelope import Event
from payoff.records.time import to_micros

LONGEST = 20_000
"""Characters a text may have; an interview kept as a note may be longer."""
FieldType = Literal["text", "number", "integer", "boolean", "json"]

_ARROW = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "json": pa.string(),
}
_PYTHON: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "json": (dict, list),
}
ENVELOPE = pa.schema(
    [
        ("seq", pa.int64()),
        ("id", pa.string()),
        ("version", pa.int64()),
        ("unit", pa.string()),
        ("actor", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("received_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""Columns every kind has when read; `seq` is the order in which the store took the events."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: its fields, and which of them an event cannot do without.

    Moments inside a body are integers, microseconds UTC, and end in `_us`. A `json` field holds a nested value
    and reads back as its JSON text.
    """

    name: str
    version: int
    meaning: str
    fields: Mapping[str, FieldType]
    required: frozenset[str] = frozenset()
    needs_unit: bool = True

    @property
    def schema(self) -> pa.Schema:
        """The Arrow columns a reader gets: the envelope, then the body."""
        return pa.schema([*ENVELOPE, *((name, _ARROW[kind]) for name, kind in self.fields.items())])


def _kind(
    name: str, meaning: str, required: str, optional: str = "", *, unit: bool = True, version: int = 1
) -> Kind:
    def parse(text: str) -> dict[str, FieldType]:
        return dict(word.split(":") for word in text.split())  # type: ignore[return-value]

    needed = parse(required)
    return Kind(name, version, meaning, {**needed, **parse(optional)}, frozenset(needed), unit)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            "unit.facts", "what is known about a unit from this moment on", "facts:json", "source:text given:json"
        ),
        _kind(
            "assignment",
            "the unit entered a trial (or the stream of care) in an arm, at a stage; once a trial",
            "trial:text arm:text",
            "stage:text share:number",
        ),
        _kind(
            "suggestion",
            "what was suggested, or would have been (mode shadow), or what nobody was told (arm holdout)",
            "release:text arm:text mode:text action:text propensity:number",
            "stage:text say:text value:integer low:integer high:integer currency:text evidence:text reasons:json "
            "candidates:json explored:boolean fallback:boolean risk:number contact:text role:text segment:json "
            "expires_us:integer latency_us:integer recipe:text",
        ),
        _kind(
            "response",
            "a person met the suggestion: shown, accepted, done, dismissed, snoozed; undone: took that back",
            "suggestion:text what:text",
            "why:text minutes:number until_us:integer via:text",
        ),
        _kind(
            "outcome",
            "what happened later to the unit; amount 0 says it is known not to have happened",
            "name:text amount:number",
            "currency:text suggestion:text",
        ),
        _kind(
            "trial.row",
            "one unit of an experiment run elsewhere: its action, propensity and outcomes",
            "trial:text action:text propensity:number outcomes:json",
            "facts:json control:text",
        ),
        _kind(
            "feedback",
            "a thumb, a correction, a problem or an idea, with its author",
            "",
            "suggestion:text thumb:integer correction:json problem:text idea:text comment:text release:text "
            "via:text",
            unit=False,
        ),
        _kind(
            "fate",
            "what became of feedback: looked_at, used, declined, told; reply: a further answer, read instead of "
            "the one before; comment: an internal word alone",
            "feedback:text state:text",
            "reason:text learned:text release:text internal:text",
            unit=False,
        ),
        _kind(
            "pulse",
            "the worker's confidence, 1 to 5; asked without a score is no answer yet",
            "",
            "score:integer asked:text",
            unit=False,
        ),
        _kind(
            "release",
            "a release moved: created, or to another stage",
            "release:text stage:text",
            "share:number why:text card:text recipe:json named:json from_stage:text title:text",
            unit=False,
        ),
        _kind(
            "learned",
            "a refresh: the same recipe learned from newer labels",
            "release:text artefact:text",
            "rows:integer changed:json note:text",
            unit=False,
        ),
        _kind(
            "decision",
            "a person (or an automatic guardrail) decided on a release, on these figures",
            "release:text chosen:text",
            "word:text rule:text why:text card:text",
            unit=False,
        ),
        _kind(
            "note",
            "an interview, a focus group, a prototype test or a decision, kept as it was said",
            "about:text text:text",
            "title:text themes:json release:text attended:json held_us:integer planned:boolean decision:text "
            "of:text dropped:boolean answers:json tasks:json",
            unit=False,
        ),
        _kind(
            "quote",
            "words marked in a note, filed under themes and tied to what they bear on",
            "note:text text:text",
            "who:text themes:json bears:json against:boolean of:text role:text withdrawn:boolean removed:boolean",
            unit=False,
        ),
        _kind(
            "theme",
            "a theme got another name (one there is already: the two are one), or was tied or untied",
            "theme:text",
            "name:text bears:json untied:json why:text",
            unit=False,
        ),
        _kind(
            "claim",
            "somebody took a suggestion on, or gave it back",
            "suggestion:text state:text",
        ),
        _kind(
            "delivery",
            "a suggestion was put where a person works: in which channel, to whom, under which reference there",
            "suggestion:text channel:text",
            "to:text ref:text state:text",
        ),
        _kind(
            "judgement",
            "a scorecard as it stood at a turn: its verdict, the rows the gate read, the card kept beside",
            "release:text trial:text word:text",
            "because:text card:text rows:json",
            unit=False,
        ),
        _kind(
            "share",
            "a link to a board for people outside: made for the figures of a kept card, or withdrawn",
            "release:text state:text",
            "card:text share:text reasons:boolean",
            unit=False,
        ),
        _kind(
            "preference",
            "what a customer wants to see: a suggestion hidden or shown again, suggestions off or on again",
            "widget:text",
            "suggestion:text person:text via:text",
        ),
        _kind(
            "annotation",
            "an expert's label of a hard case: which action fits better, or none, or that nobody can say",
            "suggestion:text label:text",
            "choices:json why:text",
        ),
    )
}

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: dict[tuple[str, int], Upcast] = {}
"""(kind, old version) → how a body of that version becomes one of the next."""


def current(kind: str, version: int, body: dict[str, Any]) -> dict[str, Any]:
    """The body in today's version; applied on reading, the log itself is never rewritten."""
    while version < KINDS[kind].version:
        body = UPCASTS[kind, version](body)
        version += 1
    return body


def event(
    kind: str,
    body: Mapping[str, Any],
    *,
    id: str,
    at: datetime,
    received_at: datetime,
    unit: str | None = None,
    actor: str | None = None,
) -> Event:
    """A checked event. Raises `BadInput` with every fault of the body, `Unknown` for a kind nobody declared."""
    declared = KINDS.get(kind)
    if declared is None:
        raise Unknown.among("event kind", kind, KINDS)
    kept = {name: value for name, value in body.items() if value is not None}
    faults = [*_faults(declared, kept)]
    if declared.needs_unit and not unit:
        faults.append(Fault(kind, "it names no unit", "Add the unit's id."))
    if faults:
        raise BadInput(f"event {id}", faults)
    to_micros(at), to_micros(received_at)  # refuses naive moments
    return Event(id, kind, declared.version, unit, at, received_at, kept, actor)


def _faults(kind: Kind, body: Mapping[str, Any]) -> list[Fault]:
    faults = [
        Fault(f"{kind.name}.{name}", "it is missing", f"Give a {kind.fields[name]}.")
        for name in sorted(kind.required - body.keys())
    ]
    for name, value in body.items():
        declared = kind.fields.get(name)
        if declared is None:
            faults.append(Fault(f"{kind.name}.{name}", "no such field", f"Known: {', '.join(kind.fields)}."))
        elif not isinstance(value, _PYTHON[declared]) or (declared != "boolean" and isinstance(value, bool)):
            faults.append(Fault(f"{kind.name}.{name}", f"{value!r} is not a {declared}", f"Give a {declared}."))
        elif isinstance(value, str) and len(value) > LONGEST and kind.name != "note":
            faults.append(Fault(f"{kind.name}.{name}", f"{len(value):,} characters", f"At most {LONGEST:,}."))
        elif isinstance(value, float) and not math.isfinite(value):
            mend = "Leave the field out where nothing is known."
            faults.append(Fault(f"{kind.name}.{name}", f"it is {value}, not a number", mend))
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            faults.append(Fault(f"{kind.name}.{name}", f"{value} is too large", "Give a number within 64 bits."))
    return faults
