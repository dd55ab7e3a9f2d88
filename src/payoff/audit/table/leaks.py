"""Columns that tell the outcome almost without a mistake: most likely written after the fact."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from payoff.audit.table.coding import Coded
from payoff.audit.table.rows import Rows
from payoff.audit.table.source import Source, quoted
from payoff.stats.scores import Sorted

LEAK = 0.95
"""A column that alone ranks so well is a suspect."""


def counts_by(rows: Rows, coded: Coded, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows with and without the outcome by code; the last place holds the rows without a value."""
    found = rows.counts(coded.code, "label", where=where)
    size = len(coded.names) + 1
    both = []
    for happened in (1, 0):
        here = found["label"] == happened
        place = np.minimum(found[coded.code][here].astype(int), size - 1)
        both.append(np.bincount(place, found["n"][here], size))
    return both[0], both[1]


def ranks(yes: np.ndarray, no: np.ndarray) -> float:
    """The AUC of telling rows apart by the share with the outcome in their cell; 0.5 where nothing can be told."""
    total = yes.sum() * no.sum()
    if not total:
        return 0.5
    with np.errstate(invalid="ignore", divide="ignore"):
        order = np.argsort(np.where(yes + no > 0, yes / (yes + no), 0.0), kind="stable")
    yes, no = yes[order], no[order]
    return float((yes * (no.cumsum() - no / 2)).sum() / total)


def leaking(source: Source, rows: Rows, coded: Mapping[str, Coded], label: str, where: str) -> dict[str, float]:
    """The suspects with how well each alone ranks; `label` is SQL for the outcome over the source's columns.

    Values are counted over all rows. Bands can only blur, so a column of numbers that could reach `LEAK` within
    its bands is ranked number by number on the rows looked at.
    """
    found = {}
    for column, code in coded.items():
        yes, no = counts_by(rows, code, where)
        if not yes.sum() or not no.sum():
            continue
        value = ranks(yes, no)
        if code.kind == "bands":
            if value + 0.5 * float((yes / yes.sum()) @ (no / no.sum())) < LEAK:
                continue
            value = _number_by_number(source, column, label)
        if value >= LEAK:
            found[column] = value
    return found


def _number_by_number(source: Source, column: str, label: str) -> float:
    """The AUC of a column of numbers, in either direction; rows without a number stand apart at the lower end."""
    source.connection.register("looked_at", source.look)
    x = f"{quoted(column)}::double"
    sql = f"select case when isfinite({x}) then {x} else '-infinity'::double end as x, {label} as y from looked_at"
    table = source.connection.sql(f"select * from ({sql}) where y < 2").to_arrow_table()
    happened = table["y"].to_numpy() == 1
    auc = Sorted.of(table["x"].to_numpy().astype(float), happened).auc()
    return 0.5 if auc is None else max(auc.value, 1 - auc.value)
