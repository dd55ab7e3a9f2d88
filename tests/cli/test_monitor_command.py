"""`payoff monitor`: words for people, JSON for programs, and a status that says whether somebody is needed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from payoff.cli import monitoring
from payoff.cli.app import app
from payoff.records.findings import Finding, Health
from payoff.texts import Texts

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)
FINE = Finding("variety", "variety", "fine", "Variety", "There is a choice.", "It is used.", "Nothing.")
ACT = replace(FINE, severity="act", sentence="Everybody gets the same.", todo="Look.", details=("one line",))


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    said: list[Finding] = []
    product = SimpleNamespace(texts=Texts(), health=lambda: Health(tuple(said), (), NOW, NOW))
    monkeypatch.setattr(monitoring, "open_product", lambda *_, **__: product)
    return said


def test_when_nothing_needs_somebody_the_status_is_0_and_a_finding_is_a_line(found: list[Finding]) -> None:
    found.append(FINE)
    result = CliRunner().invoke(app, ["monitor"])
    assert result.exit_code == 0
    assert result.stdout.strip().endswith("Variety (fine): There is a choice.")


def test_when_something_does_it_is_1_with_what_to_do(found: list[Finding]) -> None:
    found += [ACT, FINE]
    result = CliRunner().invoke(app, ["monitor"])
    assert result.exit_code == 1
    assert "Variety (act): Everybody gets the same.\n    It is used.\n    Look.\n    · one line" in result.stdout


def test_json_holds_everything(found: list[Finding]) -> None:
    found += [ACT, FINE]
    result = CliRunner().invoke(app, ["monitor", "--json"])
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert [f["severity"] for f in said["findings"]] == ["act", "fine"]
    assert said["made_at"] == NOW.isoformat()
