"""The desk on the terminal: shown, written as a table, and the filled table taken in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.cli.running import run, shown

from payoff.configuration import open_product
from payoff.errors import BadInput, Refused, Unknown

PEOPLE = """
[people.ana]
name = "Ana Silva"
email = "ana@shop.example"
permissions = ["frontline"]
[people.rui]
name = "Rui Costa"
permissions = ["researcher"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A product of eight accounts with suggestions for some of them."""
    made = tmp_path / "shop"
    run(["init", str(made), "--yes"])
    brief = made / "payoff.toml"
    brief.write_text(brief.read_text(encoding="utf-8") + PEOPLE, encoding="utf-8")
    product = open_product(made)
    rows = [{"unit": f"acct-{i}", "setup_steps_done": 1, "logins_30d": 1, "seats": 9} for i in range(8)]
    product.facts(rows)
    product.create_release("r0", "By the playbook", {"policy": "rules"}, by="ana", why="to begin")
    product.promote("r0", by="ana", why="the first one")
    product.decide()
    product.close()
    return made


def filled(file: Path, *answers: str) -> int:
    """Fill in the first rows; returns how many rows there are."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for row, answer in zip(rows, answers, strict=False):
        row["answer"] = answer
    with file.open("w", encoding="utf-8", newline="") as opened:
        made = csv.DictWriter(opened, fieldnames=list(rows[0]), delimiter=";")
        made.writeheader()
        made.writerows(rows)
    return len(rows)


def test_the_queue_is_shown_in_words_and_for_programs(folder: Path) -> None:
    found = shown(folder, "desk")
    assert found and {"id", "customer", "action", "why", "worth", "state"} <= set(found[0])
    words = run(["desk", "--product", str(folder)])
    assert all(one["id"] in words and one["customer"] in words for one in found)


def test_the_table_goes_out_is_filled_and_comes_back(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    written = shown(folder, "desk", "--csv", str(file))
    n = filled(file, "done", "not now")
    assert written == {"file": str(file), "rows": n} and n > 2
    bring = ("import", str(file), "--as", "answers", "--by", "ana")
    kept = shown(folder, *bring)
    assert (kept["new"], kept["blank"], kept["odd"], kept["kept"]) == (2, n - 2, 0, True)
    again = shown(folder, *bring)
    assert (again["new"], again["already"]) == (0, 2)
    left = {one["id"] for one in shown(folder, "desk")}
    assert left.isdisjoint({row["suggestion"] for row in kept["rows"] if row["group"] == "new"})


def test_a_row_that_is_not_understood_is_told_and_costs_the_others_nothing(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    shown(folder, "desk", "--csv", str(file))
    filled(file, "perhaps", "done")
    words = run(["import", str(file), "--as", "answers", "--by", "ana", "--product", str(folder)], status=1)
    assert "Row 2" in words and "“perhaps” is no answer we know" in words and "1 answer kept" in words


def test_an_author_is_needed_and_known(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAYOFF_BY", raising=False)
    file = tmp_path / "calls.csv"
    shown(folder, "desk", "--csv", str(file))
    with pytest.raises(BadInput, match="--by"):
        shown(folder, "import", str(file), "--as", "answers")
    with pytest.raises(Unknown):
        shown(folder, "import", str(file), "--as", "answers", "--by", "nobody")
    with pytest.raises(BadInput, match="no file"):
        shown(folder, "import", str(tmp_path / "none.csv"), "--as", "answers", "--by", "ana")


def test_a_folder_is_no_file_to_write_to(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        shown(folder, "desk", "--csv", str(tmp_path))


def test_a_calendars_address_is_given_where_there_is_one(folder: Path) -> None:
    with pytest.raises(Refused, match="no calendar address"):
        shown(folder, "calendar", "ana")
    brief = folder / "payoff.toml"
    text = brief.read_text(encoding="utf-8")
    assert "[channels" not in text.replace("# [channels", "")
    channels = '[channels]\npublic_url = "https://payoff.shop.example"\n[channels.calendar]\n'
    brief.write_text(f"{text}\n{channels}", encoding="utf-8")
    found = shown(folder, "calendar", "ana")
    assert found["address"].startswith("https://payoff.shop.example/calendar/")
    with pytest.raises(Unknown):
        shown(folder, "calendar", "nobody")
