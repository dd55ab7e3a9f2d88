"""A link to choose a password with: for one person, once, for three days."""

from __future__ import annotations

import time

import pytest
from tests.doors import GOOD, OTHER, Door

from payoff.errors import BadInput, Refused
from payoff.people.invitations import accept, invite, invited


@pytest.fixture
def door() -> Door:
    return Door()


def link(door: Door, person: str = "ana") -> str:
    return invite(door.accounts, door.signer, person, now=door.now)


def choose(door: Door, token: str, password: str = GOOD, again: str | None = None) -> str:
    again = password if again is None else again
    return accept(door.accounts, door.signer, door.people, token, password, again, now=door.now)[1]


def test_whoever_has_the_link_chooses_the_password_and_is_in(door: Door) -> None:
    token = link(door)
    assert invited(door.accounts, door.signer, door.people, token)[0].id == "ana"
    assert door.who(choose(door, token)) == "ana"
    assert door.who(door.sign_in("ana")) == "ana"


def test_a_link_works_once(door: Door) -> None:
    token = link(door)
    choose(door, token)
    with pytest.raises(Refused, match="used already"):
        choose(door, token, OTHER)
    with pytest.raises(Refused, match="used already"):
        invited(door.accounts, door.signer, door.people, token)
    assert door.sign_in("ana", GOOD)


def test_a_newer_link_makes_the_older_void_and_leaves_the_password(door: Door) -> None:
    door.give("ana")
    session = door.sign_in("ana")
    first, second = link(door), link(door)
    with pytest.raises(Refused, match="newer one"):
        choose(door, first, OTHER)
    assert door.who(session) == "ana", "an invitation alone signs nobody out"
    choose(door, second, OTHER)
    assert door.who(session) is None


def test_a_link_of_before_is_void_once_the_password_was_taken_away(door: Door) -> None:
    token = link(door)
    door.accounts.set_password("ana", "", at=door.now)
    with pytest.raises(Refused):
        choose(door, token)
    account = door.accounts.account("ana")
    assert account and account.password == ""


def test_a_link_is_good_for_three_days(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    token = link(door)
    made = time.time()
    monkeypatch.setattr(time, "time", lambda: made + 3 * 86_400 - 60)
    assert invited(door.accounts, door.signer, door.people, token)
    monkeypatch.setattr(time, "time", lambda: made + 3 * 86_400 + 60)
    with pytest.raises(Refused, match="no longer good"):
        invited(door.accounts, door.signer, door.people, token)


def test_a_weak_password_leaves_the_link_good(door: Door) -> None:
    token = link(door)
    with pytest.raises(BadInput) as refused:
        choose(door, token, "ana", "ann")
    assert len(refused.value.faults) == 3
    assert choose(door, token)


def test_somebody_who_left_the_brief_cannot_use_theirs(door: Door) -> None:
    token = link(door)
    del door.people["ana"]
    with pytest.raises(Refused):
        choose(door, token)


def test_a_link_of_another_product_or_purpose_opens_nothing(door: Door) -> None:
    link(door)
    for token in (
        link(Door()),
        door.signer.sign("answer", {"person": "ana", "version": 1}),
        link(door)[:-1],
        "",
        "a.b.c",
    ):
        with pytest.raises(Refused, match="not one of ours"):
            invited(door.accounts, door.signer, door.people, token)


def test_a_link_names_one_person_and_cannot_be_turned_into_anothers(door: Door) -> None:
    head, _, tail = link(door).partition(".")
    others, _, _ = link(door, "ada").partition(".")
    assert head != others
    with pytest.raises(Refused, match="not one of ours"):
        choose(door, f"{others}.{tail}")
