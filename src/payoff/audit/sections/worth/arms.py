"""Every arm in a table: rows, outcome, difference against the one left alone, in money too where it was given."""

from __future__ import annotations

from typing import Any

from payoff.audit.report import Table
from payoff.audit.sections.worth.effects import ALONE, Effects, as_evidence, money
from payoff.audit.view import FEW


def table(effects: Effects) -> Table:
    """The title and the note say how far the differences may be read as effects."""
    view = effects.view
    rows: list[dict[str, Any]] = []
    cells = []
    for arm, name in enumerate(view.arms):
        row, line = _line(effects, arm, name)
        rows.append(row)
        cells.append(line)
    heads = ["arm", "n", "outcome", "difference"] + (["worth", "worth_difference"] if effects.worth else [])
    columns = tuple(view.say(f"arms_column_{head}") for head in heads)
    n = sum(effects.outcome.rows((a,)) for a in range(len(view.arms)))
    how = effects.chance.how
    kind = "" if effects.chance.cause else f"_{how}" if how in ("tested", "lost") else "_no_cause"
    title = view.say("arms_table" if effects.chance.cause else "arms_table_no_cause")
    note = view.say(f"arms_note{kind}", control=view.arms[0])
    return Table(title, columns, tuple(cells), tuple(rows), note, effects.basis(n, None))


def _line(effects: Effects, arm: int, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    view, of = effects.view, effects.outcome
    row: dict[str, Any] = {"arm": name, "n": of.rows((arm,)), "effective": of.size((arm,))}
    blank = ["", ""] if effects.worth else []
    if of.size((arm,)) < FEW or (arm and of.size(ALONE) < FEW):
        return row, (name, view.number(row["n"]), "–", view.say("cannot_tell"), *blank)
    row["outcome"] = of.mean((arm,))
    e = of.difference((arm,), ALONE) if arm else None
    row |= as_evidence(e) if e else {}
    shown = view.say("arms_alone")
    if e is not None:
        shown = _span(view.signed(e.value), view.signed(e.low), view.signed(e.high))
    line = [name, view.number(row["n"]), view.number(row["outcome"] * 100, 1), shown]
    if effects.worth is not None:
        row["worth"] = effects.worth.mean((arm,))
        d = effects.worth.difference((arm,), ALONE) if arm else None
        row |= {"worth_difference": d.value, "worth_low": d.low, "worth_high": d.high} if d else {}
        cents = (money(view, v, sign=True) for v in ((d.value, d.low, d.high) if d else ()))
        line += [money(view, row["worth"]), _span(*cents) if d else ""]
    return row, tuple(line)


def _span(value: str, low: str, high: str) -> str:
    return f"{value} ({low} to {high})"
