"""The commands as a stranger types them: what they print, and with which status they end."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest


def payoff(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from payoff.cli import main; main()", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def table(path: Path, n: int = 300) -> Path:
    """Three hundred customers; those who have been away leave more often."""
    with path.open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["customer_id", "plan", "days_away", "gender", "churned"])
        for i in range(n):
            away = (i * 37) % 60
            write.writerow(
                [
                    f"c-{i}",
                    ("small", "large")[i % 2],
                    away,
                    "fm"[i % 3 == 0],
                    "yes" if (i * 7) % 60 < away / 2 else "no",
                ]
            )
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A product started from a file, by flags alone."""
    folder = tmp_path_factory.mktemp("shop")
    table(folder / "customers.csv")
    done = payoff(folder, "init", "shop", "--from", "customers.csv", "--outcome", "churned=yes", "--yes", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    started = json.loads(done.stdout)
    assert started["imported"][0]["units"] == 300
    assert started["open"]
    return folder


def test_init_marks_what_is_open_and_never_asks_with_yes(shop: Path):
    brief = (shop / "shop" / "payoff.toml").read_text()
    assert 'users = "?"' in brief
    assert 'unit = "customer_id"' in brief


def test_init_leaves_a_product_that_is_there_alone(shop: Path):
    again = payoff(shop, "init", "shop", "--yes")
    assert again.returncode == 2
    assert "there already" in again.stderr


def test_init_leaves_nothing_behind_when_the_table_cannot_be_used(tmp_path: Path):
    (tmp_path / "bad.csv").write_text("")
    done = payoff(tmp_path, "init", "bad", "--from", "bad.csv", "--yes")
    assert done.returncode == 2
    assert not (tmp_path / "bad").exists()


def test_suggest_says_what_why_and_what_it_rests_on(shop: Path):
    said = json.loads(payoff(shop, "suggest", "c-1", "--json").stdout)
    again = json.loads(payoff(shop, "suggest", "c-1", "--json").stdout)
    assert said["id"] == again["id"]
    assert said["release"] == "first"
    assert 0 < said["propensity"] <= 1


def test_feedback_is_heard_learned_and_answered(shop: Path):
    said = json.loads(payoff(shop, "suggest", "c-2", "--json").stdout)
    kept = payoff(shop, "feedback", said["id"], "--thumb", "down", "--by", "ana")
    assert kept.returncode == 0, kept.stderr
    assert payoff(shop, "learn").returncode == 0
    (item,) = json.loads(payoff(shop, "inbox", "--by", "ana", "--json").stdout)
    assert item["state"] in ("used", "declined")
    assert item["reply"]


def test_check_reports_and_compiles(shop: Path):
    done = payoff(shop, "check")
    assert done.returncode == 0
    assert "→" in done.stdout


def test_check_gives_every_fault_with_its_line_and_status_two(tmp_path: Path):
    (tmp_path / "payoff.toml").write_text('schema = 1\n[product]\nname = "x"\ncurency = "EUR"\nzone = 7\n')
    done = payoff(tmp_path, "check", "--json")
    assert done.returncode == 2
    faults = json.loads(done.stdout)["faults"]
    assert {"line 4", "line 5"} <= {
        f["where"].split("toml ")[-1].split(" ")[0] + " " + f["where"].split(" ")[2] for f in faults
    }


def test_a_scorecard_is_words_json_and_a_page(shop: Path):
    done = payoff(shop, "scorecard", "--html", "card.html")
    assert done.returncode == 0, done.stderr
    assert "BUSINESS" in done.stdout
    page = (shop / "card.html").read_text()
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert json.loads(payoff(shop, "scorecard", "--json").stdout)["verdict"]["word"]
    for trial in ("served", "stream"):
        assert json.loads(payoff(shop, "scorecard", trial, "--json").stdout)["trial"] == trial


def test_a_verdict_that_says_no_ends_with_status_one(shop: Path):
    assert payoff(shop, "gate").returncode in (0, 1)
    word = json.loads(payoff(shop, "gate", "--json").stdout)["word"]
    assert payoff(shop, "gate").returncode == (1 if word in ("cannot judge", "roll back") else 0)


def test_plan_says_what_these_units_can_show(shop: Path):
    made = json.loads(payoff(shop, "plan", "--json").stdout)
    assert made["units"] == 300
    assert made["promises"][0]["needed"] > 0


def test_cycle_reads_the_sources_again_and_keeps_nothing_twice(shop: Path):
    turn = json.loads(payoff(shop, "cycle", "--json").stdout)
    assert turn["imported"][0]["facts"] == 0
    assert turn["imported"][0]["outcomes"] == 0


def test_an_audit_needs_no_product(tmp_path: Path):
    rows = ["score,label"] + [f"{i / 200},{int(i % 3 == 0)}" for i in range(200)]
    (tmp_path / "p.csv").write_text("\n".join(rows))
    done = payoff(tmp_path, "audit", "p.csv", "--html", "report.html")
    assert done.returncode == 0, done.stderr
    assert "200 rows" in done.stdout
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("suggest", "nobody"), "There is:"),
        (("release", "show", "r99"), "first"),
        (("audit", "nothing.csv"), "nothing.csv"),
        (("import", "customers.csv", "--as", "units", "--unit", "custmer_id"), "customer_id"),
    ],
)
def test_misuse_says_what_where_and_the_mend_with_status_two(shop: Path, words, said):
    done = payoff(shop, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_product_the_first_step_is_named(tmp_path: Path):
    done = payoff(tmp_path, "suggest", "x", "--json")
    assert done.returncode == 2
    assert "payoff init" in json.loads(done.stdout)["mend"]


def test_every_command_has_help_and_speaks_json():
    from typer.main import get_command

    from payoff.cli.app import app

    def walk(command, path=()):
        if hasattr(command, "commands"):
            for name, child in command.commands.items():
                yield from walk(child, (*path, name))
        else:
            yield path, command

    silent = {("serve",)}  # it answers over HTTP
    for path, command in walk(get_command(app)):
        assert command.help, path
        options = {opt for param in command.params for opt in param.opts}
        assert path in silent or "--json" in options, path
