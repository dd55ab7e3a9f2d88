"""The table of routes and the people it lets through."""

from __future__ import annotations

from typing import get_args

import pytest

from payoff.brief import schema
from payoff.people.permissions import PERMISSIONS, ROUTES, needed
from payoff.people.person import NOBODY_DECLARED, Person, find, first_with, people_of


def test_the_briefs_permissions_are_the_tables_permissions() -> None:
    assert set(get_args(schema.Permission)) == set(PERMISSIONS)


def test_an_address_that_is_not_in_the_table_is_open_to_nobody() -> None:
    assert needed("GET", "/secrets") is None


def test_a_head_request_needs_what_a_get_needs() -> None:
    assert needed("HEAD", "/board") == needed("GET", "/board")


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if "decide" in r[1] or "revert" in r[1] or "decisions" in r[1]]
)
def test_deciding_takes_a_manager(route: tuple[str, str]) -> None:
    assert ROUTES[route] == {"manager", "admin"}


def test_a_brief_without_people_gives_one_who_may_do_everything() -> None:
    assert people_of({}) == {"me": NOBODY_DECLARED}
    assert NOBODY_DECLARED.permissions == set(PERMISSIONS)


def test_the_first_person_with_a_permission_is_found_in_the_order_wanted() -> None:
    people = {
        "a": Person("a", "A", frozenset({"expert"})),
        "b": Person("b", "B", frozenset({"frontline"})),
        "c": Person("c", "C", frozenset({"manager"})),
    }
    assert first_with(people, "manager", "frontline").id == "c"
    assert first_with(people, "scientist").id == "a"


def test_having_one_of_the_needed_permissions_is_enough() -> None:
    person = Person("a", "A", frozenset({"expert"}))
    assert person.may({"expert", "admin"})
    assert not person.may({"admin"})


def test_people_are_found_as_they_type_themselves() -> None:
    people = {
        "a": Person("a", "A", frozenset(), "a@example.com"),
        "b": Person("b", "B", frozenset()),
    }
    for typed in ("a", "A", " a ", "A@Example.com"):
        assert find(people, typed) is people["a"]
    for typed in ("", " ", "c", "@example.com"):
        assert find(people, typed) is None
