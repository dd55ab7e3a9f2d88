"""From a table and its parts to what the sections look at; every change made to the values is said."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from payoff.audit import frame as frames
from payoff.audit.measures import Floats
from payoff.audit.roles import Roles
from payoff.audit.view import Health, View, as_score, is_bad, yes_no
from payoff.checks import number
from payoff.errors import BadInput, Fault
from payoff.stats import ranking
from payoff.texts import Texts

_MOST_GROUPS = 12
_LEAK = 0.95
"""A column that alone ranks so well was most likely written after the fact."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller said about the table, beside which column is which."""

    roles: Roles
    value: float | str | None = None
    cost: float | str | None = None
    positive: object = None
    bad: bool | None = None
    name: str = ""


def prepare(table: pa.Table, asked: Asked, texts: Texts) -> tuple[View, list[str]]:
    """The view, and every change made to the values in words. Raises `BadInput` with all faults at once."""
    roles = asked.roles
    notes: list[str] = []
    faults: list[Fault] = []

    def attempt(read: Any, *args: Any) -> Any:
        """All faults of the table are told together."""
        try:
            return read(*args)
        except BadInput as error:
            faults.extend(error.faults)
            return None

    scored = attempt(as_score, table, roles.score, notes, texts)
    label = attempt(yes_no, table, roles.label, asked.positive, notes, texts)
    treated = attempt(yes_no, table, roles.treated, None, notes, texts) if roles.treated else None
    decision = attempt(yes_no, table, roles.decision, None, notes, texts) if roles.decision else None
    worth = attempt(_amount, table, "value", asked.value)
    price = attempt(_amount, table, "cost", asked.cost)
    if faults:
        raise BadInput("the table", faults)
    scores, probability, logits = scored
    known = ~np.isnan(label) & ~np.isnan(scores)
    yes = label[known] == 1
    if not yes.any() or yes.all():
        raise BadInput(
            "the table",
            [Fault(roles.label, "all rows with a score have the same outcome", "Give rows of both kinds.")],
        )
    unknown, missing = int(np.isnan(label).sum()), int((np.isnan(scores) & ~np.isnan(label)).sum())
    notes += [texts.say("audit.coerced_unknown", n=unknown)] if unknown else []
    notes += [texts.say("audit.coerced_missing", n=missing)] if missing else []
    groups = {c: _groups(table, c, notes, texts)[known] for c in (*roles.protected, *roles.segments)}
    leaks = _leaks(table, roles, known, yes)
    groups = {c: g for c, g in groups.items() if c not in leaks and np.unique(g[g != ""].astype(str)).size > 1}
    if treated is not None and np.isnan(treated[known]).any():
        notes.append(texts.say("audit.coerced_treated_missing", n=int(np.isnan(treated[known]).sum())))
    health = Health(
        rows=table.num_rows,
        unknown_outcomes=unknown,
        missing_scores=missing,
        double_rows=_double_rows(table),
        double_units=frames.doubles(table[roles.unit]) if roles.unit else 0,
        logits=logits,
        rank_only=not probability,
        leaks=leaks,
    )
    view = View(
        name=asked.name,
        roles=replace(
            roles,
            segments=tuple(c for c in roles.segments if c in groups),
            protected=tuple(c for c in roles.protected if c in groups),
        ),
        label=yes,
        score=scores[known],
        probability=probability,
        bad=is_bad(roles.label, asked.positive) if asked.bad is None else asked.bad,
        groups=groups,
        health=health,
        texts=texts,
        treated=None if treated is None else treated[known],
        decision=None if decision is None else decision[known],
        value=None if worth is None else np.nan_to_num(worth[known]),
        cost=None if price is None else float(np.nanmean(price[known])),
    )
    return view, notes


def _amount(table: pa.Table, what: str, given: float | str | None) -> Floats | None:
    """A number for all rows, or a column of numbers."""
    if given is None:
        return None
    if not isinstance(given, str):
        return np.full(table.num_rows, number(what, given, low=0.0))
    if given not in table.column_names:
        raise BadInput(
            "the table", [Fault(given, f"no such column for {what}", "Give a number or a column of numbers.")]
        )
    values = frames.floats(table[given])
    if values is None or np.isnan(values).all():
        raise BadInput(
            "the table", [Fault(given, f"the {what} is not a number", "Give a number or a column of numbers.")]
        )
    return values


def _groups(table: pa.Table, column: str, notes: list[str], texts: Texts) -> np.ndarray:
    """A column as groups of people: many numbers become four bands, rare values become “(other)”."""
    counts = frames.levels(table[column])
    values = frames.texts(table[column])
    if len(counts) <= _MOST_GROUPS:
        return values
    numbers = frames.floats(table[column])
    if numbers is not None:
        notes.append(texts.say("audit.coerced_bands", column=column))
        cuts = np.unique(np.nanquantile(numbers, [0.25, 0.5, 0.75]))
        edges = [f"{c:.4g}" for c in cuts]
        names = [f"under {edges[0]}", *(f"{a} to under {b}" for a, b in itertools.pairwise(edges))]
        words = np.array([*names, f"{edges[-1]} and over"], dtype=object)
        banded = words[np.searchsorted(cuts, np.nan_to_num(numbers), side="right")]
        return np.where(np.isnan(numbers), "", banded)
    notes.append(texts.say("audit.coerced_levels", column=column, n=len(counts)))
    kept = list(counts)[: _MOST_GROUPS - 1]
    return np.where(np.isin(values.astype(str), [*kept, ""]), values, "(other)")


def _leaks(table: pa.Table, roles: Roles, known: np.ndarray, yes: np.ndarray) -> dict[str, float]:
    """Columns that tell the outcome almost without a mistake, by numbers or by values, with their AUC."""
    own = {roles.score, roles.label, roles.unit, roles.treated, roles.decision}
    found = {}
    for column in table.column_names:
        if column in own:
            continue
        numbers = frames.floats(table[column])
        if numbers is not None:
            filled = numbers[known]
            if np.isnan(filled).all():
                continue
            filled = np.where(np.isnan(filled), np.nanmin(filled) - 1, filled)
        elif frames.distinct(table[column]) <= _MOST_GROUPS:
            _, at = np.unique(frames.texts(table[column])[known].astype(str), return_inverse=True)
            filled = (np.bincount(at, weights=yes) / np.bincount(at))[at]
        else:
            continue
        auc = ranking.auc(filled, yes) or 0.5
        if max(auc, 1 - auc) >= _LEAK:
            found[column] = max(auc, 1 - auc)
    return found


def _double_rows(table: pa.Table) -> int:
    try:
        return int(table.num_rows - table.group_by(table.column_names).aggregate([]).num_rows)
    except pa.ArrowException:
        return 0
