"""One call from a table of predictions to a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from payoff.audit import frame as frames
from payoff.audit.catalogue import BUILT_IN, SectionMaker
from payoff.audit.headline import headline
from payoff.audit.preparation import Asked, prepare
from payoff.audit.report import Report, Section
from payoff.audit.roles import Named, assign
from payoff.audit.view import View
from payoff.texts import Texts

_ASKED = ("unit", "treated", "decision", "value", "cost", "segments", "protected")


def audit(
    frame: Any,
    *,
    score: str | None = None,
    label: str | None = None,
    unit: str | None = None,
    treated: str | None = None,
    decision: str | None = None,
    segments: Sequence[str] = (),
    protected: Sequence[str] = (),
    value: float | str | None = None,
    cost: float | str | None = None,
    positive: object = None,
    bad: bool | None = None,
    name: str = "",
    texts: Texts | None = None,
    catalogue: Sequence[SectionMaker] = BUILT_IN,
) -> Report:
    """What a model is worth, from its predictions and what came of them.

    `frame` is a pandas, Polars or Arrow table, an Ibis table, or a dict of columns: one row a prediction, with a
    score (higher for more likely) and the outcome known by now. Columns that are not named are guessed, which the
    report says. `value` is what one outcome is worth and `cost` what acting on one row costs, each a number or a
    column, in the same money. `positive` names the outcome's value that counts as yes; `bad` says whether the
    outcome is one to prevent, else its name decides. Rows without a score or outcome are left out, and counted.

    Raises `BadInput` for a table that cannot be used and `Unknown` for a column that is not there.
    """
    texts = texts or Texts()
    segments = (segments,) if isinstance(segments, str) else segments
    protected = (protected,) if isinstance(protected, str) else protected
    table = frames.read(frame)
    named = Named(
        score=score or "",
        label=label or "",
        unit=unit or "",
        treated=treated or "",
        decision=decision or "",
        segments=tuple(segments),
        protected=tuple(protected),
        taken=tuple(v for v in (value, cost) if isinstance(v, str)),
    )
    asked = Asked(assign(table, named), value, cost, positive, bad, name)
    view, notes = prepare(table, asked, texts)
    for maker in catalogue:
        lacking = [need for need in maker.needs if not view.has(need)]
        if lacking:
            section = _unanswered(view, maker)
        else:
            section = maker.run(view)
        view = replace(view, so_far=(*view.so_far, section))
    return Report(
        name=name,
        n=view.n,
        headline=headline(view),
        columns={**view.roles.as_dict(), "value": value, "cost": cost, "bad": view.bad},
        guessed=_guessed(view),
        coerced=tuple(notes),
        sections=view.so_far,
        missing={part: view.say(f"missing_{part}") for part in _ASKED if not view.has(part)},
        labels=_labels(view),
    )


def _unanswered(view: View, maker: SectionMaker) -> Section:
    """A section the file has no columns for. A foreign one without texts of ours is named plainly."""
    try:
        return Section(
            maker.name, view.say(f"{maker.name}_title"), unanswered=view.say(f"{maker.name}_unanswered")
        )
    except KeyError:
        lacking = ", ".join(need for need in maker.needs if not view.has(need))
        return Section(maker.name, maker.name, unanswered=f"{view.say('missing')}: {lacking}")


def _guessed(view: View) -> tuple[str, ...]:
    columns = view.roles.as_dict()
    named = []
    for part in view.roles.guessed:
        found = columns[part]
        shown = ", ".join(f"“{c}”" for c in ([found] if isinstance(found, str) else found))
        named += [view.say("guessed_part", columns=shown, part=view.say(f"part_{part}"))] if shown else []
    return (view.say("guessed", columns="; ".join(named)),) if named else ()


def _labels(view: View) -> dict[str, str]:
    """The words a page or a terminal sets around the report."""
    shown = []
    for part, found in view.roles.as_dict().items():
        for column in [found] if isinstance(found, str) else found[:0]:
            shown += [view.say("read_part", column=column, part=view.say(f"part_{part}"))] if column else []
    read_as = view.say("read_as", n=view.texts.number(view.n), columns=", ".join(shown))
    words = ("stop", "costs", "know", "good", "missing", "page_findings", "page_how", "page_table", "page_footer")
    title = view.say("page_title", name=view.name or view.say("page_name"))
    return {**{word: view.say(word) for word in words}, "read_as": read_as, "page_title": title}
