"""One call from a table of predictions to a report."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from payoff.audit.catalogue import BUILT_IN, SectionMaker
from payoff.audit.first_page import words
from payoff.audit.headline import decides, forward, headline
from payoff.audit.preparation import prepare
from payoff.audit.report import Report, Section
from payoff.audit.table.parts import NAMES, SEVERAL
from payoff.audit.table.roles import Look, Named, Roles, assign
from payoff.audit.table.source import opened
from payoff.audit.view import Assigned, Said, View
from payoff.checks import number
from payoff.texts import Texts

Progress = Callable[[str], None]
"""Told the name of each step as it begins: `reading`, `coding`, then each section's."""
_ASKED = tuple(part for part in NAMES if part not in ("score", "label")) + SEVERAL


def _quiet(_step: str) -> None:
    return None


def audit(
    frame: Any,
    *,
    score: str | None = None,
    label: str | None = None,
    challenger: str | None = None,
    unit: str | None = None,
    time: str | None = None,
    acted_at: str | None = None,
    outcome_at: str | None = None,
    treated: str | None = None,
    control: str | None = None,
    assigned: Assigned = "unknown",
    propensity: str | None = None,
    split: Mapping[str, float] | None = None,
    decision: str | None = None,
    picked_good: bool | None = None,
    seen: str | None = None,
    done: str | None = None,
    feedback: str | None = None,
    action: str | None = None,
    segments: Sequence[str] | None = None,
    protected: Sequence[str] | None = None,
    value: float | str | None = None,
    cost: float | str | None = None,
    capacity: float | None = None,
    threshold: float | None = None,
    positive: object = None,
    bad: bool | None = None,
    brief: Mapping[str, Any] | None = None,
    name: str = "",
    texts: Texts | None = None,
    catalogue: Sequence[SectionMaker] = BUILT_IN,
    progress: Progress = _quiet,
) -> Report:
    """What a model is worth, from its predictions and what came of them.

    `frame` is a pandas, Polars or Arrow table, an Ibis table, a dict of columns, or the path of a Parquet file:
    one row a prediction. A column that is not named is guessed, which the report says; "" says that there is
    none.

    Columns: `score` (higher for more likely) and `challenger` (another model's), `label` (what came of it),
    `unit`, `time` (of the prediction), `acted_at`, `outcome_at`, `treated` (yes or no, or which of several
    ways), `propensity` (of the treatment given), `decision`, `seen`, `done`, `feedback` (a thumb), `action`
    (what was recommended), `segments`, `protected`; `value` (what an outcome is worth) and `cost` (of acting on
    a row) are columns or amounts in the same money.

    `positive` is the outcome's value that counts as yes, `bad` whether the outcome is one to prevent (else its
    name decides), `control` the treatment that leaves people alone, `assigned` whether chance or a rule gave
    the treatment, `split` the planned share of each way, `picked_good` whether being picked is good for the
    person, `capacity` how many rows can be acted on (a share if below 1), `threshold` the score that means yes,
    `brief` the product's answers by question. Rows without a score or outcome are left out where they are
    needed, and counted.

    Raises `BadInput` for a table that cannot be used, with all faults, and `Unknown` for a column that is not
    there.
    """
    texts = texts or Texts()
    given = {
        "score": score, "label": label, "challenger": challenger, "unit": unit, "time": time, "acted_at": acted_at,
        "outcome_at": outcome_at, "treated": treated, "propensity": propensity, "decision": decision, "seen": seen,
        "done": done, "feedback": feedback, "action": action,
    }  # fmt: skip
    amounts = {"value": value, "cost": cost}
    columns = {**given, **{part: v for part, v in amounts.items() if isinstance(v, str)}}
    named = Named(
        of={part: column for part, column in columns.items() if column is not None},
        segments=_listed(segments),
        protected=_listed(protected),
    )
    said = Said(
        value=_amount("value", value),
        cost=_amount("cost", cost),
        positive=positive,
        bad=bad,
        control=control,
        assigned=assigned,
        threshold=threshold,
        capacity=None if capacity is None else number("capacity", capacity, low=1e-9),
        split=split,
        picked_good=picked_good,
        brief=brief,
        name=name or (Path(frame).name if isinstance(frame, (str, os.PathLike)) else ""),
    )
    progress("reading")
    with opened(frame) as source, tempfile.TemporaryDirectory(prefix="payoff-coded-") as folder:
        roles = assign(Look(source.look), named)
        progress("coding")
        view, notes = prepare(source, roles, said, texts, Path(folder))
        for maker in catalogue:
            progress(maker.name)
            lacking = [need for need in maker.needs if not view.has(need)]
            section = _unanswered(view, maker, lacking) if lacking else _made(view, maker)
            view.so_far.append(section)
        return _report(view, roles, notes)


def _made(view: View, maker: SectionMaker) -> Section:
    """A section; one from outside that fails costs the others nothing and says so."""
    if maker in BUILT_IN:
        return maker.run(view)
    try:
        return maker.run(view)
    except Exception as error:
        said = view.say("section_failed", error=f"{type(error).__name__}: {error}")
        return Section(maker.name, maker.name, unanswered=said)


def _listed(columns: Sequence[str] | None) -> tuple[str, ...] | None:
    return (columns,) if isinstance(columns, str) else None if columns is None else tuple(columns)


def _amount(what: str, given: float | str | None) -> float | None:
    return None if given is None or isinstance(given, str) else number(what, given, low=0.0)


def _report(view: View, roles: Roles, notes: Sequence[str]) -> Report:
    said = view.said
    amounts = {part: getattr(said, part) for part in ("value", "cost") if getattr(said, part) is not None}
    line = headline(view)
    decided, undecided = decides(view)
    return Report(
        name=view.name,
        n=view.n,
        headline=line,
        columns={**view.roles.as_dict(), **amounts, "bad": view.bad},
        guessed=_guessed(view),
        coerced=tuple(notes),
        sections=tuple(view.so_far),
        missing={part: view.say(f"missing_{part}") for part in _ASKED if not view.has(part)},
        labels=_labels(view, roles),
        forward=forward(view, line),
        decides=decided,
        undecided=undecided,
    )


def _unanswered(view: View, maker: SectionMaker, lacking: Sequence[str]) -> Section:
    """A section the table has no columns for. A foreign one without texts of ours is named plainly."""
    try:
        return Section(
            maker.name, view.say(f"{maker.name}_title"), unanswered=view.say(f"{maker.name}_unanswered")
        )
    except KeyError:
        return Section(maker.name, maker.name, unanswered=f"{view.say('missing')}: {', '.join(lacking)}")


def _guessed(view: View) -> tuple[str, ...]:
    columns = view.roles.as_dict()
    named = []
    for part in view.roles.guessed:
        found = columns[part]
        shown = ", ".join(f"“{c}”" for c in ([found] if isinstance(found, str) else found))
        named += [view.say("guessed_part", columns=shown, part=view.say(f"part_{part}"))] if shown else []
    notes = [view.say("guessed", columns="; ".join(named))] if named else []
    if view.said.bad is None and "label" in view.roles:
        notes.append(view.say("guessed_bad" if view.bad else "guessed_good"))
    return tuple(notes)


def _labels(view: View, roles: Roles) -> dict[str, str]:
    """The words a page or a terminal sets around the report."""
    shown = [
        view.say("read_part", column=column, part=view.say(f"part_{part}")) for part, column in roles.of.items()
    ]
    read_as = view.say("read_as", n=view.texts.number(view.n), columns=", ".join(shown))
    title = view.say("page_title", name=view.name or view.say("page_name"))
    return {**words(view), "read_as": read_as, "page_title": title}
