"""The examples on data nobody here wrote. They need the folder with the public data sets, and say so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.data
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def run(folder: Path, *words: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", "from payoff.cli import main; main()", *words, "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def telco(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("telco")
    file = str(data / "telco_churn" / "telco.parquet")
    started = run(
        folder, "init", "telco", "--template", "retention", "--from", file,
        "--unit", "customerID", "--outcome", "Churn=Yes", "--yes",
    )  # fmt: skip
    return folder, started


def test_telco_imports_every_customer_and_marks_open_questions(telco):
    _, started = telco
    assert started["imported"][0]["units"] == 7043
    assert started["imported"][0]["outcomes"] == 7043
    assert started["open"]
    assert any(
        "TotalCharges" in note and "11" in note
        for note in started["imported"][0]["notes"] + started["learned"]["notes"]
    )


def test_telco_risk_is_told_apart_and_calibrated(telco):
    _, started = telco
    risk = started["learned"]["risk"]
    assert risk["auc"] >= 0.84
    assert risk["calibration_error"] <= 0.03
    assert risk["n"] == 7043


def test_telco_protected_facts_are_never_decided_on(telco):
    folder, started = telco
    assert {"gender", "SeniorCitizen"} <= {g["column"] for g in started["guesses"] if g["as"] == "protected"}
    said = [run(folder, "suggest", unit) for unit in ("7590-VHVEG", "5575-GNVDE")]
    assert not {"gender", "SeniorCitizen"} & {r["feature"] for s in said for r in s["reasons"]}


def test_telco_answers_with_an_action_reasons_and_what_is_not_known(telco):
    folder, _ = telco
    said = run(folder, "suggest", "7590-VHVEG")
    playbook = (folder / "telco" / "playbook.toml").read_text("utf-8")
    assert f'id = "{said["action"]}"' in playbook
    assert any(r["kind"] == "association" and r["feature"] for r in said["reasons"])
    assert "No effect of this has been measured yet" in said["evidence"]


def test_hillstrom_equals_the_plain_difference_of_means(data: Path):
    file = data / "hillstrom" / "hillstrom.parquet"
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "hillstrom.py"), str(file), "--json"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    frame = pq.read_table(file, columns=["segment", "visit", "conversion", "spend"]).to_pandas()
    control = frame[frame["segment"] == "No E-Mail"]
    for action, name in (("mens_e_mail", "Mens E-Mail"), ("womens_e_mail", "Womens E-Mail")):
        treated = frame[frame["segment"] == name]
        for metric in ("visit", "conversion", "spend"):
            a, b = treated[metric].to_numpy(float), control[metric].to_numpy(float)
            figures = found[action][metric]
            assert figures["effect"] == pytest.approx(a.mean() - b.mean(), abs=1e-9)
            error = np.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)
            assert figures["standard_error"] == pytest.approx(error, abs=1e-9)
            assert figures["low"] < figures["effect"] < figures["high"]
    assert found["verdict"]["hillstrom"]["word"] == "promote"


def test_hillstrom_imports_from_the_command_line(data: Path, tmp_path: Path):
    run(tmp_path, "init", "hillstrom", "--template", "experiment", "--yes")
    file = str(data / "hillstrom" / "hillstrom.parquet")
    brought = run(
        tmp_path, "import", file, "--as", "log", "--action", "segment", "--propensity", "1/3",
        "--outcome", "visit", "--outcome", "conversion", "--outcome", "spend", "--control", "No E-Mail",
    )  # fmt: skip
    assert brought["units"] == 64_000
    again = run(
        tmp_path, "import", file, "--as", "log", "--action", "segment", "--propensity", "1/3",
        "--outcome", "visit", "--outcome", "conversion", "--outcome", "spend", "--control", "No E-Mail",
    )  # fmt: skip
    assert again["rows"] == 0
    card = run(tmp_path, "scorecard")
    assert card["arms"] == {"mens_e_mail": 21_307, "womens_e_mail": 21_387, "nothing": 21_306}
