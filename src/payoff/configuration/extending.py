"""Add to a brief what an import brings along: outcomes it did not name yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from payoff.brief.read import read_brief
from payoff.configuration.opening import BRIEF


def name_outcomes(folder: Path, wanted: Mapping[str, str], table: pa.Table) -> list[str]:
    """Append the outcomes the brief lacks, each with a metric; returns what was added, in words.

    A column of nothing but 0 and 1 (or one with a value that means yes) is a yes or no; others are numbers, and
    money where the values have cents.
    """
    path = folder / BRIEF
    text = path.read_text("utf-8")
    brief = read_brief(text, where=BRIEF)
    added: list[str] = []
    for name, spec in wanted.items():
        column = spec.partition("=")[0]
        if name in brief.outcomes or column not in table.column_names:
            continue
        measure = "yes_no" if "=" in spec else _measure(table[column])
        purpose = "watch" if added or any(o in brief.outcomes for o in wanted) else "goal"
        kind = "outcome_rate" if measure == "yes_no" else "outcome_sum"
        text += (
            f'\n[outcomes.{name}]\nmeaning = "{name.replace("_", " ")}"\nmeasure = "{measure}"\nsource = "api"\n'
            f'\n[[metrics]]\nname = "{name}"\nkind = "{kind}"\noutcome = "{name}"\npurpose = "{purpose}"\n'
        )
        added.append(f"added to {BRIEF}: outcome {name} ({measure.replace('_', '/')}) and its metric ({purpose})")
    if added:
        read_brief(text, where=BRIEF)  # never leave a brief behind that cannot be read
        path.write_text(text, "utf-8")
    return added


def _measure(column: pa.ChunkedArray) -> str:
    if pa.types.is_boolean(column.type):
        return "yes_no"
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return "yes_no"
    values = pc.unique(column.drop_null())
    if set(values.to_pylist()) <= {0, 1}:
        return "yes_no"
    return "money" if pa.types.is_floating(column.type) else "number"
