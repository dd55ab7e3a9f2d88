"""What every account store must do, whatever keeps the rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from payoff.adapters.storage.database import Database
from payoff.errors import Unknown
from payoff.ports import Account, AccountStore, Key, Session, Storage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
TOKEN, OTHER = b"t" * 32, b"o" * 32


@pytest.fixture
def accounts(storage: Storage) -> AccountStore:
    return storage.accounts


def session(person: str = "ana", at: datetime = NOON, days: int = 90) -> Session:
    return Session(person, at, at + days * DAY, at)


def signed_in(accounts: AccountStore, person: str = "ana", token: bytes = TOKEN) -> int:
    """A person with a password and a session; the version of the account."""
    accounts.set_password(person, "hash", at=NOON)
    found = accounts.account(person)
    assert found is not None
    assert accounts.open_session(token, session(person), version=found.version)
    return found.version


def test_the_store_keeps_its_port(accounts: AccountStore) -> None:
    assert isinstance(accounts, AccountStore)


def test_a_secret_is_made_once_and_each_name_has_its_own(accounts: AccountStore) -> None:
    first = accounts.secret("links")
    assert len(first) == 32
    assert accounts.secret("links") == first
    assert accounts.secret("tries") != first


def test_products_share_no_secret_no_account_and_no_key(opened: Callable[[str], Storage]) -> None:
    shop, clinic = opened("shop").accounts, opened("clinic").accounts
    assert shop.secret("links") != clinic.secret("links")
    signed_in(shop)
    shop.add_key(TOKEN, Key("k1", "secret", "import", "ada", NOON))
    shop.attempt("ana", NOON, lambda n: MINUTE)
    assert not clinic.secured()
    assert (clinic.accounts(), clinic.session(TOKEN), clinic.all_keys(), clinic.key(TOKEN)) == ([], None, [], None)
    assert clinic.attempt("ana", NOON, lambda n: MINUTE) == timedelta(0)


def test_from_the_first_password_on_people_sign_in_also_after_it_was_taken_away(accounts: AccountStore) -> None:
    assert not accounts.secured()
    assert accounts.account("ana") is None
    accounts.invite("ana", at=NOON)
    assert not accounts.secured()
    accounts.set_password("ana", "hash", at=NOON)
    assert accounts.secured()
    accounts.set_password("ana", "", at=NOON)
    accounts.invite("ana", at=NOON)
    accounts.set_password("ana", "", at=NOON)
    assert accounts.secured()
    account = accounts.account("ana")
    assert account and account.password == ""


def test_every_change_of_an_account_has_its_own_version(accounts: AccountStore) -> None:
    versions = [accounts.invite("ana", at=NOON)]
    accounts.set_password("ana", "one", at=NOON + MINUTE)
    assert accounts.account("ana") == Account("ana", "one", 2, NOON + MINUTE)
    versions.append(accounts.invite("ana", at=NOON + DAY))
    assert versions == [1, 3]
    assert accounts.account("ana") == Account("ana", "one", 3, NOON + DAY), "invited again, the password stays"
    assert [a.person for a in accounts.accounts()] == ["ana"]


def test_a_password_for_a_version_that_has_passed_is_not_kept(accounts: AccountStore) -> None:
    invited = accounts.invite("ana", at=NOON)
    assert accounts.set_password("ana", "one", at=NOON, version=invited)
    signed_in(accounts, "ben", OTHER)
    assert not accounts.set_password("ana", "two", at=NOON, version=invited), "the same link a second time"
    found = accounts.account("ana")
    assert found is not None
    assert found.password == "one"
    assert accounts.set_password("eve", "x", at=NOON, version=0)
    assert not accounts.set_password("kim", "x", at=NOON, version=1)
    assert accounts.account("kim") is None


def test_a_new_password_ends_the_sessions_of_its_person_alone(accounts: AccountStore) -> None:
    signed_in(accounts)
    signed_in(accounts, "ben", OTHER)
    accounts.set_password("ana", "new", at=NOON)
    assert accounts.session(TOKEN) is None
    assert accounts.session(OTHER) == session("ben")


def test_a_session_needs_the_password_that_was_looked_at(accounts: AccountStore) -> None:
    assert not accounts.open_session(TOKEN, session(), version=0)
    old = signed_in(accounts)
    accounts.end_session(TOKEN)
    accounts.set_password("ana", "new", at=NOON)
    assert not accounts.open_session(TOKEN, session(), version=old), "changed between the look and the opening"
    accounts.set_password("ana", "", at=NOON)
    found = accounts.account("ana")
    assert found is not None
    assert not accounts.open_session(TOKEN, session(), version=found.version)
    assert accounts.session(TOKEN) is None


def test_another_hash_of_the_same_password_ends_nothing(accounts: AccountStore) -> None:
    version = signed_in(accounts)
    accounts.rehash("ana", "hash", "hash2")
    accounts.rehash("ana", "hash", "hash3")
    assert accounts.account("ana") == Account("ana", "hash2", version, NOON, NOON)
    assert accounts.session(TOKEN) is not None


def test_a_session_reads_back_and_says_when_its_person_was_seen(accounts: AccountStore) -> None:
    signed_in(accounts)
    assert accounts.session(TOKEN) == session()
    assert accounts.sessions("ana") == [session()]
    assert accounts.sessions("ben") == []
    accounts.seen(TOKEN, NOON + DAY)
    assert accounts.session(TOKEN) == replace(session(), last_seen=NOON + DAY)
    accounts.end_session(TOKEN)
    accounts.end_session(TOKEN)
    accounts.seen(TOKEN, NOON + 2 * DAY)
    assert accounts.session(TOKEN) is None
    found = accounts.account("ana")
    assert found is not None
    assert found.last_seen == NOON + DAY, "kept, though the session is over"


def test_sessions_past_their_end_are_swept_when_another_begins(accounts: AccountStore) -> None:
    version = signed_in(accounts)
    assert accounts.open_session(OTHER, session(at=NOON + 90 * DAY), version=version)
    assert accounts.session(TOKEN) is None
    assert accounts.session(OTHER) is not None


KEY = Key("k1", "secret", "nightly import", "ada", NOON, person="ana", permissions=("manager", "admin"))


def test_a_key_reads_back_as_it_was(accounts: AccountStore) -> None:
    public = Key("k2", "publishable", "widget é", "ada", NOON + DAY, origins=("https://app.example",))
    accounts.add_key(TOKEN, KEY)
    accounts.add_key(OTHER, public)
    assert accounts.key(TOKEN) == KEY
    assert accounts.all_keys() == [public, KEY]
    assert accounts.key(b"x" * 32) is None


def test_a_key_is_revoked_once_and_for_good(accounts: AccountStore) -> None:
    accounts.add_key(TOKEN, KEY)
    assert accounts.revoke_key("k1", at=NOON + DAY).revoked_at == NOON + DAY
    assert accounts.revoke_key("k1", at=NOON + 2 * DAY).revoked_at == NOON + DAY
    accounts.key_used("k1", NOON + 3 * DAY)
    accounts.key_used("nobody", NOON)
    assert accounts.all_keys() == [replace(KEY, revoked_at=NOON + DAY, last_used=NOON + 3 * DAY)]
    with pytest.raises(Unknown, match="k9"):
        accounts.revoke_key("k9", at=NOON)


def two_free(n: int) -> timedelta:
    return timedelta(0) if n < 2 else (n - 1) * MINUTE


def test_tries_beyond_the_free_ones_wait_longer_and_longer(accounts: AccountStore) -> None:
    now = NOON
    assert [accounts.attempt("ana", now, two_free) for _ in range(3)] == [timedelta(0), timedelta(0), MINUTE]
    now += MINUTE / 4
    assert accounts.attempt("ana", now, two_free) == MINUTE * 3 / 4, "asking again does not make it longer"
    now += MINUTE
    assert accounts.attempt("ana", now, two_free) == timedelta(0)
    assert accounts.attempt("ana", now, two_free) == 2 * MINUTE
    assert accounts.attempt("ben", now, two_free) == timedelta(0)


def test_tries_are_taken_back_one_by_one_or_all(accounts: AccountStore) -> None:
    for _ in range(3):
        accounts.attempt("ana", NOON, two_free)
    accounts.forgive("ana", 1)
    assert accounts.attempt("ana", NOON, two_free) == timedelta(0)
    assert accounts.attempt("ana", NOON, two_free) == MINUTE
    accounts.forgive("ana")
    assert accounts.attempt("ana", NOON, two_free) == timedelta(0)
    accounts.forgive("ana", 5)
    assert [accounts.attempt("ana", NOON, two_free) for _ in range(2)] == [timedelta(0)] * 2
    accounts.forgive("nobody", 1)
    accounts.forgive("nobody")


def test_tries_are_forgotten_a_day_after_the_first(accounts: AccountStore) -> None:
    for hour in range(3):
        accounts.attempt("ana", NOON + timedelta(hours=hour), two_free)
    assert accounts.attempt("ana", NOON + timedelta(hours=2), two_free) > timedelta(0)
    assert [accounts.attempt("ana", NOON + DAY, two_free) for _ in range(2)] == [timedelta(0)] * 2


def test_a_hundred_tries_at_once_are_a_hundred(accounts: AccountStore) -> None:
    let_through: list[int] = []

    def guess() -> None:
        for _ in range(20):
            if accounts.attempt("ana", NOON, two_free) == timedelta(0):
                let_through.append(1)

    threads = [threading.Thread(target=guess) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_through) == 2


def test_two_openers_of_one_database_share_secrets_accounts_and_tries(url: str) -> None:
    one, two = Database.open(url), Database.open(url)
    found: list[bytes] = []

    def ask(store: AccountStore) -> None:
        found.append(store.secret("links"))

    stores = [one.storage("shop").accounts, two.storage("shop").accounts]
    threads = [threading.Thread(target=ask, args=(stores[i % 2],)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    signed_in(stores[0])
    assert stores[1].session(TOKEN) == session()
    assert [store.attempt("ana", NOON, two_free) for store in (*stores, *stores)] == [
        timedelta(0), timedelta(0), MINUTE, MINUTE,
    ]  # fmt: skip
    one.close()
    two.close()
