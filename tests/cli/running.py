"""A command of the command line, run in this process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from payoff.cli.app import app
from payoff.errors import PayoffError


def run(words: Sequence[str], status: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    if isinstance(done.exception, PayoffError):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.output


def shown(folder: Path, *words: str, status: int = 0) -> Any:
    return json.loads(run([*words, "--product", str(folder), "--json"], status))
