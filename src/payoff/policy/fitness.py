"""For whom experts say an action is fit: roles, industries, and facts that must hold."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from payoff.brief.schema import Condition, Playbook
from payoff.features.batch import Batch
from payoff.features.columns import number_of, text_array


def fit(batch: Batch, playbook: Playbook) -> NDArray[np.bool_]:
    """(units, actions) with doing nothing first, always fit. A condition on an unknown fact does not hold."""
    out = np.ones((len(batch), 1 + len(playbook.actions)), dtype=bool)
    for k, action in enumerate(playbook.actions, start=1):
        if action.roles:
            out[:, k] &= np.isin(batch.role.astype(str), action.roles)
        if action.industries:
            out[:, k] &= np.isin(batch.industry.astype(str), action.industries)
        for condition in action.when:
            out[:, k] &= holds(batch, condition)
    return out


def holds(batch: Batch, condition: Condition) -> NDArray[np.bool_]:
    """For each unit whether the condition holds; numbers written as text count as numbers."""
    ok = np.ones(len(batch), dtype=bool)
    if condition.at_least is not None or condition.at_most is not None:
        values = number_of(batch.facts, condition.fact)
        ok &= ~np.isnan(values)
        if condition.at_least is not None:
            ok &= values >= condition.at_least
        if condition.at_most is not None:
            ok &= values <= condition.at_most
    if condition.among is not None:
        ok &= _one_of(batch, condition.fact, condition.among)
    if condition.not_among is not None:
        ok &= _one_of(batch, condition.fact, None) & ~_one_of(batch, condition.fact, condition.not_among)
    return ok


def _one_of(batch: Batch, fact: str, values: list[object] | None) -> NDArray[np.bool_]:
    """Whether the fact is one of the values; without values, whether it is known."""
    if fact not in batch.facts.column_names:
        return np.zeros(len(batch), dtype=bool)
    encoded = text_array(batch.facts.column(fact)).dictionary_encode()
    words = encoded.dictionary.to_pylist()
    wanted = None if values is None else {word_of(value) for value in values}
    good = np.array([bool(w) if wanted is None else w in wanted for w in words] or [False])
    return np.asarray(good[pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)], dtype=np.bool_)


def word_of(value: object) -> str:
    """As `features.columns.text_array` would read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, (int, float)) else str(value).strip()
