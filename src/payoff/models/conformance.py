"""`check_model`: is this a valid risk model? Everything wrong with it, at once."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from payoff.errors import Fault
from payoff.features.columns import flat, is_text
from payoff.models.contract import RiskScorer

_NEVER_MET = "a value nobody has met"


def check_model(
    model: RiskScorer, facts: pa.Table, *, load: Callable[[Mapping[str, Any]], RiskScorer] | None = None
) -> list[Fault]:
    """Hold a model against the contract on some facts (a hundred rows do); an empty list means it passes.

    `load` makes a model from its JSON; unset, the class's own `from_json`.
    """
    checks = (
        ("predict", _in_range, "it must give one finite probability in [0, 1] a row"),
        ("row order", _any_row_order, "a row's score must not depend on the other rows or their order"),
        ("column order", _any_column_order, "the order of columns must not matter, nor a column it never saw"),
        ("unseen values", _survives_unseen, "a category never met must be scored, too"),
        ("missing values", _survives_missing, "rows and columns without values must be scored, too"),
        ("no rows", _survives_no_rows, "a table without rows must give no scores"),
        ("contributions", _contributions, "they must be finite, one a fact of `facts`, in a (rows, facts) array"),
        ("input", _leaves_input, "it must not change the table it is given"),
        ("repetition", _same_twice, "the same facts must give the same scores"),
    )
    found = []
    for name, check, mend in checks:
        fault = _ask(name, mend, functools.partial(check, model, facts))
        if fault:
            found.append(fault)
    make = load or getattr(type(model), "from_json", None)
    if make is None:
        found.append(
            Fault("JSON", "there is no way back from it", "Add a classmethod `from_json`, or give `load`.")
        )
    else:
        fault = _ask(
            "JSON",
            "to_json must be plain values that give the same scores again",
            lambda: _json(model, facts, make),
        )
        if fault:
            found.append(fault)
    return found


def _ask(name: str, mend: str, check: Callable[[], str]) -> Fault | None:
    try:
        wrong = check()
    except Exception as error:  # whatever a foreign model throws is the finding
        wrong = f"it raised {type(error).__name__}: {error}"
    return Fault(name, wrong, mend[:1].upper() + mend[1:] + ".") if wrong else None


def _in_range(model: RiskScorer, facts: pa.Table) -> str:
    p = np.asarray(model.predict(facts))
    if p.shape != (facts.num_rows,):
        return f"{facts.num_rows} rows gave an array of shape {p.shape}"
    if not np.isfinite(p).all():
        return f"{int((~np.isfinite(p)).sum())} scores are NaN or infinite"
    return "" if ((p >= 0) & (p <= 1)).all() else f"scores run from {p.min():g} to {p.max():g}"


def _any_row_order(model: RiskScorer, facts: pa.Table) -> str:
    order = np.arange(facts.num_rows)[::-1]
    turned = model.predict(facts.take(pa.array(order)))
    whole = model.predict(facts)
    if not np.allclose(turned, whole[order], rtol=0, atol=1e-9):
        return "other scores for the same rows in reverse order"
    if facts.num_rows and not np.allclose(model.predict(facts.slice(0, 1)), whole[:1], rtol=0, atol=1e-9):
        return "another score for a row alone than among others"
    return ""


def _any_column_order(model: RiskScorer, facts: pa.Table) -> str:
    turned = facts.select(facts.column_names[::-1]).append_column("never_met", pa.nulls(facts.num_rows))
    same = np.allclose(model.predict(turned), model.predict(facts), rtol=0, atol=1e-9)
    return "" if same else "other scores for the same columns in reverse order"


def _survives_unseen(model: RiskScorer, facts: pa.Table) -> str:
    changed = facts
    for i, name in enumerate(facts.column_names):
        if is_text(flat(facts.column(name))):
            changed = changed.set_column(i, name, pa.array([_NEVER_MET] * facts.num_rows, pa.string()))
    return _in_range(model, changed)


def _survives_missing(model: RiskScorer, facts: pa.Table) -> str:
    empty = pa.table(
        {name: pa.nulls(facts.num_rows, flat(facts.column(name)).type) for name in facts.column_names}
    )
    less = facts.drop_columns(facts.column_names[:1]) if facts.num_columns > 1 else facts
    return _in_range(model, empty) or _in_range(model, less)


def _survives_no_rows(model: RiskScorer, facts: pa.Table) -> str:
    return _in_range(model, facts.slice(0, 0))


def _contributions(model: RiskScorer, facts: pa.Table) -> str:
    given = np.asarray(model.contributions(facts))
    wanted = (facts.num_rows, len(model.facts))
    if given.shape != wanted:
        return f"shape {given.shape} instead of {wanted}"
    return "" if np.isfinite(given).all() else "some are NaN or infinite"


def _leaves_input(model: RiskScorer, facts: pa.Table) -> str:
    before = pa.concat_tables([facts]).to_pylist()
    model.predict(facts)
    model.contributions(facts)
    return "" if facts.to_pylist() == before else "the facts are others after predicting"


def _same_twice(model: RiskScorer, facts: pa.Table) -> str:
    return "" if np.array_equal(model.predict(facts), model.predict(facts)) else "other scores the second time"


def _json(model: RiskScorer, facts: pa.Table, make: Callable[[Mapping[str, Any]], RiskScorer]) -> str:
    again = make(json.loads(json.dumps(model.to_json(), allow_nan=False)))
    same = np.allclose(again.predict(facts), model.predict(facts), rtol=0, atol=1e-12)
    return "" if same else "other scores after the way through JSON"
