"""The house stays open to those who run it."""

from __future__ import annotations

import pytest
from tests.doors import Door, someone

from payoff.errors import Refused, Unknown
from payoff.people.admins import admins, admit, keep_one
from payoff.people.person import people_of


@pytest.fixture
def door() -> Door:
    return Door()


def test_an_admin_counts_once_they_can_sign_in(door: Door) -> None:
    assert admins(door.accounts, door.people) == set()
    door.give("ana")
    assert admins(door.accounts, door.people) == set(), "a password alone makes no admin"
    door.give("ada")
    assert admins(door.accounts, door.people) == {"ada"}
    door.people["ada"] = someone("ada", "Ada Lind", "manager")
    assert admins(door.accounts, door.people) == set()


def test_before_an_admin_can_sign_in_nobody_else_is_admitted(door: Door) -> None:
    with pytest.raises(Refused, match="has to choose a password first") as refused:
        admit(door.accounts, door.people, "ana")
    assert "payoff user password ada" in str(refused.value)
    assert admit(door.accounts, door.people, "ada").id == "ada"
    door.give("ada")
    assert admit(door.accounts, door.people, "ana").id == "ana"
    with pytest.raises(Unknown, match="ana"):
        admit(door.accounts, door.people, "anna")


def test_without_anybody_who_may_administer_one_has_to_be_named_first(door: Door) -> None:
    del door.people["ada"]
    with pytest.raises(Refused) as refused:
        admit(door.accounts, door.people, "ana")
    assert "payoff user add" in str(refused.value)


def test_whoever_stands_in_for_a_brief_without_people_has_no_password() -> None:
    door = Door(people=people_of({}))
    with pytest.raises(Refused, match="names nobody yet"):
        admit(door.accounts, door.people, "me")


def test_the_last_admin_stays_and_anybody_else_may_go(door: Door) -> None:
    door.give("ada")
    door.give("ana")
    keep_one(door.accounts, door.people, "ana")
    with pytest.raises(Refused, match="could sign in any more"):
        keep_one(door.accounts, door.people, "ada")
    door.people["ben"] = someone("ben", "Ben", "admin")
    with pytest.raises(Refused):
        keep_one(door.accounts, door.people, "ada")
    door.give("ben")
    keep_one(door.accounts, door.people, "ada")
