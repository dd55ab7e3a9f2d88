"""People and keys at the console: what is printed, what is kept, and with which status it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from payoff.configuration import open_product
from payoff.people.invitations import invited
from payoff.people.keys import key_of
from payoff.people.passwords import matches

GOOD = "four blue herons walk"
BRIEF = """schema = 1
# ours
[product]
name = "shop"  # short
[people.ada]  # since May
name = "Ada Lind"
permissions = ["admin"]
[people.nia]
name = "Nia Okafor"
permissions = ["frontline"]
"""


def payoff(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from payoff.cli import main; main()", *words],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def told(folder: Path, *words: str, typed: str = "") -> Any:
    done = payoff(folder, *words, "--json", typed=typed)
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "payoff.toml").write_text(BRIEF)
    return tmp_path


def test_somebody_is_added_invited_and_let_go(shop: Path) -> None:
    done = payoff(shop, "user", "invite", "nia")
    assert done.returncode == 2
    assert "payoff user password ada" in done.stderr
    assert told(shop, "user", "password", "ada", "--stdin", typed=GOOD + "\n") == {"person": "ada"}
    added = told(shop, "user", "add", "ben", "--name", "Ben Ode", "--may", "expert,manager", "--email", "b@x.de")
    assert added["permissions"] == ["expert", "manager"]
    text = (shop / "payoff.toml").read_text()
    for line in BRIEF.splitlines():
        assert line in text
    made = told(shop, "user", "invite", "ben", "--origin", "https://payoff.example.com/")
    assert made["link"].startswith("https://payoff.example.com/welcome/")
    opened = open_product(shop)
    token = made["link"].rpartition("/")[2]
    accounts = opened.storage.accounts
    assert invited(accounts, opened.signer, opened.people.known(), token)[0].id == "ben"
    account = accounts.account("ada")
    assert account is not None
    assert matches(account.password, GOOD)
    opened.close()
    key = told(shop, "key", "make", "bens", "--for", "ben")["key"]
    rows = told(shop, "user", "list")
    assert [(r["id"], r["password"]) for r in rows] == [("ada", True), ("nia", False), ("ben", False)]
    assert "Ben Ode" in payoff(shop, "user", "list").stdout
    gone = told(shop, "user", "remove", "ben")
    assert len(gone["revoked_keys"]) == 1
    assert (shop / "payoff.toml").read_text().split() == BRIEF.split()
    opened = open_product(shop)
    assert key_of(opened.storage.accounts, key, "secret", opened.clock.now()) is None
    opened.close()


def test_whoever_is_removed_leaves_their_customers_to_somebody(shop: Path) -> None:
    (shop / "payoff.toml").write_text(BRIEF + '[unit]\nowner = "owner"\n')
    told(shop, "user", "add", "ben", "--name", "Ben Ode", "--may", "frontline")
    opened = open_product(shop)
    opened.facts([{"unit": "a", "owner": "ben"}, {"unit": "b", "owner": "nia"}])
    opened.close()
    assert payoff(shop, "user", "remove", "ben", "--to", "zed").returncode == 2
    said = payoff(shop, "user", "remove", "ben", "--to", "nia").stdout
    assert "One customer is nia's now" in said
    assert told(shop, "user", "remove", "nia")["customers"] == 2
    said = payoff(shop, "user", "remove", "nia", "--to", "").stdout
    assert "2 customers are free for everybody now" in said


def test_the_last_admin_and_nobody_at_all_end_with_misuse(shop: Path) -> None:
    told(shop, "user", "password", "ada", "--stdin", typed=GOOD)
    for words in (
        ("user", "remove", "ada"),
        ("user", "remove", "zed"),
        ("user", "invite", "zed"),
        ("user", "invite", "nia", "--origin", "payoff"),
        ("user", "password", "zed", "--stdin"),
        ("user", "add", "Ben!", "--name", "Ben", "--may", "king"),
        ("key", "make", "x"),
        ("key", "revoke", "x"),
        ("key", "replace", "x"),
    ):
        done = payoff(shop, *words, "--json", typed=GOOD)
        assert done.returncode == 2, words
        assert json.loads(done.stdout)["what"], words
    assert (shop / "payoff.toml").read_text() == BRIEF


def test_a_weak_password_at_the_console_is_told_with_all_faults(shop: Path) -> None:
    done = payoff(shop, "user", "password", "ada", "--stdin", typed="ada\n")
    assert done.returncode == 2
    assert "3 characters" in done.stderr
    assert "first that are tried" in done.stderr
    opened = open_product(shop)
    assert not opened.storage.accounts.secured()
    opened.close()


def test_keys_are_made_listed_replaced_and_revoked(shop: Path) -> None:
    made = told(shop, "key", "make", "nightly", "--may", "scientist", "--by", "ada")
    assert made["key"].startswith(f"sk_{made['id']}_")
    public = told(shop, "key", "make", "app", "--site", "https://app.example.com")
    assert public["kind"] == "publishable"
    assert public["signing_secret"].startswith("ws_")
    fresh = told(shop, "key", "replace", made["id"])
    told(shop, "key", "revoke", made["id"])
    listed = {row["id"]: row for row in told(shop, "key", "list")}
    assert set(listed) == {made["id"], public["id"], fresh["id"]}
    assert listed[made["id"]]["revoked_at"]
    assert listed[made["id"]]["made_by"] == "ada"
    assert not listed[fresh["id"]]["revoked_at"]
    shown = payoff(shop, "key", "list").stdout
    assert "nightly" in shown
    assert made["key"] not in json.dumps(list(listed.values())) + shown


def test_serving_other_machines_takes_an_admin_who_can_sign_in(shop: Path) -> None:
    done = payoff(shop, "serve", "--host", "0.0.0.0", "--origin", "https://payoff.example.com")
    assert done.returncode == 2
    assert "payoff user password NAME" in done.stderr
    done = payoff(shop, "serve", "--host", "0.0.0.0", "--behind-proxy", "nginx")
    assert done.returncode == 2
    assert "--behind-proxy: 'nginx' is no address" in done.stderr
    assert "--origin" in done.stderr
