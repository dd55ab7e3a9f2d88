"""The widget's commands, as a customer's programmer types them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.running import run, shown

from payoff.configuration import open_product
from payoff.errors import BadInput, Refused, Unknown

ORIGIN = "https://payoff.example.com"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh product with one account, a release, and one publishable key."""
    folder = tmp_path_factory.mktemp("made") / "shop"
    run(["init", str(folder), "--yes"])
    product = open_product(folder)
    product.facts([{"unit": "acct-42", "setup_steps_done": 1, "logins_30d": 1, "seats": 9}])
    product.create_release("r0", "By the playbook", {"policy": "rules"}, by="ada", why="to begin")
    product.promote("r0", by="ada", why="the first one")
    product.close()
    return folder


@pytest.fixture(scope="module")
def key(folder: Path) -> str:
    made: str = shown(folder, "key", "make", "our product", "--site", "https://app.example.com")["key"]
    return made


def test_without_a_key_it_says_how_to_make_one(folder: Path, tmp_path: Path) -> None:
    run(["init", str(tmp_path / "bare"), "--yes"])
    with pytest.raises(Refused, match="no publishable key yet") as refused:
        shown(tmp_path / "bare", "widget", "snippet")
    assert "payoff key make" in str(refused.value)


def test_the_snippet_is_what_to_paste(folder: Path, key: str) -> None:
    found = shown(folder, "widget", "snippet", "--origin", ORIGIN, "--key", key)
    assert found["script"] == f'<script src="{ORIGIN}/widget.js" defer></script>'
    assert re.search(
        r'src="https://payoff.example.com/widget-[0-9a-f]{16}.js" integrity="sha384-', found["pinned"]
    )
    assert f'key="{key}"' in found["element"]
    assert found["policy"] == f"script-src {ORIGIN}; connect-src {ORIGIN}"
    assert found["bytes"] < 15_000
    words = run(["widget", "snippet", "--product", str(folder)])
    assert "http://localhost:8000/widget.js" in words and f"pk_{key.split('_')[1]}_…" in words
    with pytest.raises(BadInput, match="the address"):
        shown(folder, "widget", "snippet", "--origin", "payoff")


def test_a_proof_by_hand_is_good_and_a_wrong_one_says_why(folder: Path, key: str) -> None:
    made = shown(folder, "widget", "proof", "acct-42", "--person", "ann")["proof"]
    good = shown(folder, "widget", "check", made, "--unit", "acct-42", "--person", "ann")
    assert (good["good"], good["unit"], good["key"]) == (True, "acct-42", key.split("_")[1])
    assert shown(folder, "widget", "check", made, "--person", "ann")["unit"] == "acct-42"

    def why(proof: str, *more: str) -> str:
        found = shown(folder, "widget", "check", proof, *more, status=1)
        assert found["good"] is False and found["mend"]
        reason: str = found["why"]
        return reason

    assert why(made, "--unit", "acct-42") == "signature", "whose it is cannot be told without the person"
    assert why(made, "--unit", "acct-7", "--person", "ann") == "other unit"
    plain = shown(folder, "widget", "proof", "acct-42")["proof"]
    assert why(plain, "--unit", "acct-42", "--person", "ann") == "other person"
    assert why(plain[:-1], "--unit", "acct-42") == "form"
    version, _, mac = plain.split(".")
    assert why(f"{version}.1.{mac}", "--unit", "acct-42") == "signature"


def test_the_secret_is_the_keys_own_and_an_unknown_key_is_named(folder: Path, key: str) -> None:
    first = shown(folder, "widget", "secret")
    assert first["secret"].startswith("ws_") and first["key"] == key.split("_")[1]
    other = shown(folder, "key", "make", "second", "--site", "https://other.example.com")
    try:
        with pytest.raises(Refused, match="several publishable keys"):
            shown(folder, "widget", "secret")
        assert shown(folder, "widget", "secret", "--key", other["id"])["secret"] != first["secret"]
        made = shown(folder, "widget", "proof", "acct-42", "--key", other["id"])["proof"]
        wrong = shown(folder, "widget", "check", made, "--unit", "acct-42", "--key", key, status=1)
        assert wrong["why"] == "other key"
        assert shown(folder, "widget", "check", made)["key"] == other["id"]
    finally:
        shown(folder, "key", "revoke", other["id"])
    with pytest.raises(Unknown, match="no publishable key"):
        shown(folder, "widget", "proof", "acct-42", "--key", other["id"])


def test_a_link_for_an_e_mail_and_a_customer_who_asks_again(folder: Path, key: str) -> None:
    link = shown(folder, "widget", "link", "acct-42", "--lang", "de", "--origin", ORIGIN)["link"]
    assert link.startswith(f"{ORIGIN}/for-you/")
    product = open_product(folder)
    who, suggestion, _ = product.customers.linked(link.rsplit("/", 1)[1])
    product.customers.answer(who, suggestion, "off")
    product.close()
    with pytest.raises(Refused, match="nothing to show"):
        shown(folder, "widget", "link", "acct-42")
    assert "acct-42 is shown suggestions again" in run(["widget", "again", "acct-42", "--product", str(folder)])
    assert shown(folder, "widget", "link", "acct-42")["link"].startswith("http://localhost:8000/for-you/")
