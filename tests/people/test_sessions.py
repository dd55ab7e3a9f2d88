"""Signing in: who passes, for how long, and how often one may try."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from tests.doors import GOOD, OTHER, Door

from payoff.errors import BadInput, Refused, Unavailable
from payoff.people import passwords, sessions
from payoff.people.sessions import FREE_TRIES, FREE_TRIES_ADDRESS, TooManyTries, WrongPassword, wait_after


@pytest.fixture
def door() -> Door:
    made = Door()
    made.give("ana")
    return made


@pytest.mark.parametrize("name", ["ana", " ana ", "ANA", "ana@example.com", "Ana@Example.com"])
def test_a_short_name_or_an_address_with_its_password_opens_a_session(door: Door, name: str) -> None:
    assert door.who(door.sign_in(name)) == "ana"


@pytest.mark.parametrize(
    ("name", "password"),
    [("ana", OTHER), ("ana", ""), ("ada", GOOD), ("nobody", GOOD), ("", GOOD), ("", ""), ("\ud800", GOOD)],
)
def test_anything_else_is_refused_in_the_same_words(door: Door, name: str, password: str) -> None:
    with pytest.raises(WrongPassword, match="do not go together"):
        door.sign_in(name, password)


def test_somebody_who_left_the_brief_cannot_sign_in(door: Door) -> None:
    del door.people["ana"]
    with pytest.raises(WrongPassword):
        door.sign_in("ana")


def test_two_people_with_one_address_need_their_short_names(door: Door) -> None:
    door.people["ben"] = door.people["ana"].__class__("ben", "Ben", frozenset(), "ana@example.com")
    with pytest.raises(WrongPassword):
        door.sign_in("ana@example.com")
    assert door.who(door.sign_in("ana")) == "ana"


def test_the_store_knows_the_digest_of_a_token_and_not_the_token(door: Door) -> None:
    token = door.sign_in("ana")
    assert len(token) >= 43, "32 bytes of chance"
    assert door.accounts.session(hashlib.sha256(token.encode()).digest()) is not None
    assert token not in repr(vars(door.accounts))
    assert door.sign_in("ana") != token


@pytest.mark.parametrize("token", ["", "x", "\ud800", "é" * 10_000])
def test_a_made_up_token_is_nobody(door: Door, token: str) -> None:
    assert door.who(token) is None


def test_a_session_lasts_while_it_is_used_and_ninety_days_at_most(door: Door) -> None:
    token = door.sign_in("ana")
    for _ in range(6):
        door.wait(days=13.9)
        assert door.who(token) == "ana"
    door.wait(days=6.5)
    assert door.who(token) == "ana", "day 89.9"
    door.wait(days=0.2)
    assert door.who(token) is None


def test_a_session_nobody_uses_ends_after_a_fortnight(door: Door) -> None:
    token = door.sign_in("ana")
    door.wait(days=14)
    assert door.who(token) is None
    door.wait(days=-1)
    assert door.who(token) is None, "ended for good"


def test_being_seen_is_written_down_now_and_then_and_not_at_each_step(door: Door) -> None:
    token = door.sign_in("ana")
    door.wait(minutes=9)
    door.who(token)
    account = door.accounts.account("ana")
    assert account and account.last_seen == door.now - timedelta(minutes=9)
    door.wait(minutes=1)
    door.who(token)
    account = door.accounts.account("ana")
    assert account and account.last_seen == door.now


def test_a_store_that_takes_nothing_more_does_not_sign_people_out(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = door.sign_in("ana")
    door.wait(days=1)

    def full(*_: object) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(door.accounts, "seen", full)
    assert door.who(token) == "ana"


def test_ten_wrong_tries_then_a_minute_then_two(door: Door) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPassword):
            door.sign_in("ana", OTHER)
    with pytest.raises(TooManyTries) as waiting:
        door.sign_in("ana", GOOD)
    assert waiting.value.wait == timedelta(minutes=1), "the right one has to wait, too"
    with pytest.raises(TooManyTries):
        door.sign_in("ANA@example.com", GOOD, address="198.51.100.7")
    door.wait(minutes=1)
    with pytest.raises(WrongPassword):
        door.sign_in("ana", OTHER)
    with pytest.raises(TooManyTries) as waiting:
        door.sign_in("ana", OTHER)
    assert waiting.value.wait == timedelta(minutes=2)
    door.wait(minutes=2)
    assert door.who(door.sign_in("ana")) == "ana"
    with pytest.raises(WrongPassword):
        door.sign_in("ana", OTHER)


def test_a_name_nobody_has_waits_like_any_other(door: Door) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPassword):
            door.sign_in("zed", OTHER)
    with pytest.raises(TooManyTries):
        door.sign_in(" ZED ", OTHER)


def test_one_address_cannot_try_every_name(door: Door) -> None:
    for i in range(FREE_TRIES_ADDRESS):
        with pytest.raises(WrongPassword):
            door.sign_in(f"name{i}", OTHER, address="192.0.2.9")
    with pytest.raises(TooManyTries):
        door.sign_in("ana", address="192.0.2.9")
    assert door.who(door.sign_in("ana", address="192.0.2.10")) == "ana"


def test_an_office_that_signs_in_rightly_never_waits(door: Door) -> None:
    for _ in range(FREE_TRIES_ADDRESS + 20):
        door.sign_in("ana")


def test_addresses_of_one_ipv6_network_count_as_one(door: Door) -> None:
    for i in range(FREE_TRIES_ADDRESS):
        with pytest.raises(WrongPassword):
            door.sign_in(f"name{i}", OTHER, address=f"2001:db8:1:2::{i:x}")
    with pytest.raises(TooManyTries):
        door.sign_in("ana", address="2001:db8:1:2:ffff::1")
    assert door.sign_in("ana", address="2001:db8:1:3::1")


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    minutes = [wait_after(10, n) / timedelta(minutes=1) for n in (0, 9, 10, 11, 12, 13, 14, 500)]
    assert minutes == [0, 0, 1, 2, 4, 8, 15, 15]


def test_the_store_cannot_be_read_for_who_tried_and_from_where(door: Door) -> None:
    with pytest.raises(WrongPassword):
        door.sign_in("my-password-in-the-wrong-field", OTHER)
    kept = repr(door.accounts._tries)
    assert "my-password" not in kept
    assert "192.0.2.1" not in kept


def test_an_old_hash_is_renewed_at_the_next_sign_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    before = door.accounts.account("ana")
    token = door.sign_in("ana")
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    door.sign_in("ana")
    after = door.accounts.account("ana")
    assert before and after and before.password != after.password
    assert before.version == after.version
    assert door.who(token) == "ana", "nobody is signed out for it"
    door.sign_in("ana")
    again = door.accounts.account("ana")
    assert again and again.password == after.password


def change(door: Door, current: str, new: str, again: str | None = None) -> str:
    who = door.people["ana"]
    return sessions.change_password(door.accounts, who, current, new, again or new, now=door.now)


def test_another_password_ends_every_session_but_the_new_one(door: Door) -> None:
    old = [door.sign_in("ana"), door.sign_in("ana")]
    token = change(door, GOOD, OTHER)
    assert [door.who(one) for one in old] == [None, None]
    assert door.who(token) == "ana"
    with pytest.raises(WrongPassword):
        door.sign_in("ana", GOOD)
    assert door.sign_in("ana", OTHER)


def test_changing_takes_the_present_password_and_cannot_be_guessed_for_ever(door: Door) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPassword, match="present password"):
            change(door, "wrong", OTHER)
    with pytest.raises(TooManyTries):
        change(door, GOOD, OTHER)


def test_a_weak_new_password_changes_nothing(door: Door) -> None:
    token = door.sign_in("ana")
    with pytest.raises(BadInput) as refused:
        change(door, GOOD, "Ana Ruiz", "ana ruiz")
    assert len(refused.value.faults) == 3
    assert door.who(token) == "ana"


def test_the_first_password_needs_none_before_it() -> None:
    door = Door()
    token = change(door, "", GOOD)
    assert door.who(token) == "ana"
    with pytest.raises(WrongPassword):
        change(door, "", OTHER)


def test_a_password_changed_between_the_look_and_the_session_opens_none(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sessions.matches

    def meanwhile(stored: str, password: str) -> bool:
        door.give("ana", OTHER)
        return real(stored, password)

    monkeypatch.setattr(sessions, "matches", meanwhile)
    with pytest.raises(Refused, match="changed a moment ago"):
        door.sign_in("ana")
