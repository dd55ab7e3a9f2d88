"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from payoff.errors import BadInput
from payoff.people import passwords
from payoff.people.passwords import aged, check_password, hash_password, matches

ABOUT = ("ana", "Ana Ruiz", "ana.ruiz@example.com", "Harbor Payroll")


@pytest.mark.parametrize(
    "good",
    [
        "four blue herons walk",
        "Tr0ub4dor&3x",
        "пароль-не-простой",
        "k3Vq9!mmzx",
        "password is not enough",
        "📎🪁🥁🧿🪆🧩🎲🪀🛼🧵",
    ],
)
def test_a_password_nobody_would_guess_first_is_taken(good: str) -> None:
    check_password(good, good, ABOUT)


@pytest.mark.parametrize(
    "silly",
    [
        "password12",
        "Password123!",
        "passwordpassword",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "abcdefghijk",
        "Welcome2026!",
        "aaaaaaaaaaaa",
        "abababababab",
        "ana.ruiz1990",
        "Harbor Payroll 1",
        "ana.ruiz@example.com",
        "__________",
    ],
)
def test_what_is_tried_first_is_refused(silly: str) -> None:
    with pytest.raises(BadInput, match="first that are tried"):
        check_password(silly, silly, ABOUT)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        check_password("aaa", "aab")
    assert [fault.where for fault in refused.value.faults] == ["password", "password", "again"]
    with pytest.raises(BadInput, match="500 characters or fewer"):
        check_password("x y" * 200, "x y" * 200)


def test_a_password_is_kept_as_a_salted_hash_it_matches() -> None:
    one, two = hash_password("four blue herons walk"), hash_password("four blue herons walk")
    assert one != two
    assert one.startswith("$argon2id$")
    assert "herons" not in one
    assert matches(one, "four blue herons walk")
    assert not matches(one, "four blue herons walk ")
    assert not matches(one, "")


def test_the_same_letters_typed_in_two_parts_are_the_same_password() -> None:
    assert matches(hash_password("caf\u00e9 au lait 9"), "cafe\u0301 au lait 9")


def test_without_a_hash_nothing_matches_but_the_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            worked.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert not matches("", "four blue herons walk")
    assert not matches("", "")
    assert len(worked) == 2
    assert all(kept.startswith("$argon2id$") for kept in worked)
    assert not matches("broken", "four blue herons walk")


def test_a_hash_of_weaker_days_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hash_password("four blue herons walk")
    assert not aged(kept)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert aged(kept)
    assert matches(kept, "four blue herons walk"), "it is still good"
