from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.features.arrowlog import START, tables

from payoff.brief.schema import Brief
from payoff.errors import Unknown
from payoff.features.build import batch, history

BRIEF = Brief.model_validate(
    {"product": {"name": "p"}, "unit": {"role": "job", "industry": "field", "contact": "who"}}
)


def days(n: float) -> timedelta:
    return timedelta(days=n)


def test_the_newest_facts_at_or_before_now_hold_whatever_order_they_came_in() -> None:
    log = tables([("a", 5, {"x": 5}), ("a", 1, {"x": 1}), ("a", 9, {"x": 9}), ("b", 2, {"x": 2})])
    assert batch(log, BRIEF, START + days(5)).facts["x"].to_pylist() == [5, 2]
    assert batch(log, BRIEF, START + days(4.9)).facts["x"].to_pylist() == [1, 2]
    assert batch(log, BRIEF, START + days(99), ["b", "a"]).facts["x"].to_pylist() == [2, 9]


def test_of_two_facts_of_the_same_moment_the_later_one_holds() -> None:
    log = tables([("a", 1, {"x": 1}), ("a", 1, {"x": 2})])
    assert batch(log, BRIEF, START + days(1)).facts["x"].to_pylist() == [2]
    assert batch(log, BRIEF, START + days(1), ["a"]).facts["x"].to_pylist() == [2]


def test_a_unit_that_is_not_known_yet_is_refused_by_name() -> None:
    log = tables([("acct-1", 3, {"x": 1})])
    with pytest.raises(Unknown, match="acct-2"):
        batch(log, BRIEF, START + days(5), ["acct-1", "acct-2"])
    with pytest.raises(Unknown, match="acct-1"):
        batch(log, BRIEF, START + days(2), ["acct-1"])


def test_role_industry_and_contact_come_from_the_facts_the_brief_names() -> None:
    log = tables([("a", 0, {"job": "admin", "field": "retail", "who": "Ana"}), ("b", 0, {"job": None})])
    found = batch(log, BRIEF, START)
    assert found.role.tolist() == ["admin", ""]
    assert found.industry.tolist() == ["retail", ""]
    assert found.contact.tolist() == ["Ana", ""]


def test_history_shows_each_decision_what_was_known_then() -> None:
    log = tables([("a", 1, {"x": 1}), ("a", 3, {"x": 3}), ("b", 2, {"x": 20})])
    seen = history(log, BRIEF, ["a", "b", "a", "a", "c"], [START + days(d) for d in (2, 2, 3, 0, 9)])
    assert seen.facts["x"].to_pylist() == [1, 20, 3, None, None]


def test_history_agrees_with_one_look_a_row() -> None:
    rng = np.random.default_rng(4)
    rows = [(f"u{rng.integers(30)}", float(rng.integers(50)), {"x": int(i)}) for i in range(400)]
    log = tables(rows)
    units = [f"u{i}" for i in rng.integers(30, size=100)]
    at = [START + days(float(d)) for d in rng.integers(20, 60, size=100)]
    seen = history(log, BRIEF, units, at).facts["x"].to_pylist()
    assert seen == [batch(log, BRIEF, m, [u]).facts["x"].to_pylist()[0] for u, m in zip(units, at, strict=True)]


def test_an_empty_log_gives_an_empty_batch() -> None:
    assert len(batch(tables([]), BRIEF, START)) == 0


def test_units_of_whom_nothing_is_known_keep_their_rows() -> None:
    found = batch(tables([("a", 0, {}), ("b", 0, {})]), BRIEF, START)
    assert found.units == ("a", "b")
    assert found.facts.num_rows == 2
    assert found.take([1]).units == ("b",)
