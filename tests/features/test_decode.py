from __future__ import annotations

import json

import pytest

from payoff.features.decode import decode


def rows(*bodies: dict[str, object] | None) -> list[dict[str, object]]:
    return decode([None if body is None else json.dumps(body) for body in bodies]).to_pylist()


def test_every_fact_any_body_names_is_a_column() -> None:
    assert rows({"a": 1, "b": "x"}, {"c": True}) == [
        {"a": 1, "b": "x", "c": None},
        {"a": None, "b": None, "c": True},
    ]


def test_bodies_that_are_empty_or_missing_keep_their_row() -> None:
    assert rows({}, {"a": 1.5}, None) == [{"a": None}, {"a": 1.5}, {"a": None}]


def test_a_day_written_as_text_stays_the_text_that_was_sent() -> None:
    assert rows({"since": "2026-01-02"})[0]["since"] == "2026-01-02"
    assert rows({"since": "2026-01-02T03:04:05Z"})[0]["since"] == "2026-01-02T03:04:05Z"


def test_a_number_here_and_a_text_there_become_texts() -> None:
    assert rows({"x": 29.85}, {"x": "n/a"}) == [{"x": "29.85"}, {"x": "n/a"}]


def test_nested_values_are_kept_as_their_json() -> None:
    assert rows({"x": [1, 2]})[0]["x"] == "[1, 2]"


@pytest.mark.parametrize("name", ["weird\nname", 'quo"te', "ü", "a.b", ""])
def test_odd_names_survive(name: str) -> None:
    assert rows({name: 1}, {name: 2}) == [{name: 1}, {name: 2}]


def test_texts_with_line_breaks_stay_in_their_row() -> None:
    assert rows({"x": "one\ntwo"}, {"x": "three"}) == [{"x": "one\ntwo"}, {"x": "three"}]


def test_a_body_larger_than_any_block_is_read() -> None:
    long = "x" * 6_000_000
    assert [len(str(r["t"])) for r in rows({"t": long}, {"t": "y"})] == [6_000_000, 1]
