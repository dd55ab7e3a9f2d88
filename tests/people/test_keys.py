"""Keys of programs: what they open, and for whom."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from tests.doors import Door

from payoff.errors import BadInput, Refused, Unavailable, Unknown
from payoff.people.keys import holder, key_of, make_key, origin, replace_key, revoke_keys_of
from payoff.ports import Key


@pytest.fixture
def door() -> Door:
    return Door()


def made(door: Door, kind: Any = "secret", label: str = "import", **more: Any) -> tuple[Key, str]:
    return make_key(door.accounts, door.people, kind, label, by="ada", now=door.now, **more)


def test_a_secret_key_opens_what_its_permissions_say_under_its_own_name(door: Door) -> None:
    key, text = made(door, permissions=("scientist", "frontline", "frontline"))
    assert text.startswith(f"sk_{key.id}_")
    assert len(text) > 50
    found = key_of(door.accounts, text, "secret", door.now)
    assert found is not None
    who = holder(found, door.people)
    assert who is not None
    assert (who.id, who.name, who.permissions) == ("key:import", "import", {"frontline", "scientist"})


def test_a_secret_key_for_a_person_is_that_person_as_the_brief_has_them_now(door: Door) -> None:
    _, text = made(door, person="ana")
    found = key_of(door.accounts, text, "secret", door.now)
    assert found is not None
    assert holder(found, door.people) is door.people["ana"]
    del door.people["ana"]
    assert holder(found, door.people) is None


def test_only_the_digest_is_kept(door: Door) -> None:
    _, text = made(door, permissions=("admin",))
    assert text not in repr(vars(door.accounts))
    assert door.accounts.key(hashlib.sha256(text.encode()).digest()) is not None


def test_a_key_of_one_kind_is_none_of_the_other(door: Door) -> None:
    _, secret = made(door, permissions=("admin",))
    _, public = made(door, "publishable", "widget", origins=("https://app.example.com",))
    assert key_of(door.accounts, secret, "publishable", door.now) is None
    assert key_of(door.accounts, public, "secret", door.now) is None
    found = key_of(door.accounts, public, "publishable", door.now)
    assert found and found.origins == ("https://app.example.com",)
    for wrong in ("", "sk_", secret[:-1], secret + "x", secret.upper(), "\ud800"):
        assert key_of(door.accounts, wrong, "secret", door.now) is None


def test_a_revoked_key_opens_nothing(door: Door) -> None:
    key, text = made(door, permissions=("admin",))
    door.accounts.revoke_key(key.id, at=door.now)
    assert key_of(door.accounts, text, "secret", door.now) is None


def test_when_a_key_was_used_is_written_down_now_and_then(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = made(door, permissions=("admin",))
    for minutes in (0, 5, 10):
        key_of(door.accounts, text, "secret", door.now + timedelta(minutes=minutes))
        last = door.accounts.all_keys()[0].last_used
        assert last == door.now + timedelta(minutes=10 if minutes == 10 else 0)

    def full(*_: object) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(door.accounts, "key_used", full)
    assert key_of(door.accounts, text, "secret", door.now + timedelta(days=1)) is not None


def test_who_leaves_leaves_no_key_behind(door: Door) -> None:
    made(door, person="ana")
    key, _ = made(door, label="two", person="ana")
    made(door, label="three", person="ada")
    door.accounts.revoke_key(key.id, at=door.now)
    assert [one.label for one in revoke_keys_of(door.accounts, "ana", now=door.now)] == ["import"]
    assert [one.label for one in door.accounts.all_keys() if one.revoked_at is None] == ["three"]


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"label": " ", "permissions": ("admin",)}, ["label"]),
        ({"label": "x" * 81, "permissions": ("admin",)}, ["label"]),
        ({"label": "a\nb", "permissions": ("admin",)}, ["label"]),
        ({}, ["person"]),
        ({"person": "ana", "permissions": ("admin",)}, ["person"]),
        ({"person": "zed"}, ["person"]),
        ({"label": "", "permissions": ("root", "king")}, ["label", "permissions", "permissions"]),
        ({"kind": "publishable"}, ["origins"]),
        ({"kind": "publishable", "origins": ("https://*.example.com", "ftp://x.example")}, ["origins", "origins"]),
        ({"kind": "publishable", "origins": ("https://x.example",), "person": "ana"}, ["permissions"]),
    ],
)
def test_all_faults_of_a_key_are_told_at_once(door: Door, more: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        made(door, **more)
    assert [fault.where for fault in refused.value.faults] == faults
    assert door.accounts.all_keys() == []


def test_two_living_keys_have_two_names(door: Door) -> None:
    key, _ = made(door, permissions=("admin",))
    with pytest.raises(BadInput, match="there is a key called 'import'"):
        made(door, label=" import ", permissions=("admin",))
    door.accounts.revoke_key(key.id, at=door.now)
    assert made(door, permissions=("admin",))


def test_a_replaced_key_has_the_same_name_and_reach_and_the_old_one_goes_on(door: Door) -> None:
    old, before = made(door, "publishable", "app", origins=("https://app.example.com",))
    new, text = replace_key(door.accounts, old.id, by="ana", now=door.now + timedelta(days=1))
    assert (new.kind, new.label, new.origins, new.made_by) == ("publishable", "app", old.origins, "ana")
    assert new.id != old.id
    for one in (before, text):
        assert key_of(door.accounts, one, "publishable", door.now) is not None
    door.accounts.revoke_key(old.id, at=door.now)
    with pytest.raises(Refused, match="was revoked"):
        replace_key(door.accounts, old.id, by="ana", now=door.now)
    with pytest.raises(Unknown):
        replace_key(door.accounts, "nobody", by="ana", now=door.now)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://App.Example.com", "https://app.example.com"),
        (" https://app.example.com:443/ ", "https://app.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_site_is_written_as_browsers_write_it(given: str, meant: str) -> None:
    assert origin(given) == meant


@pytest.mark.parametrize(
    "given",
    ["", "*", "null", "app.example.com", "https://", "https://a.example/page", "https://a.example?x", "https://a:b@c",
     "https://a.example:99999", "javascript:alert(1)", "file:///etc", "https://*.example.com", "https://[::1"],
)  # fmt: skip
def test_what_is_no_site_is_refused(given: str) -> None:
    with pytest.raises(ValueError):
        origin(given)
