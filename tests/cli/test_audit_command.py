"""`payoff audit FILE` as a stranger types it: what it takes, prints, keeps, refuses, and what it asks."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import pty
import random
import select
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from payoff.audit.table.guessing import guesses
from payoff.audit.table.parts import NAMES, SEVERAL
from payoff.cli.app import main
from payoff.cli.asked import CHOICES, FLAGS, Asked, key_of
from payoff.cli.wizard import Dialogue
from payoff.configuration.auditing import opened_for_audit
from payoff.errors import BadInput, PayoffError
from payoff.texts import Texts

RUN = [sys.executable, "-c", "from payoff.cli import main; main()", "audit"]


Done = subprocess.CompletedProcess


def payoff(folder: Path, *words: str) -> Done[str]:
    """The command in this process, which spares each test the start of another one."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["payoff", "audit", *words]
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
        status: int | str | None = 0
    except SystemExit as end:
        status = end.code
    finally:
        sys.argv = before
    return Done(words, int(status or 0), out.getvalue(), err.getvalue())


def columns(n: int = 600) -> dict[str, list[object]]:
    chance = random.Random(7)
    score = [round(chance.random(), 4) for _ in range(n)]
    return {
        "customer_id": [f"c-{i}" for i in range(n)],
        "p_visit": score,
        "visit": [int(chance.random() < s) for s in score],
        "treatment": [chance.choice(["E-Mail", "No E-Mail"]) for _ in range(n)],
        "plan": [chance.choice(["small", "large"]) for _ in range(n)],
        "sex": [chance.choice("fm") for _ in range(n)],
        "worth, each": [chance.randint(1, 90) for _ in range(n)],
    }


def table(path: Path, **changed: list[object]) -> Path:
    made = {**columns(), **changed}
    with path.open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(made)
        write.writerows(zip(*made.values(), strict=True))
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audit")
    table(folder / "visits.csv")
    return folder


def told(done: Done[str]) -> dict:
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def test_without_a_flag_it_prints_one_screen_on_stdout_and_nothing_else(shop: Path) -> None:
    done = subprocess.run([*RUN, "visits.csv"], cwd=shop, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0
    assert "600 rows" in done.stdout
    assert done.stderr == ""
    assert len(payoff(shop, "visits.csv", "--full").stdout) > 2 * len(done.stdout)


def test_every_part_is_a_flag_and_reaches_the_audit(shop: Path) -> None:
    words = [
        "--score", "p_visit", "--label", "visit", "--treated", "treatment", "--control", "No E-Mail", "--assigned",
        "random", "--value", "worth, each", "--cost", "2.5", "--segment", "plan", "--protected", "sex", "--want",
        "more", "--unit", "none", "--split", "E-Mail=0.5,No E-Mail=0.5", "--capacity", "100", "--threshold", "0.4",
        "--picked-is", "good", "--positive", "1", "--json",
    ]  # fmt: skip
    said = told(payoff(shop, "visits.csv", *words))
    assert said["columns"]["treated"] == "treatment"
    assert said["columns"]["value"] == "worth, each"
    assert said["columns"]["cost"] == 2.5
    assert said["columns"]["unit"] == ""
    assert said["columns"]["bad"] is False
    assert said["columns"]["segments"] == ["plan"]
    assert said["guessed"] == []
    flags = payoff(shop, "--help").stdout
    for key in FLAGS:
        assert "--" + {"segments": "segment"}.get(key, key).replace("_", "-") in flags


def test_segments_are_repeated_or_listed_and_a_name_with_a_comma_is_one(shop: Path) -> None:
    for words in (("--segment", "plan", "--segment", "sex"), ("--segment", "plan, sex")):
        said = told(payoff(shop, "visits.csv", *words, "--protected", "none", "--json"))
        assert said["columns"]["segments"] == ["plan", "sex"]
        assert said["columns"]["protected"] == []
    assert (
        told(payoff(shop, "visits.csv", "--value", "worth, each", "--json"))["columns"]["value"] == "worth, each"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.csv"], "there is no such file"),
        (["."], "it is a folder"),
        (["visits.csv", "--score", "p_vist"], "p_visit"),
        (["visits.csv", "--segment", "plan,colour"], "no column called 'colour'"),
        (["visits.csv", "--want", "most"], "'most' is not one of"),
        (["visits.csv", "--capacity", "many"], "--capacity is a number"),
        (["visits.csv", "--split", "half"], 'Write it as "A=0.5,B=0.5"'),
        (["visits.csv", "--positive", "9"], "no row has the value '9'"),
        (["visits.csv", "--html", "no/such/report.html"], "its folder is not there"),
        (["visits.csv", "--md", "visits.csv"], "it is the file to audit"),
        (["visits.csv", "--html", "a.html", "--md", "a.html"], "two outputs have this name"),
        (["visits.csv", "--columns", "none.toml"], "there is no such file"),
        (["visits.csv", "--brief", "none.toml"], "there is no such file"),
        (["visits.csv", "--no-such-flag"], "No such option"),
    ],
)
def test_misuse_ends_with_status_two_and_says_the_mend_on_stderr(shop: Path, words: list[str], said: str) -> None:
    done = payoff(shop, *words)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_error_speaks_json_where_json_was_asked(shop: Path) -> None:
    done = payoff(shop, "visits.csv", "--score", "p_vist", "--json")
    assert done.returncode == 2
    assert "p_visit" in json.loads(done.stdout)["mend"]


def test_a_finding_that_stops_ends_with_status_one_where_that_was_asked(tmp_path: Path) -> None:
    table(tmp_path / "constant.csv", p_visit=[0.3] * 600)
    words = ["constant.csv", "--score", "p_visit", "--label", "visit"]
    assert payoff(tmp_path, *words).returncode == 0
    done = payoff(tmp_path, *words, "--fail-on", "stop", "--html", "report.html")
    assert done.returncode == 1
    assert "600 rows" in done.stdout
    assert (tmp_path / "report.html").exists()


def test_a_finding_that_costs_ends_with_status_one_only_where_that_was_asked(shop: Path) -> None:
    assert any(f["kind"] == "costs" for f in told(payoff(shop, "visits.csv", "--json"))["findings"])
    assert payoff(shop, "visits.csv", "--fail-on", "costs").returncode == 1
    assert payoff(shop, "visits.csv", "--fail-on", "stop").returncode == 0


def test_reports_are_written_whole_beside_what_is_printed(shop: Path) -> None:
    done = payoff(shop, "visits.csv", "--html", "report.html", "--md", "report.md", "--json")
    assert told(done)["n"] == 600
    assert (shop / "report.html").read_text().startswith("<!doctype html>")
    assert (shop / "report.md").read_text().startswith("# ")
    assert [p.name for p in shop.iterdir() if p.name.startswith(".")] == []


def test_saved_columns_say_what_was_guessed_and_make_the_next_night_the_same(shop: Path) -> None:
    first = told(
        payoff(
            shop, "visits.csv", "--treated", "treatment", "--cost", "3", "--save-columns", "night.toml", "--json"
        )
    )
    text = (shop / "night.toml").read_text()
    kept = tomllib.loads(text)
    marks = {line.split(" = ")[0]: line.rpartition("# ")[2] for line in text.splitlines() if " = " in line}
    assert kept["score"] == "p_visit" and marks["score"] == "guessed"
    assert kept["treated"] == "treatment" and marks["treated"] == "given"
    assert kept["time"] == "" and marks["time"] == "there is none"
    assert kept["control"] == "No E-Mail" and marks["control"] == "guessed"
    assert kept["want"] == "more" and marks["want"] == "guessed"
    assert kept["cost"] == 3.0
    again = told(payoff(shop, "visits.csv", "--columns", "night.toml", "--strict", "--json"))
    assert again["guessed"] == []
    assert again["columns"] == first["columns"]
    assert again["sections"] == first["sections"]


def test_a_flag_wins_over_the_file_of_columns(shop: Path) -> None:
    (shop / "some.toml").write_text('segments = ["plan"]\ntreated = "treatment"\npicked_is = "bad"\n')
    said = told(payoff(shop, "visits.csv", "--columns", "some.toml", "--treated", "none", "--json"))
    assert said["columns"]["treated"] == ""
    assert said["columns"]["segments"] == ["plan"]


def test_a_file_of_columns_is_held_to_its_form(shop: Path) -> None:
    (shop / "bad.toml").write_text('scor = "p"\nsegments = "plan"\ncapacity = "many"\nwant = "most"\n')
    said = payoff(shop, "visits.csv", "--columns", "bad.toml").stderr
    assert "no part called 'scor'" in said and "segments = 'plan' is of the wrong kind" in said
    (shop / "bad.toml").write_text("score = \n")
    assert "no valid TOML" in payoff(shop, "visits.csv", "--columns", "bad.toml").stderr


def test_strict_refuses_to_guess_and_names_every_flag(shop: Path) -> None:
    done = payoff(shop, "visits.csv", "--strict", "--score", "p_visit")
    assert done.returncode == 2
    for flag in ("--label", "--unit", "--treated", "--segment", "--protected", "--want"):
        assert f"Say it with {flag}," in done.stderr
    assert "--score" not in done.stderr
    assert done.stdout == ""


def test_a_brief_or_its_folder_answers_who_it_is_for(shop: Path) -> None:
    brief = 'schema = 1\n[product]\nname = "shop"\n[questions]\nusers = "five people in care"\n'
    (shop / "payoff.toml").write_text(brief)
    for path in ("payoff.toml", "."):
        assert "five people in care" in payoff(shop, "visits.csv", "--full", "--brief", path).stdout
    (shop / "payoff.toml").write_text(brief + "usrs = 1\n")
    assert "usrs" in payoff(shop, "visits.csv", "--brief", ".").stderr


def test_a_file_is_read_for_what_it_is(shop: Path) -> None:
    pq.write_table(pa.table(columns()), shop / "visits[1].csv")
    said = told(payoff(shop, "visits[1].csv", "--json"))
    assert said["n"] == 600
    assert said["notes"] == ["visits[1].csv: it is called .csv and is Parquet; read as what it is"]
    (shop / "x.csv").write_bytes(b"PK\x03\x04" + bytes(100))
    assert "Save the sheet as CSV" in payoff(shop, "x.csv").stderr


def test_names_that_would_move_the_cursor_or_end_the_renderer_are_harmless(tmp_path: Path) -> None:
    made = columns()
    made["\x1b[2Jp"] = made.pop("p_visit")
    made["sex"] = ["\x1b[31mf" if v == "f" else "m" for v in made["sex"]]
    pq.write_table(pa.table(made), tmp_path / "odd.parquet")
    done = payoff(
        tmp_path, "odd.parquet", "--score", "\x1b[2Jp", "--protected", "sex", "--full", "--html", "a.html"
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "<svg" in (tmp_path / "a.html").read_text()


def test_a_large_file_gives_the_report_of_a_small_one(tmp_path: Path) -> None:
    import payoff

    path = table(tmp_path / "visits.csv")
    reports = []
    for large in (10**9, 0):
        with opened_for_audit(path, large=large) as opened:
            assert isinstance(opened.table, Path) is (large == 0)
            reports.append(payoff.audit(opened.table, name="visits").as_dict())
    assert reports[0] == reports[1]


class Talk:
    """A dialogue with a person whose lines are known beforehand."""

    def __init__(self, *lines: str, asked: Asked | None = None, **changed: object) -> None:
        self.said: list[str] = []
        self._lines = iter(f"{line}\n" for line in lines)
        with guesses(pa.table({**columns(), **changed})) as found:
            self.end = Dialogue("visits.csv", found, asked or Asked(), Texts(), self._read, self.said.append).run()
        self.left = list(self._lines)

    def _read(self) -> str:
        return next(self._lines, "")

    def heard(self, part: str) -> bool:
        return any(part in line for line in self.said)


def test_the_wizard_shows_what_it_read_and_enter_keeps_it() -> None:
    talk = Talk("", "", "", "")
    assert talk.said[0] == "visits.csv · 600 rows · 7 columns"
    (row,) = [line.split() for line in talk.said if line.strip().startswith("outcome")]
    assert row[1] == "visit"
    assert talk.heard("“1” counts as yes; one we want more of")
    assert talk.heard("“No E-Mail” taken as left alone")
    assert talk.heard("worth, each (looked at for leaks and drift)")
    assert talk.end["score"] == "p_visit"
    assert talk.end["protected"] == ("sex",)
    assert set(talk.end.said) >= {*NAMES, *SEVERAL}  # so that nothing is left to guess


def test_a_line_changes_a_part_and_a_wrong_one_is_said_and_asked_again() -> None:
    talk = Talk(
        "colour = plan", "score = p_vist", "segments = plan, sex", "protected = none", "value = 12", "want = less",
        "want = most", "capacity = many", "what?", "unit = none", "", "y",
    )  # fmt: skip
    assert talk.heard("There is no part called “colour”")
    assert talk.heard("no column called 'p_vist'")
    assert talk.heard("--want is one of more, less")
    assert talk.heard("--capacity is a number; “many” is none")
    assert talk.heard("That was no line such as")
    assert talk.end["segments"] == ("plan", "sex")
    assert talk.end["protected"] == ()
    assert (talk.end["value"], talk.end["want"], talk.end["unit"]) == (12.0, "less", "")
    assert "capacity" not in talk.end


@pytest.mark.parametrize(
    ("line", "meant"), [("y", "random"), ("n", "rule"), ("", "unknown"), ("don't know", "unknown")]
)
def test_treatment_is_never_let_through_unasked(line: str, meant: str) -> None:
    talk = Talk("", line, "", "")
    assert talk.heard("Did chance choose who was treated (“treatment”; left alone: “No E-Mail”)?")
    assert talk.end["assigned"] == meant


def test_a_treatment_that_is_none_is_dropped_and_the_table_shown_again() -> None:
    talk = Talk("", "none", "", "less", "")
    assert talk.end["treated"] == ""
    assert "assigned" not in talk.end
    assert talk.end["want"] == "less"


def test_what_was_said_by_a_flag_is_not_asked() -> None:
    asked = Asked({"assigned": "rule", "want": "more", "protected": ("sex",)})
    talk = Talk("", asked=asked)
    assert talk.end.over(asked) == talk.end
    assert not talk.heard("Did chance") and not talk.heard("more of, or less") and not talk.heard("must not harm:")


def test_the_direction_and_the_protected_groups_are_asked_until_understood() -> None:
    talk = Talk("", "y", "perhaps", "less", "colour", "sex, plan")
    assert talk.heard("That was not one of: more · less · Enter: more")
    assert talk.heard("no column called 'colour'")
    assert talk.end["want"] == "less"
    assert talk.end["protected"] == ("sex", "plan")


def test_a_column_that_cannot_be_the_part_is_said_at_once_and_not_taken() -> None:
    talk = Talk("time = size", "", "", "", "", "", size=[float(i) for i in range(600)])
    assert talk.heard("its numbers are no moments")
    assert "size" not in talk.end.said.values()


def test_an_outcome_nobody_can_read_is_asked_for_again() -> None:
    three = [("left", "stayed", "moved")[i % 3] for i in range(600)]
    talk = Talk("", "outcome = churn", "", "positive = left", "", "", "", "", visit=[0.5] * 600, churn=three)
    assert talk.heard("Say which one counts as yes")
    assert talk.end["label"] == "churn"
    assert talk.end["positive"] == "left"


def test_a_file_that_cannot_be_audited_ends_when_the_lines_do() -> None:
    with pytest.raises(PayoffError):
        Talk(visit=[0.5] * 600)


def test_every_part_and_setting_is_explained() -> None:
    keys = [*NAMES, *SEVERAL, *CHOICES, "positive", "control", "capacity", "threshold", "outcome", "acted-at"]
    talk = Talk("?", *(f"?{key}" for key in keys), "?colour", "", "", "", "")
    for key in keys:
        assert talk.heard(Texts().say(f"wizard.about_{key_of(key)}"))
    assert talk.heard("There is no part called “colour”")


def on_a_terminal(folder: Path, words: Iterable[str], lines: Iterable[str]) -> tuple[str, int]:
    """The command on a terminal of its own, with a person who answers each prompt."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(TERM="xterm", COLUMNS="120")
        os.execv(sys.executable, [*RUN, *words])
    shown, waiting = b"", list(lines)
    try:
        while select.select([terminal], [], [], 60)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if waiting and shown.endswith(b"  > "):
                os.write(terminal, waiting.pop(0).encode() + b"\n")
                shown += b"\n"
    finally:
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        except ChildProcessError:
            status = -signal.SIGCHLD
    return shown.decode(errors="replace"), status


def test_on_a_terminal_it_asks_and_then_reports(shop: Path) -> None:
    shown, status = on_a_terminal(
        shop, ["visits.csv", "--save-columns", "asked.toml"], ["unit = none", "", "y", "", ""]
    )
    assert status == 0, shown
    assert "Did chance choose who was treated" in shown
    kept = tomllib.loads((shop / "asked.toml").read_text())
    assert (kept["unit"], kept["assigned"], kept["want"]) == ("", "random", "more")
    assert "guessed" not in (shop / "asked.toml").read_text()


def test_on_a_terminal_with_yes_it_asks_nothing(shop: Path) -> None:
    shown, status = on_a_terminal(shop, ["visits.csv", "--yes"], [])
    assert status == 0
    assert "Enter keeps" not in shown


def test_a_file_that_nobody_may_read_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "secret.csv")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("whoever runs this may read everything")
    with pytest.raises(BadInput, match="cannot be read"), opened_for_audit(path):
        pass
